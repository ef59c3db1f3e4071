"""Network load balancers in the real engine: what edits of a deployed stack touch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.engine import Engine, EngineStack
from tests.engine.test_service_changes import PROJECT, touched

pytestmark = pytest.mark.engine

STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "123456789012"
  trellis:network:
    zones: 2
    nat: single
    endpoints: []
  trellis:networkLoadBalancers:
    KEY:
      accessLogs: none
      FORMERLY
  trellis:services:
    broker:
      image: {repository: app, digest: "sha256:DIGEST"}
      port: 1883
      protocol: tcp
      listeners: [LISTENERS]
"""

FIRST = "{port: 1883, HEALTH}"
SECOND = "{port: 8883, toPort: 8883}"


def stack_file(*listeners: str, key: str = "mqtt", formerly: str = "") -> str:
    return (
        STACK.replace("KEY", key)
        .replace("FORMERLY", formerly or "crossZone: true")
        .replace("DIGEST", "ab" * 32)
        .replace("LISTENERS", ", ".join(listeners))
    )


def first(health: str = "protocol: tcp") -> str:
    return FIRST.replace("HEALTH", health)


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    folder: Path = tmp_path_factory.mktemp("shop")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.dev.yaml").write_text(stack_file(first()))
    stack = engine.stack(folder, "dev")
    assert set(stack.up().changed) == {"create"}
    return stack


def test_edits_touch_what_they_must_and_a_second_up_nothing(shop: EngineStack):
    made = touched(shop)["created"]
    assert {"Listener mqtt-nlb-1883", "TargetGroup broker-mqtt-nlb-1883"} <= made

    shop.rewrite(stack_file(first("health: {interval: 10, timeout: 5}")))
    shop.up()
    assert touched(shop) == {
        "created": set(), "updated": {"TargetGroup broker-mqtt-nlb-1883"}, "deleted": set(),
    }  # fmt: skip

    shop.rewrite(stack_file(first(), SECOND))
    shop.up()
    found = touched(shop)
    assert {"Listener mqtt-nlb-8883", "TargetGroup broker-mqtt-nlb-8883"} <= found["created"]
    assert "Service broker" in found["updated"]
    assert not {name for name in found["deleted"] if not name.startswith("TaskDefinition")}

    shop.rewrite(stack_file(first(), SECOND, key="broker", formerly="formerly: mqtt"))
    assert not shop.up().changed, "a new key with formerly"
    assert touched(shop) == {"created": set(), "updated": set(), "deleted": set()}

    shop.rewrite(stack_file(first()))
    shop.up()
    found = touched(shop)
    assert {"Listener mqtt-nlb-8883", "TargetGroup broker-mqtt-nlb-8883"} <= found["deleted"]
    assert "LoadBalancer mqtt-nlb" not in found["deleted"]

    udp = "protocol: udp, health: {port: 1884}"
    shop.rewrite(stack_file(first(udp)))
    shop.up()
    found = touched(shop)
    group = "TargetGroup broker-mqtt-nlb-1883"
    assert (group in found["created"], group in found["deleted"]) == (True, True)
    assert {"Listener mqtt-nlb-1883", "Service broker"} <= found["updated"]
    assert not shop.up().changed, "a second up changes something"
