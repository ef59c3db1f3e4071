"""The steps of docs/operations.md that take a production stack down, and up again."""

from __future__ import annotations

import pytest

from tests.engine.engine import Engine, EngineError

pytestmark = pytest.mark.engine

STACK = """\
config:
  aws:region: us-east-1
  trellis:environment: prod
  trellis:profile: production
  trellis:account: "123456789012"
  trellis:network: {zones: 2, nat: single}
  trellis:databases: {main: {engine: postgres, version: "16", instanceClass: db.t4g.medium}}
  trellis:caches: {main: {engine: valkey, nodeType: cache.t4g.small}}
  trellis:buckets: {files: {}}
  trellis:zones: {main: {domain: example.com}}
  trellis:loadBalancers: {alb: {deletionProtection: %s}}
  trellis:services:
    web:
      image:
        repository: web
        digest: "sha256:0000000000000000000000000000000000000000000000000000000000000001"
      port: 80
      routes: [{host: app.example.com}]
      uses: [{database: main}]
"""
NEEDED = (
    "rds/instance:",
    "rds/subnetGroup:",
    "rds/parameterGroup:",
    "elasticache/replicationGroup:",
    "elasticache/subnetGroup:",
    "Subnet::network-private-",
    "ec2/vpc:",
    "kms/key:",
    "s3/bucket:",
)
"""What keeps data, and what AWS does not delete while that stands."""


@pytest.mark.xfail(
    reason="known failure of 2026-11-29: kept databases use subnet groups that are asked to go"
)
def test_a_production_stack_goes_but_for_its_data_and_comes_back(
    engine: Engine, own_project
) -> None:
    stack = engine.stack(own_project, "prod", text=STACK % "true")
    first = stack.up()
    with pytest.raises(EngineError, match="protected"):
        stack.destroy()
    # Step 1: what AWS itself refuses to delete is let go of in the stack file.
    stack.rewrite(STACK % "false")
    stack.up()
    balancers = [each for urn, each in stack.state().items() if "lb/loadBalancer:" in urn]
    assert not any(each["inputs"].get("enableDeletionProtection") for each in balancers)
    # Step 2: everything goes but what is protected, and what that needs.
    stack.aws.calls.deleted.clear()
    stack.destroy(exclude_protected=True)
    gone = stack.aws.calls.deleted
    assert any("lb/loadBalancer:" in urn for urn in gone)
    assert [urn for urn in stack.state() if "ec2/securityGroup:" in urn and "atabase" in urn]
    for needed in NEEDED:
        assert not [urn for urn in gone if needed in urn], needed
        assert any(needed in urn for urn in stack.state()), needed
    # And back: nothing that was kept is made again.
    stack.aws.calls.created.clear()
    stack.rewrite(STACK % "true")
    again = stack.up()
    assert not [urn for urn in stack.aws.calls.created if any(each in urn for each in NEEDED)]
    assert again.resources.keys() == first.resources.keys()


def test_a_service_that_leaves_a_production_stack_goes(engine: Engine, own_project) -> None:
    """It holds no data, so nobody has to free it first."""
    whole = STACK % "true"
    second = whole[whole.index("    web:") :].replace("web", "second", 1)
    second = second.replace("      routes: [{host: app.example.com}]\n", "")
    stack = engine.stack(own_project, "prod", text=whole + second)
    stack.up()
    stack.rewrite(whole)
    assert set(stack.preview().changed) <= {"delete", "update"}
    stack.up()
    assert not [urn for urn in stack.state() if "second" in urn]


@pytest.mark.xfail(
    reason="known failure of 2026-11-29: kept databases use subnet groups that are asked to go"
)
def test_a_stack_whose_data_may_go_too_ends(engine: Engine, own_project) -> None:
    """The last step: only after that does nothing of it stand in AWS or in the state."""
    stack = engine.stack(own_project, "prod", text=STACK % "false")
    stack.up()
    stack.unprotect()
    stack.destroy()
    assert not stack.state()
