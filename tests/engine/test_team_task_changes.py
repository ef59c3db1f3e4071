"""Tasks as teams have them in the real engine: sign-in at the load balancer, shared files, sidecars
that wait for each other, a log router; what edits of a deployed stack touch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.engine import Engine, EngineStack
from tests.engine.test_service_changes import PROJECT, touched

pytestmark = pytest.mark.engine

DIGEST = "sha256:" + "ab" * 32
IMAGE = f'{{uri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/app@{DIGEST}"}}'

STACK = f"""\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "123456789012"
  trellis:profile: development
  trellis:network:
    zones: ZONES
    nat: single
    endpoints: []
  trellis:secrets:
    logs: {{kind: generated}}
  trellis:fileSystems:
    media: {{points: POINTS}}
  trellis:userPools:
    staff:
      domain: {{prefix: shop-staff}}
      clients:
        alb: {{secret: true, callbacks: ["https://api.shop.example/oauth2/idpresponse"],
              scopes: [openid, email]}}
  trellis:loadBalancers:
    alb:
      accessLogs: none
      certificates:
        - arn: arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d
  trellis:services:
    api:
      image: {IMAGE}
      port: 8080
      routes: [{{host: api.shop.example, ROUTE}}]
      uses:
        - {{files: media, at: /srv/media, point: main}}
        - {{secret: logs, as: LOG_KEY}}
      sidecars:
        migrate: {{image: {IMAGE}, essential: false, startFirst: success,
                  after: {{proxy: healthy}}}}
        proxy: {{image: {IMAGE}, health: {{command: "true"}}, AFTER}}
      ROUTER
"""
SIGN_IN = "signIn: {userPool: staff, client: alb}"
ROUTER = (
    f"logRouter: {{image: {IMAGE}, options: {{Name: http, Host: logs.example.com}}, "
    "secretOptions: {Header: LOG_KEY}}"
)
TASK, SERVICE = "TaskDefinition api", "Service api"


def stack_file(
    *,
    route: str = SIGN_IN,
    points: str = "{main: {folder: /main}}",
    after: str = "essential: true",
    router: str = "ephemeralGib: 21",
    zones: int = 2,
) -> str:
    return (
        STACK.replace("ROUTER", router)
        .replace("ROUTE", route)
        .replace("POINTS", points)
        .replace("AFTER", after)
        .replace("ZONES", str(zones))
    )


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    folder: Path = tmp_path_factory.mktemp("shop")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.dev.yaml").write_text(stack_file())
    stack = engine.stack(folder, "dev")
    assert set(stack.up().changed) == {"create"}
    return stack


def containers(shop: EngineStack) -> dict[str, dict[str, Any]]:
    (task,) = [one for urn, one in shop.state().items() if urn.endswith("TaskDefinition::api")]
    return {one["name"]: one for one in json.loads(task["inputs"]["containerDefinitions"])}


def rolled(found: dict[str, set[str]], *also: str) -> None:
    """A new task definition, and the service that runs it."""
    assert found["created"] == found["deleted"] == {TASK}
    assert found["updated"] == {SERVICE, *also}


def test_what_a_team_edits_touches_what_it_must_and_a_second_up_nothing(shop: EngineStack):
    made = touched(shop)["created"]
    assert {
        "FileSystem media", "AccessPoint media-main", "FileSystemPolicy media",
        "BackupPolicy media", "MountTarget media-us-east-1a", "MountTarget media-us-east-1b",
        "UserPoolClient staff-alb",
    } <= made  # fmt: skip
    waits = {name: one.get("dependsOn") for name, one in containers(shop).items()}
    assert waits["main"] == [{"containerName": "migrate", "condition": "SUCCESS"}]
    assert waits["migrate"] == [{"containerName": "proxy", "condition": "HEALTHY"}]
    assert not shop.up().changed, "a second up changes something"

    rules = {name for name in made if name.startswith("ListenerRule api-")}
    shop.rewrite(stack_file(route="signIn: {userPool: staff, client: alb, sessionMinutes: 240}"))
    shop.up()
    assert touched(shop) == {"created": set(), "updated": rules, "deleted": set()}

    shop.rewrite(stack_file(after="after: {main: started}").replace("startFirst: success,", ""))
    shop.up()
    # The session is as it was, too.
    rolled(touched(shop), *rules)

    shop.rewrite(stack_file(router=ROUTER))
    shop.up()
    rolled(touched(shop))
    assert containers(shop)["main"]["logConfiguration"]["logDriver"] == "awsfirelens"

    more = "{main: {folder: /main}, other: {folder: /other}}"
    shop.rewrite(stack_file(router=ROUTER, points=more))
    shop.up()
    assert touched(shop) == {
        "created": {"AccessPoint media-other"}, "updated": set(), "deleted": set(),
    }  # fmt: skip

    shop.rewrite(stack_file(router=ROUTER, points=more, zones=3))
    shop.up()
    found = touched(shop)
    assert "MountTarget media-us-east-1c" in found["created"]
    assert not {name for name in found["deleted"] if not name.startswith("TaskDefinition")}

    assert not shop.up().changed, "a second up changes something"


def test_the_files_outlive_another_folder_of_an_access_point(shop: EngineStack):
    touched(shop)
    shop.rewrite(stack_file(points="{main: {folder: /elsewhere}}", zones=3))
    shop.up()
    found = touched(shop)
    point = "AccessPoint media-main"
    assert (point in found["created"], point in found["deleted"]) == (True, True)
    assert "FileSystem media" not in found["created"] | found["deleted"]


def test_it_is_taken_down_whole(shop: EngineStack):
    shop.unprotect()
    shop.aws.unprotect()
    shop.destroy()
    assert not shop.aws.things("aws:efs/mountTarget:MountTarget")
    assert not shop.aws.things("aws:lb/listenerRule:ListenerRule")
