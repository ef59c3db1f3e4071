"""The steps of docs/operations.md that take a production stack down, and up again."""

from __future__ import annotations

from collections.abc import Iterable

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
    "aws:rds/instance:Instance",
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:rds/parameterGroup:ParameterGroup",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:ec2/subnet:Subnet::network-private-",
    "aws:ec2/vpc:Vpc",
    "aws:kms/key:Key",
    "aws:s3/bucket:Bucket",
)
"""What keeps data, and what AWS does not delete while that stands."""


def of_kind(urns: Iterable[str], kind: str) -> list[str]:
    """Those of a type (`TYPE`, or `TYPE::NAME`): its own, not one of those it is within."""
    return [urn for urn in urns if urn.split("::", 2)[2].rsplit("$", 1)[-1].startswith(kind)]


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
    balancers = [resource for urn, resource in stack.state().items() if "lb/loadBalancer:" in urn]
    assert not any(balancer["inputs"].get("enableDeletionProtection") for balancer in balancers)
    # Step 2: everything goes but what is protected, and what that needs.
    stack.aws.calls.deleted.clear()
    stack.destroy(exclude_protected=True)
    gone = stack.aws.calls.deleted
    assert any("lb/loadBalancer:" in urn for urn in gone)
    assert [urn for urn in stack.state() if "ec2/securityGroup:" in urn and "atabase" in urn]
    for needed in NEEDED:
        assert not of_kind(gone, needed), needed
        assert of_kind(stack.state(), needed), needed
    # And back: nothing that was kept is made again.
    stack.aws.calls.created.clear()
    stack.rewrite(STACK % "true")
    again = stack.up()
    assert not [element for element in NEEDED if of_kind(stack.aws.calls.created, element)]
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


def test_a_stack_whose_data_may_go_too_ends(engine: Engine, own_project) -> None:
    """The last step: the data are deleted in AWS first, so nothing is in use any more."""
    stack = engine.stack(own_project, "prod", text=STACK % "false")
    stack.up()
    data = ("aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup")
    stack.aws.remove([urn for kind in data for urn in of_kind(stack.state(), kind)])
    stack.refresh()
    assert not [kind for kind in data if of_kind(stack.state(), kind)]
    stack.unprotect()
    stack.destroy()
    assert not stack.state()
