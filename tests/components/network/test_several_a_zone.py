"""A network that exists with several subnets of a tier in a zone: who spreads over all of them,
and what stands in one of each zone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
from pydantic import ValidationError

from components.contracts import Placement, SubnetTier
from components.network.settings import ExistingNetwork
from testing.everything import EVERYTHING, record_everything, site_folder
from tests.components.small_systems import REGION, small_system
from tests.planner.edits import edited
from trellis.planner.record import Recording
from trellis.planner.recording import Recorded
from trellis.stackfile import loading
from trellis.stackfile.context import Context, FoundNetwork, FoundSubnet
from trellis.stackfile.problems import StackFileError

VPC = "vpc-0123456789abcdef0"
FIRST = {SubnetTier.PUBLIC: ("subnet-1c000000", "subnet-1b000000"),
         SubnetTier.PRIVATE: ("subnet-2c000000", "subnet-2b000000")}  # fmt: skip
"""Of the zones a and b: they stand first in the stack file, and last by their ids."""
SECOND = {SubnetTier.PUBLIC: ("subnet-1a000000", "subnet-1aa00000"),
          SubnetTier.PRIVATE: ("subnet-2a000000", "subnet-2aa00000")}  # fmt: skip
TIERS = tuple(FIRST)


def context_in(region: str) -> Context:
    """The network of two subnets a zone and tier, as it was looked up there."""
    subnets = {
        tier: tuple(
            FoundSubnet(id=id_, zone=f"{region}{zone}", cidr=f"10.0.{10 * number + at}.0/24")
            for number, ids in enumerate((FIRST[tier], SECOND[tier]))
            for at, (id_, zone) in enumerate(zip(ids, "ab", strict=True))
        )
        for tier in TIERS
    }
    network = FoundNetwork(vpc_id=VPC, cidr="10.0.0.0/16", subnets=subnets, egress=TIERS)
    return Context(network=network)


CONTEXT = context_in(REGION)

ALL = {
    "aws:ecs/service:Service", "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:lambda/function:Function", "aws:rds/proxy:Proxy", "aws:rds/subnetGroup:SubnetGroup",
    "aws:scheduler/schedule:Schedule", "aws:sfn/stateMachine:StateMachine",
}  # fmt: skip
"""Types that spread over every subnet of their tier."""

ONCE = {
    "aws:apigatewayv2/vpcLink:VpcLink", "aws:efs/mountTarget:MountTarget",
    "aws:lb/loadBalancer:LoadBalancer",
}  # fmt: skip
"""Types that AWS gives one subnet of a zone."""


def network(**named: list[str]) -> dict[str, Any]:
    every = {tier.value: [*FIRST[tier], *SECOND[tier]] for tier in TIERS}
    return {"existing": {"vpcId": VPC, "subnets": {**every, **named}}}


@pytest.fixture(scope="module", autouse=True)
def looked_up() -> Iterator[None]:
    """The context file says what the network to live in is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "context_for", lambda *_: CONTEXT)
        yield


def named_in(value: Any) -> Iterator[str]:
    """Subnets by id, wherever they stand in a resource's inputs, in their order."""
    if isinstance(value, str):
        yield from (f"subnet-{part[:8]}" for part in value.split("subnet-")[1:])
    elif isinstance(value, dict):
        for inner in value.values():  # pyright: ignore[reportUnknownVariableType]
            yield from named_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:  # pyright: ignore[reportUnknownVariableType]
            yield from named_in(inner)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(EVERYTHING, "network", network())
        patch.setattr(loading, "context_for", lambda *_: context_in("eu-west-1"))
        patch.chdir(site_folder(tmp_path_factory.mktemp("everything")))
        return record_everything()


def placed(system: Recording) -> list[Recorded]:
    return [one for one in system if one.custom and list(named_in(one.inputs))]


@pytest.mark.long
def test_every_type_that_stands_in_subnets_is_known_to_take_all_or_one_of_a_zone(
    everything: Recording,
):
    assert {resource.type for resource in placed(everything)} == ALL | ONCE


