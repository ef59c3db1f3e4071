"""Blue/green: what ECS is given, and that nothing is blind to the group that has the traffic."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.services.deployment.ecs_service import PATIENCE_MINUTES, deployment_minutes
from components.services.settings import ServiceSettings
from testing.service_cases import BALANCER, parts, web
from tests.components.small_systems import small_system
from tests.systems import services as read
from trellis.planner.record import Recording

TESTED = {**BALANCER, "testListener": {"from": ["198.51.100.0/24"]}}


def system(**changes: Any) -> Recording:
    swapping = web(deployment={"strategy": "blueGreen", "bakeMinutes": 9}, **changes)
    return small_system(**parts({"api": swapping}, loadBalancers={"alb": TESTED}))


@pytest.fixture(scope="module")
def recording() -> Recording:
    return system(scaling={"requests": 500})


def groups(recording: Recording) -> set[str]:
    names = ("api-alb", "api-alb-green")
    return {recording.one(read.TARGETS, name).outputs["arnSuffix"] for name in names}


def test_ecs_swaps_two_groups_behind_one_rule_with_a_role_for_just_these(recording: Recording):
    deployment = recording.one(read.SERVICE, "api").inputs
    assert deployment["deploymentConfiguration"] == {
        "strategy": "BLUE_GREEN",
        "bakeTimeInMinutes": "9",
    }
    blue, green = (recording.one(read.TARGETS, name) for name in ("api-alb", "api-alb-green"))
    assert blue.inputs["name"] != green.inputs["name"]
    (attached,) = deployment["loadBalancers"]
    swap = attached["advancedConfiguration"]
    assert attached["targetGroupArn"] == blue.id
    assert swap["alternateTargetGroupArn"] == green.id
    rules = {resource.id: resource for resource in recording.of_type(read.RULE)}
    assert {swap["productionListenerRule"], swap["testListenerRule"]} == rules.keys()
    assert all(rule.ignore_changes == ("actions",) for rule in rules.values())
    moves = {
        statement["Sid"]: statement for statement in read.statements(recording, "api-deployment")
    }
    assert set(moves["MoveTraffic"]["Resource"]) == rules.keys()
    assert set(moves["RegisterTasks"]["Resource"]) == {blue.id, green.id}
    assert ("198.51.100.0/24", 8443) in read.into(recording, "LoadBalancer alb")
    assert deployment["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}


def test_errors_of_either_group_undo_a_deployment(recording: Recording):
    watching = recording.one(read.SERVICE, "api").inputs["alarms"]["alarmNames"]
    watched = {
        resource.inputs["dimensions"]["TargetGroup"]
        for resource in recording.of_type(read.ALARM)
        if resource.inputs["name"] in watching
    }
    assert watched == groups(recording)


@pytest.mark.parametrize(
    ("alarm", "expression"),
    [
        ("api-alb-unhealthy", "MAX([FILL(unhealthy1, 0), FILL(unhealthy2, 0)])"),
        ("api-alb-errors", "FILL(errors1, 0) + FILL(errors2, 0)"),
    ],
)
def test_alarms_look_at_both_groups(recording: Recording, alarm: str, expression: str):
    queries = recording.one(read.ALARM, alarm).inputs["metricQueries"]
    looked_at = {
        query["metric"]["dimensions"]["TargetGroup"] for query in queries if "metric" in query
    }
    assert looked_at == groups(recording)
    assert [query["expression"] for query in queries if query["returnData"]] == [expression]


def test_a_share_of_errors_is_made_of_both_groups(recording: Recording):
    queries = recording.one(read.ALARM, "api-alb-error-share").inputs["metricQueries"]
    made = {query["id"]: query.get("expression") for query in queries}
    assert made["requests"] == "FILL(requests1, 0) + FILL(requests2, 0)"
    assert made["errors"] == "FILL(errors1, 0) + FILL(errors2, 0)"
    assert "100 * FILL(errors, 0) / requests" in str(made["share"])


def test_charts_show_both_groups(recording: Recording):
    bodies = [
        resource.inputs["dashboardBody"]
        for resource in recording.of_type("aws:cloudwatch/dashboard:Dashboard")
    ]
    shown = json.dumps(bodies)
    assert all(group in shown for group in groups(recording))


def test_scaling_by_requests_counts_both_groups(recording: Recording):
    policy = recording.one(read.SCALING, "api-tasks-requests").inputs
    tracking = policy["targetTrackingScalingPolicyConfiguration"]
    metrics = tracking["customizedMetricSpecification"]["metrics"]
    counted = {
        pair["value"]
        for metric in metrics
        if "metricStat" in metric
        for pair in metric["metricStat"]["metric"]["dimensions"]
        if pair["name"] == "TargetGroup"
    }
    assert counted == groups(recording)
    assert metrics[-1]["expression"] == "FILL(group1, 0) + FILL(group2, 0)"
    assert "predefinedMetricSpecification" not in tracking


def test_rolling_and_blue_green_differ_in_no_name_and_nothing_that_replaces():
    rolling = small_system(**parts({"api": web()}, loadBalancers={"alb": TESTED}))
    swapping = system()
    before = {resource.urn for resource in rolling}
    after = {urn for resource in swapping for urn in (resource.urn, *resource.aliases)}
    assert before <= after, "what there was stays"
    for type_, name, keys in (
        (read.SERVICE, "api", ("name", "cluster", "deploymentController")),
        (read.TARGETS, "api-alb", ("name", "port", "protocol", "protocolVersion")),
    ):
        for key in keys:
            was, now = (element.one(type_, name).inputs[key] for element in (rolling, swapping))
            assert was == now
    (rule,) = rolling.of_type(read.RULE)
    again = swapping.one(read.RULE, "api-alb")
    assert rule.urn in again.aliases
    assert again.urn in rule.aliases
    assert rule.inputs["priority"] == again.inputs["priority"]


def test_up_waits_as_long_as_both_versions_run():
    def minutes(**deployment: Any) -> int:
        given = web(deployment=deployment)
        return deployment_minutes(ServiceSettings.model_validate(given, strict=False))

    assert minutes() >= PATIENCE_MINUTES
    assert minutes(bakeMinutes=600) == minutes(), "only blue/green bakes"
    assert minutes(strategy="blueGreen", bakeMinutes=600) == minutes() + 600
