"""Edits of a deployed stack with a network load balancer: what changes in place, what does not."""

from __future__ import annotations

from typing import Any

import pytest

from testing.service_cases import parts, service, web
from testing.small_systems import NETWORK
from tests.planner.edits import edited
from trellis.compare.step import Step

ALARMS = ("MetricAlarm", "CompositeAlarm", "Dashboard")


def stack(balancer: dict[str, Any] | None = None, **listener: Any) -> dict[str, Any]:
    return {
        "network": NETWORK,
        "zones": {"main": {"domain": "example.com"}},
        "networkLoadBalancers": {"mqtt": {"names": ["mqtt.example.com"], **(balancer or {})}},
        "services": {
            "broker": service(port=1883, listeners=[{"port": 1883, **listener}]),
        },
    }


def operations(steps: dict[str, Step]) -> dict[str, str]:
    """What is done to each thing but alarms, which follow."""
    return {name: step.operation for name, step in steps.items() if not name.startswith(ALARMS)}


@pytest.mark.parametrize(
    ("listener", "touched"),
    [
        (
            {"health": {"interval": 10, "timeout": 5}},
            {"TargetGroup broker-mqtt-nlb-1883": "update"},
        ),
        ({"preserveClientIp": True}, {"TargetGroup broker-mqtt-nlb-1883": "update"}),
        ({"proxyProtocol": True}, {"TargetGroup broker-mqtt-nlb-1883": "update"}),
        ({"idleSeconds": 600}, {"Listener mqtt-nlb-1883": "update"}),
    ],
)
def test_a_setting_of_a_listener_changes_in_place(
    listener: dict[str, Any], touched: dict[str, str]
):
    assert operations(edited(stack(), stack(**listener))) == touched


def test_tls_in_the_place_of_tcp_changes_the_listener_and_brings_a_certificate():
    found = operations(edited(stack(), stack(protocol="tls")))
    assert found.pop("Listener mqtt-nlb-1883") == "update"
    assert found.pop("Certificate network-load-balancer-mqtt") == "create"
    assert not [name for name in found if name.startswith(("TargetGroup", "LoadBalancer"))]
    assert "replace" not in found.values()


@pytest.mark.parametrize(
    "listener", [{"protocol": "udp", "health": {"port": 1884}}, {"toPort": 1884}]
)
def test_another_transport_or_port_of_the_tasks_makes_the_target_group_anew_new_one_first(
    listener: dict[str, Any],
):
    steps = edited(stack(), stack(**listener))
    group = steps["TargetGroup broker-mqtt-nlb-1883"]
    assert group.operation == "replace"
    assert not group.delete_first
    assert steps["Listener mqtt-nlb-1883"].operation == "update"
    assert steps["Listener mqtt-nlb-1883"].unready == "broker-mqtt-nlb-1883"
    assert steps["Service broker"].operation == "update"
    assert "LoadBalancer mqtt-nlb" not in steps


def test_a_port_that_goes_to_another_service_is_led_there_in_place():
    after = stack()
    listeners = after["services"]["broker"].pop("listeners")
    after["services"]["other"] = service(port=1883, listeners=listeners)
    before = stack()
    before["services"]["other"] = service(port=1883)
    found = operations(edited(before, after))
    assert found["Listener mqtt-nlb-1883"] == "update"
    assert found["TargetGroup other-mqtt-nlb-1883"] == "create"
    assert found["TargetGroup broker-mqtt-nlb-1883"] == "delete"


def test_a_second_port_and_a_second_load_balancer_touch_nothing_of_the_first():
    after = stack()
    after["networkLoadBalancers"]["inner"] = {"scheme": "internal"}
    after["services"]["broker"]["listeners"] = [
        {"networkLoadBalancer": "mqtt", "port": 1883},
        {"networkLoadBalancer": "mqtt", "port": 8883},
        {"networkLoadBalancer": "inner", "port": 1883},
    ]
    found = operations(edited(stack(), after))
    changed = {name for name, done in found.items() if done != "create"}
    assert changed == {"Service broker"}
    assert found["Service broker"] == "update"


def test_the_order_of_listeners_is_none_of_what_runs():
    def listening(*listeners: dict[str, Any]) -> dict[str, Any]:
        system = stack()
        system["services"]["broker"]["listeners"] = list(listeners)
        return system

    first, second = {"port": 1883}, {"port": 9001, "toPort": 9001}
    assert operations(edited(listening(first, second), listening(second, first))) == {}


def test_one_that_goes_takes_listeners_groups_and_rules_along():
    before = stack()
    after: dict[str, Any] = {**before, "networkLoadBalancers": {}}
    after["services"] = {"broker": {**before["services"]["broker"], "listeners": []}}
    found = operations(edited(before, after))
    assert found["LoadBalancer mqtt-nlb"] == "delete"
    assert found["Listener mqtt-nlb-1883"] == "delete"
    assert found["TargetGroup broker-mqtt-nlb-1883"] == "delete"
    assert found["Service broker"] == "update"


def test_another_scheme_makes_another_beside_it():
    steps = edited(stack(), stack({"scheme": "internal"}))
    made = steps["LoadBalancer mqtt-nlb"]
    assert made.operation == "replace"
    assert not made.delete_first
    assert steps["TargetGroup broker-mqtt-nlb-1883"].operation == "replace"


def test_a_new_key_with_formerly_changes_nothing():
    after = stack()
    settings = after["networkLoadBalancers"].pop("mqtt")
    after["networkLoadBalancers"]["broker"] = {**settings, "formerly": "mqtt"}
    assert operations(edited(stack(), after)) == {}


def test_one_leaves_no_zone_in_place_and_gains_one():
    two = stack({"deletionProtection": False})
    three = {**two, "network": {**NETWORK, "zones": 3}}
    gained = edited(two, three)["LoadBalancer mqtt-nlb"]
    assert gained.operation == "update"
    left = edited(three, two)["LoadBalancer mqtt-nlb"]
    assert (left.operation, left.because) == ("replace", ("subnets",))
    assert "still has" in left.taken, "with its name it can't stand beside the old one"


def test_an_application_load_balancer_leaves_a_zone_in_place():
    alb = parts({"web": web()}, zones={"main": {"domain": "shop.example"}})
    wider = {**alb, "network": {**NETWORK, "zones": 3}}
    assert edited(wider, alb)["LoadBalancer alb"].operation == "update"
