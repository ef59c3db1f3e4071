"""What a deployment of one stack asks of AWS, from what the stack registers.

Each resource of the plan asks for the actions of its type's row in the table. An action is allowed
on the resources that its kinds name in this plan; where ids are AWS's, on those that carry the
system's tags, as far as IAM has a condition for it. Roles are passed to the services that they
trust, and roles that a deployment makes or changes must have the boundary.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trellis.planner.recording import Recorded, Recording
from trellis.roles.arns import Arns, Place
from trellis.roles.authorization import REQUEST_TAG, RESOURCE_TAG, Action, ResourceKind, action
from trellis.roles.existing_keys import ASKED, existing_keys
from trellis.roles.other_networks import on_others
from trellis.roles.passing import linked_services, passes
from trellis.roles.statements import Conditions, Statement
from trellis.roles.table import actions_of

EVERYTHING = "*"
BOUNDARY_KEY = "iam:PermissionsBoundary"
MANY_KINDS = 20
"""An action of more kinds than this (`ec2:CreateTags`) is bound to its service instead."""

NEVER = frozenset({"iam:DeleteRolePermissionsBoundary"})
"""Actions of the table that a deployment never gets."""

LISTS = ("Describe", "List")
"""How actions begin that AWS's provider asks of everything, with a filter."""

BY_NAME = ("s3", "secretsmanager", "iam")
"""Services whose lists and descriptions are of one named thing."""

ADOPTED = {
    "security-group": "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "network-acl": "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
    "route-table": "aws:ec2/defaultRouteTable:DefaultRouteTable",
}
"""Types that take over what AWS made with a VPC, by kind."""

UNOWNED: Conditions = {"Null": {"aws:ResourceTag/System": "true"}}
"""No system has put its tag on it."""

MAKES = ("Create", "Allocate", "Authorize")
"""What operations of EC2 begin with that make something and may tag it at once."""

CRYPTOGRAPHY = ("Decrypt", "Encrypt", "GenerateDataKey", "ReEncrypt")


@dataclass(frozen=True)
class Needs:
    """What a plan asks for."""

    statements: tuple[Statement, ...]
    askers: Mapping[str, tuple[str, ...]]
    """URNs of the resources that ask for an action, by action."""


class _Groups:
    """Actions by service and condition: on what bears the system's names or tags, where any of a
    service's actions may go together; and apart from those, on what nothing tells from others'."""

    def __init__(self) -> None:
        self._own: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
        self._open: dict[tuple[str, str], dict[str, None]] = {}

    def add(
        self, name: str, resource: str, conditions: Conditions | None, *, own: bool = False
    ) -> None:
        """Allow an action on a resource.

        Args:
            own: whether the resource's name or the conditions say that it is the system's.
        """
        condition = json.dumps(conditions or {}, sort_keys=True)
        if own:
            actions, resources = self._own.setdefault((name.partition(":")[0], condition), ({}, {}))
            actions[name] = resources[resource] = None
        else:
            self._open.setdefault((resource, condition), {})[name] = None

    def statements(self) -> Iterator[Statement]:
        """In a stable order."""
        found = [
            (tuple(sorted(actions)), tuple(sorted(resources)), condition)
            for (_, condition), (actions, resources) in self._own.items()
        ]
        found += [
            (tuple(sorted(actions)), (resource,), condition)
            for (resource, condition), actions in self._open.items()
        ]
        counts: dict[str, int] = {}
        for actions, resources, conditions in sorted(found):
            services = {name.partition(":")[0] for name in actions}
            stem = "".join(part.capitalize() for part in min(services).split("-"))
            stem = stem if len(services) == 1 else "Everywhere"
            counts[stem] = counts.get(stem, 0) + 1
            yield Statement(
                f"{stem}{counts[stem]}", actions, resources, json.loads(conditions) or None
            )


