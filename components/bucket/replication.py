"""A bucket's copy in another region: the bucket there, and the role that copies.

Promises: the copy is as private, encrypted, TLS-only and logged as the original; the role reads
exactly this bucket's versions, writes exactly that bucket's replicas, and uses each key for its own
bucket.

What the role may do: "Setting up permissions for live replication", for objects under a customer
key "Replicating encrypted objects", and for locked ones "Object Lock considerations" (Amazon S3
User Guide, 2026-11).
"""

from __future__ import annotations

import dataclasses

import pulumi
import pulumi_aws as aws

from components.bucket import companions
from components.bucket.copy_log import log_copy
from components.bucket.settings import BucketSettings, ReplicationSettings
from components.bucket.trusts import tls_only
from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.parts.key_grant import key_grant, of_bucket
from components.parts.policy_document import resource_document
from components.parts.role import service_role
from components.tags import name_tag

READ_VERSIONS = (
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionForReplication",
    "s3:GetObjectVersionTagging",
)
READ_LOCKS = ("s3:GetObjectLegalHold", "s3:GetObjectRetention")
"""Without these two S3 copies nothing from a bucket with object lock."""
WRITE_REPLICAS = ("s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags")

OPEN = ("kms:Decrypt",)
CLOSE = ("kms:Encrypt", "kms:GenerateDataKey")
"""A replica's own data key is encrypted; a bucket key there is generated."""


def copy_name(physical_name: str, region: str) -> str:
    """Name of the copy, known from the settings alone: S3 takes 63 characters."""
    return f"{physical_name[: 63 - 1 - len(region)]}-{region}"


def copy_abroad(
    name: str,
    settings: BucketSettings,
    to: ReplicationSettings,
    *,
    naming: Naming,
    where: AccountRegion,
    physical_name: str,
    key_arn: Arn | None,
    copy_key_arn: Arn | None,
    log_days: int | None,
    protect: bool,
    opts: pulumi.ResourceOptions,
) -> tuple[str, aws.iam.Role, aws.s3.BucketVersioning]:
    """Make the copy's bucket and the role, and say the copy's name.

    Args:
        physical_name: of the original.
        copy_key_arn: customer key in the other region.
        log_days: how long the log of requests to the copy is kept; None where there is none.

    Returns:
        The copy's bucket name, the role, and the copy's versioning: replication waits for it.
    """
    there = dataclasses.replace(where, region=to.region)
    copy = copy_name(physical_name, to.region)
    bucket = aws.s3.Bucket(
        f"{name}-copy",
        bucket=copy,
        force_destroy=settings.empty_on_delete,
        region=to.region,
        tags=name_tag(copy, settings.tags),
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(protect=protect, retain_on_delete=protect)
        ),
    )
    label = f"{name}-copy"
    block = companions.guard(label, bucket, to.region, opts)
    companions.encryption(label, bucket, copy_key_arn, to.region, opts)
    versioning = companions.versioning(label, bucket, to.region, opts)
    companions.lifecycle(label, bucket, settings, to.region, _after(opts, versioning))
    if settings.object_lock is not None:
        # What is locked here is locked there: S3 copies retention to locked buckets only.
        aws.s3.BucketObjectLockConfiguration(
            label, bucket=bucket.id, region=to.region, opts=_after(opts, versioning)
        )
    copy_arn = f"arn:{where.partition}:s3:::{copy}"
    aws.s3.BucketPolicy(
        label,
        bucket=bucket.id,
        policy=resource_document(copy_arn, [tls_only()]),
        region=to.region,
        opts=_after(opts, block),
    )
    if log_days is not None:
        log_copy(
            name, settings, bucket, to.region, where=where, physical_name=physical_name,
            copy_name=copy, days=log_days, protect=protect, opts=opts,
        )  # fmt: skip
    source_arn = f"arn:{where.partition}:s3:::{physical_name}"
    grants = [
        *_reading(source_arn, locked=settings.object_lock is not None),
        Grant("WriteReplicas", WRITE_REPLICAS, (f"{copy_arn}/*",)),
    ]
    if key_arn is not None:
        grants.append(key_grant("KeyHere", key_arn, OPEN, "s3", where, of_bucket(source_arn)))
    if copy_key_arn is not None:
        grants.append(key_grant("KeyThere", copy_key_arn, CLOSE, "s3", there, of_bucket(copy_arn)))
    role = service_role(
        f"{name}-replication",
        physical_name=naming.of(Kind.ROLE, name, "replication"),
        description=f"Copies objects of {physical_name} to {copy}",
        service="s3.amazonaws.com",
        grants=grants,
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": source_arn},
        },
        opts=opts,
    )
    return copy, role, versioning


def replicate(
    name: str,
    bucket: aws.s3.Bucket,
    to: ReplicationSettings,
    *,
    copy_arn: str,
    role: aws.iam.Role,
    encrypted: bool,
    copy_key_arn: Arn | None,
    opts: pulumi.ResourceOptions,
) -> aws.s3.BucketReplicationConfig:
    """Start copying everything."""
    destination: dict[str, object] = {"bucket": copy_arn, "storage_class": "STANDARD"}
    if copy_key_arn is not None:
        destination["encryption_configuration"] = {"replica_kms_key_id": copy_key_arn}
    rule: dict[str, object] = {
        "id": "everything",
        "status": "Enabled",
        "priority": 0,
        "filter": {"prefix": ""},
        "destination": destination,
        "delete_marker_replication": {
            "status": "Enabled" if to.delete_markers else "Disabled",
        },
    }
    if encrypted:
        rule["source_selection_criteria"] = {"sse_kms_encrypted_objects": {"status": "Enabled"}}
    return aws.s3.BucketReplicationConfig(
        name,
        bucket=bucket.id,
        role=role.arn,
        rules=[rule],  # pyright: ignore[reportArgumentType]
        opts=opts,
    )


def _reading(source_arn: str, *, locked: bool) -> list[Grant]:
    """The original: its configuration and versions, and their locks where there are any."""
    objects = (f"{source_arn}/*",)
    grants = [
        Grant("ReadWhatToCopy", ("s3:GetReplicationConfiguration", "s3:ListBucket"), (source_arn,)),
        Grant("ReadVersions", READ_VERSIONS, objects),
    ]
    if locked:
        grants.append(Grant("ReadLocks", READ_LOCKS, objects))
    return grants


def _after(opts: pulumi.ResourceOptions, first: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[first]))