def test_what_stands_once_a_zone_stands_in_the_subnet_named_first_there(everything: Recording):
    first = {tier: list(ids) for tier, ids in FIRST.items()}
    targets: list[str] = []
    for resource in placed(everything):
        found = list(named_in(resource.inputs))
        if resource.type == "aws:efs/mountTarget:MountTarget":
            targets += found
        elif resource.type in ONCE:
            assert found in list(first.values()), resource.urn
    assert targets == first[SubnetTier.PRIVATE]


def test_all_else_spreads_over_every_subnet_of_its_tier(everything: Recording):
    for resource in placed(everything):
        if resource.type in ALL:
            found = list(named_in(resource.inputs))
            assert set(found) in [{*FIRST[tier], *SECOND[tier]} for tier in TIERS], resource.urn
            assert len(found) == 4, resource.urn


FILES: dict[str, Any] = {"fileSystems": {"uploads": {}}}


def test_a_subnet_that_is_added_behind_moves_nothing():
    fewer = {tier.value: list(FIRST[tier]) for tier in TIERS}
    with pytest.MonkeyPatch.context() as patch:
        found = CONTEXT.network
        assert found is not None
        patch.setattr(loading, "context_for", lambda *_: known(fewer))
        before = small_system(network=network(**fewer), **FILES)
    after = small_system(network=network(), **FILES, databases={})
    assert [list(named_in(r.inputs)) for r in placed(before)] == [
        list(named_in(r.inputs)) for r in placed(after)
    ]


def known(named: dict[str, list[str]]) -> Context:
    found = CONTEXT.network
    assert found is not None
    subnets = {
        tier: tuple(s for s in every if s.id in named[tier.value])
        for tier, every in found.subnets.items()
    }
    return CONTEXT.model_copy(update={"network": found.model_copy(update={"subnets": subnets})})


def test_a_mount_target_that_moves_to_another_subnet_is_made_anew():
    moved = network(private=[*SECOND[SubnetTier.PRIVATE], *FIRST[SubnetTier.PRIVATE]])
    steps = edited({"network": network(), **FILES}, {"network": moved, **FILES})
    assert {name: step.operation for name, step in steps.items()} == {
        f"MountTarget uploads-{REGION}{zone}": "replace" for zone in "ab"
    }


def test_one_zone_is_one_however_many_subnets_it_has():
    only = [FIRST[SubnetTier.PRIVATE][0], SECOND[SubnetTier.PRIVATE][0]]
    named: dict[str, list[str]] = {"public": [*FIRST[SubnetTier.PUBLIC]], "private": only}
    alone = known(named)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "context_for", lambda *_: alone)
        with pytest.raises(StackFileError, match="one zone") as caught:
            small_system(
                network=network(**named),
                databases=EVERYTHING["databases"],
                loadBalancers={"inner": {"scheme": "internal"}},
            )
    paths = {".".join(map(str, problem.path)) for problem in caught.value.problems}
    assert {"databases.main", "loadBalancers.inner"} <= paths


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (["subnet-2a000000", "subnet-2a000000"], "named 2 times"),
        ([f"subnet-{n:08x}" for n in range(17)], "16"),
    ],
    ids=["twice", "more-than-a-task-takes"],
)
def test_names_of_subnets_that_cannot_be_are_refused(named: list[str], message: str):
    with pytest.raises(ValidationError, match=message):
        ExistingNetwork.model_validate_json(
            json.dumps({"vpcId": VPC, "subnets": {"private": named}}), by_alias=True
        )


def test_another_stacks_subnets_are_taken_as_they_come():
    later: list[pulumi.Input[str]] = ["subnet-2a000000"]
    placement = Placement(VPC, "10.0.0.0/16", SubnetTier.PRIVATE, later, ())
    assert placement.one_a_zone is later
    with pytest.raises(ValueError, match="zones are known"):
        _ = placement.first_of_zones
