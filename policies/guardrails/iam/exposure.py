"""What a role's policies give away: everything, a whole service, data, credentials, resources.

Data and credential actions: the concepts and lists of cloudsplaining (Salesforce, 2026-11),
narrowed to actions whose answer is the data or the credential itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from ..unknown import Tri, Unknown, all_of, any_of, is_unknown
from .actions import Action, Level, expand, misspelling
from .conditions import Force, force
from .documents import Effect, PolicyDocument, Statement, Text
from .findings import Finding, Location, Outcome, settled
from .managed_policies import is_administrator, managed_name
from .patterns import is_wide
from .permissions import Permissions, Verdict

EXFILTRATION: Final = (
    "dynamodb:Scan",
    "dynamodb:ExportTableToPointInTime",
    "rds:CopyDBSnapshot",
    "rds:StartExportTask",
    "s3:GetObject",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
)

CREDENTIALS: Final = (
    "chime:CreateApiKey",
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    "connect:GetFederationToken",
    "gamelift:RequestUploadCredentials",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:UpdateAccessKey",
    "lightsail:GetInstanceAccessDetails",
    "lightsail:GetRelationalDatabaseMasterUserPassword",
    "mediapackage:RotateIngestEndpointCredentials",
    "rds-db:connect",
    "redshift:GetClusterCredentials",
    "redshift:GetClusterCredentialsWithIAM",
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:GetFederationToken",
)

_STRENGTH = {
    Force.NONE: Tri.YES,
    Force.RESTRICTS: Tri.NO,
    Force.UNKNOWN: Tri.UNKNOWN,
}


def _finding(
    check: str, certainty: Tri, what: str, locations: Iterable[Location], remedy: str
) -> Finding:
    certain = certainty is Tri.YES
    reason = what if certain else f"not known yet whether {what}"
    outcome = Outcome.FAIL if certain else Outcome.UNKNOWN
    return Finding(check, outcome, reason, tuple(dict.fromkeys(locations)), remedy)


def _allows(statement: Statement) -> Tri:
    if is_unknown(statement.effect):
        return Tri.UNKNOWN
    return Tri.of(statement.effect is Effect.ALLOW)


def _tests(values: tuple[Text, ...], holds: Callable[[str], bool]) -> Tri:
    return any_of(Tri.UNKNOWN if is_unknown(value) else Tri.of(holds(value)) for value in values)


def _wide(statement: Statement) -> Tri:
    """Whether the statement is not bounded to particular resources."""
    if statement.not_resources:
        return Tri.YES
    return _tests(statement.resources, is_wide)


def _each(
    document: PolicyDocument, check: str, what: str, remedy: str, ask: Callable[[Statement], Tri]
) -> tuple[Finding, ...]:
    found = [
        _finding(check, answer, what, [statement.location], remedy)
        for statement in document.statements
        if (answer := ask(statement)) is not Tri.NO
    ]
    return settled(check, found, f"no statement for which {what}")


def full_administrator(permissions: Permissions) -> tuple[Finding, ...]:
    """FAIL for each statement of the role's policies that allows every action on every resource."""
    found = [
        finding
        for document in permissions.documents
        for finding in allows_everything(document)
        if finding.outcome is not Outcome.PASS
    ]
    return settled("full administrator", found, "no statement allows everything")


# `*`, and an ARN with nothing but wildcards after its partition.
_ANY_RESOURCE: Final = re.compile(r"\*+|arn:\*(?::\*+)*|arn:aws[\w-]*(?::\*+)+")


def _any_resource(resource: str) -> bool:
    return _ANY_RESOURCE.fullmatch(resource) is not None


