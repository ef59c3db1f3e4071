"""What a change in place, or a deletion, means to people beyond what the engine says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from trellis.compare.step import Step
from trellis.compare.values import blocks, plain
from trellis.stackfile.tree import is_mapping

Inputs = Mapping[str, Any]

SHORTER: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "aws:cloudwatch/logGroup:LogGroup": {"retentionInDays": ("log events older than", "days")},
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "snapshotRetentionLimit": ("snapshots older than", "days")
    },
    "aws:kinesis/stream:Stream": {"retentionPeriod": ("records older than", "hours")},
    "aws:rds/cluster:Cluster": {"backupRetentionPeriod": ("automated backups older than", "days")},
    "aws:rds/instance:Instance": {
        "backupRetentionPeriod": ("automated backups older than", "days")
    },
    "aws:sqs/queue:Queue": {"messageRetentionSeconds": ("messages older than", "seconds")},
}
"""What goes when a time to keep is made shorter, by type and property, with its unit."""

GONE: Final[Mapping[str, str]] = {
    "aws:cognito/userPoolClient:UserPoolClient": (
        "its client id goes: applications that sign in by it are refused"
    ),
    "aws:ec2/eip:Eip": "its public address goes: tell whoever lets it in by address",
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": (
        "while the parent has a DS record, nobody who checks signatures finds the domain: take it "
        "out of the parent first, and wait for its TTL"
    ),
}
"""What a deletion means, by type, where its name does not say it."""


def meant(step: Step) -> Iterator[str]:
    """What a person should know of a change in place or a deletion, one thing a line."""
    if step.operation == "delete":
        if step.type in GONE and not step.retained:
            yield GONE[step.type]
        return
    if step.operation != "update" or step.old is None or step.new is None:
        return
    old, new = plain(step.old.inputs, Path()), plain(step.new.inputs, Path())
    for key, (what, unit) in SHORTER.get(step.type, {}).items():
        if key in step.changed and _less(new.get(key), old.get(key)):
            yield f"goes: {what} {new[key]} {unit}"
    for said in MEANT.get(step.type, ()):
        text = said(old, new)
        if text:
            yield text


def _less(new: Any, old: Any) -> bool:
    """Whether a time is shorter; none, and nought of a log group, is for ever."""
    return isinstance(new, int) and new > 0 and (not isinstance(old, int) or not 0 < old <= new)


def _port(old: Inputs, new: Inputs) -> str:
    """ "Settings for DB instances" (RDS User Guide, 2026-11)."""
    if old.get("port") == new.get("port"):
        return ""
    return "downtime: the database restarts at once, whatever `applyImmediately` says"


def _recovery(old: Inputs, new: Inputs) -> str:
    was, is_ = (
        is_mapping(found := side.get("pointInTimeRecovery")) and found.get("enabled") is True
        for side in (old, new)
    )
    return "goes: the points in time that it can be restored to" if was and not is_ else ""


def _indexes(old: Inputs, new: Inputs) -> str:
    """ "Managing Global Secondary Indexes" (DynamoDB Developer Guide, 2026-11)."""
    before, after = (
        {index["name"]: _shape(index) for index in blocks(side, "globalSecondaryIndexes")}
        for side in (old, new)
    )
    other = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    if not other:
        return ""
    return f"downtime: the index {other[0]} is made anew; nobody can search by it until it is full"


def _shape(index: Inputs) -> str:
    parts = {key: index[key] for key in index.keys() - {"readCapacity", "writeCapacity"}}
    return json.dumps(parts, sort_keys=True, default=str)


def _stream(old: Inputs, new: Inputs) -> str:
    """ "Capturing changes" (DynamoDB Developer Guide, 2026-11)."""
    if not old.get("streamViewType") or old.get("streamViewType") == new.get("streamViewType"):
        return ""
    return "goes: what nobody has read from the stream yet; another one begins"


def _columns(old: Inputs, new: Inputs) -> str:
    """ "Handle schema updates" (Amazon Athena User Guide, 2026-11)."""
    before, after = (
        {str(column["name"]): column.get("type") for column in blocks(_descriptor(side), "columns")}
        for side in (old, new)
    )
    other = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    if not other:
        return ""
    return (
        f"records that are there keep {other[0]} as {before[other[0]]}: Athena fails to read them "
        "as another type (add a column under another name)"
    )


def _location(old: Inputs, new: Inputs) -> str:
    before, after = (
        json.dumps([_descriptor(side).get("location"), side.get("parameters", {}).get(
            "storage.location.template")])
        for side in (old, new)
    )  # fmt: skip
    if before == after:
        return ""
    return "records that are there are found no more: they lie where they were (move the objects)"


def _descriptor(side: Inputs) -> Inputs:
    found = side.get("storageDescriptor")
    return found if is_mapping(found) else {}


MEANT: Final[Mapping[str, tuple[Callable[[Inputs, Inputs], str], ...]]] = {
    "aws:dynamodb/table:Table": (_recovery, _indexes, _stream),
    "aws:glue/catalogTable:CatalogTable": (_columns, _location),
    "aws:rds/instance:Instance": (_port,),
}
"""By type."""
