"""`trellis lookup` finds a stack's network: by tags, id, routes and named subnets."""

from __future__ import annotations

from typing import Any

import pytest
from moto.core import DEFAULT_ACCOUNT_ID

from components.contracts import SubnetTier
from tests.stackfile.conftest import BY_TAG, REGION, Stack, found
from trellis.cli.lookup import lookup
from trellis.stackfile.context import context_file
from trellis.stackfile.problems import StackFileError

pytestmark = pytest.mark.long


def make_network(ec2: Any, value: str = "platform") -> str:
    """A VPC with two public, one private and one isolated subnet; tagged Shared."""
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Shared", "Value": value}])
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    tables = {
        name: ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        for name in ("public", "private")
    }
    ids: dict[str, str] = {}
    for name, zone, number in (
        ("public-b", "b", 2), ("public-a", "a", 1), ("private-a", "a", 10), ("isolated-a", "a", 20)
    ):  # fmt: skip
        ids[name] = ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.7.{number}.0/24", AvailabilityZone=f"{REGION}{zone}"
        )["Subnet"]["SubnetId"]
        table = tables.get(name.split("-")[0])
        if table:
            ec2.associate_route_table(RouteTableId=table, SubnetId=ids[name])
    nat = ec2.create_nat_gateway(
        SubnetId=ids["public-a"], AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"]
    )["NatGateway"]["NatGatewayId"]
    everywhere = "0.0.0.0/0"
    ec2.create_route(
        RouteTableId=tables["public"], DestinationCidrBlock=everywhere, GatewayId=gateway
    )
    ec2.create_route(
        RouteTableId=tables["private"], DestinationCidrBlock=everywhere, NatGatewayId=nat
    )
    return vpc


def test_an_existing_network_is_found_by_its_tags_and_its_tiers_by_their_routes(
    stack: Stack, aws: Any
) -> None:
    vpc = make_network(aws)
    stack.write(BY_TAG)
    network = found(stack).network
    assert network is not None
    assert (network.vpc_id, network.cidr) == (vpc, "10.7.0.0/16")
    assert {
        tier: [(subnet.zone, subnet.cidr) for subnet in subnets]
        for tier, subnets in network.subnets.items()
    } == {
        SubnetTier.PUBLIC: [("us-east-1a", "10.7.1.0/24"), ("us-east-1b", "10.7.2.0/24")],
        SubnetTier.PRIVATE: [("us-east-1a", "10.7.10.0/24")],
        SubnetTier.ISOLATED: [("us-east-1a", "10.7.20.0/24")],
    }
    assert set(network.egress) == {SubnetTier.PUBLIC, SubnetTier.PRIVATE}


def test_after_the_lookup_the_stack_loads(stack: Stack, aws: Any) -> None:
    make_network(aws)
    stack.write(BY_TAG)
    assert "run `trellis lookup`" in str(stack.problem())
    lookup(stack.folder, "dev")
    loaded = stack.load()
    assert loaded.context.network is not None
    assert loaded.context.account == DEFAULT_ACCOUNT_ID


def test_an_existing_network_is_found_by_its_id(stack: Stack, aws: Any) -> None:
    vpc = make_network(aws)
    stack.write(f"  trellis:network: {{existing: {{vpcId: {vpc}}}}}\n")
    network = found(stack).network
    assert network is not None
    assert network.vpc_id == vpc


def test_no_network_or_several_are_told_apart(stack: Stack, aws: Any) -> None:
    stack.write(BY_TAG)
    with pytest.raises(StackFileError, match="no VPC with tags Shared=platform"):
        lookup(stack.folder, "dev")
    first, second = make_network(aws), make_network(aws)
    with pytest.raises(StackFileError, match="2 VPCs with tags Shared=platform") as caught:
        lookup(stack.folder, "dev")
    assert first in str(caught.value)
    assert second in str(caught.value)
    assert not context_file(stack.folder / "Pulumi.dev.yaml", "dev").exists()


def test_two_subnets_of_one_tier_in_one_zone_are_refused(stack: Stack, aws: Any) -> None:
    vpc = make_network(aws)
    aws.create_subnet(VpcId=vpc, CidrBlock="10.7.30.0/24", AvailabilityZone=f"{REGION}a")
    stack.write(BY_TAG)
    with pytest.raises(StackFileError, match="both isolated in us-east-1a"):
        lookup(stack.folder, "dev")


def test_subnets_are_named_by_id_where_a_tier_has_several_in_a_zone(stack: Stack, aws: Any) -> None:
    vpc = make_network(aws)
    second = aws.create_subnet(VpcId=vpc, CidrBlock="10.7.30.0/24", AvailabilityZone=f"{REGION}a")[
        "Subnet"
    ]["SubnetId"]
    stack.write(named("isolated", second))
    network = found(stack).network
    assert network is not None
    assert [subnet.id for subnet in network.subnets[SubnetTier.ISOLATED]] == [second]
    assert len(network.subnets[SubnetTier.PUBLIC]) == 2, "what is not named is found by its routes"
    assert stack.load().context.network == network
    first = next(
        subnet["SubnetId"]
        for subnet in aws.describe_subnets()["Subnets"]
        if subnet["CidrBlock"] == "10.7.20.0/24"
    )
    stack.write(named("isolated", first))
    problem = stack.problem()
    assert problem.path == ("network", "existing", "subnets", "isolated")
    assert "run `trellis lookup`" in problem.hint


def test_several_of_a_zone_may_be_named_and_the_order_there_is_the_stack_files(
    stack: Stack, aws: Any
) -> None:
    vpc = make_network(aws)
    for number in (30, 31):
        aws.create_subnet(VpcId=vpc, CidrBlock=f"10.7.{number}.0/24", AvailabilityZone=f"{REGION}a")
    ids = {subnet["CidrBlock"]: subnet["SubnetId"] for subnet in aws.describe_subnets()["Subnets"]}
    third, first, second = (ids[f"10.7.{number}.0/24"] for number in (20, 30, 31))
    for order in ((first, second, third), (third, second, first)):
        stack.write(named("isolated", *order))
        network = found(stack).network
        assert network is not None
        assert tuple(subnet.id for subnet in network.subnets[SubnetTier.ISOLATED]) == order
        assert stack.load().context.network == network


def named(tier: str, *subnets: str) -> str:
    existing = f"{{tags: {{Shared: platform}}, subnets: {{{tier}: [{', '.join(subnets)}]}}}}"
    return f"  trellis:network: {{existing: {existing}}}\n"


def test_a_named_subnet_is_the_vpcs_and_of_its_tier(stack: Stack, aws: Any) -> None:
    make_network(aws)
    stack.write(named("private", "subnet-0123456789abcdef0"))
    with pytest.raises(StackFileError, match="which is not the VPC's") as caught:
        lookup(stack.folder, "dev")
    assert caught.value.problems[0].path == ("network", "existing", "subnets", "private")
    public = next(
        subnet["SubnetId"]
        for subnet in aws.describe_subnets()["Subnets"]
        if subnet["CidrBlock"] == "10.7.1.0/24"
    )
    stack.write(named("private", public))
    with pytest.raises(StackFileError, match="which is public by its routes"):
        lookup(stack.folder, "dev")
    assert not context_file(stack.folder / "Pulumi.dev.yaml", "dev").exists()


def test_a_context_for_another_network_is_told(stack: Stack, aws: Any) -> None:
    make_network(aws)
    stack.write(BY_TAG)
    lookup(stack.folder, "dev")
    stack.write("  trellis:network: {existing: {vpcId: vpc-12345678}}\n")
    assert "again" in stack.problem().hint
