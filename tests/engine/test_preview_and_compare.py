"""`trellis compare` beside the engine: what it says of an edit is what a preview says."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing.engine_edits import done
from tests.engine.engine import Engine, EngineError, EngineStack
from tests.engine.test_edits_in_the_engine import PRODUCTION, SERVED
from tests.engine.test_service_changes import PROJECT
from trellis.compare.documents import previewed
from trellis.compare.step import Side, Step
from trellis.compare.steps import steps
from trellis.planner.record import record

pytestmark = pytest.mark.engine

BEFORE = (
    PRODUCTION
    + SERVED
    + """\
  trellis:tables:
    orders: {partitionKey: {name: id}}
  trellis:queues:
    work: {}
  trellis:topics:
    news: {subscriptions: {work: {protocol: queue, to: work}}}
"""
)
EDITS = {
    "another protocol": ("      port: 8080\n", "      port: 8080\n      protocol: http2\n"),
    "another firewall": ("    main: {rate", "    edge: {rate"),
    "another host": ("api.example.com", "www.example.com"),
    "a queue that goes": ("    work: {}\n", "    other: {}\n"),
    "another scheme": ("{web: {}}", "{web: {scheme: internal}}"),
    "two gateways": ("nat: single", "nat: perZone"),
    "another network": ("{zones: 2, ", "{cidr: 10.9.0.0/16, zones: 2, "),
    "a fifo queue": ("    work: {}\n", "    work: {fifo: true}\n"),
}


@pytest.fixture(scope="module")
def deployed(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    """A stack that stands, and that no edit is carried out on."""
    folder = tmp_path_factory.mktemp("compared")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    stack = engine.stack(folder, "dev", text=BEFORE)
    stack.up()
    return stack


def _compared(stack: EngineStack, after: str) -> tuple[Step, ...]:
    sides: list[Side] = []
    for text in (BEFORE, after):
        stack.rewrite(text)
        sides.append(Side(record(stack.folder, "dev", "deployed"), stack.folder))
    return steps(*sides)


@pytest.mark.parametrize("edit", EDITS)
def test_compare_says_what_a_preview_says(deployed: EngineStack, tmp_path: Path, edit: str):
    old, new = EDITS[edit]
    after = BEFORE.replace(old, new)
    if edit == "a queue that goes":
        after = after.replace("to: work", "to: other")
    if edit == "a fifo queue":
        after = after.replace("news: {", "news: {fifo: true, ")
    assert after != BEFORE
    deployed.rewrite(after)
    document = tmp_path / "preview.json"
    document.write_text(deployed.preview_json())
    _, theirs, _ = previewed(document)

    assert done(_compared(deployed, after)) == done(theirs)


def test_what_compare_says_stops_the_update_stops_the_preview(deployed: EngineStack):
    after = BEFORE.replace("{name: id}", "{name: number}")
    deployed.rewrite(after)
    with pytest.raises(EngineError):
        deployed.preview_json()
    stopped = {step.name for step in _compared(deployed, after) if step.protected}
    assert stopped == {"orders"}