def allows_everything(document: PolicyDocument) -> tuple[Finding, ...]:
    """FSBP IAM.1: a statement that allows `*` on `*`. Conditions do not excuse it."""

    def ask(statement: Statement) -> Tri:
        return all_of(
            (
                _allows(statement),
                _tests(statement.actions, lambda action: action.strip("*") in ("", ":")),
                _tests(statement.resources or ("*",), _any_resource),
            )
        )

    return _each(
        document,
        "full administrator",
        "all actions are allowed on all resources",
        "list the actions and resources that are needed",
        ask,
    )


def service_wildcards(document: PolicyDocument) -> tuple[Finding, ...]:
    """FSBP IAM.21: a statement that allows all of a service (`s3:*`), or all but some."""

    def whole_service(action: str) -> bool:
        service, colon, name = action.partition(":")
        return not service.strip("*") or (bool(colon) and not name.strip("*"))

    def ask(statement: Statement) -> Tri:
        whole = Tri.YES if statement.not_actions else _tests(statement.actions, whole_service)
        return _allows(statement) & whole

    return _each(
        document,
        "service wildcard",
        "all actions of a service are allowed",
        "list the actions that are needed",
        ask,
    )


def wildcard_resources(document: PolicyDocument) -> tuple[Finding, ...]:
    """A statement that allows, on `Resource: "*"`, an action that could name its resources.

    A condition that restricts the statement takes the place of the resource.
    """
    check = "wildcard resource"
    remedy = "name the resources; keep only actions that know none in a statement with '*'"
    found: list[Finding] = []
    for statement in document.statements:
        block = force(statement.conditions) or Force.NONE
        wide = (
            Tri.YES if statement.not_resources else _tests(statement.resources, lambda r: r == "*")
        )
        base = all_of((_allows(statement), wide, _STRENGTH[block]))
        if base is Tri.NO:
            continue
        narrowable = _narrowable(statement)
        names = sorted({action.name for action in narrowable})
        if statement.not_actions:
            answer = Tri.YES
        else:
            answer = Tri.of(bool(names)) | _tests(statement.actions, lambda _: False)
        if base & answer is Tri.NO:
            continue
        listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        what = f"all resources are named for {listed or 'an action'}, which could be narrowed"
        found.append(_finding(check, base & answer, what, [statement.location], remedy))
    return settled(check, found, "every action that can be narrowed is")


def _narrowable(statement: Statement) -> list[Action]:
    return [
        action
        for pattern in statement.actions
        if not is_unknown(pattern)
        for action in _narrowable_of(pattern)
    ]


@lru_cache(maxsize=4096)
def _narrowable_of(pattern: str) -> tuple[Action, ...]:
    """The actions of a pattern that can be narrowed.

    Of a pattern such as `ec2:Describe*`, which needs `*` for most it matches, the few lists that
    know a resource are left out: they would have to be named one by one for nothing.
    """
    matched = expand(pattern)
    mixed = not all(action.can_be_narrowed for action in matched)
    return tuple(
        action
        for action in matched
        if action.can_be_narrowed and not (mixed and action.level is Level.LIST)
    )


def unknown_actions(document: PolicyDocument) -> tuple[Finding, ...]:
    """Action names that AWS does not have: usually a typing error, with the nearest that exist."""
    check = "unknown action"
    found: list[Finding] = []
    for statement in document.statements:
        for pattern in (*statement.actions, *statement.not_actions):
            if is_unknown(pattern):
                found.append(
                    _finding(check, Tri.UNKNOWN, "an action exists", [statement.location], "")
                )
                continue
            wrong = misspelling(pattern)
            if wrong is None:
                continue
            near = f"; nearest: {', '.join(wrong.nearest)}" if wrong.nearest else ""
            what = f"{pattern} matches no action{near}"
            found.append(
                _finding(check, Tri.YES, what, [statement.location], "correct or remove the name")
            )
    return settled(check, found, "every action exists")


