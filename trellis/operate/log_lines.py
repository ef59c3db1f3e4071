"""The lines of a stack's logs, by the names of the stack file."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trellis.operate.access import Access
from trellis.operate.system import NotThereError, System, plain
from trellis.stackfile.problems import dotted

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

SPAN = re.compile(r"(?P<count>[1-9]\d{0,4})(?P<unit>[smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

POLL_SECONDS = 2
"""Between two looks for new lines."""

OVERLAP = dt.timedelta(seconds=30)
"""How far a look goes back behind the newest line: CloudWatch may take lines in late."""


@dataclass(frozen=True)
class LogGroup:
    """A log group of the plan."""

    name: str
    region: str
    """Where it is; CloudFront's stand in us-east-1."""


def groups_of(system: System) -> Mapping[str, tuple[LogGroup, ...]]:
    """The log groups by the part of the stack file that makes them, as `services.api`; and those
    whose part can't be told by their own names."""
    found: dict[str, list[LogGroup]] = {}
    for resource in system.recording.of_type(LOG_GROUP):
        name = plain(resource.inputs.get("name"))
        if not isinstance(name, str):
            continue
        region = str(resource.inputs.get("region") or system.settings.region)
        label = dotted(system.path(resource)) or name
        found.setdefault(label, []).append(LogGroup(name, region))
    return {label: tuple(groups) for label, groups in sorted(found.items())}


def chosen(system: System, name: str) -> tuple[LogGroup, ...]:
    """The log groups of a name: a part (`services.api`), its key alone where only one has it, or a
    whole log group.

    Raises:
        NotThereError: there is none, or several parts have the key.
    """
    groups = groups_of(system)
    if name in groups:
        return groups[name]
    whole = tuple(group for found in groups.values() for group in found if group.name == name)
    if whole:
        return whole
    parts = [label for label in groups if label.rpartition(".")[2] == name]
    if len(parts) == 1:
        return groups[parts[0]]
    stack = system.recording.stack
    if parts:
        raise NotThereError(f"{name} may be {' or '.join(parts)}: say which")
    there = ", ".join(groups) or "none"
    raise NotThereError(f"no log of {name} in {stack}; there is {there}")


def since(text: str, now: dt.datetime) -> dt.datetime:
    """When a span of time began, as `30m`, `2h` or `1d`.

    Raises:
        ValueError: it is none.
    """
    match = SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no span of time: a whole number and s, m, h or d, as 30m")
    return now - dt.timedelta(**{UNITS[match["unit"]]: int(match["count"])})


def lines(
    groups: tuple[LogGroup, ...],
    access: Access,
    start: dt.datetime,
    pattern: str | None = None,
) -> Iterator[str]:
    """Lines from a time on, the oldest first within each group.

    Args:
        pattern: of CloudWatch ("Filter pattern syntax", Amazon CloudWatch Logs User Guide).
    """
    for group in groups:
        for event in _events(group, access, start, pattern):
            yield _line(event)


def follow(
    groups: tuple[LogGroup, ...],
    access: Access,
    start: dt.datetime,
    pattern: str | None = None,
    *,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[str]:
    """Lines from a time on, and those that come, until somebody ends it."""
    seen: dict[str, int] = {}
    newest = _millis(start)
    while True:
        from_ = max(_millis(start), newest - int(OVERLAP.total_seconds() * 1000))
        seen = {key: at for key, at in seen.items() if at >= from_}
        begin = dt.datetime.fromtimestamp(from_ / 1000, dt.UTC)
        for group in groups:
            for event in _events(group, access, begin, pattern):
                if event["eventId"] not in seen:
                    seen[event["eventId"]] = event["timestamp"]
                    newest = max(newest, event["timestamp"])
                    yield _line(event)
        wait(POLL_SECONDS)


def _events(
    group: LogGroup, access: Access, start: dt.datetime, pattern: str | None
) -> Iterator[Mapping[str, Any]]:
    client = access.client("logs", group.region)
    asked: dict[str, Any] = {"logGroupName": group.name, "startTime": _millis(start)}
    if pattern is not None:
        asked["filterPattern"] = pattern
    for page in client.get_paginator("filter_log_events").paginate(**asked):
        yield from page["events"]


def _millis(at: dt.datetime) -> int:
    return int(at.timestamp() * 1000)


def _line(event: Mapping[str, Any]) -> str:
    at = dt.datetime.fromtimestamp(event["timestamp"] / 1000, dt.UTC)
    stream = str(event.get("logStreamName", "")).rpartition("/")[2]
    return f"{at:%Y-%m-%dT%H:%M:%SZ} {stream} {str(event['message']).rstrip()}"
