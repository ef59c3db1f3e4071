"""In which order services start: one that calls others after those that it calls."""

from __future__ import annotations

from collections.abc import Mapping

from components.services.settings import ServiceSettings


def in_order(services: Mapping[str, ServiceSettings]) -> dict[str, tuple[str, ...]]:
    """Services in the order in which they start, each with those that it waits for.

    Service Connect tells a task only of what was there when its deployment began ("Amazon ECS
    Service Connect components", Amazon ECS Developer Guide, 2026-11). Services that call each
    other, directly or in a circle, wait for none of that circle. Who waits for whom follows from
    the calls alone, so a service that comes or goes changes it for its callers only.
    """
    calls = {key: _called(services, key) for key in services}
    waits = {
        key: tuple(other for other in called if key not in _all_called(calls, other))
        for key, called in calls.items()
    }
    ordered: dict[str, tuple[str, ...]] = {}

    def start(key: str) -> None:
        if key not in ordered:
            for wait in waits[key]:
                start(wait)
            ordered[key] = waits[key]

    for key in services:
        start(key)
    return ordered


def _called(services: Mapping[str, ServiceSettings], key: str) -> tuple[str, ...]:
    named = {use.service for use in services[key].uses if use.service in services}
    return tuple(sorted(str(name) for name in named))


def _all_called(calls: Mapping[str, tuple[str, ...]], key: str) -> set[str]:
    """What a service calls, itself included, and what those call."""
    found: set[str] = set()
    left = [key]
    while left:
        called = left.pop()
        if called not in found:
            found.add(called)
            left.extend(calls[called])
    return found
