"""What is asked for while another resource still has it, and what a deletion takes along.

The engine makes and changes first and deletes at the end; so a name or a place that goes from one
resource to another is asked for too early, and where AWS knows a thing by what it belongs to, the
old one's deletion takes the new one away.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from trellis.compare.claims import RECORD, Claim, claims, text_of
from trellis.compare.types import change
from trellis.planner.recording import Recorded, Recording

Inputs = Mapping[str, Any]

RULES: Final = frozenset(
    {
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    }
)
SUBNET: Final = "aws:ec2/subnet:Subnet"
TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"
ZONE: Final = "aws:route53/zone:Zone"
API_PATH: Final = "aws:apigateway/resource:Resource"


@dataclass(frozen=True)
class Standing:
    """A resource that is there when others are made."""

    resource: Recorded
    inputs: Inputs
    """Plain."""


@dataclass(frozen=True)
class Asking:
    """A resource that is made or changed, with what it asks for."""

    resource: Recorded
    inputs: Inputs
    """Plain, with the identifiers that the deployed resources have."""
    before: Recorded | None
    """What it was; None for one that is new. What it keeps is no question."""
    follows: str = ""
    """URN of the resource that goes before it is made: its own, where the old one goes first."""


def taken(
    asking: Sequence[Asking], standing: Sequence[Standing], renewed: Collection[str]
) -> dict[str, str]:
    """By URN, what is asked for that another one still has.

    Args:
        renewed: identifiers of what is made anew: a place in such a one is a new one.
    """
    names = {_key(claim): claim.resource for claim in _of(holding.resource for holding in standing)}
    records = _records(holding.resource for holding in standing)
    places: dict[tuple[Any, ...], Recorded] = {}
    for holding in standing:
        for place in _places(holding.resource.type, holding.inputs):
            places[place] = holding.resource
    moved = {asked.before.urn: asked.resource for asked in asking if asked.before is not None}
    found: dict[str, str] = {}
    for asked in asking:
        new = asked.resource
        kept = {_key(claim) for claim in _of([asked.before] if asked.before is not None else [])}
        for claim in _of([new]):
            holder = names.get(_key(claim)) if _key(claim) not in kept else None
            if holder is None and claim.type == RECORD and _key(claim) not in kept:
                holder = _beside(asked, records, moved)
            if holder is not None and holder.urn != asked.follows:
                found[new.urn] = f"{claim.name}, which {holder.name} still has"
        for place in _places(new.type, asked.inputs):
            holder = places.get(place)
            if holder is None or holder.urn in (asked.follows, _urn(asked.before)):
                continue
            if not _in_new(place, renewed):
                found[new.urn] = f"the place that {holder.name} still has"
        if new.type == SUBNET and not asked.follows and not _same_block(asked):
            holder = _overlapped(asked, standing, renewed)
            if holder is not None:
                found[new.urn] = (
                    f"{asked.inputs.get('cidrBlock')}, which overlaps what {holder.name} still has"
                )
    return found


def taken_along(
    made: Sequence[Asking], going: Sequence[Standing], renewed: Collection[str]
) -> dict[str, str]:
    """By URN, whose deletion takes a new resource along, as it is the same thing to AWS.

    Args:
        made: those that are made before anything is deleted.
        going: those that are deleted at the end.
    """
    there: dict[tuple[Any, ...], Recorded] = {}
    for leaving in going:
        if same := change(leaving.resource.type).same:
            there[_identity(same, leaving.resource.type, leaving.inputs)] = leaving.resource
    return {
        asked.resource.urn: there[key].name
        for asked in made
        if (same := change(asked.resource.type).same)
        and (key := _identity(same, asked.resource.type, asked.inputs)) in there
        and not _in_new(key, renewed)
    }


def still_used(going: Sequence[Standing], staying: Sequence[Recorded]) -> dict[str, str]:
    """By URN, whose ignored settings still name a target group that is to go.

    ECS moves the rule of a service that swaps its versions, so an `up` leaves the rule's actions.
    """
    found: dict[str, str] = {}
    for kept in staying:
        ignored = {path.split(".")[0].split("[")[0] for path in kept.ignore_changes}
        inputs = json.dumps([kept.inputs.get(key) for key in sorted(ignored)], default=str)
        for old in going:
            if old.resource.type == TARGET_GROUP and old.resource.id and old.resource.id in inputs:
                found[old.resource.urn] = kept.name
    return found


def _key(claim: Claim) -> tuple[str, ...]:
    return (claim.scope, claim.type, claim.name, claim.region)


def _of(resources: Iterable[Recorded]) -> Iterator[Claim]:
    recording = Recording("", "", "deployed", "", None, tuple(resources), {})
    return (claim for claim in claims(recording) if claim.name)


def _urn(resource: Recorded | None) -> str:
    return resource.urn if resource is not None else ""


def _identity(by: tuple[str, ...], type_: str, inputs: Inputs) -> tuple[Any, ...]:
    return (type_, *(str(inputs.get(key, "")) for key in by))


def _places(type_: str, inputs: Inputs) -> Iterator[tuple[Any, ...]]:
    """Where a resource stands, as nothing else can."""
    place = change(type_).place
    if any(inputs.get(key) for key in place):
        yield _identity(place, type_, inputs)
    if type_ in RULES:
        names = sorted(inputs.keys() - {"description", "tags"})
        yield (type_, *(f"{key}={inputs[key]}" for key in names))
    if type_ == ZONE and inputs.get("vpcs"):
        # A network has one private zone of a name ("CreateHostedZone", ConflictingDomainExists).
        yield (type_, str(inputs.get("name")), str(inputs["vpcs"]))
    if type_ == API_PATH:
        part = str(inputs.get("pathPart", ""))
        owner = (str(inputs.get("restApi")), str(inputs.get("parentId")))
        # Of what a path may be at one place there is one variable, whatever its name.
        yield (type_, *owner, "{}" if part.startswith("{") else part)


def _in_new(place: tuple[Any, ...], renewed: Collection[str]) -> bool:
    return any(text in str(part) for part in place for text in renewed)


def _records(resources: Iterable[Recorded]) -> dict[tuple[str, str], list[Recorded]]:
    """Record sets by zone and name."""
    found: dict[tuple[str, str], list[Recorded]] = {}
    for resource in resources:
        if resource.type == RECORD:
            found.setdefault((text_of(resource, "zoneId"), text_of(resource, "name")), []).append(
                resource
            )
    return found


def _beside(
    asked: Asking,
    there: Mapping[tuple[str, str], list[Recorded]],
    moved: Mapping[str, Recorded],
) -> Recorded | None:
    """The record set that another one can't stand beside: a CNAME stands alone at its name.

    Args:
        moved: what becomes of those that are changed, by the URN that they had: one that is a CNAME
            no more is out of the way of those that wait for it.
    """
    record = asked.resource
    for other in there.get((text_of(record, "zoneId"), text_of(record, "name")), ()):
        if other.urn == _urn(asked.before) or "CNAME" not in (
            text_of(record, "type"),
            text_of(other, "type"),
        ):
            continue
        now = moved.get(other.urn)
        away = now is not None and text_of(now, "type") != "CNAME"
        if not (away and now is not None and now.urn in record.dependencies):
            return other
    return None


def _same_block(asked: Asking) -> bool:
    before = asked.before
    return before is not None and before.inputs.get("cidrBlock") == asked.inputs.get("cidrBlock")


def _overlapped(
    asked: Asking, standing: Sequence[Standing], renewed: Collection[str]
) -> Recorded | None:
    """The subnet of the same network whose addresses a new one asks for."""
    network = str(asked.inputs.get("vpcId"))
    if _in_new((network,), renewed):
        return None
    block = ipaddress.ip_network(str(asked.inputs.get("cidrBlock")), strict=False)
    for neighbour in standing:
        if neighbour.resource.type != SUBNET or str(neighbour.inputs.get("vpcId")) != network:
            continue
        other = ipaddress.ip_network(str(neighbour.inputs.get("cidrBlock")), strict=False)
        if block.version == other.version and block.overlaps(other):
            return neighbour.resource
    return None
