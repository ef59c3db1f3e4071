"""What a role may do: the union of its policies, minus what is denied, within its boundary.

Evaluation order: IAM User Guide, "Policy evaluation logic" (2026-11), for identity policies and a
permissions boundary in one account. Organisation policies are not seen by a stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from ..unknown import UNKNOWN, Tri, all_of, any_of, is_unknown
from .conditions import OWN_KEYS, Force, base_key, force, is_weak
from .documents import (
    Effect,
    Kind,
    PolicyDocument,
    Statement,
    Text,
    parse,
    unknown_document,
    unseen_document,
)
from .findings import Location
from .managed_policies import document_of
from .patterns import covers, has_wildcard, matches_action, matches_resource, overlaps


class Verdict(Enum):
    """Whether a request is allowed: certainly, never, under a condition, or not decidable yet."""

    ALLOWED = "allowed"
    DENIED = "denied"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of `Permissions.can`, with the statements that decided it.

    `avoidable`: nothing but a Deny that applies to some requests stands against it, so that
    others may go through.
    """

    verdict: Verdict
    locations: tuple[Location, ...] = ()
    avoidable: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """One resource pattern an action is allowed on, after denials and the boundary.

    `strength` is ALLOWED, CONDITIONAL (a known condition restricts it) or UNKNOWN. `resource` is
    UNKNOWN where the pattern is not known yet.
    """

    resource: Text
    strength: Verdict
    location: Location

    @property
    def is_exact(self) -> Tri:
        """Whether the pattern names one resource: no wildcard in it."""
        if is_unknown(self.resource):
            return Tri.UNKNOWN
        return Tri.of("*" not in self.resource and "?" not in self.resource)


@dataclass(frozen=True, slots=True)
class RolePolicies:
    """Everything that grants or limits one role."""

    documents: tuple[PolicyDocument, ...]
    boundary: PolicyDocument | None = None


def role_policies(
    inline: Mapping[str, object] | None = None,
    managed: Iterable[object] = (),
    boundary: object = None,
    unknown: Callable[[object], bool] = is_unknown,
) -> RolePolicies:
    """A role's policies: `inline` by name; `managed` and `boundary` as ARN or parsed document.

    An ARN that the dated table of AWS-managed policies does not hold is a policy that may allow
    anything. Raises DocumentError for a malformed document.
    """
    documents = [
        parse(document, name, Kind.IDENTITY, unknown) for name, document in (inline or {}).items()
    ]
    documents.extend(_attached(document, "managed policy", unknown) for document in managed)
    limit = None if boundary is None else _attached(boundary, "permissions boundary", unknown)
    return RolePolicies(tuple(documents), limit)


def _attached(document: object, what: str, unknown: Callable[[object], bool]) -> PolicyDocument:
    if isinstance(document, PolicyDocument):
        return document
    if unknown(document) or not isinstance(document, str):
        return unknown_document(what)
    return document_of(document) or unseen_document(document)


def statement_acts_on(statement: Statement, action: str) -> Tri:
    """Whether a statement's Action or NotAction takes in one action."""
    if statement.actions:
        return any_of(_action_in(pattern, action) for pattern in statement.actions)
    return ~any_of(_action_in(pattern, action) for pattern in statement.not_actions)


def _action_in(pattern: Text, action: str) -> Tri:
    return Tri.UNKNOWN if is_unknown(pattern) else Tri.of(matches_action(pattern, action))


def statement_names(statement: Statement, resource: str) -> Tri:
    """Whether a statement's Resource or NotResource takes in one ARN (YES if it has neither)."""
    if statement.resources:
        return any_of(_resource_in(pattern, resource) for pattern in statement.resources)
    if statement.not_resources:
        return ~any_of(_resource_in(pattern, resource) for pattern in statement.not_resources)
    return Tri.YES


def _resource_in(pattern: Text, resource: str) -> Tri:
    return Tri.UNKNOWN if is_unknown(pattern) else matches_resource(pattern, resource)


def _service(action: str) -> str:
    return action.partition(":")[0].lower()


def _by_service(statements: list[Statement]) -> dict[str, dict[int, Statement]]:
    """Statements by the service their actions name; under "*" those that may name any."""
    index: dict[str, dict[int, Statement]] = {}
    for at, statement in enumerate(statements):
        names = {
            "*" if is_unknown(pattern) or has_wildcard(_service(pattern)) else _service(pattern)
            for pattern in statement.actions or ("*",)
        }
        for name in names:
            index.setdefault(name, {})[at] = statement
    return index


