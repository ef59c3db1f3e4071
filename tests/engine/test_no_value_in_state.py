"""What the engine keeps and prints holds no value of a secret; a canary is planted to find out."""

from __future__ import annotations

import json

import pytest

from tests.components.secrets.planted_value import CANARY, planted
from tests.engine.engine import ROOT, Engine

pytestmark = pytest.mark.engine


def test_the_engines_state_and_output_hold_no_value(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    with planted(monkeypatch) as plant:
        stack = engine.stack(ROOT / "systems" / "chat-backend", "dev")
        preview = stack.preview()
        made = stack.up()
        assert plant.stored() == [CANARY]
        state = json.dumps(stack.state(), default=str)
        assert plant.answers[0] in state, "the search reads what the engine keeps"
        assert CANARY not in state + preview.output + made.output + "\n".join(plant.log)
        for file in stack.folder.rglob("*"):
            if file.is_file():
                assert CANARY.encode() not in file.read_bytes(), file
