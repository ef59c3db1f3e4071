"""From each way of deploying to each other one, in place, in an AWS that refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.engine import Engine
from tests.engine.test_edits_in_the_engine import PRODUCTION, SERVED
from tests.engine.test_service_changes import PROJECT, touched

pytestmark = pytest.mark.engine

STRATEGIES = {
    "blueGreen": "{strategy: blueGreen}",
    "canary": "{strategy: canary, canary: {percent: 2.5}, pauses: [{at: afterStart}]}",
    "linear": "{strategy: linear}",
    "rolling": "{strategy: rolling}",
}

PATHS = ("canary", "linear", "blueGreen", "linear", "canary", "rolling", "linear", "rolling")


def test_every_strategy_follows_every_other_in_place(engine: Engine, tmp_path: Path):
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    stack = engine.stack(tmp_path, "dev", text=PRODUCTION + SERVED)
    stack.up()
    touched(stack)
    before = "rolling"
    for strategy in PATHS:
        deployment = f"      deployment: {STRATEGIES[strategy]}\n"
        stack.rewrite(PRODUCTION + SERVED + deployment)
        stack.up()
        done = touched(stack, within="trellis:services:")
        assert "Service api" in done["updated"], (before, strategy)
        gone = {urn_name for urn_name in done["deleted"] if not urn_name.startswith("MetricAlarm")}
        if strategy == "rolling":
            assert gone == {
                "TargetGroup api-web-green",
                "Role api-deployment",
                "RolePolicy api-deployment",
            }
        else:
            assert not gone, (before, strategy)
        assert not {urn_name for urn_name in done["updated"] if urn_name.startswith("TargetGroup")}
        (service,) = stack.aws.things("aws:ecs/service:Service")
        assert service["deploymentConfiguration"]["strategy"] == {
            "blueGreen": "BLUE_GREEN", "canary": "CANARY", "linear": "LINEAR", "rolling": "ROLLING",
        }[strategy]  # fmt: skip
        before = strategy
    assert not stack.up().changed
