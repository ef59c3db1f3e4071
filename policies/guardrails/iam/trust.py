"""Judges trust policies: who may assume a role, and on what conditions.

Sources: IAM User Guide, "How to use an external ID", "The confused deputy problem", "Create a role
for OpenID Connect federation"; FSBP has no such control, so ids are the pack's own (2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from ..unknown import Tri, all_of, any_of, is_unknown
from .conditions import Force, exactly, force, values_of
from .documents import Condition, Effect, PolicyDocument, Principal, Statement, Text
from .findings import Finding, Location, Outcome, settled
from .patterns import matches_action
from .principals import account_of, identifies, is_anyone, restricted_to_known
from .resource_policies import foreign_by_condition
from .service_principals import SENDS_EXTERNAL_ID, SOURCE_NOT_APPLICABLE

_SOURCE_KEYS: Final = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}
)
# A condition on what a service says it encrypts, usually an ARN of the account.
_CONTEXT: Final = "kms:encryptioncontext:"
_GRANT_FOR_AWS: Final = "kms:grantisforawsresource"
_EXTERNAL_ID: Final = "sts:ExternalId"
_ORGANISATION_KEYS: Final = ("aws:PrincipalOrgID", "aws:PrincipalOrgPaths")
_ORGANISATION: Final = frozenset(key.lower() for key in _ORGANISATION_KEYS)
# Identity providers of this account are ARNs; AWS's own are names. Cognito's subject is checked
# by the pool id in `aud` and by `amr`, because a subject is made per user.
_COGNITO: Final = "cognito-identity.amazonaws.com"
_PROVIDER = re.compile(r"^arn:[^:]+:iam::[^:]*:(?P<kind>oidc|saml)-provider/(?P<name>.+)$")
# What IAM turns the ARN of a user or role into once that is deleted; of any account.
_UNIQUE_ID = re.compile(r"^A[A-Z0-9]{15,}$")
_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"


def _finding(check: str, answer: Tri, what: str, location: Location, remedy: str) -> Finding:
    certain = answer is Tri.YES
    return Finding(
        check,
        Outcome.FAIL if certain else Outcome.UNKNOWN,
        what if certain else f"not known yet whether {what}",
        (location,),
        remedy,
    )


def _allows(statement: Statement) -> Tri:
    if is_unknown(statement.effect):
        return Tri.UNKNOWN
    return Tri.of(statement.effect is Effect.ALLOW)


def anonymous_trust(document: PolicyDocument) -> tuple[Finding, ...]:
    """Statements that let anyone, or any account, assume the role with nothing to restrict them.

    `NotPrincipal` with Allow admits everyone else and fails too.
    """
    check = "anonymous trust"
    remedy = "name the exact principals"
    found: list[Finding] = []
    for statement in document.statements:
        if statement.not_principals:
            anyone = Tri.YES
        else:
            anyone = any_of(is_anyone(principal) for principal in statement.principals)
        answer = all_of((_allows(statement), anyone, ~restricted_to_known(statement)))
        if answer is not Tri.NO:
            what = "anyone may assume the role"
            found.append(_finding(check, answer, what, statement.location, remedy))
    return settled(check, found, "only named principals may assume the role")


def cross_account_trust(
    document: PolicyDocument, own_account: Text, trusted_accounts: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Principals of another account that need neither an exact external id nor an organisation.

    `own_account` is the stack's 12-digit account id; `trusted_accounts` need no such condition.
    """
    check = "cross-account trust"
    remedy = "require sts:ExternalId or aws:PrincipalOrgID, or drop the principal"
    trusted = frozenset(trusted_accounts)
    found: list[Finding] = []
    for statement in document.statements:
        conditioned = any_of(
            exactly(statement.conditions, key) for key in (_EXTERNAL_ID, *_ORGANISATION_KEYS)
        )
        admitted = foreign_by_condition(statement, own_account, trusted)
        for principal in statement.principals:
            foreign = _is_foreign(principal, own_account, trusted) | (
                is_anyone(principal) & admitted
            )
            answer = all_of((_allows(statement), foreign, ~conditioned))
            if answer is not Tri.NO:
                what = "another account may assume the role without an external id"
                found.append(_finding(check, answer, what, statement.location, remedy))
    return settled(check, found, "every principal is of this account or bound by a condition")


def _is_foreign(principal: Principal, own_account: Text, trusted: frozenset[str]) -> Tri:
    if is_unknown(principal.type):
        return Tri.UNKNOWN
    if principal.type != "AWS":
        return Tri.NO
    if is_unknown(principal.value):
        return Tri.UNKNOWN
    account = account_of(principal.value)
    if account is None and _UNIQUE_ID.match(principal.value):
        return Tri.UNKNOWN
    if account is None or account in trusted:
        return Tri.NO
    return Tri.UNKNOWN if is_unknown(own_account) else Tri.of(account != own_account)


