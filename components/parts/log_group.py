"""A CloudWatch log group made by us, so that its retention and key apply from the first line."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import Arn
from components.tags import name_tag


def log_group(
    name: str,
    *,
    physical_name: str,
    retention_days: int,
    key_arn: Arn | None,
    region: str | None = None,
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.LogGroup:
    """Make a log group kept for `retention_days` (one of CloudWatch's choices).

    Args:
        region: another region than the stack's; the key must be of it too.
    """
    return aws.cloudwatch.LogGroup(
        name,
        name=physical_name,
        retention_in_days=retention_days,
        kms_key_id=key_arn,
        region=region,
        tags=name_tag(physical_name),
        opts=opts,
    )
