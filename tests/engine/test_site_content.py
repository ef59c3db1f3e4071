"""A site's content through the real engine: what a second deployment touches."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from functions.site_content.handler import Release, plan
from tests.engine.engine import Engine, EngineStack

pytestmark = pytest.mark.engine

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
INVOCATION = "aws:lambda/invocation:Invocation"
NOW = datetime(2026, 11, 21, tzinfo=UTC)

STACK = """config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:zones:
    main: {domain: example.org}
  trellis:sites:
    app: {domain: app.example.org, pages: spa, content: {path: web/dist}}
"""


def names(urns: list[str], type_: str) -> list[str]:
    return [urn.rsplit("::", 1)[1] for urn in urns if urn.split("::")[2].endswith(type_)]


def test_a_deployment_touches_what_changed_and_a_repeated_one_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    stack = engine.stack(project, "dev", text=STACK)
    # Beside the stack file, not beside the program, which `main` puts elsewhere.
    dist = stack.folder / "web" / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<script src=/assets/app-1.js></script>")
    (dist / "robots.txt").write_text("User-agent: *")
    (dist / "assets" / "app-1.js").write_text("1")

    stack.preview()
    assert not stack.aws.cloud, "a preview uploaded or invalidated something"

    stack.up()
    created = list(stack.aws.calls.created)
    assert names(created, OBJECT) == ["app-content"]
    assert names(created[-1:], INVOCATION) == ["app-release"], "it came before the archive"
    before = release_of(stack)

    assert not stack.up().changed, "unchanged content changes something"
    (dist / ".DS_Store").write_text("what a file manager left")
    assert not stack.up().changed, "what is not deployed changes something"

    (dist / "index.html").write_text("<script src=/assets/app-2.js></script>")
    (dist / "assets" / "app-1.js").rename(dist / "assets" / "app-2.js")
    made = len(stack.aws.calls.created)
    stack.up()
    assert len(stack.aws.calls.created) == made, "the function would not learn what was there"
    updated = list(stack.aws.calls.updated)
    assert [urn.rsplit("::", 1)[1] for urn in updated] == ["app-content", "app-release"]
    assert not list(stack.aws.calls.deleted)

    step = plan(release_of(stack), before, {}, NOW)
    assert step.put == (("assets/app-2.js",), ("index.html",))
    assert step.paths == ("/index.html",)
    assert step.retired == {"assets/app-1.js": NOW.isoformat()}, "an open tab would miss it"


def release_of(stack: EngineStack) -> Release:
    """What the engine's state says the function was told last."""
    [invocation] = [
        resource for resource in stack.state().values() if resource["type"] == INVOCATION
    ]
    return json.loads(invocation["inputs"]["input"])