def confused_deputy(
    document: PolicyDocument, not_applicable: Iterable[str] = SOURCE_NOT_APPLICABLE
) -> tuple[Finding, ...]:
    """Service principals that may be made to use the role for someone else's resource.

    Passes with `aws:SourceArn`, `aws:SourceAccount` or the source organisation, or with an exact
    external id for a service that sends its customer's account as one; `not_applicable` lists the
    services that are not asked for any.
    """
    check = "confused deputy"
    remedy = "add a condition on aws:SourceArn or aws:SourceAccount"
    exempt = frozenset(not_applicable)
    found: list[Finding] = []
    for statement in document.statements:
        bound = any_of(_bounds_source(condition) for condition in statement.conditions)
        agreed = exactly(statement.conditions, _EXTERNAL_ID)
        for principal in statement.principals:
            deputy = _is_deputy(principal, exempt)
            agreed_outside = agreed if principal.value in SENDS_EXTERNAL_ID else Tri.NO
            answer = all_of((_allows(statement), deputy, ~(bound | agreed_outside)))
            if answer is not Tri.NO:
                name = "a service" if is_unknown(principal.value) else principal.value
                what = f"{name} may use the role for any account's resource"
                found.append(_finding(check, answer, what, statement.location, remedy))
    return settled(check, found, "every service is bound to its source, or needs no such bound")


def unbound_services(document: PolicyDocument) -> tuple[Finding, ...]:
    """Service principals of a resource policy that may act there for any account.

    Passes with a condition on the source, on who called, or on the encryption context in which a
    service names its resource (`kms:EncryptionContext:aws:logs:arn`). A grant that a service makes
    for its own resources carries no source: AWS documents `kms:GrantIsForAWSResource` for it
    ("Customer managed key permissions required for DNSSEC signing", Route 53, 2026-11).
    """
    check = "unbound service"
    remedy = "add a condition on aws:SourceArn or aws:SourceAccount"
    found: list[Finding] = []
    for statement in document.statements:
        bound = (
            restricted_to_known(statement)
            | any_of(_bounds_context(condition) for condition in statement.conditions)
            | _grants_to_itself(statement)
        )
        for principal in statement.principals:
            answer = all_of((_allows(statement), _is_deputy(principal, frozenset()), ~bound))
            if answer is not Tri.NO:
                name = "a service" if is_unknown(principal.value) else principal.value
                what = f"{name} may act there for any account"
                found.append(_finding(check, answer, what, statement.location, remedy))
    return settled(check, found, "every service is bound to its source")


def _grants_to_itself(statement: Statement) -> Tri:
    only_grants = bool(statement.actions) and all(
        not is_unknown(action) and action.lower() == "kms:creategrant"
        for action in statement.actions
    )
    return Tri.of(only_grants) & any_of(
        Tri.of(
            not is_unknown(condition.operator)
            and condition.operator.lower() == "bool"
            and not is_unknown(condition.key)
            and condition.key.lower() == _GRANT_FOR_AWS
            and condition.values == ("true",)
        )
        for condition in statement.conditions
    )


def _bounds_context(condition: Condition) -> Tri:
    if is_unknown(condition.key):
        return Tri.UNKNOWN
    if not condition.key.lower().startswith(_CONTEXT):
        return Tri.NO
    return identifies(replace(condition, key="aws:SourceArn"))


def _bounds_source(condition: Condition) -> Tri:
    if is_unknown(condition.key):
        return Tri.UNKNOWN
    return identifies(condition) if condition.key.lower() in _SOURCE_KEYS else Tri.NO


def _is_deputy(principal: Principal, exempt: frozenset[str]) -> Tri:
    if is_unknown(principal.type):
        return Tri.UNKNOWN
    if principal.type != "Service":
        return Tri.NO
    if is_unknown(principal.value):
        return Tri.UNKNOWN
    # Regional names (logs.us-east-1.amazonaws.com) stand for the same service.
    parts = principal.value.split(".")
    plain = f"{parts[0]}.amazonaws.com"
    return Tri.of(principal.value not in exempt and plain not in exempt)


def oidc_trust(document: PolicyDocument) -> tuple[Finding, ...]:
    """Federated identities: `sub` and `aud` pinned to exact values in every statement.

    GitHub, GitLab, Vercel, CircleCI and the rest all issue tokens to anyone, so a missing or
    wild `sub` admits strangers. Cognito identity pools are held by exact `aud` and `amr`. SAML
    needs an exact `SAML:aud`.
    """
    check = "OIDC trust"
    remedy = "StringEquals on the provider's :sub and :aud in every statement, without wildcards"
    found: list[Finding] = []
    for statement in document.statements:
        allows = _allows(statement)
        for principal in statement.principals:
            missing = _unpinned(principal, statement)
            for claim, answer in missing:
                certainty = allows & answer
                if certainty is not Tri.NO:
                    what = f"the token's {claim} is not pinned to an exact value"
                    found.append(_finding(check, certainty, what, statement.location, remedy))
    return settled(check, found, "every federated statement pins subject and audience")


