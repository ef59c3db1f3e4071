"""What the real engine prints of a refresh is what `trellis drift` reads, in both of its shapes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.engine import Engine
from trellis.cli.main import main

pytestmark = pytest.mark.engine

STACK = """\
config:
  aws:region: us-east-1
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:queues: {mail: {}, work: {}}
  trellis:topics: {news: {}}
  trellis:tables: {orders: {partitionKey: {name: id}}}
"""
QUEUE, TOPIC = "aws:sqs/queue:Queue", "aws:sns/topic:Topic"


def test_what_changed_goes_to_its_owner(
    engine: Engine, own_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = engine.stack(own_project, "dev", text=STACK)
    stack.up()
    stack.aws.detailed = True

    def drift(document: str) -> tuple[int, dict[tuple[str, str], tuple[str, str]]]:
        file = stack.folder / "found.json"
        file.write_text(document)
        words = ["--project", str(stack.folder), "--preview", str(file), "--json"]
        code = main(["drift", "dev", *words])
        changes = json.loads(capsys.readouterr().out)["changes"]
        return code, {
            (change["urn"].split("::")[-1], change["property"] or ""): (
                change["owner"],
                change["then"],
            )
            for change in changes
        }

    for document in (stack.preview_json(), stack.refresh_json()):
        assert drift(document) == (0, {})

    # Somebody changes one queue and deletes a topic; the stack file changes the other queue.
    stack.aws.by_hand[QUEUE, "mail"] = {"visibilityTimeoutSeconds": 99.0}
    news = next(key for key in stack.aws.cloud if key[0] == TOPIC and key[1].endswith("-news"))
    del stack.aws.cloud[news]
    stack.rewrite(STACK.replace("work: {}", "work: {visibilitySeconds: 120}"))
    by_hand = {("mail", "visibilityTimeoutSeconds"), ("news", "")}

    code, found = drift(stack.preview_json())
    assert code == 1
    assert {key for key, (owner, _) in found.items() if owner == "somebody"} == by_hand
    assert found["mail", "visibilityTimeoutSeconds"] == ("somebody", "set back")
    assert found["news", ""] == ("somebody", "made again")
    assert found["work", "visibilityTimeoutSeconds"] == ("ours", "updated")
    assert len(found) == 3

    code, found = drift(stack.refresh_json())
    assert code == 1
    assert set(found) == by_hand
