"""What names a thing of its own stack waits until AWS has made it.

A physical name is known from the settings, so a program can name a thing without an output of it:
the engine then makes both at once, and AWS refuses the one that comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from tests.recordings import recorded_everything
from trellis.planner.record import Recording

NAMED_BY: Mapping[str, str] = {
    "bucket": "aws:s3/bucket:Bucket",
    "targetBucket": "aws:s3/bucket:Bucket",
    "s3Bucket": "aws:s3/bucket:Bucket",
    "function": "aws:lambda/function:Function",
    "functionName": "aws:lambda/function:Function",
    "role": "aws:iam/role:Role",
    "logGroupName": "aws:cloudwatch/logGroup:LogGroup",
    "logGroup": "aws:cloudwatch/logGroup:LogGroup",
    "repository": "aws:ecr/repository:Repository",
    "workgroup": "aws:athena/workgroup:Workgroup",
    "dbInstanceIdentifier": "aws:rds/instance:Instance",
    "clusterIdentifier": "aws:rds/cluster:Cluster",
    "parameterGroupName": "aws:rds/parameterGroup:ParameterGroup",
    "dbSubnetGroupName": "aws:rds/subnetGroup:SubnetGroup",
    "dbProxyName": "aws:rds/proxy:Proxy",
    "userGroupIds": "aws:elasticache/userGroup:UserGroup",
    "userIds": "aws:elasticache/user:User",
    "clusterName": "aws:ecs/cluster:Cluster",
    "tableName": "aws:dynamodb/table:Table",
    "configurationSetName": "aws:sesv2/configurationSet:ConfigurationSet",
    "backupVaultName": "aws:backup/vault:Vault",
    "targetVaultName": "aws:backup/vault:Vault",
}
"""Types by the inputs that name one of them."""

OWN_NAMES = ("name", "bucket", "identifier", "clusterIdentifier", "userGroupId", "userId",
             "configurationSetName")  # fmt: skip
"""Inputs in which a thing says its own name."""


def too_early(recording: Recording) -> Iterator[str]:
    """What names a thing without waiting for it, as type, input and name."""
    named: dict[tuple[str, str], set[str]] = {}
    for resource in recording.resources:
        for own in OWN_NAMES:
            name = resource.inputs.get(own)
            if isinstance(name, str):
                named.setdefault((resource.type, name), set()).add(resource.urn)
    before = Before({r.urn: {*r.dependencies, r.parent} for r in recording.resources})
    for resource in recording.resources:
        # An alarm may be there before what it looks at.
        if resource.type.startswith("aws:cloudwatch/metricAlarm"):
            continue
        for field, name in texts(resource.inputs):
            made = named.get((NAMED_BY.get(field, ""), name), set())
            if made and resource.urn not in made and not made & before.of(resource.urn):
                yield f"{resource.type} {resource.name}: {field} {name}"


def texts(inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text in inputs, with the field that it stands in."""
    for field, value in inputs.items():
        parts = cast("list[Any]", value) if isinstance(value, list) else [value]
        for part in parts:
            if isinstance(part, Mapping):
                yield from texts(cast("Mapping[str, Any]", part))
            elif isinstance(part, str):
                yield field, part


class Before:
    """What is made before a resource, through whatever it waits for."""

    def __init__(self, direct: Mapping[str, set[str]]) -> None:
        self._direct = direct
        self._known: dict[str, frozenset[str]] = {}

    def of(self, urn: str) -> frozenset[str]:
        if urn not in self._known:
            self._known[urn] = frozenset()
            found = self._direct.get(urn, set())
            self._known[urn] = frozenset(found).union(*map(self.of, found))
        return self._known[urn]


def test_whatever_names_a_thing_of_its_stack_waits_for_it(
    recording_of: Callable[..., Recording], any_stack: tuple[str, str]
):
    assert [*too_early(recording_of(*any_stack))] == []


def test_so_it_is_where_everything_is_used():
    assert [*too_early(recorded_everything())] == []