def _unpinned(principal: Principal, statement: Statement) -> list[tuple[str, Tri]]:
    if is_unknown(principal.type):
        web = any_of(_acts(action, _WEB_IDENTITY) for action in statement.actions)
        return [("subject", Tri.UNKNOWN & web)]
    if principal.type != "Federated":
        return []
    if is_unknown(principal.value):
        return [("subject", Tri.UNKNOWN)]
    provider = _PROVIDER.match(principal.value)
    name = provider["name"] if provider else principal.value
    if provider and provider["kind"] == "saml":
        return [("SAML audience", ~exactly(statement.conditions, "SAML:aud"))]
    if name == _COGNITO:
        keys = (("audience", f"{name}:aud"), ("authentication (amr)", f"{name}:amr"))
    else:
        keys = (("subject", f"{name}:sub"), ("audience", f"{name}:aud"))
    unpinned = [(claim, ~exactly(statement.conditions, key)) for claim, key in keys]
    if name == _COGNITO:
        unpinned.append(("sign-in", _guests(statement.conditions)))
    return unpinned


def _guests(conditions: Iterable[Condition]) -> Tri:
    """Whether a Cognito role is for those who did not sign in: anyone who asks the pool."""
    return any_of(
        Tri.UNKNOWN if is_unknown(value) else Tri.of(value == "unauthenticated")
        for condition in values_of(conditions, f"{_COGNITO}:amr")
        for value in condition.values
    )


def _acts(action: Text, wanted: str) -> Tri:
    return Tri.UNKNOWN if is_unknown(action) else Tri.of(matches_action(action, wanted))


def admits_role(trust: PolicyDocument, role_arn: str) -> Tri:
    """Whether the trust policy lets a role of the same account assume the role.

    A principal that is the whole account admits every role that has sts:AssumeRole on it.
    """

    def is_role(principal: Principal) -> Tri:
        if is_unknown(principal.type) or is_unknown(principal.value):
            return Tri.UNKNOWN
        if principal.type not in ("AWS", "*"):
            return Tri.NO
        if principal.value in ("*", role_arn):
            return Tri.YES
        whole_account = principal.value.endswith(":root") or principal.value.isdigit()
        return Tri.of(whole_account and account_of(principal.value) == account_of(role_arn))

    context = {"aws:principalarn": role_arn}
    if (account := account_of(role_arn)) is not None:
        context["aws:principalaccount"] = account
    return _admits(trust, is_role, "sts:AssumeRole", context)


def admits_service(trust: PolicyDocument, service: str) -> Tri:
    """Whether the trust policy lets a service principal assume the role."""

    def is_service(principal: Principal) -> Tri:
        if is_unknown(principal.type) or is_unknown(principal.value):
            return Tri.UNKNOWN
        return Tri.of(principal.type == "Service" and principal.value == service)

    # Conditions on the source bind the service to the account, where the caller stands already.
    return _admits(trust, is_service, None)


def _admits(
    trust: PolicyDocument,
    matches: Callable[[Principal], Tri],
    action: str | None,
    context: Mapping[str, str] | None = None,
) -> Tri:
    answers: list[Tri] = []
    for statement in trust.statements:
        block = force(_but_of_organisation(statement), context) if action else Force.NONE
        met = {Force.NONE: Tri.YES, Force.RESTRICTS: Tri.NO, Force.UNKNOWN: Tri.UNKNOWN}
        acts = (
            any_of(_acts(pattern, action) for pattern in statement.actions) if action else Tri.YES
        )
        # With NotPrincipal everyone is admitted but those who are named.
        named = any_of(
            matches(element) for element in statement.principals or statement.not_principals
        )
        principal = named if statement.principals else ~named
        conditioned = Tri.NO if block is None else met[block]
        if action and _but_of_organisation(statement) != statement.conditions:
            # The account's own organisation, most likely; its id is not seen.
            conditioned = conditioned & Tri.UNKNOWN
        answers.append(all_of((_allows(statement), acts, principal, conditioned)))
    return any_of(answers)


def _but_of_organisation(statement: Statement) -> tuple[Condition, ...]:
    return tuple(
        condition
        for condition in statement.conditions
        if is_unknown(condition.key) or condition.key.lower() not in _ORGANISATION
    )
