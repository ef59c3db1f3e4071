"""Alarms over alarms, as data: one outage pages once, and what a person puts together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.contracts import AlarmSpec, Severity
from components.monitoring.names import ALARM_NAME
from components.naming import Naming

RULE_LIMIT = 10_240
"""Characters ("PutCompositeAlarm": AlarmRule, CloudWatch API Reference, 2026-11)."""

NEVER = "FALSE"
"""A rule that never fires (same page)."""


@dataclass(frozen=True)
class CompositeSpec:
    """An alarm over other alarms."""

    name: str
    title: str
    meaning: str
    action: str
    severity: Severity
    members: tuple[str, ...]
    """Names of the alarms it looks at; of none, it never fires."""
    every: bool = False
    """Whether all of them must fire; otherwise one is enough."""
    region: str | None = None
    """Its members' region; None for the system's."""


def grouped(
    alarms: Sequence[AlarmSpec], *, taken: frozenset[str] = frozenset()
) -> tuple[CompositeSpec, ...]:
    """One composite for each thing that has several alarms that page.

    Args:
        taken: alarms that a person's own composite looks at already.
    """
    by_parent: dict[tuple[str, str | None], list[AlarmSpec]] = {}
    for alarm in alarms:
        if alarm.severity is Severity.PAGE and alarm.parent and alarm.name not in taken:
            by_parent.setdefault((alarm.parent, alarm.region), []).append(alarm)
    return tuple(
        CompositeSpec(
            name=f"{parent}-outage",
            title=f"{parent}: out of order",
            meaning=f"At least one alarm of {parent} fires that can't wait: "
            + "; ".join(member.title for member in members)
            + ".",
            action="Open the overview dashboard, then the alarm that fires: its text says more.",
            severity=Severity.PAGE,
            members=tuple(member.name for member in members),
            region=region,
        )
        for (parent, region), members in by_parent.items()
        if len(members) > 1
    )


def alarm_rule(spec: CompositeSpec, naming: Naming) -> str:
    """The rule, by the physical names of its members."""
    terms = [f'ALARM("{alarm_name(member, naming)}")' for member in spec.members]
    return (" AND " if spec.every else " OR ").join(terms) or NEVER


def alarm_name(name: str, naming: Naming) -> str:
    """An alarm's physical name, known from the settings alone."""
    return naming.of(ALARM_NAME, name)


def spoken_for(composites: Sequence[CompositeSpec]) -> frozenset[str]:
    """Alarms that need not page because a composite does as soon as they fire."""
    paging = [
        composite
        for composite in composites
        if composite.severity is Severity.PAGE and not composite.every
    ]
    return frozenset(member for page in paging for member in page.members)


def part_of_all(composites: Sequence[CompositeSpec]) -> frozenset[str]:
    """Alarms that page only together with others; alone each of them can wait."""
    paging = [
        composite
        for composite in composites
        if composite.severity is Severity.PAGE and composite.every
    ]
    return frozenset(member for page in paging for member in page.members)


def members_first(composites: Mapping[str, CompositeSpec]) -> tuple[CompositeSpec, ...] | None:
    """In an order in which each comes after those it looks at; None where that is a circle."""
    waiting = dict(composites)
    ordered: list[CompositeSpec] = []
    while waiting:
        ready = [
            composite
            for composite in waiting.values()
            if not waiting.keys() & set(composite.members)
        ]
        if not ready:
            return None
        ordered += ready
        for composite in ready:
            del waiting[composite.name]
    return tuple(ordered)
