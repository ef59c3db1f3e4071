"""The grant to use a customer key through exactly one service."""

from __future__ import annotations

from components.contracts import AccountRegion, Arn, Conditions, Grant

READ = ("kms:Decrypt",)
WRITE = ("kms:Decrypt", "kms:GenerateDataKey")
"""Writers decrypt too: parts of an upload and reused data keys are read back ("Permissions required
to use server-side encryption with AWS KMS", Amazon S3 and Amazon SNS guides, 2026-11)."""


def of_bucket(bucket_arn: str) -> Conditions:
    """The encryption context of a bucket's objects, as a condition.

    S3 sends the bucket's ARN as the context of a bucket key, else the object's.
    """
    return {"StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket_arn, f"{bucket_arn}/*"]}}


def key_grant(
    sid: str,
    key_arn: Arn,
    actions: tuple[str, ...],
    service: str,
    where: AccountRegion,
    context: Conditions | None = None,
) -> Grant:
    """Use of `key_arn` by way of `service` (as in `s3`), never directly.

    Args:
        context: further conditions, as on the encryption context.
    """
    suffix = "amazonaws.com.cn" if where.partition == "aws-cn" else "amazonaws.com"
    through = {"kms:ViaService": f"{service}.{where.region}.{suffix}"}
    conditions = {**(context or {})}
    conditions["StringEquals"] = {**conditions.get("StringEquals", {}), **through}
    return Grant(sid, actions, (key_arn,), conditions)
