"""The address plan: slots that never move, and every wrong plan refused with its reason."""

import itertools
import json
import random
from ipaddress import IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.contracts import SubnetTier
from components.network.addresses import (
    ZONE_LETTERS,
    AddressProblem,
    plan_addresses,
    problems,
    slot,
    zone_names,
)
from components.network.settings import NetworkSettings
from testing.network_histories import broken_promises, history


def network(**given: object) -> NetworkSettings:
    return NetworkSettings.model_validate_json(json.dumps({"nat": "none", **given}))


def complaints(region: str = "us-east-1", recorded: dict[str, str] | None = None, **given: object):
    return problems(network(**given), region, recorded)


@given(prefix=st.integers(16, 23), number=st.integers(0, 2**16 - 1))
@settings(max_examples=60, deadline=None)
def test_slots_of_all_tiers_and_zones_are_inside_the_vpc_and_apart(prefix: int, number: int):
    vpc = IPv4Network((number << 16, 16)).supernet(new_prefix=16)
    vpc = next(vpc.subnets(new_prefix=prefix))
    blocks = [slot(vpc, tier, f"x{letter}") for tier in SubnetTier for letter in ZONE_LETTERS]
    assert all(block.subnet_of(vpc) for block in blocks)
    ordered = sorted(blocks)
    assert all(a.broadcast_address < b.network_address for a, b in itertools.pairwise(ordered))


def test_a_slot_depends_on_nothing_but_the_vpc_the_tier_and_the_letter():
    alone = network(zones=["us-east-1c"], subnets={"isolated": {}})
    crowded = network(zones=6, subnets={"public": {}, "private": {}, "isolated": {}})
    key = (SubnetTier.ISOLATED, "us-east-1c")
    assert (
        plan_addresses(alone, zone_names(alone, "us-east-1"))[key]
        == plan_addresses(crowded, zone_names(crowded, "us-east-1"))[key]
    )


@pytest.mark.parametrize("seed", range(100))
def test_no_history_of_growth_and_shrinkage_moves_a_subnet_that_stays(seed: int):
    assert broken_promises(history(random.Random(seed))) == []


def test_the_clubapp_blocks_are_taken_as_given():
    given = network(
        zones=2,
        subnets={
            "public": ["10.0.1.0/24", "10.0.2.0/24"],
            "private": ["10.0.10.0/24", "10.0.11.0/24"],
        },
    )
    plan = plan_addresses(given, zone_names(given, "us-east-1"))
    assert {f"{tier.value} {zone}": str(block) for (tier, zone), block in plan.items()} == {
        "public us-east-1a": "10.0.1.0/24",
        "public us-east-1b": "10.0.2.0/24",
        "private us-east-1a": "10.0.10.0/24",
        "private us-east-1b": "10.0.11.0/24",
    }


def test_a_count_of_zones_takes_the_regions_own_letters():
    assert zone_names(network(zones=2), "ap-northeast-1") == ("ap-northeast-1a", "ap-northeast-1c")


def test_looked_up_zones_take_precedence_over_the_table():
    assert zone_names(network(zones=1), "us-east-1", ["us-east-1d"]) == ("us-east-1d",)


PRIVATE = {"private": {}}

REFUSED = [
    ("a VPC larger than /16", {"cidr": "10.0.0.0/15", "subnets": PRIVATE}, ("cidr",), "/16 to /28"),
    ("more zones than the region has", {"zones": 5, "subnets": PRIVATE}, ("zones",), "1 to 3"),
    (
        "a zone of another region",
        {"zones": ["us-east-1a"], "subnets": PRIVATE},
        ("zones", 0),
        "a zone of eu-west-1",
    ),
    (
        "a zone twice",
        {"zones": ["eu-west-1a", "eu-west-1a"], "subnets": PRIVATE},
        ("zones", 1),
        "each zone once",
    ),
    (
        "a NAT gateway without a public tier",
        {"nat": "single", "subnets": PRIVATE},
        ("nat",),
        "subnets.public",
    ),
    (
        "a NAT gateway without a private tier",
        {"nat": "perZone", "subnets": {"public": {}}},
        ("nat",),
        "subnets.private",
    ),
    ("no tier at all", {"subnets": {}}, ("subnets",), "at least one"),
    (
        "fewer blocks than zones",
        {"zones": 2, "subnets": {"private": ["10.0.1.0/24"]}},
        ("subnets", "private"),
        "one for each zone",
    ),
    (
        "a zone without a block",
        {"zones": 2, "subnets": {"private": {"a": "10.0.1.0/24"}}},
        ("subnets", "private"),
        "one for each",
    ),
    (
        "a block for a zone not in use",
        {"zones": 1, "subnets": {"private": {"a": "10.0.1.0/24", "b": "10.0.2.0/24"}}},
        ("subnets", "private", "b"),
        "the zones in use: a",
    ),
    (
        "a block outside the VPC",
        {"zones": 1, "subnets": {"private": ["10.1.0.0/24"]}},
        ("subnets", "private", 0),
        "inside the VPC",
    ),
    (
        "a subnet smaller than /28",
        {"zones": 1, "subnets": {"private": ["10.0.0.0/29"]}},
        ("subnets", "private", 0),
        "/16 to /28",
    ),
    (
        "overlapping blocks",
        {"zones": 2, "subnets": {"private": ["10.0.0.0/20", "10.0.8.0/24"]}},
        ("subnets", "private", 1),
        "apart from 10.0.0.0/20 (private-a)",
    ),
    (
        "a VPC too small to derive from",
        {"cidr": "10.0.0.0/24", "subnets": {"public": {}}},
        ("subnets", "public"),
        "/23 or larger",
    ),
    (
        "a prefix wider than the slot",
        {"subnets": {"private": {"prefix": 18}}},
        ("subnets", "private", "prefix"),
        "20 to 28",
    ),
]


@pytest.mark.parametrize(
    ("given", "path", "allowed"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_wrong_plan_is_refused_with_its_path_and_what_is_allowed(given, path, allowed):
    found = complaints("eu-west-1", **given)
    assert [complaint.path for complaint in found] == [path]
    assert allowed in found[0].allowed


def test_a_block_inside_a_wide_one_is_found_even_when_others_lie_between():
    found = complaints(zones=3, subnets={"private": ["10.0.0.0/18", "10.0.1.0/24", "10.0.32.0/24"]})
    assert [complaint.path for complaint in found] == [
        ("subnets", "private", 1),
        ("subnets", "private", 2),
    ]


DEPLOYED = {"private-a": "10.0.0.0/20"}


def test_resizing_a_deployed_tier_is_refused():
    found = complaints(zones=1, subnets={"private": {"prefix": 24}}, recorded=DEPLOYED)
    assert found == [
        AddressProblem(
            ("subnets", "private"),
            "10.0.0.0/24 for private-a, which is deployed as 10.0.0.0/20",
            "10.0.0.0/20; a new block replaces the subnet and all in it, which "
            "`replaceSubnets: [private]` acknowledges",
        )
    ]


def test_resizing_a_deployed_tier_goes_through_once_acknowledged():
    given = {"zones": 1, "subnets": {"private": {"prefix": 24}}, "replaceSubnets": ["private"]}
    assert complaints(**given, recorded=DEPLOYED) == []
