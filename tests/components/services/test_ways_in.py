"""Ways into services: by CloudFront alone, by IPv6, by another path, and health on another port."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.services.platform_settings import LoadBalancerSettings
from components.services.routing.priorities import priority
from components.services.routing.settings import RewriteSettings, RouteSettings
from testing.service_cases import CERTIFICATE, DIGEST
from tests.components.small_systems import NETWORK, small_system
from tests.systems import services as read
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
BALANCER: dict[str, Any] = {"certificates": [{"arn": CERTIFICATE}], "accessLogs": "none"}
REWRITE = {"regex": "^/api/(.*)$", "replace": "/$1"}


def service(**settings: Any) -> dict[str, Any]:
    return {"image": {"repository": "api", "digest": DIGEST}, "port": 8080, **settings}


@pytest.fixture(scope="module")
def system() -> Recording:
    return small_system(
        network={**NETWORK, "ipv6": True},
        zones={"main": {"domain": "example.com"}},
        loadBalancers={
            "open": {**BALANCER, "ipv6": True},
            "edge": {**BALANCER, "cloudFrontOnly": True, "http": "none"},
        },
        services={
            "api": service(
                health={"path": "/ready", "port": 9000},
                routes=[
                    {"loadBalancer": "open", "host": "api.example.com", "path": "/api/*",
                     "rewrite": REWRITE},
                    {"loadBalancer": "edge", "host": "www.example.com"},
                ],
            )
        },
    )  # fmt: skip


def rules(system: Recording, type_: str, group: str) -> dict[str, dict[str, Any]]:
    id_ = system.one("aws:ec2/securityGroup:SecurityGroup", group).id
    return {
        made.name: dict(made.inputs)
        for made in system.of_type(type_)
        if made.inputs["securityGroupId"] == id_
    }


def test_only_cloudfronts_servers_reach_a_load_balancer_that_says_so(system: Recording):
    (rule,) = rules(system, INGRESS, "edge").values()
    assert rule["prefixListId"].startswith("pl-")
    assert (rule["fromPort"], rule["toPort"]) == (443, 443)
    assert not rule.get("cidrIpv4")


def test_a_dual_stack_load_balancer_is_open_and_named_by_both_families(system: Recording):
    made = system.one(read.BALANCER, "open").inputs
    assert made["ipAddressType"] == "dualstack"
    assert system.one(read.BALANCER, "edge").inputs["ipAddressType"] == "ipv4"
    blocks = {
        (rule.get("cidrIpv4") or rule.get("cidrIpv6"), rule["fromPort"])
        for rule in rules(system, INGRESS, "open").values()
    }
    assert blocks == {("0.0.0.0/0", 443), ("::/0", 443), ("0.0.0.0/0", 80), ("::/0", 80)}
    records = {
        (made.inputs["name"], made.inputs["type"])
        for made in system.of_type("aws:route53/record:Record")
    }
    assert {("api.example.com", "A"), ("api.example.com", "AAAA")} <= records
    assert ("www.example.com", "AAAA") not in records


def test_a_path_is_rewritten_on_the_way_to_the_service(system: Recording):
    (changed,) = [
        made.inputs["transforms"]
        for made in system.of_type("aws:lb/listenerRule:ListenerRule")
        if made.inputs.get("transforms")
    ]
    assert changed == [{"type": "url-rewrite", "urlRewriteConfig": {"rewrite": REWRITE}}]


def test_health_on_another_port_is_asked_and_let_through_both_ways(system: Recording):
    for key in ("open", "edge"):
        group = system.one(read.TARGETS, f"api-{key}").inputs
        assert group["healthCheck"]["port"] == "9000"
        out = {rule["fromPort"] for rule in rules(system, EGRESS, key).values()}
        assert out == {8080, 9000}
    ways_in = {(rule["fromPort"]) for rule in rules(system, INGRESS, "api").values()}
    assert ways_in == {8080, 9000}


def test_another_rewrite_changes_the_rule_in_place():
    plain = RouteSettings(host="a.example.com", path="/api/*")
    changed = plain.model_copy(update={"rewrite": RewriteSettings(**REWRITE)})
    assert priority("api", plain) == priority("api", changed)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cloudFrontOnly": True}, "`http: none`"),
        ({"cloudFrontOnly": True, "http": "none", "scheme": "internal"}, "`scheme: public`"),
        ({"ipv6": True, "scheme": "internal"}, "`ipv6` with `scheme: public`"),
        ({"ipv6": True, "from": ("10.0.0.0/8",)}, "`ipv6` without `from`"),
    ],
)
def test_ways_in_that_contradict_each_other_are_refused(settings: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        LoadBalancerSettings.model_validate(settings)


@pytest.mark.parametrize(
    ("rewrite", "message"),
    [
        ({"regex": "^/api/(", "replace": "/"}, "a regular expression"),
        ({"regex": "^/api/.*$", "replace": "/$1"}, "no group above 0"),
    ],
)
def test_a_rewrite_that_aws_would_refuse_is_refused(rewrite: dict[str, str], message: str):
    with pytest.raises(ValidationError, match=message):
        RewriteSettings.model_validate(rewrite)


def test_ipv6_in_a_network_without_it_is_refused():
    with pytest.raises(StackFileError, match="in a network without any"):
        small_system(
            network=NETWORK,
            loadBalancers={"open": {**BALANCER, "ipv6": True}},
            services={"api": service(routes=[{"host": "a.example.com"}])},
        )
