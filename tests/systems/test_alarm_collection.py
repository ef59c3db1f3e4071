"""No component's alarms or widgets are forgotten: whatever a system makes is collected."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pulumi
import pytest

import components
from tests.components.small_systems import ACCOUNT, CACHE, DATABASE, NETWORK
from trellis import assembly
from trellis.planner.record import ProgramInput, record_program
from trellis.stackfile.loading import load
from trellis.tiers.monitoring import published

CLUSTER = {
    "engine": "aurora-postgresql",
    "version": "16",
    "instances": {"one": {}, "two": {}},
    "instanceClass": "db.serverless",
    "capacity": {"min": 0.5, "max": 2},
}
IMAGE = {"uri": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:{'0' * 64}"}

EVERYTHING: dict[str, Any] = {
    "network": NETWORK,
    "databases": {"main": DATABASE, "wide": CLUSTER},
    "caches": {"main": CACHE},
    "tables": {"orders": {"partitionKey": {"name": "id"}}},
    "buckets": {"data": {"requestMetrics": True}},
    "monitoring": {
        "archive": {"bucket": "data"},
        "canaries": {"www": {"host": "www.example.com", "artifacts": "data"}},
    },
    "queues": {"work": {}},
    "mail": {"main": {"domain": "example.com"}},
    "secrets": {"login": {"kind": "credentials", "database": "main", "user": "web"}},
    "zones": {"main": {"domain": "example.com"}},
    "sites": {"www": {"domain": "www.example.com", "content": {"path": "site"}, "pages": "files"}},
    "firewalls": {"main": {}},
    "loadBalancers": {"alb": {}},
    "services": {
        "web": {
            "image": IMAGE,
            "port": 8080,
            "routes": [{"host": "api.example.com"}],
            "uses": [{"database": "main"}, {"secret": "login", "as": "DATABASE_URL"}],
        },
        "later": {"image": {"repository": "later", "tag": "1"}},
    },
    "jobs": {"nightly": {"image": IMAGE, "schedule": "rate(1 day)"}},
}
"""Every tier that has something to watch, far from us-east-1, and a service that waits."""


def watched_classes() -> set[type]:
    """Every component class in `components` that publishes alarms or widgets."""
    found: set[type] = set()
    for module in pkgutil.walk_packages(components.__path__, "components."):
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and issubclass(each, pulumi.ComponentResource):
                found.add(each)
    return {each for each in found if hasattr(each, "alarms") or hasattr(each, "widgets")}


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

    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("hello")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pulumi.ComponentResource, "__init__", remembered)
    monkeypatch.setattr(assembly, "published", collecting)
    given = {"name": "shop", "environment": "dev", "account": ACCOUNT, **EVERYTHING}
    config = {
        "aws:region": "eu-west-1",
        **{
            f"trellis:{key}": value if isinstance(value, str) else json.dumps(value)
            for key, value in given.items()
        },
    }
    record_program(lambda: assembly.build(load()), ProgramInput("shop", "dev", config), "deployed")
    return made, collected


def test_every_component_with_alarms_or_widgets_is_collected(
    build: tuple[list[object], list[object]],
):
    made, collected = build
    classes = tuple(watched_classes())
    there = [each for each in made if isinstance(each, classes)]
    seen = {id(each) for each in collected}
    assert sorted({type(each).__name__ for each in there if id(each) not in seen}) == []
    # What this system does not make, it could not have forgotten either.
    assert {each.__name__ for each in classes} - {type(each).__name__ for each in there} == set()
