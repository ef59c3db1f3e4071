"""The runbook for a restored database: the state follows a resource id, not a name."""

from __future__ import annotations

import json

import pytest

from tests.engine.engine import Engine

pytestmark = pytest.mark.engine

STACK = """\
config:
  aws:region: us-east-1
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:network: {zones: 2, nat: none}
  trellis:databases: {main: {engine: postgres, version: "16", instanceClass: db.t4g.medium}}
"""
TYPE = "aws:rds/instance:Instance"


def test_after_the_documented_steps_the_restored_instance_is_the_database(
    engine: Engine, own_project
) -> None:
    stack = engine.stack(own_project, "dev", text=STACK)
    stack.up()
    urn, before = next(
        (u, resource) for u, resource in stack.state().items() if resource["type"] == TYPE
    )
    name, old = before["outputs"]["identifier"], before["id"]
    new = f"{old}-NEW"

    # The names are swapped in AWS.
    restored = type(stack.aws.cloud[TYPE, old])()
    restored.CopyFrom(stack.aws.cloud[TYPE, old])
    stack.aws.cloud[TYPE, new] = restored
    stack.aws.cloud[TYPE, old].fields["identifier"].string_value = f"{name}-old"
    for key in ("id", "resourceId"):
        if key in restored.fields:
            restored.fields[key].string_value = new

    # A refresh alone follows the old instance.
    stack.refresh()
    assert stack.state()[urn]["id"] == old
    assert stack.state()[urn]["outputs"]["identifier"] == f"{name}-old"

    # pulumi stack export, sed, pulumi stack import, pulumi refresh
    exported = json.dumps(stack.export())
    stack.replace_state(json.loads(exported.replace(f'"{old}"', f'"{new}"')))
    stack.refresh()
    assert stack.state()[urn]["id"] == new
    assert stack.state()[urn]["outputs"]["identifier"] == name
    stack.aws.calls.updated.clear()
    stack.aws.calls.deleted.clear()
    outcome = stack.up()
    assert "replace" not in outcome.changed
    assert not stack.aws.calls.deleted
    assert urn not in stack.aws.calls.updated
    assert stack.aws.cloud[TYPE, old].fields["identifier"].string_value == f"{name}-old"