_STRENGTH = {
    Force.NONE: Verdict.ALLOWED,
    Force.RESTRICTS: Verdict.CONDITIONAL,
    Force.UNKNOWN: Verdict.UNKNOWN,
}
# From the most to the least that can be said against a request.
_WORST_FIRST = (Verdict.DENIED, Verdict.UNKNOWN, Verdict.CONDITIONAL, Verdict.ALLOWED)


def _worst(*verdicts: Verdict) -> Verdict:
    return min(verdicts, key=_WORST_FIRST.index)


def _denial(statement: Statement, context: Mapping[str, str]) -> Force | None:
    """How a Deny's condition lets a caller escape it. None: the deny can be avoided at will.

    NONE means it always applies. A weak key (TLS, a region) can be met or missed at will, so the
    caller simply misses it.
    """
    if any(
        not is_unknown(condition.key)
        and is_weak(base_key(condition.key))
        and condition.key.lower() not in context
        for condition in statement.conditions
    ):
        return None
    block = force(statement.conditions, context)
    # Whose account or organisation the Deny names is not told: it may be another's.
    named = any(
        not is_unknown(condition.key)
        and condition.key.lower() in OWN_KEYS
        and condition.key.lower() not in context
        for condition in statement.conditions
    )
    return Force.UNKNOWN if block is Force.NONE and named else block


class Permissions:
    """Answers questions about one role; statements are looked up once per action and kept."""

    def __init__(self, policies: RolePolicies) -> None:
        self._policies = policies
        self._statements = [s for document in policies.documents for s in document.statements]
        self._by_action: dict[str, list[tuple[Statement, Tri]]] = {}
        self._by_service = _by_service(self._statements)
        self._boundary = (
            Permissions(RolePolicies((policies.boundary,))) if policies.boundary else None
        )

    @property
    def documents(self) -> tuple[PolicyDocument, ...]:
        """The role's policies, without the boundary."""
        return self._policies.documents

    def _acting_on(self, action: str) -> list[tuple[Statement, Tri]]:
        key = action.lower()
        if key not in self._by_action:
            # In their order in the documents, so that findings name them in it.
            near = {**self._by_service.get("*", {}), **self._by_service.get(_service(key), {})}
            pairs = ((near[at], statement_acts_on(near[at], key)) for at in sorted(near))
            self._by_action[key] = [(s, acts) for s, acts in pairs if acts is not Tri.NO]
        return self._by_action[key]

    def may_use(self, action: str) -> bool:
        """Whether any statement may allow the action at all: a quick look before the questions."""
        return any(statement.may_allow for statement, _ in self._acting_on(action))

    def can(self, action: str, resource: str, context: Mapping[str, str] | None = None) -> Decision:
        """Whether the role may do `action` to the one ARN `resource` (no wildcards).

        `context` holds request keys that are known (`iam:PassedToService`); any case.
        """
        known = {key.lower(): value for key, value in (context or {}).items()}
        own = self._identity_decision(action, resource, known)
        if self._boundary is None or own.verdict is Verdict.DENIED:
            return own
        limit = self._boundary.can(action, resource, known)
        free = (Verdict.ALLOWED, Verdict.UNKNOWN)
        return Decision(
            _worst(own.verdict, limit.verdict),
            own.locations + limit.locations,
            (own.avoidable or limit.avoidable)
            and all(one.avoidable or one.verdict in free for one in (own, limit)),
        )

    def _identity_decision(
        self, action: str, resource: str, context: Mapping[str, str]
    ) -> Decision:
        allow, allowing = Verdict.DENIED, list[Location]()
        deny, denying = Verdict.ALLOWED, list[Location]()
        for statement, acts in self._acting_on(action):
            applies = all_of((acts, statement_names(statement, resource)))
            if applies is Tri.NO:
                continue
            if statement.may_allow:
                block = force(statement.conditions, context)
                if block is not None:
                    sure = applies is Tri.YES and statement.effect is Effect.ALLOW
                    strength = _STRENGTH[block] if sure else Verdict.UNKNOWN
                    allow = _better(allow, strength)
                    allowing.append(statement.location)
            if statement.may_deny:
                escape = _denial(statement, context)
                if escape is not None:
                    sure = applies is Tri.YES and statement.effect is Effect.DENY
                    deny = _worst(deny, _denied(escape) if sure else Verdict.UNKNOWN)
                    denying.append(statement.location)
        if deny is Verdict.DENIED or allow is Verdict.DENIED:
            return Decision(Verdict.DENIED, tuple(denying))
        avoidable = deny is Verdict.CONDITIONAL and allow is not Verdict.CONDITIONAL
        return Decision(_worst(allow, deny), (*allowing, *denying), avoidable)

    def grants(self, action: str, context: Mapping[str, str] | None = None) -> tuple[Grant, ...]:
        """Where the action is allowed.

        A Deny that covers a pattern removes it; one that may cover it, or does so under a condition
        only, makes it UNKNOWN; one that exempts resources (NotResource) narrows it to them; one
        that overlaps it partly leaves it.
        """
        known = {key.lower(): value for key, value in (context or {}).items()}
        found: list[Grant] = []
        for statement, acts in self._acting_on(action):
            block = force(statement.conditions, known) if statement.may_allow else None
            if block is None:
                continue
            sure = acts is Tri.YES and statement.effect is Effect.ALLOW
            strength = _STRENGTH[block] if sure else Verdict.UNKNOWN
            patterns = statement.resources or ("*",)
            found.extend(Grant(pattern, strength, statement.location) for pattern in patterns)
        for statement, acts in self._acting_on(action):
            escape = _denial(statement, known) if statement.may_deny else None
            if escape is not None:
                found = [
                    left for grant in found for left in _after_deny(grant, statement, acts, escape)
                ]
        if self._boundary is None or not found:
            return tuple(found)
        limits = self._boundary.grants(action, context)
        return tuple(both for grant in found for both in _within(grant, limits))


