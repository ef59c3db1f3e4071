"""Services and jobs in a cluster that somebody else made."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testing.service_cases import DIGEST
from tests.components.small_systems import ACCOUNT, NETWORK, REGION, document, small_system
from tests.planner.edits import edited
from tests.systems import services as read
from trellis.compare.types import change
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

ARN = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/shared"
IMAGE = {"repository": "app", "digest": DIGEST}


def parts(existing: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    web = {"image": IMAGE, "port": 8080, "discoverable": True, "scaling": {"cpu": 60, "max": 4}}
    given = {
        "network": NETWORK,
        "services": {"web": web},
        "jobs": {
            "nightly": {"image": IMAGE, "schedule": "rate(1 day)"},
            "schema": {"image": IMAGE, "before": ["web"]},
        },
    }
    cluster = {"cluster": {"existing": existing}} if existing is not None else {}
    return {**given, **cluster, **more}


@pytest.fixture(scope="module")
def system() -> Recording:
    return small_system(**parts({"name": "shared"}))


def test_only_the_namespace_is_made(system: Recording):
    made = {resource.type for resource in system}
    assert "aws:ecs/cluster:Cluster" not in made
    assert "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders" not in made
    assert not [group for group in system.of_type("aws:cloudwatch/logGroup:LogGroup")
                if group.name == "cluster-sessions"]  # fmt: skip
    namespace = system.one("aws:servicediscovery/httpNamespace:HttpNamespace", "cluster")
    assert namespace.inputs["name"] == "shop-dev"


def test_services_and_jobs_are_placed_there(system: Recording):
    service = system.one(read.SERVICE, "web").inputs
    assert service["cluster"] == ARN
    connect = service["serviceConnectConfiguration"]
    assert connect["namespace"].endswith(
        system.one("aws:servicediscovery/httpNamespace:HttpNamespace", "cluster").outputs["arn"]
    )
    target = system.one("aws:scheduler/schedule:Schedule", "nightly").inputs["target"]
    assert target["arn"] == ARN
    assert (
        system.one(read.TARGET, "web-tasks").inputs["resourceId"] == "service/shared/shop-dev-web"
    )
    parsed = json.loads(
        system.one("aws:lambda/invocation:Invocation", "schema-run").inputs["input"]
    )
    assert parsed["cluster"] == "shared"


def test_what_starts_tasks_may_do_so_in_that_cluster_alone(system: Recording):
    run = {
        made["Sid"]: made
        for policy in ("nightly-schedule", "schema-runner")
        for made in document(system.one(read.POLICY, policy))
    }
    assert run["RunTheTask"]["Condition"]["ArnEquals"]["ecs:cluster"] == ARN
    assert run["TagTheTask"]["Resource"] == f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/shared/*"


@pytest.mark.parametrize("counted", [True, False])
def test_running_tasks_are_watched_where_its_owner_has_them_counted(counted: bool):
    given = parts({"arn": ARN, "insights": counted}, monitoring={})
    alarms = {alarm.name for alarm in small_system(**given).of_type(read.ALARM)}
    assert ("web-tasks" in alarms) is counted


@pytest.mark.parametrize(
    ("cluster", "more", "found"),
    [
        ({"existing": {}}, {}, "exactly one of arn, name"),
        ({"existing": {"name": "a", "arn": ARN}}, {}, "exactly one of arn, name"),
        ({"existing": {"name": "a b"}}, {}, "a b"),
        ({"existing": {"arn": ARN.replace(REGION, "eu-west-1")}}, {}, "in eu-west-1"),
        ({"existing": {"arn": ARN.replace(ACCOUNT, "210987654321")}}, {}, "account 210987654321"),
        ({"existing": {"name": "a"}, "name": "b"}, {}, "a setting that nothing heeds"),
        ({"existing": {"name": "a"}, "insights": False}, {}, "a setting that nothing heeds"),
        ({"existing": {"name": "a"}, "execRetentionDays": 30}, {}, "a setting that nothing heeds"),
        ({"existing": {"name": "a"}, "adopt": "a"}, {}, "`adopt` beside `existing`"),
        (
            {"existing": {"name": "a"}},
            {"services": {"web": {"image": IMAGE, "exec": True}}, "jobs": {}},
            "shells in a cluster",
        ),
    ],
)
def test_what_contradicts_or_has_no_effect_is_refused(
    cluster: dict[str, Any], more: dict[str, Any], found: str
):
    with pytest.raises(StackFileError, match=found):
        small_system(**parts(None, cluster=cluster, **more))


def test_another_cluster_stops_services_and_makes_them_anew_there_which_is_told():
    steps = edited(parts(None), parts({"name": "shared"}))
    service = steps["Service web"]
    assert (service.operation, service.because) == ("replace", ("cluster",))
    assert service.delete_first
    assert change(service.type).downtime
    assert steps["Cluster cluster"].operation == "delete"
    assert "HttpNamespace cluster" not in steps
    assert steps["Schedule nightly"].operation == "update"
