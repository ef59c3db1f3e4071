"""The engine and the analysis of a plan say the same of the same stack."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from policies.guardrails.adapters.documents import facts_of
from policies.guardrails.catalog import CONTROLS
from policies.guardrails.control import Level, Outcome
from policies.guardrails.run import analyse
from policies.guardrails.settings import Settings
from tests.engine.engine import Engine, running
from trellis.planner.record import record

pytestmark = pytest.mark.engine
ROOT = Path(__file__).parents[3]
ADVICE = {one.id: "advisory" for one in CONTROLS}


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running(tmp_path_factory.mktemp("engine")) as made:
        yield made


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_preview_in_the_engine_fails_exactly_what_the_plan_fails(engine: Engine, stack: str):
    report = analyse(
        facts_of(record(ROOT, stack).as_json()),
        today=dt.datetime.now(dt.UTC).date(),
        settings=Settings({one.id: Level.ADVISORY for one in CONTROLS}),
    )
    planned = {
        (one.control.id, one.resource) for one in report.findings if one.outcome is Outcome.FAIL
    }
    outcome = engine.stack(ROOT, stack).preview(
        pack=ROOT / "policies", pack_config={"guardrails": {"controls": ADVICE}}
    )
    assert _spoken([violation.message for violation in outcome.violations], planned) == planned


def _spoken(messages: Iterable[str], planned: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The findings that messages tell: what is alike is one message that names each resource."""
    resources = {resource for _, resource in planned}
    found: set[tuple[str, str]] = set()
    for message in messages:
        unwrapped = message.replace("\n  ", " ")
        for control, text in re.findall(r"^\[([\w.-]+)\] (.*)", unwrapped, re.MULTILINE):
            if control in ADVICE:  # notes are no findings
                names = text.split(": ")[0].split(", ")
                found |= {(control, name if name in resources else "") for name in names}
    return found
