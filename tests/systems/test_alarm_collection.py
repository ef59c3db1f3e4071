"""No component's alarms or widgets are forgotten: whatever a system makes is collected."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pulumi
import pytest

import components
from testing.everything import record_everything, site_folder
from trellis.tiers import watching
from trellis.tiers.monitoring import published


def watched_classes() -> set[type]:
    """Every component class in `components` that publishes alarms or widgets."""
    found: set[type] = set()
    for module in pkgutil.walk_packages(components.__path__, "components."):
        for var in vars(importlib.import_module(module.name)).values():
            if isinstance(var, type) and issubclass(var, pulumi.ComponentResource):
                found.add(var)
    return {
        element for element in found if hasattr(element, "alarms") or hasattr(element, "widgets")
    }


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], list[object]]:
    """All components that a system of everything made, and all that were collected."""
    made: list[object] = []
    collected: list[object] = []
    begin = pulumi.ComponentResource.__init__

    def remembered(self: Any, *given: Any, **named: Any) -> None:
        made.append(self)
        begin(self, *given, **named)

    def collecting(first: Iterable[object], waiting: Iterable[object] = ()) -> Any:
        collected.extend([*first, *waiting])
        return published(collected)

    monkeypatch.chdir(site_folder(tmp_path))
    monkeypatch.setattr(pulumi.ComponentResource, "__init__", remembered)
    monkeypatch.setattr(watching, "published", collecting)
    record_everything()
    return made, collected


def test_every_component_with_alarms_or_widgets_is_collected(
    build: tuple[list[object], list[object]],
):
    made, collected = build
    classes = tuple(watched_classes())
    there = [resource for resource in made if isinstance(resource, classes)]
    seen = {id(element) for element in collected}
    assert sorted({type(entry).__name__ for entry in there if id(entry) not in seen}) == []
    # What this system does not make, it could not have forgotten either.
    assert {element.__name__ for element in classes} - {
        type(entry).__name__ for entry in there
    } == set()
