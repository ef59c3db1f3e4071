"""Which container of a task starts after which, and what is no order ("Container dependency",
Amazon ECS Developer Guide, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Condition = Literal["started", "complete", "success", "healthy"]
"""When another container may start: once this one runs, has ended, has ended with 0, or says that
it is healthy."""


@dataclass(frozen=True)
class Started:
    """What the order takes of one container."""

    after: Mapping[str, Condition] = field(default_factory=dict[str, Condition])
    """What it waits for, by container."""
    ends: bool = False
    """Whether it may end while the task goes on."""
    reports_health: bool = False
    """Whether a command says if it is healthy."""


def wrong_order(containers: Mapping[str, Started]) -> str | None:
    """What is allowed instead of an order that ECS would refuse; None for one that it takes."""
    for name, container in containers.items():
        for other, condition in container.after.items():
            wrong = _wrong_wait(name, other, condition, containers)
            if wrong is not None:
                return wrong
    circle = _circle(containers)
    if circle is not None:
        return f"containers that wait in no circle; found {' -> '.join(circle)}"
    return None


def _wrong_wait(
    name: str, other: str, condition: Condition, containers: Mapping[str, Started]
) -> str | None:
    where = f"`sidecars.{name}.after`"
    if other == name:
        return f"in {where} other containers; found itself"
    if other not in containers:
        known = ", ".join(sorted(containers.keys() - {name}))
        return f"in {where} containers of the task, {known}; found {other}"
    if condition in ("complete", "success") and not containers[other].ends:
        return f"in {where} `{other}: started` or `healthy`: the task ends with {other}"
    if condition == "healthy" and not containers[other].reports_health:
        return f"in {where} `{other}: started`, for {other} has no health check; found healthy"
    return None


def _circle(containers: Mapping[str, Started]) -> list[str] | None:
    """A way from a container back to itself; None where there is none."""
    done: set[str] = set()
    for first in containers:
        way = [first]
        rest = [list(containers[first].after)]
        while way:
            if not rest[-1]:
                done.add(way.pop())
                rest.pop()
                continue
            following = rest[-1].pop()
            if following in way:
                return [*way[way.index(following) :], following]
            if following not in done:
                way.append(following)
                rest.append(list(containers[following].after))
    return None
