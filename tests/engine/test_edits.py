"""Ordinary edits of small deployed stacks: each goes through in one update."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.engine import Engine, EngineStack
from tests.engine.test_service_changes import PROJECT, touched

pytestmark = pytest.mark.engine

PRODUCTION = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: prod
  trellis:account: "123456789012"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose stack files the tests bring along."""
    folder = tmp_path_factory.mktemp("edits")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    return folder


def deployed(engine: Engine, project: Path, text: str) -> EngineStack:
    """A stack that stands; what making it touched is forgotten."""
    stack = engine.stack(project, "dev", text=text)
    stack.up()
    touched(stack)
    return stack


def edited(stack: EngineStack, text: str) -> dict[str, set[str]]:
    """What one more `up` touches; afterwards nothing is left to do."""
    stack.rewrite(text)
    stack.up()
    done = touched(stack)
    assert not stack.preview().changed, "a second up changes something"
    return done


def test_a_table_can_be_added_to_a_production_stack(engine: Engine, project: Path):
    before = PRODUCTION + "  trellis:tables:\n    orders: {partitionKey: {name: id}}\n"
    stack = deployed(engine, project, before)
    done = edited(stack, before + "    carts: {partitionKey: {name: id}}\n")
    assert {"Table carts", "Selection backups"} <= done["created"]
    assert done["deleted"] == {"Selection backups"}
