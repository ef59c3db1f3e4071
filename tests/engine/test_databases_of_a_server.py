"""A further database of a server in the real engine: it comes, is renamed and goes in place."""

from __future__ import annotations

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
  trellis:network: {zones: 2, nat: single, endpoints: []}
  trellis:databases:
    main: {engine: postgres, version: "16", instanceClass: db.t4g.medium, DATABASES}
  trellis:secrets:
    main: {kind: credentials, database: main, user: shop}
"""
FURTHER = "    figures: {kind: credentials, database: main, dbName: NAME, user: figures}\n"


def stack_file(name: str = "") -> str:
    if not name:
        return STACK.replace(", DATABASES", "")
    text = STACK.replace("DATABASES", f"databases: {{{name}: {{}}}}")
    return text + FURTHER.replace("NAME", name)


def test_a_database_comes_and_goes_without_touching_its_server(engine: Engine, tmp_path: Path):
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    stack = engine.stack(tmp_path, "dev", text=stack_file())
    stack.up()
    touched(stack)

    stack.rewrite(stack_file("reports"))
    stack.up()
    done = touched(stack)
    assert {"Secret figures", "SecretRotation figures", "Invocation figures"} <= done["created"]
    assert done["updated"] == {"Function database-main", "RolePolicy database-main"}
    assert not done["deleted"]
    assert not stack.up().changed, "a second up changes something"

    stack.rewrite(stack_file("sales"))
    stack.up()
    done = touched(stack)
    assert done["created"] == {"Invocation figures"}, "the new name is another database"
    assert done["updated"] == {"Function database-main"}
    assert done["deleted"] == {"Invocation figures"}

    stack.rewrite(stack_file())
    stack.up()
    done = touched(stack)
    assert not done["created"]
    assert {"Secret figures", "Invocation figures"} <= done["deleted"]
    assert done["updated"] == {"Function database-main", "RolePolicy database-main"}
    assert not stack.up().changed, "a second up changes something"
