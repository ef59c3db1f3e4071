"""How the pack reads a network from resources: what is known, and where it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.guardrails.control import Outcome
from policies.guardrails.evidence import Stack
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.network import public_subnet, stands_privately
from policies.guardrails.reachability.model import (
    Gateway,
    Network,
    Route,
)
from policies.guardrails.topology.network import model
from policies.guardrails.unknown import UNKNOWN, Tri


def fact(token: str, name: str, **inputs: object) -> ResourceFacts:
    return ResourceFacts(f"urn:pulumi:p::t::{token}::{name}", token, name, inputs)


def read(*facts: ResourceFacts) -> Network:
    """The network that the pack reads from resources."""
    return model(Stack(list(facts)))


@pytest.mark.parametrize(
    ("inputs", "port"),
    [
        ({}, 6379),
        ({"port": 6380}, 6380),
        ({"port": UNKNOWN}, None),
    ],
)
def test_a_cache_listens_on_its_engine_s_port_where_it_names_none(inputs, port):
    token = "aws:elasticache/replicationGroup:ReplicationGroup"
    (cache,) = read(fact(token, "cache", **inputs)).interfaces.values()
    assert list(cache.encrypted) == ([] if port is None else [port])


@pytest.mark.parametrize(
    ("inputs", "port"),
    [
        ({"engine": "postgres"}, 5432),
        ({"engine": "sqlserver-se"}, 1433),
        ({"engine": "oracle-ee"}, 1521),
        ({"engine": "mysql", "port": 3307}, 3307),
        ({"engine": UNKNOWN}, None),
        ({"engine": "something new"}, None),
        ({}, None),
    ],
)
def test_a_database_listens_on_its_engine_s_port_where_it_names_none(inputs, port):
    (database,) = read(fact("aws:rds/instance:Instance", "db", **inputs)).interfaces.values()
    assert list(database.encrypted) == ([] if port is None else [port])


TABLE = fact("aws:ec2/routeTable:RouteTable", "table", vpcId="vpc-1")


def route_of(**inputs: object) -> object:
    facts = fact("aws:ec2/route:Route", "route", routeTableId="rtb-1", **inputs)
    table = replace(TABLE, outputs={"id": "rtb-1"})
    (read_table,) = read(table, facts).route_tables.values()
    (route,) = read_table.routes
    return route


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"gatewayId": "igw-1"}, UNKNOWN),
        (
            {"destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-0a"},
            Route("0.0.0.0/0", Gateway.INTERNET),
        ),
        (
            {"destinationIpv6CidrBlock": "::/0", "gatewayId": "igw-0a"},
            Route("::/0", Gateway.INTERNET),
        ),
        (
            {"destinationPrefixListId": "pl-1", "gatewayId": "igw-0a"},
            Route("pl-1", Gateway.INTERNET),
        ),
        (
            {"destinationCidrBlock": "10.1.0.0/16", "gatewayId": UNKNOWN},
            Route("10.1.0.0/16", UNKNOWN),
        ),
        (
            {"destinationCidrBlock": "10.0.0.0/16", "gatewayId": "local"},
            Route("10.0.0.0/16", Gateway.LOCAL),
        ),
        (
            {"destinationCidrBlock": "10.1.0.0/16", "gatewayId": "vgw-1"},
            Route("10.1.0.0/16", Gateway.OTHER),
        ),
        ({"destinationCidrBlock": "10.1.0.0/16"}, UNKNOWN),
        (
            {"destinationCidrBlock": "10.1.0.0/16", "vpcPeeringConnectionId": "pcx-1"},
            Route("10.1.0.0/16", Gateway.PEERING, UNKNOWN),
        ),
    ],
)
def test_a_route_is_read_as_far_as_it_is_known(inputs, expected):
    assert route_of(**inputs) == expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"fromPort": 5432, "toPort": 5433}, (5432, 5433)),
        ({"fromPort": UNKNOWN, "toPort": 5433}, UNKNOWN),
        ({"fromPort": 5432, "toPort": UNKNOWN}, UNKNOWN),
        ({"fromPort": 5432}, None),
        ({"toPort": 5432}, None),
        ({}, None),
        ({"fromPort": 5432, "toPort": 5433, "ipProtocol": "-1"}, None),
    ],
)
def test_the_ports_of_a_rule_are_known_where_both_ends_are(inputs, expected):
    group = fact("aws:ec2/securityGroup:SecurityGroup", "group", vpcId="vpc-1")
    rule = fact(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "rule",
        **{"securityGroupId": "sg-1", "ipProtocol": "tcp", "cidrIpv4": "10.0.0.0/8", **inputs},
    )
    read_groups = read(replace(group, outputs={"id": "sg-1"}), rule).groups
    (found,) = next(iter(read_groups.values())).ingress
    assert found.ports == expected


def placed(token: str, name: str, id_: str, **inputs: object) -> ResourceFacts:
    return replace(fact(token, name, **inputs), outputs={"id": id_, "arn": id_})


VPC = placed("aws:ec2/vpc:Vpc", "vpc", "vpc-1", cidrBlock="10.0.0.0/16")
SUBNET = placed(
    "aws:ec2/subnet:Subnet", "subnet", "subnet-1", vpcId="vpc-1", cidrBlock="10.0.1.0/24"
)
TABLES = tuple(
    placed("aws:ec2/routeTable:RouteTable", name, f"rtb-{name}", vpcId="vpc-1") for name in "ab"
)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"vpcId": "vpc-1", "routeTableId": "rtb-a"}, TABLES[0].urn),
        ({"vpcId": UNKNOWN, "routeTableId": "rtb-a"}, UNKNOWN),
        ({"vpcId": "vpc-1", "routeTableId": UNKNOWN}, UNKNOWN),
        ({"vpcId": "vpc-2", "routeTableId": "rtb-a"}, None),
    ],
)
def test_the_main_route_table_is_known_where_both_ends_are(inputs, expected):
    main = fact("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main", **inputs)
    (vpc,) = read(VPC, *TABLES, main).vpcs.values()
    assert vpc.main_route_table == expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"subnetId": "subnet-1", "routeTableId": "rtb-a"}, TABLES[0].urn),
        ({"subnetId": UNKNOWN, "routeTableId": "rtb-a"}, UNKNOWN),
        ({"subnetId": "subnet-2", "routeTableId": "rtb-a"}, None),
    ],
)
def test_a_subnet_s_route_table_is_known_where_both_ends_are(inputs, expected):
    link = fact("aws:ec2/routeTableAssociation:RouteTableAssociation", "link", **inputs)
    (subnet,) = read(VPC, SUBNET, *TABLES, link).subnets.values()
    assert subnet.route_table == expected


GROUP = "aws:ec2/securityGroup:SecurityGroup"
ACLS = tuple(
    placed("aws:ec2/networkAcl:NetworkAcl", name, f"acl-{name}", vpcId="vpc-1") for name in "ab"
)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([("subnet-1", "acl-a")], ACLS[0].urn),
        ([("subnet-1", "acl-a"), ("subnet-1", "acl-a")], ACLS[0].urn),
        ([("subnet-1", "acl-a"), ("subnet-1", "acl-b")], UNKNOWN),
        ([(UNKNOWN, "acl-a")], UNKNOWN),
        ([("subnet-1", UNKNOWN)], UNKNOWN),
        ([("subnet-2", "acl-a")], None),
        ([], None),
    ],
)
def test_a_subnet_s_acl_is_known_where_those_who_name_it_agree(links, expected):
    token = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
    made = [
        fact(token, f"link-{number}", subnetId=subnet, networkAclId=acl)
        for number, (subnet, acl) in enumerate(links)
    ]
    (subnet,) = read(VPC, SUBNET, *ACLS, *made).subnets.values()
    assert subnet.acl == expected


@pytest.mark.parametrize("groups", [1, 2])
def test_a_service_in_several_target_groups_has_a_port_in_each(groups):
    balancer = placed("aws:lb/loadBalancer:LoadBalancer", "alb", "lb-1", subnets=["subnet-1"])
    made = [balancer]
    entries = []
    for number in range(groups):
        group = f"tg-{number}"
        made += [
            placed("aws:lb/targetGroup:TargetGroup", group, group, protocol="HTTP"),
            fact(
                "aws:lb/listener:Listener", group, loadBalancerArn="lb-1", port=8000 + number,
                protocol="HTTPS", defaultActions=[{"type": "forward", "targetGroupArn": group}],
            ),
        ]  # fmt: skip
        entries.append({"targetGroupArn": group, "containerPort": 3000 + number})
    service = fact("aws:ecs/service:Service", "web", loadBalancers=entries)
    (read_balancer,) = read(VPC, SUBNET, *made, service).load_balancers.values()
    found = {one.port: one.targets[0].port for one in read_balancer.listeners}
    assert found == {8000 + number: 3000 + number for number in range(groups)}


@pytest.mark.parametrize(
    ("inputs", "known"),
    [
        ({"networkAclId": "acl-a", "egress": False}, True),
        ({"networkAclId": "acl-a"}, True),
        ({"networkAclId": "acl-a", "egress": UNKNOWN}, False),
        ({"networkAclId": UNKNOWN, "egress": False}, False),
        ({"networkAclId": "acl-b", "egress": False}, True),
    ],
)
def test_the_rules_of_an_acl_are_known_where_each_is_surely_one_of_them(inputs, known):
    rule = fact(
        "aws:ec2/networkAclRule:NetworkAclRule", "rule",
        **{"ruleNumber": 1, "ruleAction": "allow", "protocol": "tcp", "fromPort": 22, "toPort": 22,
           "cidrBlock": "0.0.0.0/0", **inputs},
    )  # fmt: skip
    acl = read(VPC, ACLS[0], rule).acls[ACLS[0].urn]
    assert (acl.ingress is not UNKNOWN) is known


@pytest.mark.parametrize(
    ("urns", "peer"),
    [
        ((f"urn:pulumi:p::t::{GROUP}::a",), f"urn:pulumi:p::t::{GROUP}::a"),
        ((f"urn:pulumi:p::t::{GROUP}::a", f"urn:pulumi:p::t::{GROUP}::b"), UNKNOWN),
        ((), UNKNOWN),
    ],
)
def test_a_group_that_a_rule_names_is_known_where_only_one_can_be_meant(urns, peer):
    groups = [fact(GROUP, name, vpcId="vpc-1") for name in "ab"]
    own = placed(GROUP, "own", "sg-own", vpcId="vpc-1")
    rule = replace(
        fact(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule",
            securityGroupId="sg-own", ipProtocol="tcp", fromPort=80, toPort=80,
            referencedSecurityGroupId=UNKNOWN,
        ),
        property_dependencies={"referencedSecurityGroupId": urns},
    )  # fmt: skip
    (found,) = read(*groups, own, rule).groups[own.urn].ingress
    assert found.groups == (peer,)


@pytest.mark.parametrize(("arn", "known"), [("lb-1", True), ("lb-2", True), (UNKNOWN, False)])
def test_a_balancer_s_listeners_are_known_where_each_surely_is_its_own(arn, known):
    balancer = placed("aws:lb/loadBalancer:LoadBalancer", "alb", "lb-1", subnets=["subnet-1"])
    listener = fact("aws:lb/listener:Listener", "http", loadBalancerArn=arn, port=80)
    (found,) = read(VPC, SUBNET, balancer, listener).load_balancers.values()
    assert (found.listeners is not UNKNOWN) is known


@pytest.mark.parametrize("protocol", ["HTTP", "HTTPS", None])
def test_targets_speak_as_their_group_says_and_http_where_it_says_nothing(protocol):
    balancer = placed("aws:lb/loadBalancer:LoadBalancer", "alb", "lb-1", subnets=["subnet-1"])
    inputs = {} if protocol is None else {"protocol": protocol}
    group = placed("aws:lb/targetGroup:TargetGroup", "tg", "tg", **inputs)
    listener = fact(
        "aws:lb/listener:Listener", "in", loadBalancerArn="lb-1", port=443, protocol="HTTPS",
        defaultActions=[{"type": "forward", "targetGroupArn": "tg"}],
    )  # fmt: skip
    entries = [{"targetGroupArn": "tg", "containerPort": 80}]
    service = fact("aws:ecs/service:Service", "web", loadBalancers=entries)
    (found,) = read(VPC, SUBNET, balancer, group, listener, service).load_balancers.values()
    assert [target.protocol for target in found.listeners[0].targets] == [protocol or "HTTP"]


@pytest.mark.parametrize(
    ("protocol", "read_as"),
    [("tcp", "tcp"), ("TCP", "tcp"), ("6", "tcp"), (6, "tcp"), (17, "udp"), ("all", "-1"),
     ("-1", "-1"), (47, "47"), (UNKNOWN, UNKNOWN)],
)  # fmt: skip
def test_a_protocol_is_read_by_name_or_number(protocol, read_as):
    group = placed(GROUP, "own", "sg-own", vpcId="vpc-1")
    rule = fact(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule",
        securityGroupId="sg-own", ipProtocol=protocol, fromPort=80, toPort=80,
        cidrIpv4="10.0.0.0/8",
    )  # fmt: skip
    (found,) = read(group, rule).groups[group.urn].ingress
    assert found.protocol == read_as


@pytest.mark.parametrize(
    ("gateway", "public"),
    [("igw-0a1b", Tri.YES), ("vgw-0a1b", Tri.NO), ("local", Tri.NO), (None, Tri.NO),
     (UNKNOWN, Tri.UNKNOWN)],
)  # fmt: skip
def test_a_subnet_is_public_where_its_table_leads_to_an_internet_gateway(gateway, public):
    link = fact(
        "aws:ec2/routeTableAssociation:RouteTableAssociation", "link",
        subnetId="subnet-1", routeTableId="rtb-a",
    )  # fmt: skip
    inputs = {} if gateway is None else {"gatewayId": gateway}
    route = fact(
        "aws:ec2/route:Route",
        "out",
        routeTableId="rtb-a",
        destinationCidrBlock="0.0.0.0/0",
        **inputs,
    )
    stack = Stack([VPC, SUBNET, *TABLES, link, route])
    (subnet,) = stack.of_type("aws:ec2/subnet:Subnet")
    assert public_subnet(stack, subnet) is public


@pytest.mark.parametrize(
    ("subnets", "second_public", "outcome"),
    [
        (["subnet-1"], False, Outcome.PASS),
        (["subnet-1", "subnet-2"], True, Outcome.FAIL),
        (["subnet-1", "subnet-2"], False, Outcome.PASS),
        (["subnet-1", UNKNOWN], False, Outcome.UNKNOWN),
        (["subnet-2", UNKNOWN], True, Outcome.FAIL),
        (["subnet-9"], False, Outcome.UNKNOWN),
    ],
)
def test_a_thing_is_private_where_none_of_its_subnets_is_public(subnets, second_public, outcome):
    second = placed(
        "aws:ec2/subnet:Subnet", "second", "subnet-2", vpcId="vpc-1",
        mapPublicIpOnLaunch=second_public,
    )  # fmt: skip
    thing = fact("aws:efs/mountTarget:MountTarget", "thing", subnetIds=subnets)
    stack = Stack([VPC, SUBNET, second, thing])
    (resource,) = stack.of_type("aws:efs/mountTarget:MountTarget")
    named = stack.follow(resource, "subnetIds", "aws:ec2/subnet:Subnet")
    assert stands_privately(stack, named).outcome is outcome
