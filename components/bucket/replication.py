"""A bucket's copy in another region: the bucket there, and the role that copies.

Promises: the copy is as private, encrypted and TLS-only as the original; the role reads exactly
this bucket's versions and writes exactly that bucket's replicas.
"""

from __future__ import annotations

import dataclasses

import pulumi
import pulumi_aws as aws

from components.bucket import companions
from components.bucket.settings import BucketSettings, ReplicationSettings
from components.bucket.trusts import tls_only
from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.parts.key_grant import key_grant
from components.parts.policy_document import resource_document
from components.parts.role import service_role
from components.tags import name_tag


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
    protect: bool,
    opts: pulumi.ResourceOptions,
) -> tuple[str, aws.iam.Role, aws.s3.BucketVersioning]:
    """Make the copy's bucket and the role, and say the copy's name.

    Args:
        physical_name: of the original.
        copy_key_arn: customer key in the other region.

    Returns:
        The copy's bucket name, the role, and the copy's versioning: replication waits for it.
    """
    there = dataclasses.replace(where, region=to.region)
    copy_name = f"{physical_name[: 63 - 1 - len(to.region)]}-{to.region}"
    bucket = aws.s3.Bucket(
        f"{name}-copy",
        bucket=copy_name,
        force_destroy=settings.empty_on_delete,
        region=to.region,
        tags=name_tag(copy_name, settings.tags),
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
    copy_arn = f"arn:{where.partition}:s3:::{copy_name}"
    aws.s3.BucketPolicy(
        label,
        bucket=bucket.id,
        policy=resource_document(copy_arn, [tls_only()]),
        region=to.region,
        opts=_after(opts, block),
    )
    source_arn = f"arn:{where.partition}:s3:::{physical_name}"
    grants = [
        Grant(
            "ReadWhatToCopy",
            ("s3:GetReplicationConfiguration", "s3:ListBucket"),
            (source_arn,),
        ),
        Grant(
            "ReadVersions",
            (
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionTagging",
            ),
            (f"{source_arn}/*",),
        ),
        Grant(
            "WriteReplicas",
            ("s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"),
            (f"{copy_arn}/*",),
        ),
    ]
    if key_arn is not None:
        grants.append(key_grant("KeyHere", key_arn, ("kms:Decrypt",), "s3", where))
    if copy_key_arn is not None:
        grants.append(key_grant("KeyThere", copy_key_arn, ("kms:GenerateDataKey",), "s3", there))
    role = service_role(
        f"{name}-replication",
        physical_name=naming.of(Kind.ROLE, name, "replication"),
        description=f"Copies objects of {physical_name} to {copy_name}",
        service="s3.amazonaws.com",
        grants=grants,
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": source_arn},
        },
        opts=opts,
    )
    return copy_name, role, versioning


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


def _after(opts: pulumi.ResourceOptions, first: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[first]))
