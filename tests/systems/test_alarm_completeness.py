"""Every type of resource that any stack file makes is watched, or has a reason why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.conftest import STACKS
from trellis.planner.record import Recorded, Recording
from trellis.tiers.watched import UNWATCHED, WATCHED

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

Recordings = Callable[..., Recording]


def measured(alarm: Recorded) -> Iterator[tuple[str, str]]:
    """Metric and dimension value of everything an alarm looks at."""
    queries = alarm.inputs.get("metricQueries") or ()
    metrics = [each["metric"] for each in queries if each.get("metric")] or [alarm.inputs]
    for each in metrics:
        for value in (each.get("dimensions") or {}).values():
            yield each["metricName"], str(value)


def test_every_type_of_resource_has_its_alarms_or_a_reason_for_none(recording_of: Recordings):
    types = {each.type for stack in STACKS for each in recording_of(*stack)}
    known = WATCHED.keys() | UNWATCHED.keys()
    assert (
        sorted(t for t in types - known if not t.startswith(("trellis:", "pulumi:pulumi:"))) == []
    )


def test_no_type_is_both_watched_and_excused():
    assert WATCHED.keys().isdisjoint(UNWATCHED)


def test_every_resource_of_a_watched_type_has_an_alarm_on_each_of_its_metrics(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    seen = {pair for alarm in recording.of_type(ALARM) for pair in measured(alarm)}
    unwatched = [
        (each.type, each.name, metric)
        for type_, watched in WATCHED.items()
        for each in recording.of_type(type_)
        for metric in watched.metrics
        if not _is_seen(each, metric, watched.identities, seen)
    ]
    assert unwatched == []


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
