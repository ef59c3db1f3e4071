"""Services in the real engine: what an image, a new tag and a new limit touch."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.engine import Engine, EngineError, EngineStack

pytestmark = pytest.mark.engine

PROJECT = """\
name: shop
runtime: {name: python}
main: .
config:
  pulumi:disable-default-providers:
    value: [aws]
"""

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
  trellis:loadBalancers:
    alb:
      accessLogs: none
      certificates:
        - arn: arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d
  trellis:services:
    api:
      image: {repository: app, tag: "TAG"}
      port: 8080
      routes: [{host: api.shop.example}]
      scaling: {min: 1, max: MAX, cpu: 70}
    other:
      image: {repository: other, tag: "1"}
"""


def stack_file(tag: str = "1", most: int = 4) -> str:
    return STACK.replace("TAG", tag).replace("MAX", str(most))


def pushed(stack: EngineStack, *labels: str) -> None:
    """What `trellis lookup` writes once the images are there."""
    images = {label: f"sha256:{hashlib.sha256(label.encode()).hexdigest()}" for label in labels}
    context: dict[str, Any] = {"version": 1, "images": images}
    (stack.folder / "trellis.dev.context.json").write_text(json.dumps(context))


def touched(stack: EngineStack, *, within: str = "") -> dict[str, set[str]]:
    """`Type name` by what the provider was asked to do since the last call.

    Args:
        within: only what is below components of types that begin so.
    """

    def short(urns: list[str]) -> set[str]:
        mine = [urn for urn in urns if within in urn]
        return {f"{u.split('::')[2].rsplit(':', 1)[-1]} {u.split('::')[-1]}" for u in mine}

    calls = stack.aws.calls
    found = {
        "created": short(calls.created),
        "updated": short(calls.updated),
        "deleted": short(calls.deleted),
    }
    for element in (calls.created, calls.updated, calls.deleted):
        element.clear()
    return found


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    """The first `up` of a new environment, before there is any image."""
    folder: Path = tmp_path_factory.mktemp("shop")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.dev.yaml").write_text(stack_file())
    stack = engine.stack(folder, "dev")
    first = stack.up()
    assert "service-api is not started yet; it waits for the image shop-dev-app:1" in first.output
    assert set(first.changed) == {"create"}
    return stack


@pytest.fixture
def running(shop: EngineStack) -> EngineStack:
    """The same with its images there, whatever was tried before."""
    pushed(shop, "shop-dev-app:2", "shop-dev-other:1")
    shop.rewrite(stack_file(tag="2", most=9))
    shop.up()
    touched(shop)
    return shop


def test_images_tags_and_limits_touch_what_they_must_and_nothing_else(shop: EngineStack):
    made = touched(shop)["created"]
    assert "Repository app" in made
    assert "TargetGroup api-alb" in made
    assert not {
        resource
        for resource in made
        if resource.split()[0] in ("Service", "TaskDefinition", "Target")
    }
    assert "aws:ecr/getImage:getImage" in shop.aws.calls.invoked, "the engine asks ECR"

    pushed(shop, "shop-dev-app:1", "shop-dev-other:1", "shop-dev-app:2")
    shop.aws.calls.invoked.clear()
    shop.up()
    # Alarms of services that run now come from monitoring.
    assert touched(shop, within="trellis:services:") == {
        "created": {
            "TaskDefinition api", "Service api", "Target api-tasks", "Policy api-tasks-cpu",
            "TaskDefinition other", "Service other", "Target other-tasks",
        },
        "updated": set(),
        "deleted": set(),
    }  # fmt: skip
    assert not shop.aws.calls.invoked, "what the context file says is not asked for again"

    shop.rewrite(stack_file(tag="2"))
    shop.up()
    assert touched(shop) == {
        "created": {"TaskDefinition api"},
        "updated": {"Service api"},
        "deleted": {"TaskDefinition api"},
    }

    shop.rewrite(stack_file(tag="2", most=9))
    shop.up()
    assert touched(shop) == {"created": set(), "updated": {"Target api-tasks"}, "deleted": set()}
    assert not shop.up().changed, "a second up changes something"


def test_a_running_service_stays_when_its_image_is_suddenly_not_found(running: EngineStack):
    """In the development profile too, where nothing is protected."""
    running.rewrite(stack_file(tag="gone", most=9))
    for attempt in (running.preview, running.up):
        with pytest.raises(EngineError, match="shop-dev-api, which runs, and would now wait") as no:
            attempt()
        assert "the image shop-dev-app:gone" in str(no.value)
        assert "services.api" in str(no.value)
    assert touched(running) == {"created": set(), "updated": set(), "deleted": set()}

    running.rewrite(stack_file(tag="2", most=9))
    assert not running.up().changed


def test_a_service_changes_to_blue_green_and_back_in_place(running: EngineStack):
    swapping = stack_file(tag="2", most=9).replace(
        "      port: 8080\n", "      port: 8080\n      deployment: {strategy: blueGreen}\n"
    )
    running.rewrite(swapping)
    running.up()
    done = touched(running, within="trellis:services:")
    assert not done["deleted"]
    assert "Service api" in done["updated"]
    assert {urn_name for urn_name in done["created"] if not urn_name.startswith("RolePolicy")} == {
        "TargetGroup api-alb-green",
        "Role api-deployment",
        "MetricAlarm api-alb-rollback-errors-green",
    }
    assert not {urn_name for urn_name in done["updated"] if urn_name.startswith("ListenerRule")}, (
        "ECS moves the rule"
    )
    assert not running.up().changed, "a second up changes something"

    running.rewrite(stack_file(tag="2", most=9))
    running.up()
    done = touched(running, within="trellis:services:")
    assert "Service api" in done["updated"]
    assert "TargetGroup api-alb-green" in done["deleted"]
    assert not done["deleted"] & {"Service api", "TaskDefinition api", "TargetGroup api-alb"}
    assert not running.up().changed


def test_another_port_replaces_no_target_group(running: EngineStack):
    running.rewrite(stack_file(tag="2", most=9).replace("port: 8080", "port: 9090"))
    running.up()
    done = touched(running, within="trellis:services:")
    assert "Service api" in done["updated"]
    everything = set[str]().union(*done.values())
    assert not {
        resource for resource in everything if resource.startswith(("TargetGroup", "ListenerRule"))
    }


def test_tasks_of_the_former_port_are_reached_until_the_new_ones_have_taken_over(
    running: EngineStack,
):
    before = len(running.aws.calls.changed)
    running.rewrite(stack_file(tag="2", most=9).replace("port: 8080", "port: 7070"))
    running.up()
    changed = [(what, *urn.split("::")[-2:]) for what, urn in running.aws.calls.changed[before:]]
    order = [(what, type_.rsplit(":", 1)[-1], name) for what, type_, name in changed]
    service = order.index(("updated", "Service", "api"))
    for rule in ("SecurityGroupIngressRule", "SecurityGroupEgressRule"):
        assert order.index(("created", rule, "alb-to-service-api")) < service
        assert order.index(("deleted", rule, "alb-to-service-api")) > service
    assert not running.up().changed
