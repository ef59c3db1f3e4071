"""Traces of services and jobs: what takes them, what it may do, and which way they go."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.services.settings import ServiceSettings
from policies.guardrails.run import analyse
from tests.components.small_systems import ACCOUNT, NETWORK, document, small_system
from trellis.planner.evidence import evidence
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

IMAGE = {"uri": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web@sha256:{'0' * 64}"}
PUBLIC = f"public.ecr.aws/aws-observability/aws-otel-collector@sha256:{'1' * 64}"
OWN = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/collector@sha256:{'1' * 64}"
COLLECTOR = {"image": {"uri": PUBLIC}}


def traced(tracing: str, **more: Any) -> Recording:
    service = {"image": IMAGE, "cpu": 512, "memory": 1024, "tracing": tracing, **more}
    return small_system(network=NETWORK, services={"web": service})


@pytest.fixture(scope="module")
def otel() -> Recording:
    return traced("otel", collector=COLLECTOR, exec=True, environment={"OTEL_SERVICE_NAME": "shop"})


@pytest.fixture(scope="module")
def xray() -> Recording:
    return traced("xray", collector={**COLLECTOR, "cpu": 64, "memory": 256})


@pytest.fixture(scope="module")
def direct() -> Recording:
    return traced("direct")


def containers(recording: Recording) -> list[dict[str, Any]]:
    task = recording.one("aws:ecs/taskDefinition:TaskDefinition", "web")
    return json.loads(task.inputs["containerDefinitions"])


def environment(container: dict[str, Any]) -> dict[str, str]:
    return {variable["name"]: variable["value"] for variable in container["environment"]}


def traces_allowed(recording: Recording) -> list[dict[str, Any]]:
    policies = [e for e in recording.of_type("aws:iam/rolePolicy:RolePolicy") if "web" in e.name]
    return [
        statement
        for policy in policies
        for statement in document(policy)
        if "xray:" in json.dumps(statement["Action"])
    ]


def test_a_collector_that_the_task_can_do_without_stands_beside_the_main_container(
    otel: Recording,
):
    main, collector = containers(otel)
    assert (main["name"], collector["name"]) == ("main", "collector")
    assert collector["image"] == PUBLIC
    assert collector["essential"] is False
    assert collector["readonlyRootFilesystem"] is True
    assert collector["privileged"] is False
    assert (collector["cpu"], collector["memory"]) == (32, 128)
    # The application must not wait for what takes its traces.
    assert "dependsOn" not in main
    log = collector["logConfiguration"]["options"]
    # ECS names a stream by the container: prefix/container/task.
    assert (log["awslogs-group"], log["awslogs-stream-prefix"]) == ("/ecs/shop-dev-web", "ecs")


def test_an_opened_shell_finds_what_it_writes_in_the_collector_too(otel: Recording):
    collector = containers(otel)[1]
    assert {point["containerPath"] for point in collector["mountPoints"]} == {
        "/var/lib/amazon",
        "/var/log/amazon",
    }


def test_it_takes_traces_inside_the_task_only_and_sends_them_to_xray(otel: Recording):
    configuration = json.loads(environment(containers(otel)[1])["AOT_CONFIG_CONTENT"])
    assert configuration["receivers"] == {
        "otlp": {
            "protocols": {
                "grpc": {"endpoint": "127.0.0.1:4317"},
                "http": {"endpoint": "127.0.0.1:4318"},
            }
        }
    }
    assert configuration["exporters"] == {"awsxray": {}}
    assert configuration["service"]["pipelines"] == {
        "traces": {
            "receivers": ["otlp"],
            # The memory limiter comes first, or it limits nothing.
            "processors": ["memory_limiter", "batch"],
            "exporters": ["awsxray"],
        }
    }
    assert configuration["service"]["telemetry"] == {"metrics": {"level": "none"}}


def test_the_sdk_finds_the_collector_and_the_stack_files_own_word_wins(otel: Recording):
    assert environment(containers(otel)[0]) == {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_LOGS_EXPORTER": "none",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_SERVICE_NAME": "shop",
        "OTEL_TRACES_EXPORTER": "otlp",
    }


def test_xrays_own_sdks_find_it_where_they_look(xray: Recording):
    main, collector = containers(xray)
    assert environment(main) == {
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "AWS_XRAY_TRACING_NAME": "web",
    }
    assert (collector["cpu"], collector["memory"]) == (64, 256)
    configuration = json.loads(environment(collector)["AOT_CONFIG_CONTENT"])
    assert configuration["receivers"] == {
        "awsxray": {
            "endpoint": "127.0.0.1:2000",
            "transport": "udp",
            "proxy_server": {"endpoint": "127.0.0.1:2000"},
        }
    }
    assert configuration["service"]["pipelines"]["traces"]["receivers"] == ["awsxray"]


SEND = "xray:PutTraceSegments"
SAMPLE = ["xray:GetSamplingRules", "xray:GetSamplingTargets"]


def test_each_way_may_do_what_it_calls_and_no_more(
    otel: Recording, xray: Recording, direct: Recording
):
    for recording, actions in (
        (otel, SEND),
        (xray, [*SAMPLE, SEND]),
        (direct, [*SAMPLE, "xray:PutTelemetryRecords", SEND]),
    ):
        assert traces_allowed(recording) == [
            {"Sid": "SendTraces", "Effect": "Allow", "Action": actions, "Resource": "*"}
        ]


def test_without_a_collector_nothing_stands_beside_and_nothing_more_is_allowed(
    direct: Recording,
):
    plain = traced("none")
    assert [container["name"] for container in containers(plain)] == ["main"]
    assert containers(plain)[0]["environment"] == []
    assert traces_allowed(plain) == []
    (main,) = containers(direct)
    assert main["environment"] == []


def test_a_job_is_traced_alike_and_ends_with_its_main_container():
    job = {"image": IMAGE, "schedule": "rate(1 day)", "tracing": "otel", "collector": COLLECTOR}
    nightly = small_system(network=NETWORK, jobs={"nightly": job})
    task = nightly.one("aws:ecs/taskDefinition:TaskDefinition", "nightly")
    main, collector = json.loads(task.inputs["containerDefinitions"])
    assert (main["essential"], collector["essential"]) == (True, False)
    assert environment(main)["OTEL_SERVICE_NAME"] == "nightly"


def test_the_policy_pack_has_nothing_against_it(otel: Recording):
    report = analyse(evidence(otel), today=dt.date(2026, 11, 21))
    assert [finding.message() for finding in report.findings if finding.blocks] == []


CLOSED = {
    "cidr": "10.0.0.0/16",
    "zones": 2,
    "nat": "none",
    "subnets": {"private": {}},
    "endpoints": "auto",
}


def endpoints(recording: Recording) -> set[str]:
    return {
        resource.inputs["serviceName"].removeprefix("com.amazonaws.us-east-1.")
        for resource in recording.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    }


def test_a_network_without_a_way_out_has_an_endpoint_of_xray_where_there_are_traces():
    service = {"image": IMAGE, "tracing": "otel", "collector": {"image": {"uri": OWN}}}
    assert "xray" in endpoints(small_system(network=CLOSED, services={"web": service}))
    plain = small_system(network=CLOSED, services={"web": {"image": IMAGE}})
    assert "xray" not in endpoints(plain)


def test_there_a_collector_from_the_internet_can_not_be_pulled():
    service = {"image": IMAGE, "tracing": "otel", "collector": COLLECTOR}
    with pytest.raises(StackFileError) as refused:
        small_system(network=CLOSED, services={"web": service})
    assert "services.web.collector.image.uri" in str(refused.value)
    assert "an image of public.ecr.aws, and no way to the internet" in str(refused.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"tracing": "otel"}, "`collector` together with `tracing: otel`, as"),
        ({"tracing": "xray"}, "`collector` together with `tracing: xray`, as"),
        ({"collector": COLLECTOR}, "`collector` together with `tracing: otel` or `tracing: xray`"),
        ({"tracing": "direct", "collector": COLLECTOR}, "`tracing: otel` or `tracing: xray`"),
        ({"tracing": "jaeger"}, "'none', 'direct', 'xray' or 'otel'"),
        ({"tracing": True}, "'none', 'direct', 'xray' or 'otel'"),
        (
            {"tracing": "otel", "collector": {"image": {"uri": "public.ecr.aws/x/y"}}},
            "pattern",
        ),
        ({"tracing": "otel", "collector": {**COLLECTOR, "memory": 63}}, "equal to 64"),
        (
            {"tracing": "otel", "collector": {**COLLECTOR, "memory": 512}},
            "sidecars and a collector that leave some of the task's `memory: 512`",
        ),
        (
            {
                "tracing": "otel",
                "collector": {**COLLECTOR, "cpu": 128},
                "sidecars": {"proxy": {"image": IMAGE, "cpu": 128}},
            },
            "some of the task's `cpu: 256`.*together they take 256",
        ),
        (
            {"tracing": "otel", "collector": COLLECTOR, "container": "collector"},
            "containers of another name than collector",
        ),
        (
            {
                "tracing": "otel",
                "collector": COLLECTOR,
                "sidecars": {"collector": {"image": IMAGE}},
            },
            "containers of another name than collector",
        ),
    ],
)
def test_what_could_not_run_is_refused(given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        ServiceSettings.model_validate_json(json.dumps({"image": IMAGE, **given}))