def managed_administrators(attached: Iterable[str | Unknown]) -> tuple[Finding, ...]:
    """AWS-managed policies among the attached ARNs that make their holder an administrator."""
    check = "managed administrator"
    found: list[Finding] = []
    for arn in attached:
        if is_unknown(arn):
            what = "an attached policy is an administrator's"
            found.append(_finding(check, Tri.UNKNOWN, what, (), ""))
        elif is_administrator(arn):
            what = f"{managed_name(arn)} makes its holder an administrator"
            remedy = "write a policy with the actions that are needed"
            found.append(_finding(check, Tri.YES, what, [Location(arn)], remedy))
    return settled(check, found, "no attached policy makes an administrator")


# What every instance holds that Systems Manager manages; AWS offers no narrower one ("Configure
# instance permissions required for Systems Manager", 2026-11). It reads parameters, no secrets.
_OF_EVERY_INSTANCE: Final = frozenset({"AmazonSSMManagedInstanceCore"})


def exfiltration(permissions: Permissions) -> tuple[Finding, ...]:
    """Actions that hand out stored data, allowed on wide resources over the role's union."""
    return _wide_grants(
        permissions,
        "data exfiltration",
        EXFILTRATION,
        "name the buckets, tables or secrets",
        _OF_EVERY_INSTANCE,
    )


def credentials_exposure(permissions: Permissions) -> tuple[Finding, ...]:
    """Actions that hand out credentials, allowed on wide resources over the role's union."""
    return _wide_grants(
        permissions, "credentials exposure", CREDENTIALS, "name the exact users, roles or databases"
    )


def resource_exposure(permissions: Permissions) -> tuple[Finding, ...]:
    """Permissions-management actions that could name a resource, allowed on wide ones."""
    actions = {
        action
        for document in permissions.documents
        for statement in document.statements
        if statement.may_allow
        for pattern in _patterns(statement)
        for action in _permission_actions(pattern)
    }
    check = "resource exposure"
    found = _wide_grants(permissions, check, sorted(actions), "name the exact resources")
    hidden = [
        _finding(
            check,
            Tri.UNKNOWN,
            "an action changes who may use a resource",
            [statement.location],
            "name the actions",
        )
        for document in permissions.documents
        for statement in document.statements
        if statement.may_allow
        and any(is_unknown(action) for action in (*statement.actions, *statement.not_actions))
        and _wide(statement) is not Tri.NO
        and force(statement.conditions) is not Force.RESTRICTS
    ]
    certain = [finding for finding in found if finding.outcome is not Outcome.PASS]
    return settled(check, (*certain, *hidden), "no resource can be opened to others")


@lru_cache(maxsize=4096)
def _permission_actions(pattern: str) -> tuple[str, ...]:
    """The names of a pattern's permissions-management actions that can name a resource."""
    return tuple(
        action.name
        for action in expand(pattern)
        if action.level is Level.PERMISSIONS and action.can_be_narrowed
    )


def _patterns(statement: Statement) -> Iterable[str]:
    if statement.not_actions:
        return ("*",)
    return tuple(action for action in statement.actions if not is_unknown(action))


def _wide_grants(
    permissions: Permissions,
    check: str,
    actions: Iterable[str],
    remedy: str,
    spared: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    strength = {Verdict.ALLOWED: Tri.YES, Verdict.UNKNOWN: Tri.UNKNOWN}
    found: list[Finding] = []
    for action in actions:
        if not permissions.may_use(action):
            continue
        best, locations = Tri.NO, list[Location]()
        for grant in permissions.grants(action):
            if grant.location.policy in spared:
                continue
            wide = Tri.UNKNOWN if is_unknown(grant.resource) else Tri.of(is_wide(grant.resource))
            answer = wide & strength.get(grant.strength, Tri.NO)
            if answer is not Tri.NO:
                best = best | answer
                locations.append(grant.location)
        if best is not Tri.NO:
            what = f"{action} is allowed on unbounded resources"
            found.append(_finding(check, best, what, locations, remedy))
    return settled(check, found, f"no {check}: every such action is bounded")
