"""Routes on a listener that somebody else made: their rules, target groups and ways in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from components.contracts import SubnetTier
from testing.service_cases import DIGEST
from tests.components.small_systems import ACCOUNT, NETWORK, REGION, small_system
from tests.planner.edits import edited
from tests.systems import services as read
from trellis.planner.record import Recording
from trellis.stackfile import loading
from trellis.stackfile.context import Context, FoundNetwork, FoundSubnet
from trellis.stackfile.problems import StackFileError

LISTENER = (
    f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:"
    "listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2"
)
OTHER = LISTENER.replace("f2f7", "0000")
ELSEWHERE = LISTENER.replace("app/shared/50dc", "app/second/0000")
GROUP = "sg-0123456789abcdef0"
VPC = "vpc-0123456789abcdef0"
SUBNETS = {
    tier: tuple(
        FoundSubnet(
            id=f"subnet-{number}000000{at}", zone=f"{REGION}{zone}", cidr=f"10.0.{number}{at}.0/24"
        )
        for at, zone in enumerate("ab")
    )
    for number, tier in enumerate((SubnetTier.PUBLIC, SubnetTier.PRIVATE), start=1)
}
CONTEXT = Context(
    network=FoundNetwork(vpc_id=VPC, cidr="10.0.0.0/16", subnets=SUBNETS, egress=tuple(SUBNETS))
)
IMAGE = {"repository": "app", "digest": DIGEST}
ROUTE = {"host": "api.example.com", "loadBalancer": "shared", "priority": 120}


def balancer(listener: str = LISTENER) -> dict[str, Any]:
    return {"listener": listener, "securityGroup": GROUP}


def web(*routes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"image": IMAGE, "port": 8080, "routes": list(routes or (ROUTE,)), **more}


def parts(listener: str = LISTENER, **more: Any) -> dict[str, Any]:
    there = {"loadBalancers": {"shared": balancer(listener)}}
    network = {"existing": {"vpcId": VPC}}
    given = {"network": network, "existing": there, "services": {"web": web()}}
    return {**given, **more}


@pytest.fixture(scope="module", autouse=True)
def looked_up() -> Iterator[None]:
    """The context file says what the network to live in is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "context_for", lambda *_: CONTEXT)
        yield


@pytest.fixture(scope="module")
def system() -> Recording:
    return small_system(**parts(monitoring={}))


def test_the_rule_stands_on_that_listener_with_the_priority_that_was_given(system: Recording):
    rule = system.one(read.RULE, "shared-at-120").inputs
    group = system.one(read.TARGETS, "web-shared")
    assert (rule["listenerArn"], rule["priority"]) == (LISTENER, 120)
    assert rule["actions"][0]["targetGroupArn"] == group.outputs["arn"]
    assert group.inputs["vpcId"] == system.one(read.GROUP, "web").inputs["vpcId"]
    for type_ in (read.BALANCER, read.LISTENER, "aws:acm/certificate:Certificate"):
        assert not system.of_type(type_)


def test_the_load_balancers_group_and_the_tasks_have_a_rule_each_for_the_tasks_port(
    system: Recording,
):
    tasks = system.one(read.GROUP, "web").id
    (way_in,) = [
        rule.inputs
        for rule in system.of_type(read.INGRESS)
        if rule.inputs["referencedSecurityGroupId"] == GROUP
    ]
    (way_out,) = [
        rule.inputs
        for rule in system.of_type(read.EGRESS)
        if rule.inputs["securityGroupId"] == GROUP
    ]
    assert way_in["securityGroupId"] == way_out["referencedSecurityGroupId"] == tasks
    assert {way_in["fromPort"], way_in["toPort"], way_out["fromPort"], way_out["toPort"]} == {8080}


def test_its_targets_are_watched_by_the_load_balancers_own_name(system: Recording):
    alarm = system.one(read.ALARM, "web-shared-unhealthy").inputs
    assert "app/shared/50dc6c495c0c9188" in str(alarm)


def test_the_one_that_is_made_here_stays_the_only_one_for_routes_that_name_none():
    routes = ({"host": "www.example.com"}, ROUTE)
    zones = {"main": {"domain": "example.com"}}
    given = parts(zones=zones, loadBalancers={"own": {}}, services={"web": web(*routes)})
    made = small_system(**given)
    assert {group.name for group in made.of_type(read.TARGETS)} == {"web-own", "web-shared"}
    (record,) = {r.inputs["name"] for r in made.of_type("aws:route53/record:Record")
                 if r.inputs["type"] == "A"}  # fmt: skip
    assert record == "www.example.com"


TWICE = {"loadBalancers": {"shared": balancer(), "again": balancer()}}
PLAIN = {"host": "api.example.com", "loadBalancer": "shared"}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (parts(LISTENER.replace(REGION, "eu-west-1")), "in eu-west-1"),
        (parts(LISTENER.replace(ACCOUNT, "210987654321")), "account 210987654321"),
        (parts(LISTENER.replace("/app/", "/net/")), "shared.listener"),
        (parts(network=NETWORK), "a network that is made here"),
        (parts(existing=TWICE), "a second time"),
        (parts(loadBalancers={"shared": {}}), "which `loadBalancers` makes"),
        (parts(services={"web": web({**ROUTE, "loadBalancer": "other"})}), "other"),
        (parts(services={"web": web(PLAIN)}), "no `priority`"),
        (parts(services={"web": web({"host": "a.example.com"})}), "no `loadBalancer`"),
        (
            parts(services={"web": web(), "api": web({**ROUTE, "host": "b.example.com"})}),
            "priority 120, which",
        ),
        (
            parts(services={"web": web({**ROUTE, "signIn": {"userPool": "p", "client": "c"}})}),
            "a sign-in at shared",
        ),
        (
            parts(
                apis={"main": {"kind": "http", "authorizer": {"iam": True}}},
                services={
                    "web": web(apiRoutes=[{"api": "main", "path": "/a", "methods": ["GET"]}])
                },
            ),
            "to a service behind shared",
        ),
    ],
)
def test_what_can_not_stand_there_or_clashes_is_refused(given: dict[str, Any], found: str):
    with pytest.raises(StackFileError, match=found):
        small_system(**given)


def test_another_listener_takes_the_rule_and_leaves_the_targets():
    steps = edited(parts(), parts(OTHER))
    assert {name: step.operation for name, step in steps.items()} == {
        "ListenerRule shared-at-120": "replace"
    }


def test_another_load_balancer_gets_a_target_group_of_its_own_beside_the_old_one():
    steps = edited(parts(), parts(ELSEWHERE))
    group = steps["TargetGroup web-shared"]
    assert (group.operation, group.delete_first) == ("replace", False)
    assert "name" in group.because
    assert steps["ListenerRule shared-at-120"].operation == "replace"
    assert steps["Service web"].operation == "update"


def test_two_listeners_of_one_load_balancer_share_the_rules_of_its_security_group():
    """AWS refuses a second rule for the same port and groups."""
    there = {"loadBalancers": {"shared": balancer(), "other": balancer(OTHER)}}
    routes = (ROUTE, {"host": "b.example.com", "loadBalancer": "other", "priority": 121})

    def rules(*routes: dict[str, Any]) -> list[str]:
        recording = small_system(**parts(existing=there, services={"web": web(*routes)}))
        return [
            rule.name
            for rule in recording.of_type(
                "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
            )
        ]

    assert rules(*routes) == ["shared-to-service-web"]
    assert rules(routes[1]) == rules(*routes), "routes come and go, and the rule keeps its name"