class Derivation:
    """The needs of one stack."""

    def __init__(
        self, deployed: Recording, preview: Recording, place: Place, boundary: str
    ) -> None:
        """Read a plan.

        Args:
            deployed: the stack as deployed, on simulated ids.
            preview: the same as a preview: what AWS decides is unknown in it.
            boundary: ARN of the permission boundary of all roles that the stack makes.
        """
        self._recording = deployed
        self._place = place
        self._boundary = boundary
        self._arns = Arns(deployed, preview, place)
        self._askers = askers(deployed, self._arns)

    @property
    def tags(self) -> dict[str, str]:
        """The tags that say whose a resource is."""
        return {"System": self._place.system, "Environment": self._place.environment}

    def deploy(self) -> Needs:
        """All that `pulumi up`, `refresh` and `destroy` ask for."""
        groups = _Groups()
        for name in sorted(self._askers):
            self._allow(groups, action(name))
        self._tagging(groups)
        self._using_keys_of_others(groups)
        for name, resource in on_others(self._recording, self._place):
            groups.add(name, resource, None)
        statements = [*groups.statements(), *self._passing(), *self._linked(), *self._denied()]
        return Needs(tuple(statements), self._named())

    def drift(self) -> Needs:
        """All that a refresh reads: nothing is changed, no value is read."""
        groups = _Groups()
        asked = {name: urns for name, urns in self._named().items() if action(name).reads}
        for name in asked:
            if not name.startswith("kms:") or name.partition(":")[2].startswith((*LISTS, "Get")):
                self._allow(groups, action(name))
        return Needs(tuple(groups.statements()), asked)

    def _named(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(urns) for name, urns in sorted(self._askers.items())}

    def _allow(self, groups: _Groups, asked: Action) -> None:
        service = asked.name.partition(":")[0]
        if asked.name in ("ec2:CreateTags", "ec2:DeleteTags"):
            return
        if takes_lists(asked):
            groups.add(asked.name, EVERYTHING, None)
        elif not asked.kinds:
            groups.add(asked.name, EVERYTHING, self._request_tags(asked.keys))
        elif len(asked.kinds) > MANY_KINDS:
            place = self._place
            for region in self._arns.regions(service):
                where = f"arn:{place.partition}:{service}:{region}:{place.account}:*"
                groups.add(asked.name, where, None)
        else:
            for kind in self._kinds(asked):
                for resource in self._arns.of(kind.arn):
                    named = not self._arns.is_open(kind.arn, resource)
                    conditions = self._conditions(asked, kind, named=named)
                    own = named or conditions is not None
                    groups.add(asked.name, resource, conditions, own=own)
                    if not named and conditions and self._adopts(kind):
                        groups.add(asked.name, resource, UNOWNED)

    def _kinds(self, asked: Action) -> Iterator[ResourceKind]:
        """The kinds of an action that this plan has; all, where it has none of them. EC2's stay:
        what hangs on a network is made by other services too."""
        planned = {kind for kind in asked.kinds if kind.required or self._arns.has(kind.arn)}
        every = not planned or asked.name.startswith("ec2:")
        yield from (kind for kind in asked.kinds if every or kind in planned)

    def _conditions(self, asked: Action, kind: ResourceKind, *, named: bool) -> Conditions | None:
        service, _, short = asked.name.partition(":")
        if service == "iam" and kind.name == "role" and not asked.reads:
            return self._bounded(asked)
        if asked.name == "kms:CreateGrant":
            return {"Bool": {"kms:GrantIsForAWSResource": "true"}, **self._resource_tags()}
        if service == "kms" and short.startswith(CRYPTOGRAPHY):
            via = [f"*.{region}.amazonaws.com" for region in self._arns.regions("kms")]
            return {
                "StringLike": {"kms:ViaService": via if len(via) > 1 else via[0]},
                **self._resource_tags(),
            }
        if named:
            return None
        if makes(asked, kind):
            # What is not there yet bears no tags.
            return self._request_tags(kind.keys | asked.keys)
        if REQUEST_TAG in kind.keys and short.startswith(MAKES):
            return self._request_tags(kind.keys)
        return self._resource_tags() if RESOURCE_TAG in kind.keys else None

    def _using_keys_of_others(self, groups: _Groups) -> None:
        for resource, has_alias in existing_keys(self._recording, self._place):
            for name in sorted(self._askers):
                short = name.removeprefix("kms:")
                if name == "kms:CreateGrant":
                    use: Conditions = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
                elif name.startswith("kms:") and short.startswith(CRYPTOGRAPHY):
                    use = {
                        "StringLike": {"kms:ViaService": f"*.{self._place.region}.amazonaws.com"}
                    }
                elif name == "kms:DescribeKey":
                    use = {}
                else:
                    continue
                groups.add(name, resource, {**use, **has_alias} or None, own=True)
            if has_alias:
                for name in ASKED:
                    groups.add(name, EVERYTHING, None)

    def _bounded(self, asked: Action) -> Conditions | None:
        if BOUNDARY_KEY not in asked.keys:
            return None
        return {"StringEquals": {BOUNDARY_KEY: self._boundary}}

    def _request_tags(self, keys: frozenset[str]) -> Conditions | None:
        if REQUEST_TAG not in keys:
            return None
        return {"StringEquals": {f"aws:RequestTag/{key}": v for key, v in self.tags.items()}}

    def _resource_tags(self) -> Conditions:
        return {"StringEquals": {f"aws:ResourceTag/{key}": v for key, v in self.tags.items()}}

    def _adopts(self, kind: ResourceKind) -> bool:
        """Whether the stack takes over one of the kind that AWS made, which has no tags yet."""
        return bool(self._recording.of_type(ADOPTED.get(kind.name, "")))

    def _tagging(self, groups: _Groups) -> None:
        """Tags of EC2: with what is made, on what is the system's, and on what nobody owns yet."""
        if "ec2:CreateTags" not in self._askers:
            return
        place = self._place
        where = f"arn:{place.partition}:ec2:{place.region}:{place.account}:*/*"
        making = [
            short
            for service, _, short in (name.partition(":") for name in sorted(self._askers))
            if service == "ec2" and short.startswith(MAKES) and short != "CreateTags"
        ]
        groups.add("ec2:CreateTags", where, {"StringEquals": {"ec2:CreateAction": making}})
        for name in ("ec2:CreateTags", "ec2:DeleteTags"):
            groups.add(name, where, self._resource_tags(), own=True)
        if any(self._recording.of_type(type_) for type_ in ADOPTED.values()):
            tags = self._request_tags(frozenset({REQUEST_TAG}))
            groups.add("ec2:CreateTags", where, {**UNOWNED, **(tags or {})})

    def _passing(self) -> Iterator[Statement]:
        by_services: dict[tuple[str, ...], list[str]] = {}
        for role, services in passes(self._recording):
            by_services.setdefault(services, []).append(role)
        for at, (services, roles) in enumerate(sorted(by_services.items()), 1):
            yield Statement(
                f"PassRole{at}", ("iam:PassRole",), tuple(sorted(set(roles))),
                {"StringEquals": {"iam:PassedToService": list(services)}},
            )  # fmt: skip

    def _linked(self) -> Iterator[Statement]:
        services = linked_services(self._recording)
        if services:
            place = self._place
            yield Statement(
                "LinkedRoles", ("iam:CreateServiceLinkedRole",),
                (f"arn:{place.partition}:iam::{place.account}:role/aws-service-role/*",),
                {"StringEquals": {"iam:AWSServiceName": list(services)}},
            )  # fmt: skip

    def _denied(self) -> Iterator[Statement]:
        """The boundary stays on what has it, and stays as it is."""
        yield Statement(
            "KeepTheBoundary",
            ("iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion",
             "iam:SetDefaultPolicyVersion"),
            (self._boundary,), allows=False,
        )  # fmt: skip
        yield Statement(
            "KeepRolesBounded", ("iam:DeleteRolePermissionsBoundary",), (EVERYTHING,), allows=False
        )


def takes_lists(asked: Action) -> bool:
    """Whether AWS's provider asks an action of everything, with a filter."""
    service, _, short = asked.name.partition(":")
    return asked.reads and short.startswith(LISTS) and service not in BY_NAME


def makes(asked: Action, kind: ResourceKind) -> bool:
    """Whether an action makes a thing of a kind, as `ecs:CreateCluster` does a cluster."""
    short = asked.name.partition(":")[2]
    return short.startswith(MAKES) and short.lower().endswith(kind.name.replace("-", "").lower())


def askers(deployed: Recording, arns: Arns) -> dict[str, dict[str, None]]:
    """By action, the URNs of what asks for it, in order; `arns` learns the kinds it is asked of."""
    found: dict[str, dict[str, None]] = {}
    for resource in made(deployed):
        for name in actions_of(resource.type):
            if name not in NEVER:
                found.setdefault(name, {})[resource.urn] = None
    for name in found:
        arns.learn(kind.arn for kind in action(name).kinds[:MANY_KINDS])
    return found


def made(recording: Recording) -> Iterator[Recorded]:
    """Resources of AWS that a stack makes; what it only reads is not among them."""
    for resource in recording:
        if resource.custom and resource.type.startswith("aws:"):
            yield resource
