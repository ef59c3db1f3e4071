"""Runs a task once for each of its versions, and makes others wait for its end.

A Lambda function starts the task and waits (see `functions/run_task`); an invocation of it is a
resource, so it is made by `pulumi up` when the task definition changed, and never by a preview.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import Grant
from components.parts.small_function import small_function
from components.services.cluster import Cluster
from components.services.settings import JobSettings
from components.services.task.task import TaskLocation

MARGIN_SECONDS = 60
"""What the function has beyond the task's timeout, to stop the task and say so."""


def run_once(
    name: str,
    settings: JobSettings,
    location: TaskLocation,
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
    tasks = location.where.arn("ecs", f"task/{cluster.name}/*")
    in_cluster = {"ArnEquals": {"ecs:cluster": cluster.arn}}
    function = small_function(
        f"{name}-runner",
        "run_task",
        naming=location.naming,
        where=location.where,
        description=f"Runs {name} before a deployment and waits for it",
        grants=(
            *grants,
            Grant("WatchTheTask", ("ecs:DescribeTasks", "ecs:StopTask"), (tasks,), in_cluster),
        ),
        timeout=settings.seconds_before + MARGIN_SECONDS,
        log_days=settings.log_retention_days,
        log_key_arn=location.log_key_arn,
        opts=opts,
    )
    if definition is None:
        return None
    placement = location.placement
    return aws.lambda_.Invocation(
        f"{name}-run",
        function_name=function.resource.name,
        # A new revision runs it again; so does another place to run in, which is why what it does
        # must be safe to repeat, as migrations are.
        input=pulumi.Output.json_dumps(
            {
                "taskDefinition": definition.arn,
                "cluster": cluster.name,
                "container": settings.container,
                "subnets": placement.subnet_ids,
                "securityGroups": [group_id],
                "publicAddress": placement.tier.value == "public",
            }
        ),
        opts=pulumi.ResourceOptions(parent=opts.parent, depends_on=[*function.allowed, *after]),
    )
