"""What calls a function: a schedule, queue, table, stream, topic, bucket, logs or events.

Numbers: "Using Lambda with ..." pages and "CreateEventSourceMapping" (AWS Lambda Developer Guide
and API Reference, 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.parts.event_pattern import whole_event_pattern
from components.parts.model import Key, Keyed, Settings
from components.parts.object_events import ObjectEvent
from components.parts.reference import Reference
from components.parts.schedule_settings import RetrySettings, Schedule, TimeZone

MOST_PATTERNS = 5
"""Patterns of an event source's filter ("Lambda event filtering", 2026-11)."""

EventPattern = Annotated[dict[str, Any], AfterValidator(whole_event_pattern)]

Patterns = Annotated[tuple[EventPattern, ...], Field(max_length=MOST_PATTERNS)]

COMMON = frozenset({"enabled"})
IN_ORDER = frozenset(
    {"batch", "window_seconds", "filter", "start", "parallel", "bisect", "attempts", "oldest_hours"}
)
"""What belongs to shards, which are read in order: a table's changes, a stream's records."""

OF_KIND: Mapping[str, frozenset[str]] = {
    "schedule": frozenset({"timezone", "spread_minutes", "retries", "input"}),
    "queue": frozenset({"batch", "window_seconds", "most", "filter"}),
    "table": IN_ORDER,
    "stream": IN_ORDER | {"consumer"},
    "topic": frozenset({"attributes"}),
    "bucket": frozenset({"events", "prefix", "suffix"}),
    "logs": frozenset({"pattern"}),
    "event": frozenset({"retries"}),
}  # fmt: skip
"""What calls, and the settings that have an effect with it."""

SWITCHED = frozenset({"schedule", "queue", "table", "stream", "event"})
"""Kinds that AWS can keep and not follow."""


class EventSettings(Settings):
    """What an event of EventBridge's default bus must look like: each field one of its values."""

    source: tuple[str, ...] = ()
    """As in `aws.athena`."""
    detail_type: tuple[str, ...] = ()
    """As in `Athena Query State Change`."""
    detail: dict[str, Any] = Field(default_factory=dict[str, Any])
    """As EventBridge's patterns are written, as in `{currentState: [FAILED]}`."""

    @model_validator(mode="after")
    def _is_not_empty(self) -> EventSettings:
        if not (self.source or self.detail_type):
            raise ValueError("`source` or `detailType`: without either, every event matches")
        if self.detail:
            whole_event_pattern({"detail": self.detail})
        return self


class TriggerSettings(Keyed):
    """One thing that calls the function: exactly one kind, and what belongs to it."""

    schedule: Schedule | None = None
    """As in `cron(0 2 * * ? *)`, `rate(5 minutes)` or `at(2026-12-24T18:00:00)`."""
    queue: Annotated[Key, Reference("queues")] | None = None
    """A queue whose messages it gets, in batches; those it names as failed come back, the others
    do not (it answers with `batchItemFailures`)."""
    table: Annotated[Key, Reference("tables")] | None = None
    """A table with a `stream`, whose changes it gets in their order."""
    stream: Annotated[Key, Reference("streams")] | None = None
    """One of `streams`, whose records it gets in their order."""
    consumer: Key | None = None
    """One of the stream's `consumers`, by which it has 2 MB a second of each shard to itself; all
    others share."""
    topic: Annotated[Key, Reference("topics")] | None = None
    """A topic that it hears."""
    bucket: Annotated[Key, Reference("buckets")] | None = None
    """A bucket that tells it of its objects."""
    logs: Key | None = None
    """One of `monitoring.logs`, whose lines it gets, compressed and in batches."""
    event: EventSettings | None = None
    """Events of AWS or of applications on EventBridge's default bus."""
    enabled: bool = True
    """Whether it calls; for schedules, queues, tables, streams and events."""
    timezone: TimeZone = "UTC"
    """Of the schedule, as in `Europe/Vienna`."""
    spread_minutes: int = Field(default=0, ge=0, le=1440)
    """Minutes within which a scheduled call may fall."""
    retries: RetrySettings = Field(default_factory=RetrySettings)
    """What happens when a schedule or rule could not hand its event over. What the function itself
    fails on is its own `retries`."""
    input: dict[str, Any] = Field(default_factory=dict[str, Any])
    """What the function gets as its event from the schedule."""
    batch: int | None = Field(default=None, ge=1, le=10_000)
    """Records a call has at most: 10 of a queue, 100 of a table or stream, when left out."""
    window_seconds: int = Field(default=0, ge=0, le=300)
    """Seconds in which a batch may fill."""
    most: int | None = Field(default=None, ge=2, le=1_000)
    """Runs at once for this queue at most."""
    filter: Patterns = ()
    """Records that call the function match one of these; the others are done with."""
    start: Literal["latest", "trimHorizon"] = "latest"
    """Where a table's changes or a stream begin for it: with what comes, or the oldest there is."""
    parallel: int = Field(default=1, ge=1, le=10)
    """Runs at once for each shard; changes of one key stay in order."""
    bisect: bool = True
    """A batch that fails is halved, to find the record that it fails on."""
    attempts: int = Field(default=5, ge=0, le=10_000)
    """How often a batch of either is tried again; until then what comes after it waits."""
    oldest_hours: int = Field(default=24, ge=1, le=168)
    """Hours after which either is given up; its place then stands in the dead letters."""
    attributes: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(
        default_factory=dict[str, tuple[str, ...]]
    )
    """Message attributes of a topic and the values that pass; everything passes when empty."""
    events: Annotated[tuple[ObjectEvent, ...], Field(min_length=1)] = ("s3:ObjectCreated:*",)
    """Of a bucket's objects."""
    prefix: str | None = None
    """What an object's key begins with."""
    suffix: str | None = None
    """What an object's key ends with."""
    pattern: Annotated[str, StringConstraints(max_length=1024)] = ""
    """Filter pattern of log lines; every line when empty."""

    @model_validator(mode="after")
    def _one_kind(self) -> TriggerSettings:
        named = [kind for kind in OF_KIND if getattr(self, kind) is not None]
        if len(named) != 1:
            raise ValueError(f"exactly one of {', '.join(OF_KIND)}")
        fitting = OF_KIND[named[0]] | {named[0]} | COMMON
        for field in sorted(self.model_fields_set - fitting - OF_KIND.keys() - {"formerly"}):
            wanted = [kind for kind, fields in OF_KIND.items() if field in fields]
            alias = type(self).model_fields[field].alias or field
            raise ValueError(f"`{alias}` with {' or '.join(wanted)} only")
        if not self.enabled and named[0] not in SWITCHED:
            raise ValueError(f"`enabled: false` with {', '.join(sorted(SWITCHED))} only")
        if named == ["queue"] and (self.batch or 1) > 10 and not self.window_seconds:
            raise ValueError("`windowSeconds` of 1 or more with a `batch` above 10 of a queue")
        return self

    @property
    def kind(self) -> str:
        """Which of `OF_KIND` calls."""
        return next(kind for kind in OF_KIND if getattr(self, kind) is not None)
