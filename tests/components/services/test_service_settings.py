"""What services' settings refuse, and in what words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.services.settings import JobSettings, ServiceSettings
from components.services.task.fargate import MEMORY_MIB
from testing.service_cases import DIGEST, service, web


def load(given: dict[str, Any]) -> ServiceSettings:
    return ServiceSettings.model_validate(given, strict=False)


@pytest.mark.parametrize("cpu", sorted(MEMORY_MIB))
def test_each_cpu_size_takes_its_memory_sizes_and_no_others(cpu: int):
    for memory in MEMORY_MIB[cpu]:
        assert load(service(cpu=cpu, memory=memory)).memory == memory
    for memory in (MEMORY_MIB[cpu][0] // 2, MEMORY_MIB[cpu][-1] * 2, MEMORY_MIB[cpu][0] + 1):
        with pytest.raises(ValidationError, match=f"with `cpu: {cpu}`, `memory` "):
            load(service(cpu=cpu, memory=memory))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cpu": 300}, "`cpu` one of 256, 512"),
        ({"routes": [{"host": "a.b.c"}]}, "`port` with routes"),
        ({"discoverable": True}, "`port` with routes"),
        ({"port": 80, "scaling": {"requests": 5}}, "`routes` with `scaling.requests`"),
        ({"scaling": {"min": 5, "max": 2}}, "a `max` that is not below `min`"),
        ({"scaling": {"min": 0}}, "`min: 0` together with `backlog`"),
        (
            {"scaling": {"min": 0, "metric": {"namespace": "N", "name": "M", "target": 1}}},
            "`min: 0` together",
        ),
        (
            {"scaling": {"metric": {"namespace": "N", "name": "M", "outAbove": 1, "inBelow": 2}}},
            "`inBelow` below `outAbove`",
        ),
        (
            {"scaling": {"metric": {"namespace": "N", "name": "M", "outAbove": 1}}},
            "either `target`",
        ),
        ({"deployment": {"minHealthy": 100, "max": 100}}, "nothing could move"),
        ({"deployment": {"minHealthy": 50, "max": 100}}, "`zoneRebalancing: false`"),
        ({"image": {"tag": "x"}}, "`repository`"),
        ({"image": {"uri": "docker.io/library/nginx"}}, "pattern"),
        ({"image": {"uri": f"docker.io/library/nginx@{DIGEST}", "tag": "x"}}, "`uri` alone"),
        ({"image": {"repository": "a", "tag": "x", "build": {"context": "."}}}, "without `tag`"),
        ({"uses": [{"access": "read"}]}, "exactly one of database"),
        ({"uses": [{"bucket": "a", "queue": "b"}]}, "exactly one of database"),
        ({"uses": [{"bucket": "a", "pool": 5}]}, "`pool` together with `database`"),
        ({"sidecars": {"main": {"image": {"repository": "x"}}}}, "sidecars with other names"),
        ({"ephemeralGib": 201}, "less than or equal to 200"),
        ({"deployment": {"max": 150}, "scaling": {"min": 1}}, "keeps 1 and `max: 150` allows 1"),
        (
            {
                "deployment": {"minHealthy": 60, "max": 120, "zoneRebalancing": False},
                "scaling": {"min": 2},
            },
            "can move with 2 tasks",
        ),
        ({"scaling": {"schedules": {"night": {"at": "rate(1 day)", "min": 9}}}}, "`min: 9` and"),
        ({"scaling": {"schedules": {"night": {"at": "rate(1 day)", "max": 1}}}}, "`max: 1`"),
        ({"scaling": {"schedules": {"x": {"at": "cron(0 3 * * *)", "max": 9}}}}, "found 5"),
        (
            {"scaling": {"schedules": {"x": {"at": "rate(1 day)", "timezone": "CEST", "max": 9}}}},
            "Europe/Vienna",
        ),
        ({"ulimits": {"nofile": {"soft": 9, "hard": 8}}}, "not above `hard`"),
        (
            {"sidecars": {"x": {"image": {"repository": "x"}, "memory": 512}}},
            "leave some of the task's `memory: 512`",
        ),
        ({"slowStart": 10}, "`slowStart` of 0, or from 30"),
        ({"slowStart": 60, "balancing": "least_outstanding_requests"}, "round_robin"),
        ({"stickiness": {"cookie": "AWSALB-mine"}}, "does not begin with AWSALB"),
        ({"logRetentionDays": 31}, "one of 1, 3, 5"),
    ],
)
def test_a_service_that_could_not_run_is_refused(changes: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        load(service(**changes))


def test_a_task_must_outlive_its_deregistration():
    with pytest.raises(ValidationError, match="`deregistration` below `stopTimeout`"):
        load(web(deregistration=60))
    assert load(web(deregistration=59)).stop_timeout == 60


@pytest.mark.parametrize(
    ("protocol", "codes", "message"),
    [("http", "12", "from 200 to 499"), ("grpc", "200", "from 0 to 99"), ("http2", "500", "499")],
)
def test_health_codes_are_those_of_the_protocol(protocol: str, codes: str, message: str):
    with pytest.raises(ValidationError, match=message):
        load(web(protocol=protocol, health={"codes": codes}))


@pytest.mark.parametrize(("least", "healthy", "most"), [(1, 100, 200), (1, 0, 150), (3, 50, 110)])
def test_a_deployment_that_can_move_is_taken(least: int, healthy: int, most: int):
    deployment = {"minHealthy": healthy, "max": most}
    assert load(service(deployment=deployment, scaling={"min": least})).deployment.max == most


def test_most_tasks_are_those_of_a_deployment_at_the_busiest_time():
    schedules = {"day": {"at": "rate(1 day)", "max": 10}}
    assert load(service(scaling={"max": 4})).most_tasks == 8
    assert load(service(scaling={"max": 4, "schedules": schedules})).most_tasks == 20
    swapping = {"strategy": "blueGreen", "max": 110}
    assert load(web(scaling={"max": 4}, deployment=swapping)).most_tasks == 8


def test_blue_green_moves_one_rule_and_so_takes_one_route():
    routes = [{"host": "a.b.c"}, {"host": "d.b.c"}]
    with pytest.raises(ValidationError, match="exactly one route"):
        load(web(routes=routes, deployment={"strategy": "blueGreen"}))


@pytest.mark.parametrize(
    "changes",
    [{}, {"schedule": "rate(1 hour)", "before": ["a"]}, {"before": ["a"], "spot": True}],
)
def test_a_job_has_a_schedule_or_services_that_wait(changes: dict[str, Any]):
    with pytest.raises(ValidationError, match="schedule"):
        JobSettings.model_validate(service(**changes), strict=False)