def _better(one: Verdict, other: Verdict) -> Verdict:
    # An unknown allow may turn out unconditional, so it outranks a conditional one.
    order = (Verdict.ALLOWED, Verdict.UNKNOWN, Verdict.CONDITIONAL, Verdict.DENIED)
    return min(one, other, key=order.index)


def _denied(escape: Force) -> Verdict:
    return {
        Force.NONE: Verdict.DENIED,
        Force.RESTRICTS: Verdict.CONDITIONAL,
        Force.UNKNOWN: Verdict.UNKNOWN,
    }[escape]


def _after_deny(grant: Grant, deny: Statement, acts: Tri, escape: Force) -> list[Grant]:
    hit, exempt = _denied_part(grant.resource, deny)
    if hit is Tri.NO:
        return [grant]
    sure = deny.effect is Effect.DENY and acts is Tri.YES and hit is Tri.YES
    effect = _denied(escape) if sure else Verdict.UNKNOWN
    if effect is not Verdict.DENIED:
        # Refused under a condition is allowed without it: not certain, but not gone either.
        left = Verdict.UNKNOWN if grant.strength is Verdict.ALLOWED else grant.strength
        return [Grant(grant.resource, left, grant.location)]
    return [Grant(resource, grant.strength, grant.location) for resource in exempt]


def _denied_part(resource: Text, deny: Statement) -> tuple[Tri, tuple[str, ...]]:
    """Whether a Deny takes the whole pattern away, and what it leaves of it."""
    if deny.not_resources:
        if any(is_unknown(pattern) for pattern in deny.not_resources) or is_unknown(resource):
            return Tri.UNKNOWN, ()
        exempt = [pattern for pattern in deny.not_resources if not is_unknown(pattern)]
        if any(covers(pattern, resource) for pattern in exempt):
            return Tri.NO, ()
        return Tri.YES, tuple(
            pattern if covers(resource, pattern) else resource
            for pattern in exempt
            if overlaps(pattern, resource)
        )
    if "*" in deny.resources or not deny.resources:
        return Tri.YES, ()
    if is_unknown(resource):
        return Tri.UNKNOWN, ()
    return any_of(
        Tri.UNKNOWN if is_unknown(pattern) else Tri.of(covers(pattern, resource))
        for pattern in deny.resources
    ), ()


def _within(grant: Grant, limits: Iterable[Grant]) -> list[Grant]:
    found: list[Grant] = []
    for limit in limits:
        strength = _worst(grant.strength, limit.strength)
        if is_unknown(limit.resource) and not is_unknown(grant.resource) and grant.resource != "*":
            # Whatever they have in common is no more than what is granted.
            found.append(Grant(grant.resource, _worst(strength, Verdict.UNKNOWN), grant.location))
        elif is_unknown(grant.resource) or is_unknown(limit.resource):
            # Only beside `*` is it certain that the two have something in common.
            sure = "*" in (grant.resource, limit.resource)
            shared = strength if sure else _worst(strength, Verdict.UNKNOWN)
            found.append(Grant(UNKNOWN, shared, grant.location))
        elif covers(limit.resource, grant.resource):
            return [Grant(grant.resource, strength, grant.location)]
        elif overlaps(limit.resource, grant.resource):
            narrower = covers(grant.resource, limit.resource)
            resource = limit.resource if narrower else grant.resource
            found.append(Grant(resource, strength, grant.location))
    return found


def can(
    policies: RolePolicies,
    action: str,
    resource: str,
    context: Mapping[str, str] | None = None,
) -> Decision:
    """One question about a role; keep a `Permissions` to ask many."""
    return Permissions(policies).can(action, resource, context)
