"""The network rows of the five systems, asserted over recordings of their stack files."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import ROOT, STACKS
from trellis.planner.record import Recording

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
ROUTE = "aws:ec2/route:Route"
TABLE = "aws:ec2/routeTable:RouteTable"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
NAT = "aws:ec2/natGateway:NatGateway"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"

Recordings = Callable[..., Recording]


def blocks(recording: Recording) -> dict[str, tuple[str, str]]:
    return {
        resource.name.removeprefix("network-"): (
            resource.inputs["cidrBlock"],
            resource.inputs["availabilityZone"],
        )
        for resource in recording.of_type(SUBNET)
    }


def table_of(recording: Recording, subnet: str) -> str:
    """The route table's id that a subnet is associated with."""
    subnet_id = recording.one(SUBNET, f"network-{subnet}").id
    found = [
        resource.inputs["routeTableId"]
        for resource in recording.of_type(ASSOCIATION)
        if resource.inputs["subnetId"] == subnet_id
    ]
    assert len(found) == 1
    return found[0]


def routes(recording: Recording, subnet: str) -> dict[str, str]:
    """Destinations of a subnet's own route table, each with the target's kind and name."""
    table = table_of(recording, subnet)
    names = {
        **{resource.id: f"nat {resource.name}" for resource in recording.of_type(NAT)},
        **{resource.id: f"internet {resource.name}" for resource in recording.of_type(GATEWAY)},
    }
    return {
        resource.inputs["destinationCidrBlock"]: names[
            resource.inputs.get("natGatewayId") or resource.inputs["gatewayId"]
        ]
        for resource in recording.of_type(ROUTE)
        if resource.inputs["routeTableId"] == table
    }


def endpoints(recording: Recording, kind: str) -> set[str]:
    return {
        resource.inputs["serviceName"].removeprefix(f"com.amazonaws.{recording.region}.")
        for resource in recording.of_type(ENDPOINT)
        if resource.inputs["vpcEndpointType"] == kind
    }


def test_the_list_of_stacks_is_the_list_of_stack_files():
    there = {
        (str(file.parent.relative_to(ROOT)), file.name.split(".")[1])
        for file in [*ROOT.glob("Pulumi.*.yaml"), *ROOT.glob("systems/*/Pulumi.*.yaml")]
    }
    assert there == set(STACKS)


def test_clubapp_dev_has_the_blocks_and_zones_of_its_document(recording_of: Recordings):
    recording = recording_of(".", "dev")
    assert recording.of_type(VPC)[0].inputs["cidrBlock"] == "10.0.0.0/16"
    assert blocks(recording) == {
        "public-a": ("10.0.1.0/24", "us-east-1a"),
        "public-b": ("10.0.2.0/24", "us-east-1b"),
        "private-a": ("10.0.10.0/24", "us-east-1a"),
        "private-b": ("10.0.11.0/24", "us-east-1b"),
    }


def test_clubapp_resolves_dns_and_gives_hostnames(recording_of: Recordings):
    vpc = recording_of(".", "dev").of_type(VPC)[0]
    assert (vpc.inputs["enableDnsHostnames"], vpc.inputs["enableDnsSupport"]) == (True, True)


@pytest.mark.parametrize(("stack", "zones"), [("dev", "ab"), ("prod", "abc")])
def test_clubapp_routes_each_private_subnet_through_its_own_zones_nat(
    recording_of: Recordings, stack: str, zones: str
):
    recording = recording_of(".", stack)
    for zone in zones:
        assert routes(recording, f"private-{zone}") == {"0.0.0.0/0": f"nat network-nat-{zone}"}
        nat = recording.one(NAT, f"network-nat-{zone}")
        assert nat.inputs["subnetId"] == recording.one(SUBNET, f"network-public-{zone}").id
    assert len(recording.of_type(NAT)) == len(zones)


def test_clubapp_routes_public_subnets_to_the_internet_gateway(recording_of: Recordings):
    recording = recording_of(".", "dev")
    for zone in "ab":
        assert routes(recording, f"public-{zone}") == {"0.0.0.0/0": "internet network"}


def test_clubapp_has_its_private_paths_to_aws(recording_of: Recordings):
    recording = recording_of(".", "dev")
    assert endpoints(recording, "Gateway") == {"s3", "dynamodb"}
    assert endpoints(recording, "Interface") == {"secretsmanager", "ecr.api", "ecr.dkr", "logs"}


def test_clubapp_logs_all_traffic(recording_of: Recordings):
    recording = recording_of(".", "dev")
    log = recording.of_type(FLOW_LOG)[0]
    assert log.inputs["trafficType"] == "ALL"
    assert log.inputs["vpcId"] == recording.of_type(VPC)[0].id
    group = recording.one("aws:cloudwatch/logGroup:LogGroup", "network-flow-logs")
    assert log.inputs["logDestination"] == group.outputs["arn"]
    assert group.inputs["retentionInDays"] == 30


@pytest.mark.parametrize("stack", ["starter", "prod"])
def test_afric_has_three_tiers_in_two_zones(recording_of: Recordings, stack: str):
    assert blocks(recording_of("systems/afric-analyzer", stack)) == {
        "public-a": ("10.0.1.0/24", "eu-west-1a"),
        "public-b": ("10.0.2.0/24", "eu-west-1b"),
        "private-a": ("10.0.10.0/24", "eu-west-1a"),
        "private-b": ("10.0.11.0/24", "eu-west-1b"),
        "isolated-a": ("10.0.20.0/24", "eu-west-1a"),
        "isolated-b": ("10.0.21.0/24", "eu-west-1b"),
    }


