"""Whether who deploys may do what the plan asks for, by IAM's own simulation, before anything is
touched.

Each request of the plan is simulated for the principal: the caller, or another one that is named.
IAM takes many actions in one call where resource and context are the same
("SimulatePrincipalPolicy", IAM API Reference, 2026-11). It sees the principal's policies, its
boundary and the organisation's policies, and no policies of resources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from trellis.aws_errors import code_of, is_refusal
from trellis.operate.access import AWS_ERRORS, Access
from trellis.operate.findings import Finding, Status, unknown
from trellis.operate.planned import Planned
from trellis.roles.arns import Place
from trellis.roles.asks import Ask, Asking
from trellis.roles.lacking import Lack, gathered, shown

CHECK = "permissions"

ACTIONS_AT_ONCE, RESOURCES_AT_ONCE = 100, 20
"""What is simulated in one call; IAM takes more."""

ContextPairs = tuple[tuple[str, str], ...]
"""Context keys and values."""

MOST_SHOWN = 20
"""Actions that are told one by one; how many more there are is told too."""

ASSUMED = re.compile(
    r"arn:(?P<partition>[\w-]+):sts::(?P<account>\d+):assumed-role/(?P<name>[^/]+)/"
)
"""The ARN of a session, which does not tell the path of its role."""

TRUE_OR_FALSE = ("kms:GrantIsForAWSResource",)
"""Context keys that are no texts."""

ADMINISTRATOR = "root"


class NoPrincipalError(Exception):
    """Nobody whose policies IAM could look at; the text says why."""


class Call(NamedTuple):
    """One call of the simulation."""

    actions: list[str]
    resources: list[str]
    context: ContextPairs
    asks: dict[tuple[str, str], Ask]
    """By action and resource."""


@dataclass(frozen=True)
class Principal:
    """Whose policies are looked at."""

    arn: str
    is_caller: bool


def principal_of(access: Access, named: str | None = None) -> Principal:
    """The principal that IAM is asked about.

    Args:
        named: ARN of a role or user; the caller, where it is left out.

    Raises:
        NoPrincipalError: the caller is a federated user, of which IAM keeps no policies.
    """
    if named is not None:
        return Principal(named, is_caller=False)
    session = ASSUMED.match(access.caller)
    if session is None:
        if ":user/" in access.caller or access.caller.endswith(f":{ADMINISTRATOR}"):
            return Principal(access.caller, is_caller=True)
        raise NoPrincipalError(f"IAM keeps no policies of {access.caller}")
    name = session["name"]
    try:
        role = access.client("iam").get_role(RoleName=name)["Role"]
    except AWS_ERRORS as error:
        if not is_refusal(error) and code_of(error) != "NoSuchEntity":
            raise
        # Without a path, as most roles are.
        arn = f"arn:{session['partition']}:iam::{session['account']}:role/{name}"
        return Principal(arn, is_caller=True)
    return Principal(str(role["Arn"]), is_caller=True)


def permissions(planned: Planned, named: str | None = None) -> Iterator[Finding]:
    """What the principal lacks, one finding an action; one in all where it lacks nothing."""
    access = planned.access
    try:
        principal = principal_of(access, named)
    except NoPrincipalError as error:
        yield Finding(
            CHECK,
            Status.UNKNOWN,
            str(error),
            "name the role that deploys: `trellis doctor STACK --principal ARN`",
        )
        return
    if principal.arn.endswith(f":{ADMINISTRATOR}"):
        yield Finding(
            CHECK,
            Status.WARNING,
            "the caller is the account's root user, whom no policy holds back",
            "sign in as a role that deploys (`trellis roles STACK`)",
        )
        return
    asks = asks_of(planned)
    try:
        lacks = gathered(_refused(access, principal, asks))
    except AWS_ERRORS as error:
        yield _unlooked(error, principal)
        return
    yield from _findings_of(planned, principal, asks, lacks)


def asks_of(planned: Planned) -> tuple[Ask, ...]:
    """What the deployment of the plan asks for, less the state, which is not in the plan."""
    recording = planned.system.recording
    settings = planned.system.settings
    partition = planned.access.caller.split(":")[1] if planned.access.caller else "aws"
    place = Place(
        partition,
        recording.region,
        planned.access.account,
        settings.name,
        settings.environment,
    )
    return Asking(recording, place).all()


def _refused(
    access: Access, principal: Principal, asks: Sequence[Ask]
) -> Iterator[tuple[Ask, str]]:
    client = access.client("iam")
    for actions, resources, context, by_request in _calls(asks):
        pages = client.get_paginator("simulate_principal_policy").paginate(
            PolicySourceArn=principal.arn,
            ActionNames=actions,
            ResourceArns=resources,
            ContextEntries=[_entry(key, value) for key, value in context],
        )
        for page in pages:
            for result in page["EvaluationResults"]:
                for resource, decision in _decisions(result, resources):
                    if decision != "allowed":
                        yield by_request[result["EvalActionName"], resource], _why(result, decision)


def _calls(asks: Sequence[Ask]) -> Iterator[Call]:
    """The requests by call: each call asks all of its actions of all of its resources."""
    by_place: dict[tuple[str, ContextPairs], dict[str, Ask]] = {}
    for ask in asks:
        context = tuple(sorted(ask.context.items()))
        by_place.setdefault((ask.resource, context), {}).setdefault(ask.action, ask)
    alike: dict[tuple[tuple[str, ...], ContextPairs], list[str]] = {}
    for (resource, context), by_action in by_place.items():
        alike.setdefault((tuple(sorted(by_action)), context), []).append(resource)
    for (actions, context), resources in alike.items():
        for first in range(0, len(actions), ACTIONS_AT_ONCE):
            some = list(actions[first : first + ACTIONS_AT_ONCE])
            for start in range(0, len(resources), RESOURCES_AT_ONCE):
                these = resources[start : start + RESOURCES_AT_ONCE]
                found = {
                    (name, arn): by_place[arn, context][name] for name in some for arn in these
                }
                yield Call(some, these, context, found)


def _decisions(result: dict[str, Any], resources: list[str]) -> Iterator[tuple[str, str]]:
    """Decisions of one action by resource; of one resource alone IAM tells no details."""
    single: list[dict[str, Any]] = result.get("ResourceSpecificResults") or []
    if len(resources) == 1 or not single:
        for resource in resources:
            yield resource, str(result["EvalDecision"])
        return
    for detail in single:
        yield str(detail["EvalResourceName"]), str(detail["EvalResourceDecision"])


def _entry(key: str, value: str) -> dict[str, Any]:
    kind = "boolean" if key in TRUE_OR_FALSE else "string"
    return {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": kind}


def _why(result: dict[str, Any], decision: str) -> str:
    organisation: dict[str, Any] = result.get("OrganizationsDecisionDetail") or {}
    boundary: dict[str, Any] = result.get("PermissionsBoundaryDecisionDetail") or {}
    if organisation.get("AllowedByOrganizations") is False:
        return "a policy of the organisation denies it"
    if boundary.get("AllowedByPermissionsBoundary") is False:
        return "the principal's boundary denies it"
    if decision == "explicitDeny":
        return "a policy denies it"
    return ""


def _findings_of(
    planned: Planned, principal: Principal, asks: Sequence[Ask], lacks: Sequence[Lack]
) -> Iterator[Finding]:
    if not lacks:
        yield Finding(CHECK, Status.OK, f"{principal.arn} may make all {len(asks)} requests")
        return
    resources = planned.system.resources
    for lack in lacks[:MOST_SHOWN]:
        place = next((planned.system.place(resources[urn]) for urn in lack.urns), "")
        why = f" ({lack.why})" if lack.why else ""
        yield Finding(
            CHECK,
            Status.WRONG,
            f"{principal.arn} may not {lack.action} on {shown(lack.resources)}{why}",
            "`trellis roles STACK --write` derives the role that may; or allow it",
            place,
        )
    if len(lacks) > MOST_SHOWN:
        actions = tuple(lack.action for lack in lacks[MOST_SHOWN:])
        yield Finding(
            CHECK,
            Status.WRONG,
            f"and {len(actions)} more actions: {', '.join(actions)}",
            "`trellis roles STACK --explain ACTION` says what asks for one",
        )


def _unlooked(error: BaseException, principal: Principal) -> Finding:
    found = unknown(CHECK, error)
    if code_of(error) == "NoSuchEntity":
        message = f"there is no {principal.arn}"
        return Finding(CHECK, Status.WRONG, message, "name it with its path: `--principal ARN`")
    if is_refusal(error):
        remedy = (
            "allow iam:SimulatePrincipalPolicy, or hold the role's policies against the plan "
            "without an account: `trellis roles STACK --check FILE`"
        )
        return Finding(CHECK, Status.UNKNOWN, found.message, remedy)
    return found
