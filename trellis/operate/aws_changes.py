"""Inputs that AWS changes by itself, so that a drift of them is nobody's doing: each with a reason.

Read in AWS's documentation in 2026-11 (`DATED`). What is not here, and not left to AWS by the stack
itself (`ignoreChanges`), was changed by somebody. A row may hold only for some changes: a version
that went down, or up by a major, is no minor upgrade of AWS's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

DATED: Final = date(2026, 11, 29)


@dataclass(frozen=True)
class Seen:
    """One input that is otherwise on AWS."""

    before: Any
    """What the state says."""
    after: Any
    inputs: Mapping[str, Any]
    """All inputs of the resource, as AWS has them."""


def _minor(seen: Seen) -> bool:
    """A later version of the same major, with automatic minor upgrades on (their default)."""
    old, new = _numbers(seen.before), _numbers(seen.after)
    on = seen.inputs.get("autoMinorVersionUpgrade") not in (False, "false")
    return on and bool(old and new) and old[0] == new[0] and new >= old


def _numbers(version: Any) -> list[int]:
    return [int(found) for found in re.findall(r"\d+", str(version))]


def _grown(seen: Seen) -> bool:
    """Storage that grew, and no further than it may by itself."""
    most = seen.inputs.get("maxAllocatedStorage")
    return isinstance(most, (int, float)) and float(seen.before) < float(seen.after) <= most


def _provisioned(seen: Seen) -> bool:
    """Capacity of a table that a policy may scale."""
    return seen.inputs.get("billingMode") != "PAY_PER_REQUEST"


def _only_capacity(seen: Seen) -> bool:
    """Indexes that differ in nothing but their capacity."""
    return _provisioned(seen) and _bare(seen.before) == _bare(seen.after)


def _bare(indexes: Any) -> list[dict[str, Any]]:
    capacity = ("readCapacity", "writeCapacity")
    given = cast("list[dict[str, Any]]", indexes or [])
    return [{key: index[key] for key in index if key not in capacity} for index in given]


def _on_demand(seen: Seen) -> bool:
    mode: Mapping[str, Any] = seen.inputs.get("streamModeDetails") or {}
    return mode.get("streamMode") == "ON_DEMAND"


@dataclass(frozen=True)
class Row:
    """One input that AWS changes."""

    type: str
    property: str
    why: str
    source: str
    """Page and guide of AWS's documentation."""
    holds: Callable[[Seen], bool] = lambda _: True
    """Whether it is AWS's own, of what was seen."""


_SCALING = "How Application Auto Scaling works, Application Auto Scaling User Guide"
_RDS = "Upgrading a DB instance engine version, Amazon RDS User Guide"
_AURORA = "Automatic minor version upgrades, Amazon Aurora User Guide"
_ELASTICACHE = "Version management, Amazon ElastiCache User Guide"
_ROTATION = "Rotate AWS Secrets Manager secrets, AWS Secrets Manager User Guide"

ROWS: Final = (
    Row("aws:ecs/service:Service", "desiredCount",
        "auto scaling sets the number of tasks", _SCALING),
    Row("aws:appautoscaling/target:Target", "minCapacity",
        "a scheduled action sets the least and the most", _SCALING),
    Row("aws:appautoscaling/target:Target", "maxCapacity",
        "a scheduled action sets the least and the most", _SCALING),
    Row("aws:autoscaling/group:Group", "desiredCapacity",
        "auto scaling sets the number of instances",
        "Set scaling limits, Amazon EC2 Auto Scaling User Guide"),
    Row("aws:dynamodb/table:Table", "readCapacity", "auto scaling sets it",
        _SCALING, _provisioned),
    Row("aws:dynamodb/table:Table", "writeCapacity", "auto scaling sets it",
        _SCALING, _provisioned),
    Row("aws:dynamodb/table:Table", "globalSecondaryIndexes",
        "auto scaling sets the indexes' capacity", _SCALING, _only_capacity),
    Row("aws:kinesis/stream:Stream", "shardCount", "a stream on demand scales itself",
        "Data stream capacity modes, Amazon Kinesis Data Streams Developer Guide", _on_demand),
    Row("aws:rds/instance:Instance", "engineVersion",
        "RDS upgrades the minor version in the maintenance window", _RDS, _minor),
    Row("aws:rds/instance:Instance", "allocatedStorage",
        "storage grows by itself up to maxAllocatedStorage",
        "Managing capacity automatically with storage autoscaling, Amazon RDS User Guide", _grown),
    Row("aws:rds/cluster:Cluster", "engineVersion",
        "Aurora upgrades the minor version in the maintenance window", _AURORA, _minor),
    Row("aws:rds/cluster:Cluster", "availabilityZones",
        "Aurora keeps the data in three zones, whichever were named",
        "Amazon Aurora storage, Amazon Aurora User Guide"),
    Row("aws:rds/clusterInstance:ClusterInstance", "engineVersion",
        "Aurora upgrades the minor version in the maintenance window", _AURORA, _minor),
    Row("aws:elasticache/replicationGroup:ReplicationGroup", "engineVersion",
        "ElastiCache upgrades the minor version in the maintenance window", _ELASTICACHE, _minor),
    Row("aws:elasticache/replicationGroup:ReplicationGroup", "numNodeGroups",
        "auto scaling sets the number of shards",
        "Auto Scaling Valkey and Redis OSS clusters, Amazon ElastiCache User Guide"),
    Row("aws:elasticache/replicationGroup:ReplicationGroup", "replicasPerNodeGroup",
        "auto scaling sets the number of replicas",
        "Auto Scaling Valkey and Redis OSS clusters, Amazon ElastiCache User Guide"),
    Row("aws:secretsmanager/secretVersion:SecretVersion", "secretString",
        "rotation writes a new value", _ROTATION),
    Row("aws:secretsmanager/secretVersion:SecretVersion", "versionStages",
        "rotation moves AWSCURRENT on to the new value", _ROTATION),
)  # fmt: skip

HINTS: Final[Mapping[tuple[str, str], str]] = {
    ("aws:ecs/service:Service", "taskDefinition"): "ECS itself goes back to the former task where "
    "a deployment fails: `trellis diagnose`",
    ("aws:rds/instance:Instance", "multiAz"): "was it set for a failover drill?",
}
"""What else may be behind a change that counts as somebody's."""


def aws_own(type_: str, property_: str, seen: Seen) -> str | None:
    """Why AWS itself changed an input; None where it doesn't."""
    for row in ROWS:
        if (row.type, row.property) == (type_, property_) and row.holds(seen):
            return row.why
    return None
