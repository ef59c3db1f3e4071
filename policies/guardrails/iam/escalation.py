"""Finds privilege-escalation paths in a role's policies, and from role to role in an account.

A method of the dated table is found when the union of a role's policies grants all it needs and
what it takes over is not bounded: a wide resource pattern, the role itself, or a role of the
account that is itself powerful. A known condition that restricts a needed permission, or a
pattern that names particular resources, ends the path.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..unknown import Tri, all_of, is_unknown
from .actions import resource_type
from .documents import PolicyDocument, Text
from .escalation_methods import METHODS, Category, Method
from .exposure import full_administrator
from .findings import Finding, Location, Outcome, overall, settled
from .patterns import is_wide, matches_resource, overlaps
from .permissions import Decision, Grant, Permissions, RolePolicies, Verdict
from .trust import admits_role, admits_service

CHECK = "privilege escalation"
CHAIN_CHECK = "privilege escalation across roles"

_REMEDY = {
    Category.SELF: "name the exact users, roles or policies it may change, never itself",
    Category.PRINCIPAL: "name the exact users or roles it may act on",
    Category.NEW_PASSROLE: "limit iam:PassRole to exact role ARNs and set iam:PassedToService",
    Category.EXISTING_PASSROLE: "name the exact resources it may change or run",
}
_TRI = {
    Verdict.ALLOWED: Tri.YES,
    Verdict.UNKNOWN: Tri.UNKNOWN,
    Verdict.CONDITIONAL: Tri.NO,
    Verdict.DENIED: Tri.NO,
}


@dataclass(frozen=True, slots=True)
class AccountRole:
    """A role of the account: its policies and who may assume it."""

    policies: RolePolicies
    trust: PolicyDocument


@dataclass(frozen=True, slots=True)
class Account:
    """The roles that are seen together, by ARN."""

    roles: Mapping[str, AccountRole]


def find_escalations(
    permissions: Permissions,
    own_arn: Text | None = None,
    methods: Iterable[Method] = METHODS,
) -> tuple[Finding, ...]:
    """Every method of the table the role can use, over the union of its policies.

    FAIL where it certainly can, UNKNOWN where unknown values may let it; one PASS if neither.
    `own_arn` lets a bounded permission on the role itself be seen as what it is.
    """
    return settled(
        CHECK,
        (
            finding
            for method in methods
            if (finding := _judge(method, permissions, own_arn)) is not None
        ),
        "no known method of gaining privileges is open",
    )


def _judge(method: Method, permissions: Permissions, own_arn: Text | None) -> Finding | None:
    if not all(permissions.may_use(needed) for needed in method.permissions):
        return None
    best: tuple[Tri, tuple[Location, ...]] = (Tri.NO, ())
    for service in method.passed_to or ("",):
        context = {"iam:PassedToService": service} if service else {}
        answer = _open(method, permissions, context, own_arn)
        if answer[0] is Tri.YES or (answer[0] is Tri.UNKNOWN and best[0] is Tri.NO):
            best = answer
    certainty, locations = best
    if certainty is Tri.NO:
        return None
    certain = certainty is Tri.YES
    how = "can" if certain else "may be able to (a value is not known yet)"
    return Finding(
        f"{CHECK} {method.id}",
        Outcome.FAIL if certain else Outcome.UNKNOWN,
        f"its holder {how} gain privileges by {method.name} ({method.id}, {method.category.value})",
        locations,
        _REMEDY[method.category],
    )


def _open(
    method: Method, permissions: Permissions, context: Mapping[str, str], own_arn: Text | None
) -> tuple[Tri, tuple[Location, ...]]:
    """Whether all needs are granted and the target is not bounded, with the statements used."""
    used: list[Location] = []
    answers: list[Tri] = []
    granted = [permissions.grants(needed, context) for needed in method.permissions]
    for position, grants in enumerate(granted):
        if position > 0:
            groups = [[(g, _TRI[g.strength]) for g in grants]]
        else:
            other = granted[1] if method.same_target else ()
            judged = [(g, _TRI[g.strength] & _target(g, method, other, own_arn)) for g in grants]
            groups = _by_target(judged, method)
        for group in groups:
            answer, location = _strongest(group)
            answers.append(answer)
            if location is not None:
                used.append(location)
    return all_of(answers), tuple(dict.fromkeys(used))


def _by_target(judged: list[tuple[Grant, Tri]], method: Method) -> list[list[tuple[Grant, Tri]]]:
    """The grants on each resource type the method must reach, or all in one group."""
    if not method.targets:
        return [judged]
    service = method.permissions[0].partition(":")[0]
    groups: list[list[tuple[Grant, Tri]]] = []
    for name in method.targets:
        target = resource_type(service, name)
        pattern = target.arn if target else "*"
        groups.append(
            [(g, a) for g, a in judged if is_unknown(g.resource) or overlaps(pattern, g.resource)]
        )
    return groups


def _strongest(judged: Iterable[tuple[Grant, Tri]]) -> tuple[Tri, Location | None]:
    best: tuple[Tri, Location | None] = (Tri.NO, None)
    for grant, answer in judged:
        if answer is Tri.YES:
            return Tri.YES, grant.location
        if answer is Tri.UNKNOWN and best[0] is Tri.NO:
            best = (Tri.UNKNOWN, grant.location)
    return best


def _target(grant: Grant, method: Method, others: tuple[Grant, ...], own_arn: Text | None) -> Tri:
    """Whether what the grant takes over is unbounded, the role itself, or shared with `others`."""
    pattern = grant.resource
    if is_unknown(pattern):
        return Tri.UNKNOWN
    if is_wide(pattern) or any(overlaps(pattern, one) for one in method.unbounded):
        return Tri.YES
    answer = Tri.NO
    if own_arn is not None and method.category is Category.SELF:
        own = Tri.UNKNOWN if is_unknown(own_arn) else matches_resource(pattern, own_arn)
        answer = answer | own
    for other in others:
        if is_unknown(other.resource):
            shared = Tri.UNKNOWN
        else:
            shared = Tri.of(overlaps(pattern, other.resource))
        answer = answer | (shared & _TRI[other.strength])
    return answer


def find_role_chains(account: Account) -> dict[str, tuple[Finding, ...]]:
    """For each role's ARN: whether it reaches a powerful role by AssumeRole or PassRole.

    A role is powerful if it is an administrator or can escalate by itself. A step is assuming a
    role whose trust policy admits the role, or passing it to a service it trusts, with the other
    permissions of a method that runs code there. A role that is powerful itself is not repeated.
    """
    asked = {arn: Permissions(role.policies) for arn, role in account.roles.items()}
    powerful = {
        arn: overall((*full_administrator(own), *find_escalations(own, arn)))
        for arn, own in asked.items()
    }
    targets = {arn for arn, outcome in powerful.items() if outcome is not Outcome.PASS}
    steps = {arn: _steps(arn, asked[arn], account) for arn in asked} if targets else {}
    found: dict[str, tuple[Finding, ...]] = {}
    for arn in account.roles:
        if powerful[arn] is Outcome.FAIL:
            ends: list[Finding] = []
        else:
            ends = list(_chains(arn, steps, powerful))
        found[arn] = settled(CHAIN_CHECK, ends, "it reaches no role more powerful than itself")
    return found


@dataclass(frozen=True, slots=True)
class _Step:
    to: str
    how: str
    certainty: Tri
    locations: tuple[Location, ...]


def _steps(arn: str, own: Permissions, account: Account) -> list[_Step]:
    found: list[_Step] = []
    # Most roles may do neither, so that the work stays linear in the number of roles.
    if not own.may_use("sts:AssumeRole") and not own.may_use("iam:PassRole"):
        return found
    for other, role in account.roles.items():
        if other == arn:
            continue
        assume = own.can("sts:AssumeRole", other)
        certainty = _granted(assume) & admits_role(role.trust, arn)
        if certainty is not Tri.NO:
            found.append(_Step(other, "sts:AssumeRole", certainty, assume.locations))
        found.extend(_passing_steps(own, other, role))
    return found


def _granted(decision: Decision) -> Tri:
    return Tri.UNKNOWN if decision.avoidable else _TRI[decision.verdict]


def _passing_steps(own: Permissions, other: str, role: AccountRole) -> Iterable[_Step]:
    if not own.may_use("iam:PassRole"):
        return
    for method in METHODS:
        if not method.passed_to or not all(own.may_use(p) for p in method.permissions[1:]):
            continue
        for service in method.passed_to:
            context = {"iam:PassedToService": service}
            passing = own.can("iam:PassRole", other, context)
            certainty = _granted(passing) & admits_service(role.trust, service)
            for needed in method.permissions[1:]:
                if certainty is Tri.NO:
                    break
                granted = ((g, _TRI[g.strength]) for g in own.grants(needed, context))
                certainty = certainty & _strongest(granted)[0]
            if certainty is not Tri.NO:
                yield _Step(other, f"{method.name} ({method.id})", certainty, passing.locations)
                return


def _chains(
    start: str, steps: Mapping[str, list[_Step]], powerful: Mapping[str, Outcome]
) -> Iterable[Finding]:
    """Shortest certain path to a powerful role if there is one, else the shortest possible one."""
    for only_certain in (True, False):
        path = _shortest(start, steps, powerful, only_certain)
        if path is None:
            continue
        route = ", then ".join(f"{step.how} to {_short(step.to)}" for step in path)
        how = "reaches" if only_certain else "may reach (a value is not known yet)"
        yield Finding(
            CHAIN_CHECK,
            Outcome.FAIL if only_certain else Outcome.UNKNOWN,
            f"{_short(start)} {how} the powerful role {_short(path[-1].to)} by {route}",
            tuple(dict.fromkeys(place for step in path for place in step.locations)),
            "narrow the last role's own policies, or who may assume it and be passed it",
        )
        return


def _shortest(
    start: str,
    steps: Mapping[str, list[_Step]],
    powerful: Mapping[str, Outcome],
    only_certain: bool,
) -> tuple[_Step, ...] | None:
    pending: deque[tuple[str, tuple[_Step, ...]]] = deque([(start, ())])
    seen = {start}
    while pending:
        here, path = pending.popleft()
        outcome = powerful[here]
        if path and outcome is not Outcome.PASS and (outcome is Outcome.FAIL or not only_certain):
            return path
        for step in steps.get(here, []):
            if step.to not in seen and (step.certainty is Tri.YES or not only_certain):
                seen.add(step.to)
                pending.append((step.to, (*path, step)))
    return None


def _short(arn: str) -> str:
    return arn.rpartition("/")[2]
