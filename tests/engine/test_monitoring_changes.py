"""Alarms in the real engine: refusals are told with their line, and what goes takes its alarms."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.engine.engine import ROOT, Engine, EngineError, EngineStack
from tests.engine.test_service_changes import touched

pytestmark = pytest.mark.engine

LAST = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=300)
"""Last day of a silence."""

PROJECT = f"""\
name: shop
runtime:
  name: python
main: {ROOT}
config:
  pulumi:disable-default-providers:
    value: [aws]
"""
STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:queues: {work: {}}
"""
TABLE = "  trellis:tables: {orders: {partitionKey: {name: id}}}\n"
MONITORING = "  trellis:monitoring:\n    subscribers: {team: {email: team@example.com}}\n"


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    folder: Path = tmp_path_factory.mktemp("shop")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.dev.yaml").write_text(STACK + TABLE + MONITORING)
    stack = engine.stack(folder, "dev")
    stack.up()
    return stack


REFUSED = {
    "an alarm that nobody has": (
        "    alarms:\n      work-dead-leters: {threshold: 5}\n",
        "monitoring.alarms.work-dead-leters",
        "did you mean `work-dead-letters`?",
    ),
    "a silence of an alarm that nobody has": (
        f"    alarms: {{deep: {{silence: {{reason: moved on Friday, until: '{LAST}'}}}}}}\n",
        "monitoring.alarms.deep",
        "the name of an alarm that this stack has",
    ),
    "a metric that nobody declares": (
        "    alarms:\n"
        "      few: {metric: orders, threshold: 1, missing: ignore, meaning: a, action: b}\n",
        "monitoring.alarms.few.metric",
        "none: the stack file has no metric",
    ),
    "a pattern that stays open": (
        "    logs: {app: {name: /a, metrics: {bad: {pattern: '{ $.x'}}}}\n",
        "monitoring.logs.app.metrics.bad.pattern",
        "has its counterpart",
    ),
}


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.replace(" ", "-"))
def test_what_does_not_fit_is_refused_by_a_preview_in_words(shop: EngineStack, case: str):
    wrong, path, message = REFUSED[case]
    shop.rewrite(STACK + TABLE + MONITORING + wrong)
    with pytest.raises(EngineError) as refused:
        shop.preview()
    assert path in str(refused.value)
    assert message in str(refused.value)
    assert "Traceback" not in str(refused.value)
    shop.rewrite(STACK + TABLE + MONITORING)
    assert not shop.preview().changed, "a refusal left something behind"


def test_a_threshold_changes_its_alarm_and_the_line_on_its_chart(shop: EngineStack):
    shop.rewrite(STACK + TABLE + MONITORING)
    shop.up()
    touched(shop)
    shop.rewrite(STACK + TABLE + MONITORING + "    alarms: {work-dead-letters: {threshold: 5}}\n")
    shop.up()
    assert touched(shop) == {
        "created": set(),
        "updated": {"MetricAlarm work-dead-letters", "Dashboard overview"},
        "deleted": set(),
    }


def test_a_silence_is_one_rule_and_goes_by_itself(shop: EngineStack):
    shop.rewrite(STACK + TABLE + MONITORING)
    shop.up()
    touched(shop)
    quiet = f"{{silence: {{reason: moved on Friday, until: '{LAST}'}}}}"
    shop.rewrite(STACK + TABLE + MONITORING + f"    alarms: {{work-dead-letters: {quiet}}}\n")
    shop.up()
    assert touched(shop)["created"] == {"AlarmMuteRule work-dead-letters-silence"}
    shop.rewrite(STACK + TABLE + MONITORING)
    shop.up()
    assert touched(shop)["deleted"] == {"AlarmMuteRule work-dead-letters-silence"}


def test_a_table_that_goes_takes_its_alarms_along(shop: EngineStack):
    shop.rewrite(STACK + TABLE + MONITORING)
    shop.up()
    touched(shop)
    shop.rewrite(STACK + MONITORING)
    shop.up()
    gone = touched(shop)["deleted"]
    assert {"MetricAlarm table-orders-throttles", "MetricAlarm table-orders-errors"} <= gone
    left = {urn.split("::")[-1] for urn in shop.state() if "MetricAlarm" in urn}
    assert not {name for name in left if "orders" in name}
    assert not shop.up().changed, "a second up changes something"
