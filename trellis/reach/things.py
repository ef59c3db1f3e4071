"""The things of a system as a person names them: components, by the stack file's parts and keys."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from trellis.planner.recording import Recorded, Recording
from trellis.reach.beyond import KIND, OtherNetwork, other_networks
from trellis.reach.plain import plain
from trellis.registry import PARTS, SHOWN

__all__ = ["INTERNET", "Subnet", "Thing", "Things", "plain"]

INTERNET = "internet"
"""Id of everybody outside."""

ROOT = "trellis:index:System"

WAYS_OUT = {"public": "internet gateway", "private": "route of the network"}
"""Of subnets that somebody else made, by tier: private ones have a default route, whatever it leads
to (`trellis lookup`)."""


@dataclass(frozen=True)
class Thing:
    """One component of the system, or everybody outside."""

    id: str
    """As in `services.backend`."""
    kind: str
    name: str
    urn: str
    """Of the component; empty for the internet and other networks."""


@dataclass(frozen=True)
class Subnet:
    """One subnet of the plan."""

    id: str
    name: str
    cidr: str
    zone: str
    tier: str
    """`public`, `private` or `isolated`, by its routes."""
    way_out: str
    """`internet gateway`, `NAT gateway`, `transit gateway`, `route of the network` or empty."""
    beyond: tuple[OtherNetwork, ...] = ()
    """Other networks that its routes lead to."""


class Things:
    """A recording, whose ids and ARNs are known, looked up by thing."""

    def __init__(self, recording: Recording) -> None:
        """Index a recording that was made as deployed: in a preview no id is known."""
        self.recording = recording
        self._by_urn = {resource.urn: resource for resource in recording}

    @cached_property
    def things(self) -> Mapping[str, Thing]:
        """By id."""
        found = {INTERNET: Thing(INTERNET, "internet", "internet", "")}
        for resource in self.recording:
            if not resource.custom and resource.type != ROOT:
                thing = self._thing(resource)
                found.setdefault(thing.id, thing)
        for subnet in self.subnets.values():
            for network in subnet.beyond:
                found.setdefault(network.id, Thing(network.id, KIND, network.name, ""))
        return found

    def _thing(self, component: Recorded) -> Thing:
        label = component.type.rpartition(":")[2]
        shown = SHOWN.get(component.type)
        kind = shown.kind if shown is not None else _words(label)
        part = (shown and shown.part) or PARTS.get(component.type) or f"{label.lower()}s"
        name = component.name
        id_ = part if name in (part, part.rstrip("s")) else f"{part}.{name}"
        return Thing(id_, kind, name, component.urn)

    def of(self, resource: Recorded | None) -> Thing | None:
        """The thing that a resource belongs to: its nearest component below the system."""
        while resource is not None:
            if not resource.custom and resource.type != ROOT:
                return self._thing(resource)
            resource = self._by_urn.get(resource.parent)
        return None

    def resources(self, thing: Thing) -> list[Recorded]:
        """The AWS resources of a thing."""
        return [
            resource
            for resource in self.recording
            if resource.custom and (owner := self.of(resource)) is not None and owner.id == thing.id
        ]

    @cached_property
    def by_id(self) -> Mapping[str, Recorded]:
        """Resources by the id that AWS gives them."""
        return {resource.id: resource for resource in self.recording if resource.id}

    @cached_property
    def by_arn(self) -> Sequence[tuple[str, Recorded]]:
        """ARNs and their resources, the longest first."""
        found = [
            (arn, resource)
            for resource in self.recording
            if resource.custom and isinstance(arn := plain(resource.outputs.get("arn")), str)
        ]
        return sorted(found, key=lambda pair: (-len(pair[0]), pair[0]))

    def at(self, arn: str) -> Recorded | None:
        """The resource that an ARN of a policy names, or something inside of it."""
        for known, resource in self.by_arn:
            if arn == known or arn.startswith((f"{known}/", f"{known}:", f"{known}*")):
                return resource
        # A secret's ARN in a policy may end with a pattern for the letters that AWS adds.
        head = arn.rstrip("*?").rstrip("-")
        if head != arn and head.startswith("arn:") and ":secret:" in head:
            for known, resource in self.by_arn:
                if known.startswith(head):
                    return resource
        return None

    @cached_property
    def subnets(self) -> Mapping[str, Subnet]:
        """By id."""
        routes = self._ways_out()
        beyond = other_networks(self.recording)
        found = {
            known.id: Subnet(
                known.id,
                f"{known.tier}-{known.id}",
                known.cidr,
                known.zone,
                known.tier,
                WAYS_OUT.get(known.tier, ""),
            )
            for known in self.recording.known_subnets
        }
        for subnet in self.recording.of_type("aws:ec2/subnet:Subnet"):
            way = routes.get(subnet.id, "")
            tier = {"internet gateway": "public", "NAT gateway": "private"}.get(way, "isolated")
            named = next((t for t in ("public", "private", "isolated") if t in subnet.name), tier)
            found[subnet.id] = Subnet(
                subnet.id,
                subnet.name,
                str(plain(subnet.inputs.get("cidrBlock"), "")),
                str(plain(subnet.inputs.get("availabilityZone"), "")),
                named,
                way,
                beyond.get(subnet.id, ()),
            )
        return found

    def _ways_out(self) -> Mapping[str, str]:
        """By subnet id, what its default route leads to."""
        by_table: dict[str, str] = {}
        for route in self.recording.of_type("aws:ec2/route:Route"):
            if plain(route.inputs.get("destinationCidrBlock")) != "0.0.0.0/0":
                continue
            table = str(plain(route.inputs.get("routeTableId")))
            if plain(route.inputs.get("natGatewayId")):
                by_table[table] = "NAT gateway"
            elif plain(route.inputs.get("transitGatewayId")):
                by_table[table] = "transit gateway"
            elif plain(route.inputs.get("gatewayId")):
                by_table[table] = "internet gateway"
        return {
            str(plain(association.inputs.get("subnetId"))): by_table.get(
                str(plain(association.inputs.get("routeTableId"))), ""
            )
            for association in self.recording.of_type(
                "aws:ec2/routeTableAssociation:RouteTableAssociation"
            )
        }

    def subnets_of(self, thing: Thing) -> tuple[Subnet, ...]:
        """Where in the network a thing runs; none where it does not."""
        found: dict[str, Subnet] = {}
        for resource in self.resources(thing):
            for subnet in _subnet_ids(resource):
                if subnet in self.subnets:
                    found[subnet] = self.subnets[subnet]
        return tuple(found.values())


RUNS_IN_SUBNETS = frozenset(
    {
        "aws:ecs/service:Service", "aws:lambda/function:Function",
        "aws:lb/loadBalancer:LoadBalancer", "aws:rds/subnetGroup:SubnetGroup",
        "aws:elasticache/subnetGroup:SubnetGroup",
        "aws:efs/mountTarget:MountTarget", "aws:rds/proxy:Proxy", "aws:scheduler/schedule:Schedule",
        "aws:sfn/stateMachine:StateMachine",
    }
)  # fmt: skip
"""Types whose subnets are those that their thing runs in."""


def _subnet_ids(resource: Recorded) -> list[str]:
    if resource.type not in RUNS_IN_SUBNETS:
        return []
    found: list[str] = []

    def look(value: Any, key: str) -> None:
        value = plain(value)
        if isinstance(value, Mapping):
            for name, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
                look(inner, str(name))  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(value, (list, tuple)):
            for inner in value:  # pyright: ignore[reportUnknownVariableType]
                look(inner, key)
        elif key == "definition":
            look(json.loads(value), "")
        elif isinstance(value, str) and "ubnet" in key and value.startswith("subnet-"):
            found.append(value)

    look(resource.inputs, "")
    return found


def _words(label: str) -> str:
    """`hosted zone` of `HostedZone`."""
    text = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in label)
    return text.strip()