@pytest.mark.parametrize("stack", ["starter", "prod"])
def test_afric_isolated_subnets_have_no_route_out_at_all(recording_of: Recordings, stack: str):
    recording = recording_of("systems/afric-analyzer", stack)
    for zone in "ab":
        assert routes(recording, f"isolated-{zone}") == {}


@pytest.mark.parametrize(("stack", "gateways"), [("starter", {"a"}), ("prod", {"a", "b"})])
def test_afric_has_one_nat_in_starter_and_one_a_zone_in_prod(
    recording_of: Recordings, stack: str, gateways: set[str]
):
    recording = recording_of("systems/afric-analyzer", stack)
    assert {resource.name for resource in recording.of_type(NAT)} == {
        f"network-nat-{z}" for z in gateways
    }
    expected_b = "network-nat-b" if "b" in gateways else "network-nat-a"
    assert routes(recording, "private-b") == {"0.0.0.0/0": f"nat {expected_b}"}


def test_afric_has_its_private_paths_to_aws(recording_of: Recordings):
    recording = recording_of("systems/afric-analyzer", "prod")
    assert {"s3"} <= endpoints(recording, "Gateway")
    assert {"ecr.api", "ecr.dkr", "logs"} <= endpoints(recording, "Interface")


def test_engify_pays_for_no_network_in_which_nothing_would_stand(recording_of: Recordings):
    recording = recording_of("systems/engify", "prod")
    assert recording.of_type(VPC) == () == recording.of_type(NAT)
    assert not endpoints(recording, "Interface")


def test_every_network_closes_the_default_group(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    for vpc in recording.of_type(VPC):
        groups = [g for g in recording.of_type(DEFAULT_GROUP) if g.inputs["vpcId"] == vpc.id]
        assert len(groups) == 1
        assert not groups[0].inputs.get("ingress")
        assert not groups[0].inputs.get("egress")


def test_no_subnet_gives_public_addresses(recording_of: Recordings, any_stack: tuple[str, str]):
    for subnet in recording_of(*any_stack).of_type(SUBNET):
        assert subnet.inputs["mapPublicIpOnLaunch"] is False


def test_gateway_endpoints_are_on_every_route_table(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    tables = {resource.id for resource in recording.of_type(TABLE)}
    for resource in recording.of_type(ENDPOINT):
        if resource.inputs["vpcEndpointType"] == "Gateway":
            assert set(resource.inputs["routeTableIds"]) == tables


def test_interface_endpoints_have_one_subnet_a_zone(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    zone_of = {
        resource.id: resource.inputs["availabilityZone"] for resource in recording.of_type(SUBNET)
    }
    for resource in recording.of_type(ENDPOINT):
        if resource.inputs["vpcEndpointType"] == "Interface":
            zones = [zone_of[subnet] for subnet in resource.inputs["subnetIds"]]
            assert sorted(zones) == sorted(set(zone_of.values()))


def test_no_route_out_exists_before_the_flow_log(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    logs = {resource.urn for resource in recording.of_type(FLOW_LOG)}
    for resource in [*recording.of_type(ROUTE), *recording.of_type(NAT)]:
        assert logs <= set(resource.dependencies)


def test_endpoint_policies_admit_this_account_only(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    for resource in recording_of(*any_stack).of_type(ENDPOINT):
        for statement in json.loads(resource.inputs["policy"])["Statement"]:
            bounds = statement["Condition"]["StringEquals"]
            assert bounds["aws:PrincipalAccount"] == "123456789012"


def test_the_s3_endpoint_lets_images_be_pulled_and_nothing_else_of_other_accounts(
    recording_of: Recordings,
):
    endpoint = recording_of(".", "dev").one(ENDPOINT, "network-s3")
    assert json.loads(endpoint.inputs["policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ThisAccountOnly",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "*",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {
                        "aws:PrincipalAccount": "123456789012",
                        "aws:ResourceAccount": "123456789012",
                    }
                },
            },
            {
                "Sid": "ImageLayers",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*",
                "Condition": {"StringEquals": {"aws:PrincipalAccount": "123456789012"}},
            },
        ],
    }


def test_the_flow_log_role_may_write_that_group_only(recording_of: Recordings):
    recording = recording_of(".", "dev")
    policy = json.loads(
        recording.one("aws:iam/rolePolicy:RolePolicy", "network-flow-logs").inputs["policy"]
    )
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/vpc/clubapp-dev-flow-logs"
    assert policy["Statement"] == [
        {
            "Sid": "WriteFlowLogs",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [group, f"{group}:*"],
        },
        {
            "Sid": "FindTheGroup",
            "Effect": "Allow",
            "Action": "logs:DescribeLogGroups",
            "Resource": "arn:aws:logs:us-east-1:123456789012:log-group:*",
        },
    ]
    trust = json.loads(
        recording.one("aws:iam/role:Role", "network-flow-logs").inputs["assumeRolePolicy"]
    )
    assert trust["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        }
    ]


def test_interface_endpoints_are_called_over_https_from_inside_only(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    subnets = {
        resource.inputs["cidrBlock"]
        for resource in recording.of_type(SUBNET)
        if not resource.name.startswith("network-public")
    }
    rules = [
        resource
        for resource in recording.of_type(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
        )
        if resource.name.startswith("network-endpoints-from-")
    ]
    assert {rule.inputs["cidrIpv4"] for rule in rules} == subnets
    assert {(rule.inputs["fromPort"], rule.inputs["toPort"]) for rule in rules} <= {(443, 443)}
