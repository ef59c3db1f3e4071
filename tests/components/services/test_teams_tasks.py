"""Tasks as teams have them: what is no HTTP, shared folders, servers before the application, and
addresses beyond the system."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.parts.outside import needs_the_internet, outside
from tests.components.small_systems import NETWORK, small_system
from trellis.planner.record import Recorded, Recording
from trellis.planner.text import Page, render

DIGEST = f"sha256:{'1' * 64}"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def image(name: str = "api") -> dict[str, str]:
    return {"repository": name, "digest": DIGEST}


def containers(found: Recording, name: str) -> dict[str, dict[str, Any]]:
    definition = found.one("aws:ecs/taskDefinition:TaskDefinition", name)
    return {
        container["name"]: container
        for container in json.loads(definition.inputs["containerDefinitions"])
    }


@pytest.fixture(scope="module")
def system() -> Recording:
    services = {
        "broker": {
            "image": image(), "port": 5672, "protocol": "tcp", "discoverable": True,
            "calls": {"idleSeconds": 0},
        },
        "web": {
            "image": image(), "port": 8080, "portContainer": "nginx", "scratch": ["/tmp"],
            "routes": [
                {"host": "a.example.com", "loadBalancer": "outer"},
                {"host": "a.example.com", "loadBalancer": "inner"},
            ],
            "uses": [
                {"service": "broker"},
                {"secret": "stripe", "as": "STRIPE_KEY"},
                {"address": "db.example.net", "port": 5432},
                {"address": "10.9.0.0/16", "port": 53, "protocol": "udp"},
                {"address": "pl-0123456789abcdef0", "port": 443},
            ],
            "internet": False,
            "volumes": {"site": {}},
            "mounts": {"site": {"path": "/srv/site"}},
            "sidecars": {
                "nginx": {"image": image("nginx"), "mounts": {"site": {"path": "/www",
                          "readOnly": True}}, "variables": ["STRIPE_KEY", "BROKER_HOST"]},
            },
        },
    }  # fmt: skip
    certificate = {
        "arn": f"arn:aws:acm:us-east-1:123456789012:certificate/{'1' * 8}-{'1' * 4}-{'1' * 4}-"
        f"{'1' * 4}-{'1' * 12}"
    }
    peering = {"vpc": "vpc-0123456789abcdef0", "cidr": "10.9.0.0/16"}
    return small_system(
        network={**NETWORK, "peerings": {"names": peering}},
        secrets={"stripe": {"kind": "generated"}},
        loadBalancers={
            "outer": {"certificates": [certificate]},
            "inner": {"scheme": "internal", "certificates": [certificate]},
        },
        services=services,
    )


def test_what_speaks_no_http_is_called_by_host_and_port(system: Recording):
    (port,) = containers(system, "broker")["main"]["portMappings"]
    assert "appProtocol" not in port
    environment = {
        variable["name"]: variable["value"]
        for variable in containers(system, "web")["main"]["environment"]
    }
    assert (environment["BROKER_HOST"], environment["BROKER_PORT"]) == ("broker", "5672")
    assert "BROKER_URL" not in environment


def test_the_proxies_wait_as_long_as_is_said(system: Recording):
    service = system.one("aws:ecs/service:Service", "broker").inputs
    (offered,) = service["serviceConnectConfiguration"]["services"]
    assert offered["timeout"] == {"idleTimeoutSeconds": 0}


def test_one_route_on_two_load_balancers_is_two_rules(system: Recording):
    rules = system.of_type("aws:lb/listenerRule:ListenerRule")
    assert len({resource.inputs["listenerArn"] for resource in rules}) == 2
    former = {"-".join(rule.name.split("-")[::2]) for rule in rules}
    kept = [a for rule in rules for a in rule.aliases if a.rpartition("::")[2] in former]
    assert len({a.rpartition("::")[2] for a in kept}) == 1, "one of them may have been there before"


def test_containers_share_a_folder_that_one_may_only_read(system: Recording):
    found = containers(system, "web")
    assert {"sourceVolume": "shared-site", "containerPath": "/srv/site", "readOnly": False} in (
        found["main"]["mountPoints"]
    )
    assert found["nginx"]["mountPoints"] == [
        {"sourceVolume": "shared-site", "containerPath": "/www", "readOnly": True}
    ]
    definition = system.one("aws:ecs/taskDefinition:TaskDefinition", "web").inputs
    assert [volume["name"] for volume in definition["volumes"]].count("shared-site") == 1


def test_a_sidecar_gets_the_variables_and_secrets_that_it_names(system: Recording):
    nginx = containers(system, "web")["nginx"]
    assert [secret["name"] for secret in nginx["secrets"]] == ["STRIPE_KEY"]
    assert nginx["environment"] == [{"name": "BROKER_HOST", "value": "broker"}]


def test_a_sidecar_can_be_what_a_route_leads_to(system: Recording):
    found = containers(system, "web")
    assert found["main"]["portMappings"] == []
    assert [mapping["containerPort"] for mapping in found["nginx"]["portMappings"]] == [8080]
    balanced = system.one("aws:ecs/service:Service", "web").inputs["loadBalancers"]
    assert {element["containerName"] for element in balanced} == {"nginx"}


def leaving(found: Recording, service: str) -> dict[str, Recorded]:
    return {
        resource.name: resource
        for resource in found.of_type(EGRESS)
        if resource.name.startswith(service)
    }


def test_only_the_addresses_that_are_used_are_let_out(system: Recording):
    rules = leaving(system, "web-to-")
    database = rules["web-to-db-example-net-5432"].inputs
    assert (database["cidrIpv4"], database["fromPort"]) == ("0.0.0.0/0", 5432)
    names = rules["web-to-10-9-0-0-16-53-udp"].inputs
    assert (names["cidrIpv4"], names["ipProtocol"]) == ("10.9.0.0/16", "udp")
    listed = rules["web-to-pl-0123456789abcdef0-443"].inputs
    assert listed["prefixListId"] == "pl-0123456789abcdef0"


def test_a_plan_says_what_may_leave_and_that_nothing_else_does(system: Recording):
    (line,) = [line for line in render(system, Page()) if "db.example.net" in line and ":" in line
               and "may call" in line]  # fmt: skip
    assert "db.example.net port 5432" in line
    assert line.endswith("nothing else leaves")


@pytest.mark.parametrize(
    ("address", "far"),
    [("db.example.net", True), ("8.8.8.8/32", True), ("10.0.0.0/8", False),
     ("2001:4860::/32", True), ("fd00::/8", False), ("sg-01234567", False)],
)  # fmt: skip
def test_where_an_address_is(address: str, far: bool):
    assert needs_the_internet(address) is far
    rule = outside(address, 5432, "tcp")
    assert (
        sum(bool(element) for element in (rule.block, rule.block6, rule.prefix_list, rule.group))
        == 1
    )
