"""What stands around a database: subnet group, parameter groups, log groups, monitoring role."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant, Placement
from components.database.engines import ENGINES, family_of
from components.database.parameters import ParameterValue, parameters_of
from components.database.settings import ClusterSettings, CommonSettings, InstanceSettings
from components.naming import Kind, Naming
from components.parts.log_group import log_group
from components.parts.role import service_role
from components.tags import name_tag

CHANGE_DIGITS = 8
"""Hex digits of the hash over what replaces a database."""


def subnet_group(
    name: str, identifier: str, placement: Placement, *, opts: pulumi.ResourceOptions
) -> aws.rds.SubnetGroup:
    """Make the group of subnets that a database may stand in."""
    return aws.rds.SubnetGroup(
        name,
        # The prefix makes AWS's provider add the moment of creation, which the final snapshot's
        # name takes over (see `final_snapshot`).
        name_prefix=f"{identifier}-",
        description=f"{placement.tier.value} subnets of {identifier}",
        subnet_ids=placement.subnet_ids,
        tags=name_tag(identifier),
        # RDS moves no database to another group of its network, so the group outlives its name.
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(ignore_changes=["namePrefix"])
        ),
    )


def final_snapshot(
    identifier: str, group: aws.rds.SubnetGroup, replacing: Mapping[str, Any]
) -> pulumi.Output[str]:
    """The name `{identifier}-final-{suffix}`, used once.

    A fixed name would collide on the second destroy, a fresh one a deployment would change the
    database every time. So the suffix is the one that the subnet group got when it was created:
    it stays until the system is destroyed, and the next creation has another. What replaces the
    database in between (`replacing`) is hashed in, because then the group stays.
    """
    text = json.dumps(replacing, sort_keys=True).encode()
    change = hashlib.sha256(text).hexdigest()[:CHANGE_DIGITS]
    return group.name.apply(
        lambda made: f"{identifier}-final-{str(made).removeprefix(f'{identifier}-')}-{change}"
    )


def managed_secret(secrets: pulumi.Output[Any]) -> pulumi.Output[str]:
    """ARN of the secret in which RDS keeps the master password; empty under mocks without one."""
    return secrets.apply(lambda made: made[0].secret_arn if made else "")


def keeps_groups(settings: CommonSettings, *, protect: bool) -> bool:
    """Whether parameter groups stay in AWS, without cost, when they go here.

    RDS refuses to delete one that a server uses. After a major upgrade the server uses the old one
    until its maintenance window (unless changes are applied at once), and a database that is kept
    when the stack goes uses its own for ever.
    """
    return protect or not settings.apply_immediately


def group_label(engine: str, version: str) -> str:
    """The family as a part of names: `mysql8.4` is `mysql8-4`."""
    return family_of(engine, version).replace(".", "-")


def parameter_group(
    name: str,
    identifier: str,
    settings: InstanceSettings | ClusterSettings,
    own: Mapping[str, ParameterValue] | None,
    *,
    description: str,
    kept: bool,
    opts: pulumi.ResourceOptions,
) -> aws.rds.ParameterGroup:
    """Make an instance's parameter group; its name has the family, so another family's is new.

    Args:
        own: what a person says beside forced TLS; None for a group that says nothing.
        kept: whether it stays in AWS when it goes here; see `keeps_groups`.
    """
    label = group_label(settings.engine, settings.version)
    return aws.rds.ParameterGroup(
        f"{name}-{label}",
        name_prefix=f"{identifier}-{label}-",
        family=family_of(settings.engine, settings.version),
        description=description,
        parameters=[
            aws.rds.ParameterGroupParameterArgs(
                name=parameter.name, value=parameter.value, apply_method=parameter.apply
            )
            for parameter in parameters_of(settings.engine, own)
        ]
        if own is not None
        else None,
        tags=name_tag(f"{identifier}-{label}"),
        opts=pulumi.ResourceOptions(
            parent=opts.parent, protect=False, retain_on_delete=kept, delete_before_replace=False
        ),
    )


def cluster_parameter_group(
    name: str,
    identifier: str,
    settings: ClusterSettings,
    *,
    kept: bool,
    opts: pulumi.ResourceOptions,
) -> aws.rds.ClusterParameterGroup:
    """Make a cluster's parameter group; its name has the family, so another family's is new."""
    label = group_label(settings.engine, settings.version)
    return aws.rds.ClusterParameterGroup(
        f"{name}-{label}",
        name_prefix=f"{identifier}-{label}-",
        family=family_of(settings.engine, settings.version),
        description=f"Parameters of {identifier}",
        parameters=[
            aws.rds.ClusterParameterGroupParameterArgs(
                name=parameter.name, value=parameter.value, apply_method=parameter.apply
            )
            for parameter in parameters_of(settings.engine, settings.parameters)
        ],
        tags=name_tag(f"{identifier}-{label}"),
        opts=pulumi.ResourceOptions(
            parent=opts.parent, protect=False, retain_on_delete=kept, delete_before_replace=False
        ),
    )


def log_groups(
    name: str,
    settings: CommonSettings,
    engine: str,
    folder: str,
    *,
    key_arn: Arn | None,
    opts: pulumi.ResourceOptions,
) -> dict[str, aws.cloudwatch.LogGroup]:
    """Make the groups that RDS would otherwise make itself, without end and without a key.

    Args:
        folder: as in `/aws/rds/instance/clubapp-dev-postgres`.
    """
    chosen = settings.logs if settings.logs is not None else ENGINES[engine].main_logs
    return {
        log: log_group(
            f"{name}-{log}",
            physical_name=f"{folder}/{log}",
            retention_days=settings.log_retention_days,
            key_arn=key_arn,
            opts=opts,
        )
        for log in chosen
    }


def monitoring_role(
    name: str,
    *,
    identifier: str,
    naming: Naming,
    thing: str,
    instances: Sequence[str],
    where: AccountRegion,
    opts: pulumi.ResourceOptions,
) -> aws.iam.Role:
    """Make the role with which RDS writes what the operating system of `instances` reports.

    Trust and grants follow "Setting up and enabling Enhanced Monitoring" (Amazon RDS User Guide,
    2026-11), narrowed from every log group that begins with RDS to the one there is.
    """
    group = where.arn("logs", "log-group:RDSOSMetrics")
    streams = where.arn("logs", "log-group:RDSOSMetrics:log-stream:*")
    sources = [where.arn("rds", f"db:{instance}") for instance in instances]
    return service_role(
        f"{name}-monitoring",
        physical_name=naming.of(Kind.ROLE, thing, "monitoring"),
        description=f"Writes the enhanced monitoring of {identifier}",
        service="monitoring.rds.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnEquals": {"aws:SourceArn": sources[0] if len(sources) == 1 else sources},
        },
        grants=(
            Grant(
                "KeepTheGroup",
                ("logs:CreateLogGroup", "logs:PutRetentionPolicy"),
                (group, where.arn("logs", "log-group:RDSOSMetrics:*")),
            ),
            Grant(
                "WriteMeasurements",
                (
                    "logs:CreateLogStream",
                    "logs:DescribeLogStreams",
                    "logs:GetLogEvents",
                    "logs:PutLogEvents",
                ),
                (where.arn("logs", "log-group:RDSOSMetrics:*"), streams),
            ),
        ),
        opts=opts,
    )
