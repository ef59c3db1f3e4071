"""Flow logs of a whole VPC, to a log group of its own or to a bucket."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.network.settings import FlowLogSettings
from components.parts.log_group import log_group
from components.parts.role import service_role
from components.tags import name_tag

SERVICE = "vpc-flow-logs.amazonaws.com"


def flow_log(
    name: str,
    settings: FlowLogSettings,
    *,
    naming: Naming,
    where: AccountRegion,
    vpc_id: pulumi.Input[str],
    key_arn: Arn | None,
    opts: pulumi.ResourceOptions,
) -> aws.ec2.FlowLog:
    """Make the flow log, and for CloudWatch its group and the role that writes there."""
    physical_name = naming.of(Kind.VPC_TAG, "flow-logs")
    if settings.to == "bucket":
        return aws.ec2.FlowLog(
            f"{name}-flow-logs",
            vpc_id=vpc_id,
            traffic_type=settings.traffic,
            max_aggregation_interval=settings.interval_seconds,
            log_destination_type="s3",
            log_destination=settings.bucket,
            destination_options={
                "file_format": "parquet",
                "per_hour_partition": True,
                "hive_compatible_partitions": False,
            },
            tags=name_tag(physical_name),
            opts=opts,
        )
    group_name = f"/vpc/{naming.of(Kind.LOG_GROUP, 'flow-logs')}"
    group = log_group(
        f"{name}-flow-logs",
        physical_name=group_name,
        retention_days=settings.retention_days,
        key_arn=key_arn,
        opts=opts,
    )
    group_arn = where.arn("logs", f"log-group:{group_name}")
    role = service_role(
        f"{name}-flow-logs",
        physical_name=naming.of(Kind.ROLE, "flow-logs"),
        description="Writes the VPC's flow logs",
        service=SERVICE,
        conditions={"StringEquals": {"aws:SourceAccount": where.account}},
        grants=(
            Grant(
                "WriteFlowLogs",
                ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
                (group_arn, pulumi.Output.concat(group_arn, ":*")),
            ),
            # Asked for by "IAM role for publishing flow logs to CloudWatch Logs" (VPC User Guide,
            # 2026-11); the action lists groups and can't be bound to one.
            Grant("FindTheGroup", ("logs:DescribeLogGroups",), (where.arn("logs", "log-group:*"),)),
        ),
        opts=opts,
    )
    return aws.ec2.FlowLog(
        f"{name}-flow-logs",
        vpc_id=vpc_id,
        traffic_type=settings.traffic,
        max_aggregation_interval=settings.interval_seconds,
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        tags=name_tag(physical_name),
        opts=opts,
    )
