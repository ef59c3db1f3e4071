"""Who of AWS may write into log groups: one resource policy, since an account has few of them."""

from __future__ import annotations

from collections.abc import Iterable

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Trust
from components.parts.policy_document import resource_document

POLICIES_PER_REGION = 10
"""Resource policies of an account in a region, which AWS raises for nobody ("CloudWatch Logs
quotas", 2026-11)."""


def log_delivery(
    name: str,
    *,
    physical_name: str,
    where: AccountRegion,
    trusts: Iterable[Trust],
    region: str | None,
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.LogResourcePolicy:
    """Make the policy that lets AWS's services write.

    Args:
        where: of the log groups.
        trusts: their suffixes follow `log-group`, as in `:/aws/route53/*:*`.
        region: the resource's `region` argument, where it differs from the provider's.
    """
    return aws.cloudwatch.LogResourcePolicy(
        name,
        policy_name=physical_name,
        policy_document=resource_document(where.arn("logs", "log-group"), trusts),
        region=region,
        opts=opts,
    )


def query_writer(where: AccountRegion, groups: str) -> Trust:
    """Route 53 writes query logs ("Public DNS query logging", 2026-11).

    Args:
        groups: name of a log group, or a pattern.
    """
    return Trust(
        sid="QueryLogs",
        principals={"Service": ("route53.amazonaws.com",)},
        actions=("logs:CreateLogStream", "logs:PutLogEvents"),
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": f"arn:{where.partition}:route53:::hostedzone/*"},
        },
        suffixes=(f":{groups}:*",),
    )


def firewall_writer(where: AccountRegion, groups: str) -> Trust:
    """The log delivery service writes ("Sending web ACL traffic logs to a CloudWatch Logs log
    group: permissions", 2026-11).

    Args:
        groups: name of a log group, or a pattern.
    """
    return Trust(
        sid="FirewallLog",
        principals={"Service": ("delivery.logs.amazonaws.com",)},
        actions=("logs:CreateLogStream", "logs:PutLogEvents"),
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": where.arn("logs", "*")},
        },
        suffixes=(f":{groups}:*",),
    )
