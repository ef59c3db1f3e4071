"""Network load balancers: TCP, UDP and TLS from the internet or inside, to services that listen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.naming import Naming
from components.services.routing.listening import listener_group_name
from components.services.routing.network_settings import ListenerSettings
from components.services.settings import ServiceSettings
from testing.service_cases import CERTIFICATE, service
from testing.small_systems import NETWORK, small_system
from trellis.planner.record import Recorded, Recording
from trellis.stackfile.problems import StackFileError

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
TARGETS = "aws:lb/targetGroup:TargetGroup"

UDP = {"port": 53, "protocol": "udp", "toPort": 5353, "health": {"port": 1883}}
BROKER = service(
    port=1883,
    protocol="tcp",
    listeners=[
        {"networkLoadBalancer": "mqtt", "port": 8883, "protocol": "tls", "alpn": "HTTP2Optional"},
        {"networkLoadBalancer": "mqtt", "port": 1883, "idleSeconds": 600, "proxyProtocol": True},
        {"networkLoadBalancer": "inner", **UDP},
    ],
)


@pytest.fixture(scope="module")
def system() -> Recording:
    return small_system(
        network=NETWORK,
        zones={"main": {"domain": "example.com"}},
        networkLoadBalancers={
            "mqtt": {"names": ["mqtt.example.com"], "from": ["192.0.2.0/24", "198.51.100.0/24"]},
            "inner": {"scheme": "internal", "accessLogs": "none", "crossZone": False},
        },
        services={"broker": BROKER},
    )


def listener(system: Recording, balancer: str, port: int) -> Recorded:
    return system.one(LISTENER, f"{balancer}-nlb-{port}")


def target(system: Recording, made: Recorded) -> Recorded:
    (action,) = made.inputs["defaultActions"]
    return next(group for group in system.of_type(TARGETS) if group.id == action["targetGroupArn"])


def rules(system: Recording, type_: str, group: str) -> set[tuple[str, int, str]]:
    """Protocol, port, and the block or the name of the group on the other side."""
    groups = {made.id: made.name for made in system.of_type(GROUP)}
    return {
        (
            rule.inputs["ipProtocol"],
            rule.inputs["fromPort"],
            rule.inputs.get("cidrIpv4") or groups[rule.inputs["referencedSecurityGroupId"]],
        )
        for rule in system.of_type(type_)
        if groups.get(rule.inputs["securityGroupId"]) == group and not rule.name.endswith("-https")
    }


def test_it_is_a_network_load_balancer_with_a_group_of_its_own(system: Recording):
    outer, inner = system.one(BALANCER, "mqtt-nlb").inputs, system.one(BALANCER, "inner-nlb").inputs
    assert (outer["loadBalancerType"], inner["loadBalancerType"]) == ("network", "network")
    assert (outer["internal"], inner["internal"]) == (False, True)
    assert outer["securityGroups"] == [system.one(GROUP, "mqtt-nlb").id]
    assert outer["enableDeletionProtection"] is True
    assert (outer["enableCrossZoneLoadBalancing"], inner["enableCrossZoneLoadBalancing"]) == (
        True,
        False,
    )
    assert set(outer["subnets"]).isdisjoint(inner["subnets"])


def test_each_port_has_its_protocol_and_its_own_target_group(system: Recording):
    tls, tcp, udp = (
        listener(system, *at) for at in (("mqtt", 8883), ("mqtt", 1883), ("inner", 53))
    )
    assert [made.inputs["protocol"] for made in (tls, tcp, udp)] == ["TLS", "TCP", "UDP"]
    assert tls.inputs["certificateArn"]
    assert tls.inputs["sslPolicy"].startswith("ELBSecurityPolicy")
    assert tls.inputs["alpnPolicy"] == "HTTP2Optional"
    assert not tcp.inputs.get("certificateArn")
    assert not tcp.inputs.get("alpnPolicy")
    assert tcp.inputs["tcpIdleTimeoutSeconds"] == 600
    groups = [target(system, made).inputs for made in (tls, tcp, udp)]
    assert [(group["protocol"], group["port"]) for group in groups] == [
        ("TCP", 1883), ("TCP", 1883), ("UDP", 5353),
    ]  # fmt: skip
    assert [group["preserveClientIp"] for group in groups] == ["false", "false", "true"]
    assert [group["proxyProtocolV2"] for group in groups] == [False, True, False]
    assert all(group["connectionTermination"] for group in groups)
    assert groups[2]["healthCheck"]["port"] == "1883"
    assert {group["healthCheck"]["protocol"] for group in groups} == {"TCP"}


def test_clients_may_call_the_ports_and_nothing_else_and_tasks_let_it_in(system: Recording):
    assert rules(system, INGRESS, "mqtt-nlb") == {
        ("tcp", port, block)
        for port in (8883, 1883)
        for block in ("192.0.2.0/24", "198.51.100.0/24")
    }
    assert rules(system, INGRESS, "inner-nlb") == {("udp", 53, "10.0.0.0/16")}
    assert rules(system, EGRESS, "mqtt-nlb") == {("tcp", 1883, "broker")}
    assert rules(system, EGRESS, "inner-nlb") == {("udp", 5353, "broker"), ("tcp", 1883, "broker")}
    assert rules(system, INGRESS, "broker") == {
        ("tcp", 1883, "mqtt-nlb"), ("udp", 5353, "inner-nlb"), ("tcp", 1883, "inner-nlb"),
    }  # fmt: skip


def test_the_service_is_behind_all_of_them_with_the_ports_that_its_container_maps(
    system: Recording,
):
    made = system.one("aws:ecs/service:Service", "broker").inputs
    behind = {(entry["targetGroupArn"], entry["containerPort"]) for entry in made["loadBalancers"]}
    groups = {(group.id, group.inputs["port"]) for group in system.of_type(TARGETS)}
    assert behind == groups
    assert made["healthCheckGracePeriodSeconds"] == 60
    definition = system.one("aws:ecs/taskDefinition:TaskDefinition", "broker").inputs
    (main,) = json.loads(definition["containerDefinitions"])
    assert [(at["containerPort"], at["protocol"]) for at in main["portMappings"]] == [
        (1883, "tcp"), (5353, "udp"),
    ]  # fmt: skip
    assert not any("appProtocol" in at for at in main["portMappings"])


def test_tls_connections_are_logged_by_the_log_delivery_service(system: Recording):
    logs = system.one(BALANCER, "mqtt-nlb").inputs["accessLogs"]
    assert logs == {
        "bucket": "shop-dev-access-logs", "prefix": "network-load-balancers", "enabled": True,
    }  # fmt: skip
    assert not system.one(BALANCER, "inner-nlb").inputs.get("accessLogs")
    policy = json.loads(
        system.one("aws:s3/bucketPolicy:BucketPolicy", "access-logs").inputs["policy"]
    )
    assert "DeliveryWrites" in {statement["Sid"] for statement in policy["Statement"]}


def test_names_lead_to_it_and_have_a_certificate_where_there_is_tls(system: Recording):
    records = {
        (record.inputs["name"], record.inputs["type"])
        for record in system.of_type("aws:route53/record:Record")
        if record.inputs.get("aliases")
    }
    assert ("mqtt.example.com", "A") in records
    certificate = system.one("aws:acm/certificate:Certificate", "network-load-balancer-mqtt")
    assert certificate.inputs["domainName"] == "mqtt.example.com"


def test_names_without_tls_need_no_certificate():
    made = small_system(
        network=NETWORK,
        zones={"main": {"domain": "example.com"}},
        networkLoadBalancers={"mqtt": {"names": ["mqtt.example.com"]}},
        services={"broker": service(port=1883, listeners=[{"port": 1883}])},
    )
    assert not made.of_type("aws:acm/certificate:Certificate")


def test_each_certificate_beyond_the_first_is_added_to_each_tls_port():
    second = CERTIFICATE.replace("0a1b2c3d", "1a1b2c3d")
    made = small_system(
        network=NETWORK,
        networkLoadBalancers={"in": {"certificates": [{"arn": CERTIFICATE}, {"arn": second}]}},
        services={
            "web": service(
                port=8443, listeners=[{"port": p, "protocol": "tls"} for p in (443, 444)]
            )
        },
    )
    added = made.of_type("aws:lb/listenerCertificate:ListenerCertificate")
    assert {(one.name, one.inputs["certificateArn"]) for one in added} == {
        (f"in-nlb-{port}-1a1b2c3d", second) for port in (443, 444)
    }


def test_a_service_called_by_name_keeps_its_port_for_http_beside_its_listeners():
    made = small_system(
        network=NETWORK,
        networkLoadBalancers={"in": {}},
        services={
            "web": service(
                port=8080,
                discoverable=True,
                listeners=[
                    {"port": 8080, "protocol": "udp", "health": {"port": 8080}},
                    {"port": 443, "toPort": 8443, "health": {"path": "/ready", "port": 8080}},
                ],
            )
        },
    )
    definition = made.one("aws:ecs/taskDefinition:TaskDefinition", "web").inputs
    (main,) = json.loads(definition["containerDefinitions"])
    assert [
        (at["name"], at["containerPort"], at["protocol"], at.get("appProtocol"))
        for at in main["portMappings"]
    ] == [
        ("web", 8080, "tcp", "http"), ("web-8080-udp", 8080, "udp", None),
        ("web-8443-tcp", 8443, "tcp", None),
    ]  # fmt: skip
    health = target(made, listener(made, "in", 443)).inputs["healthCheck"]
    assert (health["protocol"], health["path"], health["port"]) == ("HTTP", "/ready", "8080")
    assert health["matcher"] == "200-399"


@pytest.mark.parametrize(
    ("changed", "anew"),
    [
        ({"protocol": "tls"}, False),
        ({"protocol": "udp", "health": {"port": 1883}}, True),
        ({"toPort": 1884}, True),
        ({"preserveClientIp": True}, False),
        ({"health": {"interval": 10, "timeout": 5}}, False),
    ],
)
def test_a_target_group_has_another_name_exactly_where_aws_makes_another(
    changed: dict[str, Any], anew: bool
):
    settings = ServiceSettings.model_validate(service(port=1883, listeners=({"port": 1883},)))
    naming = Naming("shop", "dev")

    def name(
        given: dict[str, Any], at: tuple[str, str, str | None] = ("in", "public", None)
    ) -> str:
        made = ListenerSettings.model_validate({"port": 1883, **given})
        return listener_group_name("web", settings, naming, balancer=at, listener=made)

    assert (name(changed) != name({})) is anew
    assert name({}, ("in", "internal", None)) != name({}) != name({}, ("in", "public", "other"))


def test_it_and_its_targets_are_watched(system: Recording):
    alarms = {
        alarm.name: alarm.inputs
        for alarm in system.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    }
    assert {
        "network-load-balancer-mqtt-ports", "network-load-balancer-mqtt-rejected",
        "broker-mqtt-8883-unhealthy", "broker-mqtt-1883-unhealthy", "broker-inner-53-unhealthy",
    } <= alarms.keys()  # fmt: skip
    unhealthy = alarms["broker-inner-53-unhealthy"]
    assert unhealthy["namespace"] == "AWS/NetworkELB"
    assert unhealthy["dimensions"]["LoadBalancer"].startswith("net/shop-dev-nlb-inner")


def refused(**tiers: Any) -> str:
    with pytest.raises(StackFileError) as error:
        small_system(network=NETWORK, **tiers)
    return str(error.value)


def listens(**listener: Any) -> dict[str, Any]:
    return service(port=1, listeners=[{"port": 9, **listener}])


MANY = service(port=1, listeners=[{"port": port} for port in range(1, 7)])
IN: dict[str, Any] = {"networkLoadBalancers": {"in": {}}}


@pytest.mark.parametrize(
    ("tiers", "message"),
    [
        (
            {**IN, "services": {"a": listens(networkLoadBalancer="im")}},
            "services.a.listeners[0].networkLoadBalancer",
        ),
        ({"services": {"a": listens()}}, "has no networkLoadBalancers"),
        ({**IN, "services": {"a": service(port=1)}}, "that no service listens by"),
        (
            {**IN, "services": {"a": service(port=1, listeners=[{"port": 9}]),
                                "b": service(port=1, listeners=[{"port": 9}])}},
            "services.b.listeners[0].port",
        ),
        (
            {**IN, "services": {"a": service(port=1, listeners=[{"port": 9, "protocol": "tls"}])}},
            "and no certificate",
        ),
        (
            {"networkLoadBalancers": {"in": {"certificates": [{"arn": CERTIFICATE}]}},
             "services": {"a": service(port=1, listeners=[{"port": 9}])}},
            "certificates, and no listener with `protocol: tls`",
        ),
        (
            {"networkLoadBalancers": {
                "in": {"certificates": [{"arn": CERTIFICATE.replace("us-east-1", "eu-west-1")}]}},
             "services": {"a": service(port=1, listeners=[{"port": 9, "protocol": "tls"}])}},
            "a certificate in eu-west-1",
        ),
        (
            {"networkLoadBalancers": {"in": {"accessLogs": "nowhere"}},
             "services": {"a": service(port=1, listeners=[{"port": 9}])}},
            "bucket with `receives: [deliveries]`",
        ),
        (
            {**IN, "services": {"a": MANY}},
            "6 target groups",
        ),
        (
            {**IN, "services": {"a": {**listens(), "health": {"path": "/x"}}}},
            "services.a.health",
        ),
        (
            {"networkLoadBalancers": {"in": {"names": ["mqtt.example.org"]}},
             "services": {"a": service(port=1, listeners=[{"port": 9, "protocol": "tls"}])}},
            "mqtt.example.org, which stands in no zone",
        ),
    ],
)  # fmt: skip
def test_what_no_network_load_balancer_takes_is_refused(tiers: dict[str, Any], message: str):
    assert message in refused(**tiers)


@pytest.mark.parametrize(
    "given",
    [
        {"port": 53, "protocol": "udp"},
        {**UDP, "preserveClientIp": False},
        {**UDP, "proxyProtocol": True},
        {"port": 1, "protocol": "tls", "idleSeconds": 100},
        {"port": 1, "idleSeconds": 59},
        {"port": 1, "alpn": "HTTP2Only"},
        {"port": 1, "health": {"interval": 5, "timeout": 5}},
    ],
)
def test_a_listener_says_nothing_that_aws_would_not_do(given: dict[str, Any]):
    with pytest.raises(ValidationError):
        ListenerSettings.model_validate(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (service(listeners=({"port": 1},)), "`toPort` in each"),
        (service(port=1, listeners=({"port": 1},), deregistration=60, stopTimeout=60), "below"),
        (
            service(port=1, listeners=({"port": 1},), routes=({"host": "a.example.com"},),
                    deployment={"strategy": "blueGreen"}),
            "`strategy: rolling` with `listeners`",
        ),
        (service(port=1, protocol="tcp", routes=({"host": "a.example.com"},)), "`listeners`"),
    ],
)  # fmt: skip
def test_a_service_that_listens_has_a_port_and_time_and_is_rolled(
    given: dict[str, Any], message: str
):
    with pytest.raises(ValidationError, match=message):
        ServiceSettings.model_validate(given)


def test_reach_and_diagram_show_who_calls_it_and_whom_it_calls(system: Recording):
    from trellis.diagram.graph import _detail  # pyright: ignore[reportPrivateUsage]
    from trellis.reach.network import connections
    from trellis.reach.things import Things

    things = Things(system)
    found = {
        (one.source, one.target, one.port, one.protocol): one.encryption
        for one in connections(things)
    }
    inner = "networkLoadBalancers.inner"
    assert ("networkLoadBalancers.mqtt", "services.broker", "1883", "tcp") in found
    assert (inner, "services.broker", "5353", "udp") in found
    assert _detail(things.things[inner], things) == "inside the network, UDP 53"
    mqtt = things.things["networkLoadBalancers.mqtt"]
    assert _detail(mqtt, things) == "public, TCP 1883, TLS 8883"


def test_anybody_on_the_internet_reaches_a_public_one_without_from():
    from trellis.reach.network import connections
    from trellis.reach.things import Things

    made = small_system(
        network=NETWORK,
        networkLoadBalancers={"in": {"certificates": [{"arn": CERTIFICATE}]}},
        services={"web": service(port=1883, listeners=[{"port": 8883, "protocol": "tls"}])},
    )
    found = {
        (one.source, one.target, one.port): one.encryption for one in connections(Things(made))
    }
    assert found["internet", "networkLoadBalancers.in", "8883"] == "TLS"
    assert found["networkLoadBalancers.in", "services.web", "1883"] == "not encrypted"
