"""Judges policies of buckets, keys, queues, topics, secrets, repositories and functions.

Sources: FSBP S3.2, S3.5, S3.6, KMS.1, KMS.2, KMS.5, SNS.4, SQS.3, Lambda.1; AWS Knowledge Center
on `aws:SecureTransport`; "Default key policy" of the AWS KMS Developer Guide (2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from ..unknown import UNKNOWN, Tri, all_of, any_of, is_unknown
from .actions import Level, expand
from .conditions import operator_parts
from .documents import Condition, Effect, PolicyDocument, Principal, Statement, Text
from .findings import Finding, Location, Outcome, settled
from .patterns import covers, covers_action, is_wide, matches_action
from .permissions import statement_acts_on
from .principals import (
    account_of,
    excluded_strangers,
    identifies,
    is_anyone,
    restricted_to_known,
)
from .service_principals import LOAD_BALANCER_ACCOUNTS

# What a TLS-only statement must deny, by service; SNS knows no other data request.
TLS_ACTIONS: Final = {
    "s3": "s3:*",
    "sqs": "sqs:*",
    "sns": "sns:Publish",
    "elasticfilesystem": "elasticfilesystem:*",
}
_DECRYPT: Final = ("kms:Decrypt", "kms:ReEncryptFrom")
_ORGANISATION: Final = frozenset({"aws:principalorgid", "aws:principalorgpaths"})
# Keys whose value says of which account a caller or a source is.
_ACCOUNT_KEYS: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceowner",
        "aws:vpceaccount",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
_VALUE_ACCOUNT: Final = re.compile(
    r"(?:(?P<id>[0-9]{12})|arn:[^:]*:[^:]*:[^:]*:(?P<arn>[0-9]{12}):.*)$"
)
_WRITING: Final = (Level.WRITE, Level.PERMISSIONS, Level.TAGGING)


def _finding(check: str, answer: Tri, what: str, where: Iterable[Location], remedy: str) -> Finding:
    certain = answer is Tri.YES
    return Finding(
        check,
        Outcome.FAIL if certain else Outcome.UNKNOWN,
        what if certain else f"not known yet whether {what}",
        tuple(where),
        remedy,
    )


def _is(statement: Statement, effect: Effect) -> Tri:
    if is_unknown(statement.effect):
        return Tri.UNKNOWN
    return Tri.of(statement.effect is effect)


def public_access(document: PolicyDocument) -> tuple[Finding, ...]:
    """Statements that let anyone in: any principal, and no condition that says who or where from.

    A Deny for everyone but known callers that covers the statement makes up for it.
    """
    check = "public access"
    remedy = "name the principals, or add a condition on the organisation, account or source"
    found: list[Finding] = []
    for statement in document.statements:
        if statement.not_principals:
            anyone = Tri.YES
        else:
            anyone = any_of(is_anyone(principal) for principal in statement.principals)
        shielded = any_of(
            all_of(
                (
                    _is(deny, Effect.DENY),
                    excluded_strangers(deny),
                    _covers_statement(deny, statement),
                )
            )
            for deny in document.statements
            if deny is not statement
        )
        answer = all_of(
            (_is(statement, Effect.ALLOW), anyone, ~restricted_to_known(statement), ~shielded)
        )
        if answer is not Tri.NO:
            what = "anyone has access"
            found.append(_finding(check, answer, what, [statement.location], remedy))
    return settled(check, found, "no statement admits anyone")


def _covers_statement(outer: Statement, inner: Statement) -> Tri:
    """Whether all of one statement's actions and resources are among another's."""
    return all_of(
        (
            _all_covered(outer.actions, inner.actions, covers_action),
            _all_covered(outer.resources or ("*",), inner.resources or ("*",), covers),
        )
    )


def _all_covered(
    outer: tuple[Text, ...], inner: tuple[Text, ...], covering: Callable[[str, str], bool]
) -> Tri:
    if not outer or not inner:
        return Tri.NO
    return all_of(
        any_of(
            Tri.UNKNOWN if is_unknown(left) or is_unknown(right) else Tri.of(covering(left, right))
            for left in outer
        )
        for right in inner
    )


def foreign_access(
    document: PolicyDocument, own_account: Text, trusted_accounts: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Statements that let a named principal of another account in at all.

    An exact organisation in the statement's conditions, or a place in `trusted_accounts`, says
    that it is meant.
    """
    check = "another account's access"
    remedy = "name principals of this account, or require aws:PrincipalOrgID"
    trusted = frozenset(trusted_accounts)
    found: list[Finding] = []
    for statement in document.statements:
        foreign = _lets_in_foreign(statement, own_account, trusted)
        inside = any_of(
            identifies(condition)
            for condition in statement.conditions
            if not is_unknown(condition.key) and condition.key.lower() in _ORGANISATION
        )
        answer = all_of((_is(statement, Effect.ALLOW), foreign, ~inside))
        if answer is not Tri.NO:
            what = "another account has access"
            found.append(_finding(check, answer, what, [statement.location], remedy))
    return settled(check, found, "no other account has access")


