"""Canary and linear deployments: what ECS is given, what undoes them, and where they pause."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.services.deployment.ecs_service import PATIENCE_MINUTES, deployment_minutes
from components.services.settings import ServiceSettings
from testing.oracles.judged import judged
from testing.service_cases import BALANCER, parts, web
from tests.components.small_systems import small_system
from tests.systems import services as read
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

TESTED = {**BALANCER, "testListener": {"from": ["198.51.100.0/24"]}}

GATES = [
    {"at": "afterTestTraffic", "minutes": 90},
    {"at": "afterTraffic", "otherwise": "continue"},
]


def system(balancer: dict[str, Any] | None = None, **deployment: Any) -> Recording:
    service = web(deployment=deployment)
    return small_system(**parts({"api": service}, loadBalancers={"alb": balancer or TESTED}))


@pytest.fixture(scope="module")
def canary() -> Recording:
    given = {"percent": 2.5, "bakeMinutes": 12}
    return system(strategy="canary", canary=given, bakeMinutes=7, pauses=GATES)


@pytest.fixture(scope="module")
def linear() -> Recording:
    return system(strategy="linear", linear={"percent": 30})


def load(**deployment: Any) -> ServiceSettings:
    return ServiceSettings.model_validate(web(deployment=deployment), strict=False)


def test_a_canary_has_its_share_its_time_and_its_gates(canary: Recording):
    deployed = canary.one(read.SERVICE, "api").inputs
    assert deployed["deploymentConfiguration"] == {
        "strategy": "CANARY",
        "bakeTimeInMinutes": "7",
        "canaryConfiguration": {"canaryPercent": 2.5, "canaryBakeTimeInMinutes": "12"},
        "lifecycleHooks": [
            {
                "targetType": "PAUSE",
                "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"],
                "timeoutConfiguration": {"timeoutInMinutes": "90", "action": "ROLLBACK"},
            },
            {
                "targetType": "PAUSE",
                "lifecycleStages": ["POST_PRODUCTION_TRAFFIC_SHIFT"],
                "timeoutConfiguration": {"timeoutInMinutes": "1440", "action": "CONTINUE"},
            },
        ],
    }


def test_linear_steps_are_given_and_nothing_of_a_canary(linear: Recording):
    deployed = linear.one(read.SERVICE, "api").inputs
    assert deployed["deploymentConfiguration"] == {
        "strategy": "LINEAR",
        "bakeTimeInMinutes": "5",
        "linearConfiguration": {"stepPercent": 30, "stepBakeTimeInMinutes": "6"},
    }


def test_traffic_moves_between_two_groups_as_with_blue_green(canary: Recording, linear: Recording):
    swapping = system(strategy="blueGreen")
    for recording in (canary, linear):
        for type_ in (
            read.TARGETS,
            read.RULE,
            "aws:iam/role:Role",
            "aws:iam/rolePolicy:RolePolicy",
        ):
            before, after = ({resource.urn: resource.inputs for resource in made.of_type(type_)}
                             for made in (swapping, recording))  # fmt: skip
            assert before == after, "another strategy changes nothing but the service"


def test_the_share_of_errors_of_either_version_undoes_a_deployment(canary: Recording):
    watching = canary.one(read.SERVICE, "api").inputs["alarms"]
    assert watching["rollback"] is True
    shares = {
        resource.inputs["name"]: resource.inputs
        for resource in canary.of_type(read.ALARM)
        if "rollback-error-share" in resource.inputs["name"]
    }
    assert len(shares) == 2
    assert shares.keys() <= set(watching["alarmNames"])
    groups = {canary.one(read.TARGETS, name).outputs["arnSuffix"]
              for name in ("api-alb", "api-alb-green")}  # fmt: skip
    seen: set[str] = set()
    for alarm in shares.values():
        assert (alarm["threshold"], alarm["evaluationPeriods"], alarm["datapointsToAlarm"]) == (
            5,
            3,
            2,
        )
        measured = {query["id"]: query["metric"] for query in alarm["metricQueries"][:2]}
        assert {element["dimensions"]["TargetGroup"] for element in measured.values()} <= groups
        seen |= {element["dimensions"]["TargetGroup"] for element in measured.values()}
        assert alarm["metricQueries"][2]["expression"].startswith("IF(requests >= 5, 100 * ")
    assert seen == groups


@pytest.mark.parametrize(
    ("deployment", "percent"),
    [
        ({}, None),
        ({"strategy": "blueGreen"}, None),
        ({"strategy": "canary"}, 5),
        ({"strategy": "linear", "rollback": {"errorPercent": 0.5}}, 0.5),
        ({"strategy": "canary", "rollback": {"errorPercent": "none"}}, None),
        ({"rollback": {"errorPercent": 1}}, 1),
    ],
)
def test_which_share_of_errors_undoes_what(deployment: dict[str, Any], percent: float | None):
    assert load(**deployment).deployment.error_percent == percent


def test_ecs_takes_what_it_is_given(canary: Recording, linear: Recording):
    for recording in (canary, linear):
        for type_ in (read.SERVICE, read.ALARM):
            for resource in recording.of_type(type_):
                assert not list(judged(type_, resource.inputs))


@pytest.mark.parametrize(
    ("deployment", "minutes"),
    [
        ({"strategy": "canary", "canary": {"bakeMinutes": 600}}, 605),
        ({"strategy": "linear", "linear": {"percent": 30, "bakeMinutes": 10}}, 35),
        ({"strategy": "linear", "linear": {"percent": 50, "bakeMinutes": 10}}, 15),
        ({"strategy": "linear", "linear": {"percent": 3, "bakeMinutes": 1}}, 38),
        ({"strategy": "blueGreen", "pauses": [{"at": "afterStart", "minutes": 60}]}, 65),
    ],
)
def test_up_waits_for_steps_and_pauses(deployment: dict[str, Any], minutes: int):
    rolling = deployment_minutes(load())
    assert rolling >= PATIENCE_MINUTES
    assert deployment_minutes(load(**deployment)) == rolling + minutes


@pytest.mark.parametrize(
    ("deployment", "message"),
    [
        ({"strategy": "canary", "canary": {"percent": 0.25}}, "a percentage in tenths"),
        ({"strategy": "canary", "canary": {"percent": 0}}, "greater than or equal to 0.1"),
        ({"strategy": "canary", "canary": {"percent": 100}}, "less than 100"),
        ({"strategy": "canary", "canary": {"bakeMinutes": 1441}}, "less than or equal to 1440"),
        ({"strategy": "linear", "linear": {"percent": 2.9}}, "greater than or equal to 3"),
        (
            {"strategy": "linear", "pauses": [{"at": "afterStart"}, {"at": "afterStart"}]},
            "each stage once",
        ),
        ({"strategy": "linear", "pauses": [{"at": "afterStart", "minutes": 20161}]}, "20160"),
    ],
)
def test_what_ecs_refuses_is_refused(deployment: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        load(**deployment)


@pytest.mark.parametrize("strategy", ["blueGreen", "canary", "linear"])
def test_one_rule_moves_and_so_there_is_one_route(strategy: str):
    routes = [{"host": "a.b.c"}, {"host": "d.b.c"}]
    for changes in ({"routes": routes}, {"routes": []}):
        given = web(deployment={"strategy": strategy}) | changes
        with pytest.raises(ValidationError, match=f"exactly one route with `strategy: {strategy}`"):
            ServiceSettings.model_validate(given, strict=False)


def test_a_pause_after_test_traffic_takes_a_listener_for_it():
    with pytest.raises(StackFileError, match="afterTestTraffic, and no test traffic") as refused:
        system(BALANCER, strategy="canary", pauses=[{"at": "afterTestTraffic"}])
    assert "`testListener` of loadBalancers.alb, or `at: afterStart`" in str(refused.value)
