"""The requests that a deployment of a plan makes, one by one, as IAM is asked about each.

A policy that somebody wrote is held against these: of which action, on which resource of the plan,
with what IAM is told beside it (tags, boundary, the service that a role is passed to). Ids that AWS
makes up are the plan's simulated ones, so a policy must take any.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trellis.planner.recording import Recording
from trellis.roles.arns import Arns, Place
from trellis.roles.authorization import Action, ResourceKind, action
from trellis.roles.derive import (
    ADOPTED,
    EVERYTHING,
    MAKES,
    MANY_KINDS,
    askers,
    makes,
    takes_lists,
)
from trellis.roles.passing import ROLE, linked_services, passes
from trellis.roles.state import State, freeze_of, of_stack, state_statements

Context = Mapping[str, str]


@dataclass(frozen=True)
class Ask:
    """One request."""

    action: str
    resource: str
    """An ARN, or `*` where the action knows no resource."""
    context: Context
    """Condition keys and their values, as far as they are known."""
    urns: tuple[str, ...]
    """The resources of the plan that need it."""


class Asking:
    """The requests of one plan's deployment."""

    def __init__(
        self,
        deployed: Recording,
        place: Place,
        state: State | None = None,
        *,
        every_kind: bool = False,
    ) -> None:
        """Read a plan.

        Args:
            deployed: the stack as deployed, on simulated ids.
            every_kind: ask also of kinds that IAM names with an action and the plan has none of.
            state: where the engine keeps what it made, as far as that is known.
        """
        self._state = state
        self._every_kind = every_kind
        self._recording = deployed
        self._place = place
        self._arns = Arns(deployed, deployed, place)
        self._askers = askers(deployed, self._arns)
        provider = deployed.of_type("pulumi:providers:aws")[0]
        tags: Mapping[str, str] = json.loads(str(provider.inputs["defaultTags"]))["tags"]
        self._brought = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
        self._borne = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
        roles = deployed.of_type(ROLE)
        bounds = {str(role.inputs.get("permissionsBoundary") or "") for role in roles}
        # Where roles differ, one without a boundary is asked for.
        self._boundary = min(bounds, default="")

    def all(self) -> tuple[Ask, ...]:
        """All of them, by action."""
        found: dict[tuple[str, str, str], Ask] = {}
        for ask in (*self._of_types(), *self._of_roles(), *self._of_state()):
            key = (ask.action, ask.resource, json.dumps(ask.context, sort_keys=True))
            found.setdefault(key, ask)
        return tuple(found.values())

    def _of_types(self) -> Iterator[Ask]:
        for name in sorted(self._askers):
            asked = action(name)
            if name in ("ec2:CreateTags", "ec2:DeleteTags"):
                yield from self._tagging(name)
            elif takes_lists(asked) or not asked.kinds:
                yield self._ask(name, EVERYTHING, {**self._brought})
            elif len(asked.kinds) > MANY_KINDS:
                place = self._place
                where = f"arn:{place.partition}:{name.partition(':')[0]}:{place.region}"
                yield self._ask(name, f"{where}:{place.account}:any/any", {**self._brought})
            else:
                yield from self._of_kinds(asked)

    def _of_kinds(self, asked: Action) -> Iterator[Ask]:
        planned = [
            kind
            for kind in asked.kinds
            if self._arns.has(kind.arn) or (self._every_kind and kind.required)
        ]
        for kind in planned or asked.kinds:
            for resource in self._arns.examples(kind.arn):
                context = self._context(asked, kind)
                yield self._ask(asked.name, resource, context)
                if self._recording.of_type(ADOPTED.get(kind.name, "")) and self._fresh(resource):
                    bare = {key: v for key, v in context.items() if key not in self._borne}
                    yield self._ask(asked.name, resource, bare)

    def _fresh(self, resource: str) -> bool:
        """Whether an ARN's id is made up by AWS, as that of what it makes with a VPC is."""
        return f":{self._place.account}:" in resource and ":ec2:" in resource

    def _context(self, asked: Action, kind: ResourceKind) -> Context:
        service = asked.name.partition(":")[0]
        # What is not there yet bears no tags.
        found = dict(self._brought) if makes(asked, kind) else {**self._borne, **self._brought}
        if service == "iam" and kind.name == "role" and self._boundary:
            found["iam:PermissionsBoundary"] = self._boundary
        if service == "kms":
            found["kms:ViaService"] = f"secretsmanager.{self._place.region}.amazonaws.com"
            found["kms:GrantIsForAWSResource"] = "true"
        return found

    def _tagging(self, name: str) -> Iterator[Ask]:
        place = self._place
        where = f"arn:{place.partition}:ec2:{place.region}:{place.account}:vpc/vpc-1"
        yield self._ask(name, where, {**self._borne, **self._brought})
        if name == "ec2:DeleteTags":
            return
        for other in sorted(self._askers):
            service, _, short = other.partition(":")
            if service == "ec2" and short.startswith(MAKES) and short != "CreateTags":
                yield self._ask(name, where, {**self._brought, "ec2:CreateAction": short})
        if any(self._recording.of_type(type_) for type_ in ADOPTED.values()):
            yield self._ask(name, where, self._brought)

    def _of_roles(self) -> Iterator[Ask]:
        """Roles that are handed to services, and those that AWS makes for a service."""
        for arn, services in passes(self._recording):
            urns = tuple(
                role.urn for role in self._recording.of_type(ROLE) if role.outputs["arn"] == arn
            )
            for service in services:
                yield Ask("iam:PassRole", arn, {"iam:PassedToService": service}, urns)
        place = self._place
        for service in linked_services(self._recording):
            arn = f"arn:{place.partition}:iam::{place.account}:role/aws-service-role/{service}/any"
            yield Ask("iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": service}, ())

    def _of_state(self) -> Iterator[Ask]:
        """The engine's own files."""
        project, stack = self._recording.project, self._recording.stack
        files, freeze = of_stack(project, stack), freeze_of(project, stack)
        for statement in state_statements(
            self._place, self._state, files, writes=True, frozen=freeze
        ):
            for name in statement.actions:
                for resource in statement.resources:
                    via = (statement.conditions or {}).get("StringEquals", {})
                    yield Ask(name, resource.replace("*", "any"), via, ())

    def _ask(self, name: str, resource: str, context: Context) -> Ask:
        return Ask(name, resource, context, tuple(self._askers[name]))
