"""Failed runs of scheduled jobs: each is heard of by a rule and told, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from tests.components.small_systems import ACCOUNT, NETWORK, small_system
from trellis.planner.record import Recording

RULE, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
IMAGE = {"uri": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web@sha256:{'0' * 64}"}
PROXY = {"name": "proxy", "exitCode": 137}
FAMILY = f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/shop-dev-nightly"


@pytest.fixture(scope="module")
def shop() -> Recording:
    return small_system(
        network=NETWORK,
        services={"web": {"image": IMAGE}},
        jobs={
            "nightly": {"image": IMAGE, "schedule": "rate(1 day)", "container": "report"},
            "schema": {"image": IMAGE, "before": ["web"]},
        },
    )


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """EventBridge's rules, as far as this pattern uses them ("Event patterns", 2026-11)."""
    return all(
        any(matches(element, event) for element in wanted)
        if key == "$or"
        else _matches_field(wanted, event.get(key))
        for key, wanted in pattern.items()
    )


def _matches_field(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, dict):
        # Of an array, one element that has all of it is enough.
        events = cast("list[Any]", found) if isinstance(found, list) else [found]
        return any(e is not None and matches(cast("dict[str, Any]", wanted), e) for e in events)
    return any(_is(one, found) for one in cast("Sequence[Any]", wanted))


def _is(one: Any, found: Any) -> bool:
    if not isinstance(one, dict):
        return one == found
    if "prefix" in one:
        return str(found).startswith(str(one["prefix"]))  # pyright: ignore[reportUnknownArgumentType]
    return found is not None and found not in one["anything-but"]


def stopped(code: int | None, **more: Any) -> dict[str, Any]:
    """As ECS tells that a task of the job stopped."""
    report = {"name": "report"} if code is None else {"name": "report", "exitCode": code}
    return {
        "source": "aws.ecs",
        "detail-type": "ECS Task State Change",
        "detail": {
            "lastStatus": "STOPPED",
            "taskDefinitionArn": f"{FAMILY}:7",
            "stopCode": "EssentialContainerExited",
            "containers": [report],
            **more,
        },
    }


CASES: dict[str, tuple[dict[str, Any], bool]] = {
    "it ended well": (stopped(0), False),
    "it ended with an error": (stopped(1), True),
    "it was killed": (stopped(137), True),
    "it never began": (stopped(None, stopCode="TaskFailedToStart"), True),
    "it still runs": (stopped(1, lastStatus="RUNNING"), False),
    "another job of a similar name": (
        stopped(1, taskDefinitionArn=f"{FAMILY}-report:7"), False,
    ),
    "a service's task": (stopped(1, taskDefinitionArn=FAMILY.replace("nightly", "web:3")), False),
    "only another container failed": (
        stopped(0, containers=[PROXY, {"name": "report", "exitCode": 0}]), False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_a_failed_run_is_heard_of_and_nothing_else(shop: Recording, case: str):
    event, heard = CASES[case]
    pattern = json.loads(shop.one(RULE, "nightly-failed").inputs["eventPattern"])
    assert matches(pattern, event) is heard


def test_it_is_told_where_alarms_are(shop: Recording):
    target = shop.one(TARGET, "nightly-failed").inputs
    assert target["rule"] == shop.one(RULE, "nightly-failed").inputs["name"]
    assert target["arn"] == f"arn:aws:sns:us-east-1:{ACCOUNT}:shop-dev-alerts"


def test_a_job_that_a_deployment_waits_for_fails_that_deployment_instead(shop: Recording):
    rules = {resource.name for resource in shop.of_type(RULE)}
    assert "nightly-failed" in rules
    assert "schema-failed" not in rules


def test_how_many_runs_failed_stands_on_the_overview(shop: Recording):
    body = json.loads(
        shop.one("aws:cloudwatch/dashboard:Dashboard", "overview").inputs["dashboardBody"]
    )
    (chart,) = [
        widget["properties"]
        for widget in body["widgets"]
        if widget["properties"].get("title") == "Failed scheduled jobs"
    ]
    ((namespace, metric, dimension, rule, options),) = chart["metrics"]
    assert (namespace, metric, dimension) == ("AWS/Events", "MatchedEvents", "RuleName")
    assert rule == shop.one(RULE, "nightly-failed").inputs["name"]
    assert (options["label"], options["stat"]) == ("nightly", "Sum")
