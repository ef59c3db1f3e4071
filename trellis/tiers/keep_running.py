"""Keeps what runs: a service that lost its image or a secret's value is not taken away for it.

A service that waits is not registered, and what is no longer registered Pulumi deletes. So before a
service waits, ECS is asked whether it runs already.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from trellis.stackfile.problems import Problem, StackFileError
from trellis.tiers.asking import found_or_none

NOT_FOUND = ("no matching ECS Service", "couldn't find resource", "NotFoundException")
"""How the provider says that there is no such service or cluster (data source
`aws_ecs_service`, v6)."""


def keep_running(
    cluster: str,
    waiting: Mapping[str, tuple[str, tuple[str, ...]]],
    provider: pulumi.ProviderResource,
) -> None:
    """Refuse to go on where a service that would wait has tasks.

    Args:
        cluster: its name.
        waiting: by the service's key, its physical name and what it waits for.

    Raises:
        StackFileError: some of them run.
        Exception: ECS could not be asked.
    """
    problems = [
        Problem(
            ("services", key),
            f"{name}, which runs, and would now wait for {'; '.join(reasons)}",
            "everything that a running service needs",
            "put back what is missing, or name another image; to stop the service on purpose, "
            "take it out of the stack file",
        )
        for key, (name, reasons) in waiting.items()
        if has_tasks(cluster, name, provider)
    ]
    if problems:
        raise StackFileError(problems)


def has_tasks(cluster: str, service: str, provider: pulumi.ProviderResource) -> bool:
    """Whether ECS keeps tasks of a service; one that was deleted counts none.

    Raises:
        Exception: anything else than a missing service went wrong.
    """
    found = found_or_none(
        lambda: aws.ecs.get_service(
            # ECS takes the short name too, which is known before the cluster is.
            cluster_arn=cluster,
            service_name=service,
            opts=pulumi.InvokeOptions(provider=provider),
        ),
        NOT_FOUND,
    )
    return found is not None and found.desired_count > 0
