"""A site's content through the real engine: what a second deployment touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.engine import Engine

pytestmark = pytest.mark.engine

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
INVOCATION = "aws:lambda/invocation:Invocation"

STACK = """config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:zones:
    main: {{domain: example.org}}
  trellis:sites:
    app: {{domain: app.example.org, pages: spa, content: {{path: {dist}}}}}
"""


def names(urns: list[str], type_: str) -> set[str]:
    return {urn.rsplit("::", 1)[1] for urn in urns if urn.split("::")[2].endswith(type_)}


def test_a_deployment_touches_what_changed_and_a_repeated_one_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    project, dist = tmp_path / "project", tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (dist / "index.html").write_text("<script src=/assets/app-1.js></script>")
    (dist / "robots.txt").write_text("User-agent: *")
    (dist / "assets" / "app-1.js").write_text("1")
    stack = engine.stack(project, "dev", text=STACK.format(dist=dist))

    stack.preview()
    assert not stack.aws.cloud, "a preview uploaded or invalidated something"

    stack.up()
    created = list(stack.aws.calls.created)
    objects = [urn.rsplit("::", 1)[1] for urn in created if urn.split("::")[2].endswith(OBJECT)]
    assert set(objects[:2]) == {"app/assets/app-1.js", "app/robots.txt"}
    assert objects[2:] == ["app/index.html"], "pages wait for what they name"
    assert names(created[-1:], INVOCATION) == {"app-release"}, "and the invalidation for them"

    assert not stack.up().changed, "unchanged content changes something"

    (dist / "index.html").write_text("<script src=/assets/app-2.js></script>")
    (dist / "assets" / "app-1.js").rename(dist / "assets" / "app-2.js")
    before = len(stack.aws.calls.created)
    stack.up()
    again = list(stack.aws.calls.created)[before:]
    assert names(again, OBJECT) == {"app/assets/app-2.js"}
    assert not names(again, INVOCATION), "the function would not learn what was there before"
    updated = list(stack.aws.calls.updated)
    assert names(updated, OBJECT) == {"app/index.html"}
    assert names(updated[-1:], INVOCATION) == {"app-release"}
    gone = names(list(stack.aws.calls.deleted), OBJECT)
    assert "app/assets/app-1.js" not in gone, "a tab still open would miss its script"

    del stack.aws.calls.updated[:]
    before = len(stack.aws.calls.created)
    (dist / "robots.txt").write_text("User-agent: nobody")
    stack.up()
    assert len(stack.aws.calls.created) == before
    updated = list(stack.aws.calls.updated)
    assert [urn.rsplit("::", 1)[1] for urn in updated] == ["app/robots.txt", "app-release"]
