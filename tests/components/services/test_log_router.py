"""A log router beside a task's containers: what it takes, what it may do, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testing.oracles.judged import judged
from testing.service_cases import DIGEST, parts, service
from tests.components.small_systems import NETWORK, small_system
from tests.components.stream.test_stream import verdicts
from tests.planner.edits import edited
from tests.systems import services as read
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

IMAGE = {"uri": f"public.ecr.aws/aws-observability/aws-for-fluent-bit@{DIGEST}"}
OPTIONS = {"Name": "datadog", "Host": "http-intake.logs.datadoghq.eu", "TLS": "on"}
ROUTER: dict[str, Any] = {
    "image": IMAGE,
    "options": OPTIONS,
    "secretOptions": {"apikey": "DD_API_KEY"},
}
SECRETS: dict[str, Any] = {"datadog": {"kind": "generated"}}
USES = [{"secret": "datadog", "as": "DD_API_KEY"}]
SIDE = {"image": {"repository": "app", "digest": DIGEST}, "essential": False}


def routed(router: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    given = service(logRouter={**ROUTER, **(router or {})}, uses=USES, **more)
    return parts({"web": given}, secrets=SECRETS)


def containers(system: Recording, name: str = "web") -> dict[str, dict[str, Any]]:
    found = json.loads(system.one(read.TASK, name).inputs["containerDefinitions"])
    return {container["name"]: container for container in found}


def test_the_router_takes_the_main_containers_log_and_its_own_stays_in_cloudwatch():
    system = small_system(**routed(sidecars={"proxy": SIDE}))
    main, router, proxy = (containers(system)[name] for name in ("main", "log-router", "proxy"))
    log = main["logConfiguration"]
    assert (log["logDriver"], log["options"]) == ("awsfirelens", OPTIONS)
    (secret,) = log["secretOptions"]
    assert secret["name"] == "apikey"
    assert secret["valueFrom"] == next(
        one["valueFrom"] for one in main["secrets"] if one["name"] == "DD_API_KEY"
    )
    assert router["firelensConfiguration"] == {
        "type": "fluentbit", "options": {"enable-ecs-log-metadata": "true"},
    }  # fmt: skip
    assert router["image"] == IMAGE["uri"]
    assert router["memory"] == 128
    for kept in (router, proxy):
        assert kept["logConfiguration"]["logDriver"] == "awslogs"
    assert main["dependsOn"] == [{"containerName": "log-router", "condition": "START"}]
    assert "dependsOn" not in proxy


def test_every_value_is_one_that_the_service_takes():
    task = small_system(**routed({"bufferRecords": 5000})).one(read.TASK, "web")
    assert not list(judged(task.type, task.inputs))


def test_sidecars_are_taken_by_name_and_wait_for_it_too():
    router = {"containers": ["proxy"], "bufferRecords": 5000, "metadata": False}
    system = small_system(**routed(router, sidecars={"proxy": SIDE, "other": SIDE}))
    found = containers(system)
    assert found["proxy"]["logConfiguration"] == found["main"]["logConfiguration"]
    assert found["proxy"]["logConfiguration"]["options"]["log-driver-buffer-limit"] == "5000"
    assert found["proxy"]["dependsOn"] == [{"containerName": "log-router", "condition": "START"}]
    assert found["other"]["logConfiguration"]["logDriver"] == "awslogs"
    metadata = found["log-router"]["firelensConfiguration"]["options"]
    assert metadata == {"enable-ecs-log-metadata": "false"}


def test_a_file_of_the_image_configures_it_with_the_tasks_variables():
    router = {"image": IMAGE, "configuration": "/extra.conf", "variables": ["TEAM", "DD_API_KEY"]}
    given = service(logRouter=router, uses=USES, environment={"TEAM": "web", "REST": "x"})
    found = containers(small_system(**parts({"web": given}, secrets=SECRETS)))
    assert found["log-router"]["firelensConfiguration"]["options"] == {
        "enable-ecs-log-metadata": "true",
        "config-file-type": "file",
        "config-file-value": "/extra.conf",
    }
    assert found["log-router"]["environment"] == [{"name": "TEAM", "value": "web"}]
    assert [one["name"] for one in found["log-router"]["secrets"]] == ["DD_API_KEY"]
    assert found["main"]["logConfiguration"] == {"logDriver": "awsfirelens", "options": {}}


def test_a_job_has_one_too_and_an_output_in_aws_is_granted_by_what_the_task_uses():
    router = {"image": IMAGE, "options": {"Name": "kinesis_streams", "stream": "shop-dev-logs"}}
    job = {"image": SIDE["image"], "schedule": "rate(1 day)", "logRouter": router}
    given: dict[str, Any] = {"network": NETWORK, "streams": {"logs": {}}}
    put = {**job, "uses": [{"stream": "logs", "access": "put"}]}
    system = small_system(**given, jobs={"nightly": put})
    assert containers(system, "nightly")["main"]["logConfiguration"]["options"] == router["options"]
    assert {"kinesis:PutRecords"} <= read.actions(system, "nightly-task")
    for uses in ([], [{"stream": "logs", "access": "consume"}]):
        with pytest.raises(StackFileError, match="nothing that lets the task write there"):
            small_system(**given, jobs={"nightly": {**job, "uses": uses}})
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/x"
    grant = {"actions": ["kinesis:PutRecords"], "resources": [stream]}
    assert small_system(**given, jobs={"nightly": {**job, "uses": [{"grant": grant}]}})


def test_the_pack_takes_a_routed_log_for_one_and_finds_a_credential_in_its_options():
    system = small_system(**routed())
    assert verdicts(system, "ECS.9") == {"TaskDefinition web": "pass"}
    assert verdicts(system, "ECS.8") == {"TaskDefinition web": "pass"}
    assert verdicts(system, "ECS.5") == {"TaskDefinition web": "pass"}


def test_a_router_that_comes_or_goes_rolls_the_service_and_touches_nothing_else():
    before = parts({"web": service(uses=USES)}, secrets=SECRETS)
    for one, other in ((before, routed()), (routed(), before)):
        assert {name: step.operation for name, step in edited(one, other).items()} == {
            "TaskDefinition web": "replace", "Service web": "update",
        }  # fmt: skip


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"options": {}, "secretOptions": {}}, "logRouter", "nothing says where to"),
    ({"options": {}, "configuration": "/extra.conf"}, "logRouter",
     "`secretOptions` together with"),
    ({"options": {"Host": "x.example"}}, "logRouter", "`Name` in `options`"),
    ({"type": "fluentd"}, "logRouter", "`@type` in `options`"),
    ({"options": {**OPTIONS, "apikey": "abc"}, "secretOptions": {}}, "logRouter", "`apikey` under"),
    ({"secretOptions": {"tls": "DD_API_KEY"}}, "logRouter", "each option once"),
    ({"options": {"Name": "cloudwatch_logs"}, "secretOptions": {}}, "logRouter",
     "where the log goes without a router"),
    ({"secretOptions": {"apikey": "DD_KEY"}}, "logRouter.secretOptions.apikey", "DD_KEY"),
    ({"variables": ["NOT"]}, "logRouter.variables.0", "NOT"),
    ({"containers": ["proxy"]}, "", "logRouter.containers"),
    ({"configuration": "extra.conf"}, "logRouter.configuration", "extra.conf"),
    ({"memory": 512}, "", "leave some of the task's"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("router", "place", "message"), WRONG, ids=[message for _, _, message in WRONG]
)
def test_what_loses_records_or_does_nothing_is_refused(
    router: dict[str, Any], place: str, message: str
):
    with pytest.raises(StackFileError) as caught:
        small_system(**routed(router))
    problems = {".".join(map(str, one.path)): str(one) for one in caught.value.problems}
    assert any(path.startswith(f"services.web{'.' * bool(place)}{place}") for path in problems)
    assert message in str(caught.value)


def test_entries_of_several_lines_begin_with_their_time_in_the_main_containers_log():
    form = "%Y-%m-%dT%H:%M:%S"
    found = containers(
        small_system(**parts({"web": service(logDatetimeFormat=form, sidecars={"proxy": SIDE})}))
    )
    formats = {
        name: one["logConfiguration"]["options"].get("awslogs-datetime-format")
        for name, one in found.items()
    }
    assert formats == {"main": form, "proxy": None}
    with pytest.raises(StackFileError, match="no `logDatetimeFormat` with `logRouter`"):
        small_system(**routed(logDatetimeFormat=form))
    with pytest.raises(StackFileError, match="logDatetimeFormat"):
        small_system(**parts({"web": service(logDatetimeFormat="date")}))


def test_a_container_of_its_name_is_refused():
    with pytest.raises(StackFileError, match="of another name than log-router"):
        small_system(**routed(sidecars={"log-router": SIDE}))


def test_a_host_that_a_closed_task_may_not_call_is_refused():
    with pytest.raises(StackFileError, match="which the task may not call"):
        small_system(**routed(internet=False))
    let_out = [*USES, {"address": OPTIONS["Host"], "port": 443}]
    given = service(logRouter=ROUTER, uses=let_out, internet=False, **{})
    private = {**ROUTER, "image": {"repository": "router", "digest": DIGEST}}
    assert small_system(**parts({"web": {**given, "logRouter": private}}, secrets=SECRETS))
