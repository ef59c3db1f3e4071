"""The drill: one task is stopped, and the service has to have as many again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from trellis.halfway import halfway
from trellis.operate.access import Access
from trellis.operate.system import Service

WAIT_SECONDS, MOST_SECONDS = 10, 600
"""Between two looks; and how long a service may take to have its tasks again."""

REASON = "trellis smoke --drill"
"""What ECS notes as the reason of the stop."""


class UnfitForDrillError(Exception):
    """A service that a drill would take down; the text says why."""


def drill(
    service: Service, access: Access, *, wait: Callable[[float], None] = time.sleep
) -> tuple[bool, str]:
    """Stop one task and wait until another one runs in its place.

    Returns:
        Whether the service has its tasks again, and what happened, in words.

    Raises:
        UnfitForDrillError: fewer than two tasks run, so nobody would be served meanwhile.
    """
    client = access.client("ecs")
    before = _running(client, service)
    if len(before) < 2:
        raise UnfitForDrillError(
            f"{service.key} runs {len(before)} task(s): with fewer than two, the drill is an outage"
        )
    stopped = before[0]
    with halfway(
        f"{_short(stopped)} may be stopped, and ECS starts another one in its place: "
        "`trellis smoke STACK` says whether all run"
    ):
        client.stop_task(cluster=service.cluster, task=stopped, reason=REASON)
    with halfway(
        f"{_short(stopped)} was stopped, and ECS starts another one in its place: "
        "`trellis smoke STACK` says whether all run",
        begun=True,
    ):
        return _recovered(client, service, before, stopped, wait)


def _recovered(
    client: Any,
    service: Service,
    before: list[str],
    stopped: str,
    wait: Callable[[float], None],
) -> tuple[bool, str]:
    waited = 0
    while waited < MOST_SECONDS:
        wait(WAIT_SECONDS)
        waited += WAIT_SECONDS
        now = _running(client, service)
        if stopped not in now and len(now) >= len(before):
            return True, f"{_short(stopped)} was stopped; {len(now)} run again after {waited} s"
    now = _running(client, service)
    return False, (
        f"{_short(stopped)} was stopped; {len(now)} of {len(before)} run after {MOST_SECONDS} s"
    )


def _running(client: Any, service: Service) -> list[str]:
    """ARNs of the tasks that run, not only start."""
    paginator = client.get_paginator("list_tasks")
    pages = paginator.paginate(cluster=service.cluster, serviceName=service.name)
    arns = [arn for page in pages for arn in page["taskArns"]]
    if not arns:
        return []
    described = client.describe_tasks(cluster=service.cluster, tasks=arns[:100])
    return [
        str(task["taskArn"]) for task in described["tasks"] if task.get("lastStatus") == "RUNNING"
    ]


def _short(arn: str) -> str:
    return f"task {arn.rpartition('/')[2]}"
