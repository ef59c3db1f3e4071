"""Functions and APIs in the real engine: what a new line of code, and a new route, touch."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.engine.engine import Engine
from tests.engine.test_service_changes import touched

pytestmark = pytest.mark.engine

STACK = """config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:apis:
    main: {authorizer: {iam: true}}
  trellis:functions:
    app:
      code: {path: functions/app, handler: app.handle}
      routes: [ROUTES]
    other:
      code: {path: functions/app, handler: app.handle}
      description: DESCRIPTION
"""
ONE = "{api: main, path: /items, methods: [GET]}"
TWO = "{api: main, path: /items, methods: [POST]}"


def stack_file(*routes: str, description: str = "the other one") -> str:
    return STACK.replace("ROUTES", ", ".join(routes)).replace("DESCRIPTION", description)


def test_a_zip_is_built_once_and_a_route_redeploys_the_api_alone(engine: Engine, tmp_path: Path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    stack = engine.stack(project, "dev", text=stack_file(ONE))
    # Beside the stack file, not beside the program, which `main` puts elsewhere.
    code = stack.folder / "functions" / "app"
    code.mkdir(parents=True)
    (code / "app.py").write_text("def handle(event, context):\n    return 1\n")

    stack.up()
    touched(stack)
    (built,) = (stack.folder / "build" / "functions" / "app").iterdir()
    with zipfile.ZipFile(built) as zip_:
        assert zip_.namelist() == ["app.py"]
    before = built.stat().st_mtime_ns
    assert not stack.up().changed, "a second up changes something"
    assert built.stat().st_mtime_ns == before

    (code / "app.py").write_text("def handle(event, context):\n    return 2\n")
    stack.up()
    assert touched(stack) == {
        "created": set(),
        "updated": {"Function app", "Function other"},
        "deleted": set(),
    }

    stack.rewrite(stack_file(ONE, description="said better"))
    stack.up()
    assert touched(stack) == {"created": set(), "updated": {"Function other"}, "deleted": set()}

    stack.rewrite(stack_file(ONE, TWO, description="said better"))
    stack.up()
    assert touched(stack) == {
        "created": {
            "Method main-POST/items", "Integration main-POST/items",
            "Permission app-main-POST/items", "Deployment main",
        },
        "updated": {"Stage main"},
        "deleted": {"Deployment main"},
    }  # fmt: skip


API = """config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:apis:
    main:
      authorizer: {function: check, cacheSeconds: 300}
      cors: {origins: ["https://a.example.com"]}
      throttle: {rate: 10, burst: 20}
  trellis:functions:
    app:
      code: {path: functions/app, handler: app.handle}
      routes:
        - {api: main, path: /items, methods: [POST], body: {type: object}}
        - {api: main, path: /things, methods: [GET], query: [page]}
    check: {code: {path: functions/app, handler: app.handle}}
  trellis:queues:
    work: {}
"""

DEPLOYED = [
    ("path: /things", "path: /articles"),
    ("body: {type: object}", "body: {type: object, required: [name]}"),
    ("query: [page]", "query: [size]"),
    ("cacheSeconds: 300", "cacheSeconds: 60"),
    ("https://a.example.com", "https://b.example.com"),
]
"""One change each of a route, a model, a validator, an authorizer and an answer."""

ELSEWHERE = [
    ("rate: 10", "rate: 11"),
    ("handler: app.handle}\n      routes", "handler: app.handle}\n      memory: 512\n      routes"),
    ("work: {}", "work: {visibilitySeconds: 90}"),
]


def test_each_single_change_of_an_api_is_deployed_once_and_one_elsewhere_is_not(
    engine: Engine, tmp_path: Path
):
    project = tmp_path / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    text = API
    stack = engine.stack(project, "dev", text=text)
    code = stack.folder / "functions" / "app"
    code.mkdir(parents=True)
    (code / "app.py").write_text("def handle(event, context):\n    return 1\n")
    stack.up()
    touched(stack)
    for old, new in [*DEPLOYED, *ELSEWHERE]:
        assert old in text
        text = text.replace(old, new)
        stack.rewrite(text)
        stack.up()
        found = touched(stack)
        deployed = (old, new) in DEPLOYED
        for kind in ("created", "deleted"):
            assert ("Deployment main" in found[kind]) is deployed, (old, new, found)
        assert ("Stage main" in found["updated"]) is deployed, (old, new, found)
        assert not {"Stage main", "RestApi main"} & (found["created"] | found["deleted"])
