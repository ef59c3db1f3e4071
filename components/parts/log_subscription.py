"""Log groups that send their lines to a Firehose stream: a role, and a filter on each group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.parts.role import granted_role


@dataclass(frozen=True)
class LinesTo:
    """The stream that lines go to."""

    name: str
    """Physical; the filters have it too."""
    arn: Arn
    """Computed from its name, for the role's policy."""
    created_arn: pulumi.Input[str]
    """Known once it is there, for the filters."""
    description: str
    """Of the role, as in "Lets CloudWatch Logs send lines to the log archive"."""


def subscribe(
    key: str,
    to: LinesTo,
    groups: Mapping[str, pulumi.Input[str]],
    *,
    naming: Naming,
    where: AccountRegion,
    parent: pulumi.Resource,
) -> None:
    """Let every group send its lines: one of the two subscriptions that a group may have.

    Args:
        key: of the component that receives them: the first part of names.
        groups: names of the log groups by label, which is the last part of names.
    """
    child = pulumi.ResourceOptions(parent=parent)
    role, allowed = granted_role(
        f"{key}-sender",
        physical_name=naming.of(Kind.ROLE, key, "sender"),
        description=to.description,
        service=f"logs.{where.region}.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": where.arn("logs", "*")},
        },
        grants=[Grant("SendLines", ("firehose:PutRecord", "firehose:PutRecordBatch"), (to.arn,))],
        opts=child,
    )
    for label, group in groups.items():
        aws.cloudwatch.LogSubscriptionFilter(
            f"{key}-{label}",
            name=to.name,
            log_group=group,
            filter_pattern="",
            destination_arn=to.created_arn,
            role_arn=role.arn,
            # CloudWatch sends a first record at once.
            opts=pulumi.ResourceOptions(parent=parent, depends_on=[*allowed]),
        )
