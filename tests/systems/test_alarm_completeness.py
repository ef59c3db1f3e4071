"""Every type of resource that any stack file makes is watched, or has a reason why not."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator

import pulumi

from tests.conftest import ROOT, STACKS
from tests.recordings import recorded_everything
from trellis.planner.record import Recorded, Recording
from trellis.registry import UNWATCHED, WATCHED

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

Recordings = Callable[..., Recording]


def measured(alarm: Recorded) -> Iterator[tuple[str, str]]:
    """Metric and dimension value of everything an alarm looks at."""
    queries = alarm.inputs.get("metricQueries") or ()
    metrics = [query["metric"] for query in queries if query.get("metric")] or [alarm.inputs]
    for metric in metrics:
        for value in (metric.get("dimensions") or {}).values():
            yield metric["metricName"], str(value)


def test_every_type_of_resource_has_its_alarms_or_a_reason_for_none(recording_of: Recordings):
    types = {resource.type for stack in STACKS for resource in recording_of(*stack)}
    known = WATCHED.keys() | UNWATCHED.keys()
    assert (
        sorted(t for t in types - known if not t.startswith(("trellis:", "pulumi:pulumi:"))) == []
    )


def makes(source: str) -> Iterator[str]:
    """Types of the resources that a module makes, by `aws.<module>.<Class>(...)`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(value=ast.Name(id="aws"), attr=module), attr=name
                )
            ) if name[0].isupper() and not name.endswith("Args"):
                yield f"aws:{module.rstrip('_')}/{name[0].lower()}{name[1:]}:{name}"
            case _:
                pass


def is_resource(type_: str) -> bool:
    module, name = type_.removeprefix("aws:").partition("/")[0], type_.rpartition(":")[2]
    made = getattr(importlib.import_module(f"pulumi_aws.{module}"), name)
    return issubclass(made, pulumi.Resource)


def test_whatever_a_component_can_make_has_its_alarms_or_a_reason_for_none():
    sources = [path.read_text() for path in (ROOT / "components").rglob("*.py")]
    types = {make for source in sources for make in makes(source)}
    assert len(types) > 100
    unknown = sorted(types - WATCHED.keys() - UNWATCHED.keys())
    assert [element for element in unknown if is_resource(element)] == []
    # What nothing makes any more needs no row either.
    rows = {element for element in (*WATCHED, *UNWATCHED) if element.startswith("aws:")}
    assert sorted(rows - types) == []


def test_a_type_that_nobody_thought_of_is_found():
    source = "import pulumi_aws as aws\naws.msk.Cluster('x', tags={})\naws.rds.EngineType('y')"
    assert list(makes(source)) == ["aws:msk/cluster:Cluster", "aws:rds/engineType:EngineType"]
    assert not is_resource("aws:rds/engineType:EngineType")


def test_no_type_is_both_watched_and_excused():
    assert WATCHED.keys().isdisjoint(UNWATCHED)


def test_every_resource_of_a_watched_type_has_an_alarm_on_each_of_its_metrics(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    assert unwatched(recording_of(*any_stack)) == []


def test_so_has_everything_that_no_real_stack_makes():
    recording = recorded_everything()
    assert unwatched(recording) == []
    made = {resource.type for resource in recording}
    assert WATCHED.keys() - made <= {
        "aws:backup/vault:Vault",  # a development profile keeps no copies
        "aws:route53/healthCheck:HealthCheck",
    }


def unwatched(recording: Recording) -> list[tuple[str, str, str]]:
    """Type, name and metric of what has no alarm on it."""
    seen = {pair for alarm in recording.of_type(ALARM) for pair in measured(alarm)}
    # The share of a growing volume that is in use, by AWS's own id of the instance.
    shares = "".join(
        str(query.get("expression"))
        for alarm in recording.of_type(ALARM)
        for query in alarm.inputs.get("metricQueries") or []
        if "os.fileSys.usedPercent" in str(query.get("expression"))
    )
    seen |= {
        ("FreeStorageSpace", str(instance.inputs["identifier"]))
        for instance in recording.of_type("aws:rds/instance:Instance")
        if f"'{instance.outputs['resourceId']}'" in shares
    }
    return [
        (resource.type, resource.name, metric)
        for type_, watched in WATCHED.items()
        for resource in recording.of_type(type_)
        for metric in watched.metrics_of(resource.inputs)
        if not _is_seen(resource, metric, watched.identities, seen)
    ]


def _is_seen(
    resource: Recorded, metric: str, identities: tuple[str, ...], seen: set[tuple[str, str]]
) -> bool:
    names = [
        str(resource.inputs.get(key) or resource.outputs.get(key) or resource.id)
        for key in identities
    ]
    # A replication group is measured by its nodes, whose names begin with its own.
    return any(
        found == metric and (value == name or value.startswith(f"{name}-"))
        for found, value in seen
        for name in names
    )
