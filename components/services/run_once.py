"""Runs a task once for each of its versions, and makes others wait for its end.

A Lambda function starts the task and waits (see `functions/run_task`); an invocation of it is a
resource, so it is made by `pulumi up` when the task definition changed, and never by a preview.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.contracts import Grant
from components.naming import Kind
from components.parts.log_group import log_group
from components.services.cluster import Cluster
from components.services.settings import JobSettings
from components.services.task import Site
from components.services.task_roles import granted_role
from components.tags import name_tag

SOURCES = Path(__file__).resolve().parents[2] / "functions" / "run_task"

RUNTIME = "python3.13"
"""Has boto3 ("Lambda runtimes", AWS Lambda Developer Guide, 2026-11)."""

MARGIN_SECONDS = 60
"""What the function has beyond the task's timeout, to stop the task and say so."""


def run_once(
    name: str,
    settings: JobSettings,
    site: Site,
    *,
    cluster: Cluster,
    definition: aws.ecs.TaskDefinition | None,
    group_id: pulumi.Input[str],
    grants: Sequence[Grant],
    after: Sequence[pulumi.Resource],
    opts: pulumi.ResourceOptions,
) -> aws.lambda_.Invocation | None:
    """Make the function, and where there is a task definition its invocation.

    Args:
        grants: to start the task.
        after: what must be there before the task starts.
    """
    function = _function(name, settings, site, cluster, group_id, grants, opts)
    if definition is None:
        return None
    return aws.lambda_.Invocation(
        f"{name}-run",
        function_name=function.name,
        # A new revision, and nothing else, runs it again: where it runs stands in the function.
        input=pulumi.Output.json_dumps({"taskDefinition": definition.arn}),
        opts=pulumi.ResourceOptions(parent=opts.parent, depends_on=[*after]),
    )


def _function(
    name: str,
    settings: JobSettings,
    site: Site,
    cluster: Cluster,
    group_id: pulumi.Input[str],
    grants: Sequence[Grant],
    opts: pulumi.ResourceOptions,
) -> aws.lambda_.Function:
    naming, where = site.naming, site.where
    physical_name = naming.of(Kind.FUNCTION, name, "runner")
    log_name = f"/aws/lambda/{physical_name}"
    log = log_group(
        f"{name}-runner",
        physical_name=log_name,
        retention_days=settings.log_retention_days,
        key_arn=site.log_key_arn,
        opts=opts,
    )
    tasks = where.arn("ecs", f"task/{cluster.name}/*")
    in_cluster = {"ArnEquals": {"ecs:cluster": cluster.arn}}
    role = granted_role(
        f"{name}-runner",
        physical_name=naming.of(Kind.ROLE, name, "runner"),
        description=f"Runs {name} before a deployment and waits for it",
        where=where,
        service="lambda.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": where.arn("lambda", f"function:{physical_name}")},
        },
        grants=(
            *grants,
            Grant("WatchTheTask", ("ecs:DescribeTasks", "ecs:StopTask"), (tasks,), in_cluster),
            Grant(
                "WriteLog",
                ("logs:CreateLogStream", "logs:PutLogEvents"),
                (where.arn("logs", f"log-group:{log_name}:*"),),
            ),
        ),
        opts=opts,
    )
    return aws.lambda_.Function(
        f"{name}-runner",
        name=physical_name,
        description=f"Runs {name} before a deployment and waits for it",
        role=role.role.arn,
        runtime=RUNTIME,
        architectures=["arm64"],
        handler="handler.handle",
        code=pulumi.AssetArchive({"handler.py": pulumi.FileAsset(str(SOURCES / "handler.py"))}),
        memory_size=128,
        timeout=settings.timeout + MARGIN_SECONDS,
        environment={
            "variables": {
                "CLUSTER": cluster.name,
                "CONTAINER": settings.container,
                "SUBNETS": _listed(site.placement.subnet_ids),
                "SECURITY_GROUPS": group_id,
                "PUBLIC_ADDRESS": "true" if site.placement.tier.value == "public" else "false",
            }
        },
        logging_config={"log_format": "JSON", "log_group": log.name},
        tags=name_tag(physical_name),
        opts=pulumi.ResourceOptions(parent=opts.parent, depends_on=[*role.policies]),
    )


def _listed(ids: pulumi.Input[Sequence[pulumi.Input[str]]]) -> pulumi.Output[str]:
    """Separated by commas, as the function reads it."""

    def joined(known: Sequence[str]) -> str:
        return ",".join(known)

    return pulumi.Output.from_input(ids).apply(joined)  # type: ignore[arg-type]