def cross_account_write(
    document: PolicyDocument, own_account: Text, trusted_accounts: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """FSBP S3.6: statements that let another account change the resource or who may use it.

    `own_account` is the stack's 12-digit account id. Conditions do not excuse it: list the
    account in `trusted_accounts` where it is meant.
    """
    check = "cross-account write"
    remedy = "allow other accounts to read at most, or list them as trusted"
    trusted = frozenset(trusted_accounts)
    found: list[Finding] = []
    for statement in document.statements:
        foreign = _lets_in_foreign(statement, own_account, trusted) | _lets_in_organisation(
            statement
        )
        answer = all_of((_is(statement, Effect.ALLOW), foreign, _writes(statement)))
        if answer is not Tri.NO:
            what = "another account may change the resource"
            found.append(_finding(check, answer, what, [statement.location], remedy))
    return settled(check, found, "no other account may change the resource")


def _lets_in_foreign(statement: Statement, own_account: Text, trusted: frozenset[str]) -> Tri:
    """Whether a statement names another account: as a principal, or as who its conditions admit."""
    by_principal = any_of(
        _foreign(principal, own_account, trusted) for principal in statement.principals
    )
    return by_principal | foreign_by_condition(statement, own_account, trusted)


def foreign_by_condition(statement: Statement, own_account: Text, trusted: frozenset[str]) -> Tri:
    """Whether everybody (or a service) is let in on the condition of another account."""
    # Beside a principal of this account a condition on another one admits nobody.
    open_to = any_of(
        is_anyone(principal)
        | Tri.of(not is_unknown(principal.type) and principal.type == "Service")
        for principal in statement.principals
    )
    by_condition = any_of(
        _foreign_account(value, own_account, trusted)
        for condition in statement.conditions
        if identifies(condition) is not Tri.NO
        and not is_unknown(condition.key)
        and condition.key.lower() in _ACCOUNT_KEYS
        for value in condition.values
    )
    return open_to & by_condition


def _foreign_account(value: Text, own_account: Text, trusted: frozenset[str]) -> Tri:
    """Whether a condition's value names another account: by its id, or in an ARN."""
    if is_unknown(value):
        return Tri.UNKNOWN
    found = _VALUE_ACCOUNT.match(value)
    if found is None:
        return Tri.NO
    account = found["id"] or found["arn"]
    if account in trusted or account in LOAD_BALANCER_ACCOUNTS:
        return Tri.NO
    return Tri.UNKNOWN if is_unknown(own_account) else Tri.of(account != own_account)


def _lets_in_organisation(statement: Statement) -> Tri:
    """Whether anyone of an organisation is let in: it holds other accounts than this one."""
    anyone = any_of(is_anyone(principal) for principal in statement.principals)
    organised = any_of(
        identifies(condition)
        for condition in statement.conditions
        if not is_unknown(condition.key) and condition.key.lower() in _ORGANISATION
    )
    own = any_of(
        identifies(condition)
        for condition in statement.conditions
        if not is_unknown(condition.key) and condition.key.lower() in _ACCOUNT_KEYS
    )
    return anyone & organised & ~own


def _foreign(principal: Principal, own_account: Text, trusted: frozenset[str]) -> Tri:
    if is_unknown(principal.type) or is_unknown(principal.value):
        return Tri.NO if principal.type in ("Service", "Federated") else Tri.UNKNOWN
    if principal.type == "CanonicalUser":
        return Tri.YES
    # A service is named without an account; an identity provider by an ARN of the one it is in.
    account = account_of(principal.value)
    if principal.type not in ("AWS", "Federated") or account is None:
        return Tri.NO
    if account in trusted or account in LOAD_BALANCER_ACCOUNTS:
        return Tri.NO
    return Tri.UNKNOWN if is_unknown(own_account) else Tri.of(account != own_account)


def _writes(statement: Statement) -> Tri:
    if statement.not_actions:
        return Tri.YES
    return any_of(
        Tri.UNKNOWN
        if is_unknown(pattern)
        else Tri.of(any(action.level in _WRITING for action in expand(pattern)))
        for pattern in statement.actions
    )


def tls_only(
    document: PolicyDocument, service: str, resource: Text | None = None
) -> tuple[Finding, ...]:
    """FSBP S3.5 and its like: every request without TLS is refused, on the whole resource.

    Wants a Deny for everyone of `TLS_ACTIONS[service]` with `aws:SecureTransport` false as its
    only condition, on `resource` (an ARN; for S3 the bucket, whose objects are meant as well).
    Without `resource`, the statement's own resources must be a bucket and its objects.
    """
    check = "TLS only"
    needed = _needed(document, service, resource)
    refusing = [
        (statement, _refuses_plaintext(statement, service)) for statement in document.statements
    ]
    answer = all_of(
        any_of(sure & _covers_resource(statement, arn) for statement, sure in refusing)
        for arn in needed
    )
    if answer is Tri.YES:
        return settled(check, (), "requests without TLS are refused")
    places = [s.location for s, sure in refusing if sure is not Tri.NO]
    remedy = (
        f"deny {TLS_ACTIONS[service]} to Principal '*' on the whole resource if "
        "aws:SecureTransport is false"
    )
    what = "requests without TLS are accepted"
    if places:
        what += ", or not refused on all of the resource"
    return (_finding(check, ~answer, what, places, remedy),)


def _needed(document: PolicyDocument, service: str, resource: Text | None) -> list[Text]:
    if resource is not None:
        if is_unknown(resource) or service != "s3":
            return [resource]
        return [resource, f"{resource}/*"]
    named = [r for s in document.statements if s.effect is Effect.DENY for r in s.resources]
    if service != "s3":
        return list(named[:1]) or ["*"]
    known = [arn for arn in named if not is_unknown(arn)]
    buckets = [arn for arn in known if not arn.endswith("/*")]
    objects = [arn.removesuffix("/*") for arn in known if arn.endswith("/*")]
    bucket = next(iter((*buckets, *objects)), None)
    if bucket is None:
        return [UNKNOWN] if named else ["*"]
    return [bucket] if bucket == "*" else [bucket, f"{bucket}/*"]


def _refuses_plaintext(statement: Statement, service: str) -> Tri:
    conditions = statement.conditions
    if len(conditions) != 1:
        return Tri.NO
    return all_of(
        (
            _is(statement, Effect.DENY),
            any_of(is_anyone(principal) for principal in statement.principals),
            _all_covered(statement.actions, (TLS_ACTIONS[service],), covers_action),
            _without_tls(conditions[0]),
        )
    )


def _without_tls(condition: Condition) -> Tri:
    if is_unknown(condition.operator) or is_unknown(condition.key):
        return Tri.UNKNOWN
    qualifier, name, _ = operator_parts(condition.operator)
    if qualifier or name != "Bool" or condition.key.lower() != "aws:securetransport":
        return Tri.NO
    return any_of(
        Tri.UNKNOWN if is_unknown(value) else Tri.of(value.lower() == "false")
        for value in condition.values
    )


def _covers_resource(statement: Statement, arn: Text) -> Tri:
    if statement.not_resources:
        return Tri.NO
    if not statement.resources or "*" in statement.resources:
        return Tri.YES
    if is_unknown(arn):
        return Tri.UNKNOWN
    return any_of(
        Tri.UNKNOWN if is_unknown(pattern) else Tri.of(covers(pattern, arn))
        for pattern in statement.resources
    )


def decrypt_on_all_keys(document: PolicyDocument) -> tuple[Finding, ...]:
    """FSBP KMS.1 and KMS.2: an identity policy that allows decryption with every key.

    A pattern over all keys of an account or region counts as every key; kms:ViaService and the
    like do not excuse it, as the control does not let them.
    """
    check = "decrypt on all keys"
    remedy = "name the exact key ARNs"
    found: list[Finding] = []
    for statement in document.statements:
        decrypts = any_of(statement_acts_on(statement, action) for action in _DECRYPT)
        if statement.not_resources:
            every_key = Tri.YES
        else:
            every_key = any_of(
                Tri.UNKNOWN if is_unknown(pattern) else Tri.of(pattern == "*" or _all_keys(pattern))
                for pattern in statement.resources
            )
        answer = all_of((_is(statement, Effect.ALLOW), decrypts, every_key))
        if answer is not Tri.NO:
            what = "every key may be used to decrypt"
            found.append(_finding(check, answer, what, [statement.location], remedy))
    return settled(check, found, "decryption is limited to named keys")


def _all_keys(pattern: str) -> bool:
    parts = pattern.split(":", 5)
    return len(parts) == 6 and matches_action(parts[2], "kms") and is_wide(pattern)
