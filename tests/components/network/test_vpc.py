"""The network component beyond the systems' rows: histories, IPv6, endpoints, other networks."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pulumi
import pytest

from components.contracts import AccountRegion, NetworkNeeds, SubnetTier
from components.naming import Naming
from components.network.addresses import zone_names
from components.network.elsewhere import (
    FoundNetwork,
    FoundSubnet,
    StackNetwork,
    found_placements,
)
from components.network.settings import NetworkSettings
from components.network.vpc import Network
from testing.network_histories import component_history, history
from trellis.planner.record import ProgramInput, Recording, record_program

GIVEN = ProgramInput("shop", "dev", {"aws:region": "us-east-1"})
WHERE = AccountRegion("123456789012", "us-east-1")
SUBNET = "aws:ec2/subnet:Subnet"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


def network(**given: object) -> NetworkSettings:
    return NetworkSettings.model_validate_json(json.dumps(given))


def recording_of(
    settings: NetworkSettings,
    needs: NetworkNeeds | None = None,
    use: Callable[[Network], None] = lambda _: None,
) -> Recording:
    def program() -> None:
        made = Network(
            "network",
            settings,
            naming=Naming("shop", "dev"),
            where=WHERE,
            zones=zone_names(settings, "us-east-1"),
            needs=needs,
        )
        use(made)

    return record_program(program, GIVEN, "deployed")


@pytest.mark.parametrize("seed", range(6))
def test_through_the_component_no_history_moves_a_subnet_that_stays(seed: int):
    assert component_history(list(history(random.Random(seed)))[:3]) == []


def test_growing_by_a_zone_changes_nothing_that_was_there():
    def known(recording: Recording) -> dict[str, str]:
        return {
            resource.urn: json.dumps(dict(resource.inputs), sort_keys=True, default=str)
            for resource in recording
            if resource.type != ENDPOINT  # endpoints gain a route table and a subnet in place
        }

    before = known(recording_of(network(zones=2, nat="perZone")))
    after = known(recording_of(network(zones=3, nat="perZone")))
    assert before.items() <= after.items()


def test_auto_makes_the_endpoints_that_tiers_need_and_the_free_ones():
    needs = NetworkNeeds(interface_endpoints=frozenset({"secretsmanager", "ecr.api"}))
    recording = recording_of(network(endpoints="auto"), needs)
    assert {resource.name for resource in recording.of_type(ENDPOINT)} == {
        "network-s3",
        "network-dynamodb",
        "network-secretsmanager",
        "network-ecr-api",
    }


def test_an_explicit_list_of_endpoints_is_the_whole_list():
    needs = NetworkNeeds(interface_endpoints=frozenset({"secretsmanager"}))
    recording = recording_of(network(endpoints=["s3"]), needs)
    assert [resource.name for resource in recording.of_type(ENDPOINT)] == ["network-s3"]


def test_ipv6_gives_each_subnet_its_own_block_and_private_ones_a_way_out_only():
    recording = recording_of(network(zones=2, ipv6=True))
    blocks = [resource.inputs["ipv6CidrBlock"] for resource in recording.of_type(SUBNET)]
    assert len(set(blocks)) == len(blocks) == 4
    assert all(block.endswith("/64") for block in blocks)
    routes = {
        resource.name: resource.inputs
        for resource in recording.of_type("aws:ec2/route:Route")
        if resource.inputs.get("destinationIpv6CidrBlock")
    }
    assert "gatewayId" in routes["network-public-internet-v6"]
    for zone in "ab":
        assert "egressOnlyGatewayId" in routes[f"network-private-{zone}-egress-v6"]
    assert all(inputs["destinationIpv6CidrBlock"] == "::/0" for inputs in routes.values())


def test_flow_logs_to_a_bucket_need_no_role_and_no_group():
    bucket = "arn:aws:s3:::flow"
    recording = recording_of(network(flowLogs={"to": "bucket", "bucket": bucket}))
    log = recording.of_type("aws:ec2/flowLog:FlowLog")[0]
    assert (log.inputs["logDestinationType"], log.inputs["logDestination"]) == ("s3", bucket)
    assert "iamRoleArn" not in log.inputs
    assert recording.of_type("aws:iam/role:Role") == ()
    assert recording.of_type("aws:cloudwatch/logGroup:LogGroup") == ()


def test_a_tier_without_subnets_has_no_placement():
    def use(made: Network) -> None:
        with pytest.raises(KeyError, match="no isolated subnets"):
            made.placement(SubnetTier.ISOLATED)

    recording_of(network(), use=use)


def test_a_placement_says_whether_there_is_a_way_out():
    found: dict[str, bool] = {}

    def use(made: Network) -> None:
        found.update({tier.value: made.placement(tier).has_egress for tier in made.tiers})

    recording_of(
        network(nat="none", subnets={"public": {}, "private": {}, "isolated": {}}), use=use
    )
    assert found == {"public": True, "private": False, "isolated": False}


def test_a_network_made_elsewhere_is_not_made_here():
    with pytest.raises(ValueError, match="made elsewhere"):
        recording_of(network(**{"from": "acme/base/prod"}))


def test_an_existing_network_offers_its_subnets_as_they_were_found():
    found = FoundNetwork(
        "vpc-1",
        "10.9.0.0/16",
        {SubnetTier.PRIVATE: [FoundSubnet("subnet-1", "us-east-1b", "10.9.1.0/24")]},
    )
    placement = found_placements(found)[SubnetTier.PRIVATE]
    assert (placement.vpc_id, placement.subnet_ids, placement.zones) == (
        "vpc-1",
        ["subnet-1"],
        ("us-east-1b",),
    )


OTHER = {
    "acme/base/prod": {
        "network": {
            "vpcId": "vpc-7",
            "cidr": "10.7.0.0/16",
            "subnets": {"private": ["subnet-a", "subnet-b"]},
        }
    }
}


def from_stack(tier: SubnetTier) -> Recording:
    def program() -> None:
        placement = StackNetwork("acme/base/prod")[tier]
        pulumi.export("subnets", placement.subnet_ids)

    return record_program(program, GIVEN, "deployed", stack_outputs=OTHER)


def test_another_stacks_network_offers_what_that_stack_exports():
    assert from_stack(SubnetTier.PRIVATE).outputs["subnets"] == ["subnet-a", "subnet-b"]


def test_a_tier_that_the_other_stack_lacks_is_named():
    with pytest.raises(
        pulumi.RunError, match="acme/base/prod has no isolated subnets; it has private"
    ):
        from_stack(SubnetTier.ISOLATED)
