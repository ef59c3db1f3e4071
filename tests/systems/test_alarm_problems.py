"""What a stack file says of alarms that do not fit: refused with its place and the nearest name."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from pathlib import Path

import pytest

from tests.conftest import ROOT
from trellis.cli.main import main
from trellis.cli.options import OK, WRONG_INPUT

LAST = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=300)
"""Last day of a silence."""

PROJECT = f"name: shop\nruntime: python\nmain: {ROOT}\n"
STACK = """config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "123456789012"
  trellis:queues:
    work: {}
"""


def planned(folder: Path, monitoring: str, more: str = "") -> tuple[int, str]:
    """How `trellis plan` of a small system ends, and what it says."""
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.dev.yaml").write_text(f"{STACK}  trellis:monitoring:\n{monitoring}{more}")
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["plan", "dev", "--project", str(folder)])
    return code, out.getvalue() + err.getvalue()


CASES = {
    "a change of an alarm nobody has": (
        "    alarms:\n      work-dead-leters:\n        threshold: 5\n",
        "Pulumi.dev.yaml:10: monitoring.alarms.work-dead-leters\n"
        "  found    the alarm work-dead-leters\n"
        "  allowed  the name of an alarm that this stack has; `trellis plan` shows them; a new "
        "alarm names `metric`, `expression`, `anyOf` or `allOf`\n"
        "  hint     did you mean `work-dead-letters`?",
    ),
    "a silence of an alarm nobody has": (
        "    alarms:\n      queue-deep:\n"
        f"        silence: {{reason: moved on Friday, until: '{LAST}'}}\n",
        "monitoring.alarms.queue-deep\n  found    the alarm queue-deep",
    ),
    "a silence without a reason": (
        f"    alarms:\n      work-dead-letters:\n        silence: {{until: '{LAST}'}}\n",
        "monitoring.alarms.work-dead-letters.silence.reason",
    ),
    "a composite of an alarm nobody has": (
        "    alarms:\n      both:\n        anyOf: [work-dead-letters, work-oldest]\n"
        "        meaning: Work is stuck.\n        action: Look at the queue.\n",
        "monitoring.alarms.both.anyOf[1]\n  found    the alarm work-oldest",
    ),
    "a metric nobody declares": (
        "    metrics:\n      shop: {namespace: Shop, metrics: {orders: {name: Orders}}}\n"
        "    alarms:\n      few:\n        metric: order\n        threshold: 1\n"
        "        missing: ignore\n        meaning: Nobody buys.\n        action: Look.\n",
        "Pulumi.dev.yaml:13: monitoring.alarms.few.metric\n  found    metric order\n"
        "  allowed  one of orders\n  hint     did you mean `orders`?",
    ),
    "a metric in an expression that nobody declares": (
        "    metrics:\n      shop: {namespace: Shop, metrics: {orders: {name: Orders}}}\n"
        "    alarms:\n      few:\n        expression: 2 * a\n        terms: {a: {metric: oders}}\n"
        "        threshold: 1\n        missing: ignore\n        meaning: Nobody.\n"
        "        action: Look.\n",
        "monitoring.alarms.few.terms.a.metric\n  found    metric oders",
    ),
    "a metric of a chart that nobody declares": (
        "    dashboards:\n      own:\n        sections:\n          shop:\n"
        "            - {title: Orders, lines: [{metric: orders}]}\n",
        "monitoring.dashboards.own.sections.shop[0].lines[0].metric\n  found    metric orders\n"
        "  allowed  none: the stack file has no metric",
    ),
    "two metrics of one name": (
        "    metrics:\n      shop: {namespace: Shop, metrics: {orders: {name: Orders}}}\n"
        "      web: {namespace: Web, metrics: {orders: {name: Orders}}}\n",
        "monitoring.metrics.web.metrics.orders\n  found    a second metric named orders",
    ),
    "a pager without its secret": (
        "    subscribers: {on-call: {pagerduty: pagerdty}}\n",
        "monitoring.subscribers.on-call.pagerduty\n  found    secret pagerdty\n"
        "  allowed  none: the stack file has no secret",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_it_is_refused_with_its_place_and_the_nearest_name(tmp_path: Path, case: str):
    monitoring, message = CASES[case]
    code, text = planned(tmp_path, monitoring)
    assert code == WRONG_INPUT
    assert message in text
    assert "Traceback" not in text


def test_every_alarm_that_does_not_fit_is_told_at_once(tmp_path: Path):
    monitoring = "    alarms:\n      a: {threshold: 5}\n      b: {threshold: 5}\n"
    _, text = planned(tmp_path, monitoring)
    assert text.startswith("the stack's settings have 2 problems:")


def test_a_silence_that_has_ended_is_not_made_and_said_to_be_taken_out(tmp_path: Path):
    monitoring = (
        "    alarms:\n      work-dead-letters:\n"
        '        silence: {reason: moved on Friday, until: "2020-01-31"}\n'
    )
    code, text = planned(tmp_path, monitoring)
    assert code == OK
    assert "the silence of work-dead-letters ended on 2020-01-31, so it tells again" in text
    assert "AlarmMuteRule" not in text
