"""Runs one ECS task and waits for its end: what a deployment waits for, as a database migration.

Invoked once by `pulumi up` for each version of the task, synchronously; it raises when the task
fails, so the deployment stops there and the version before keeps running.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import boto3

PAUSE_SECONDS = 5
"""Between two looks at the task."""

MARGIN_SECONDS = 20
"""Kept of the function's time to stop a task that takes too long and say so."""


class Request(TypedDict):
    """What is run: the one thing that differs from version to version."""

    taskDefinition: str
    """ARN of one revision."""


@dataclass(frozen=True)
class Place:
    """Where it runs, from the function's environment."""

    cluster: str
    container: str
    """Whose exit code counts."""
    subnets: list[str]
    security_groups: list[str]
    public_address: bool

    @staticmethod
    def of(environment: Mapping[str, str]) -> Place:
        """Read from environment variables; lists are separated by commas."""
        return Place(
            environment["CLUSTER"],
            environment["CONTAINER"],
            environment["SUBNETS"].split(","),
            environment["SECURITY_GROUPS"].split(","),
            environment["PUBLIC_ADDRESS"] == "true",
        )


class TaskFailedError(Exception):
    """The task did not end well; the text says how, and which task's log to read."""


def handle(
    request: Request,
    context: Any,
    *,
    ecs: Any = None,
    pause: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Run the task; returns its ARN and exit code.

    Raises:
        TaskFailedError: it could not start, ended with an error, or took too long (and was
            stopped).
    """
    client = ecs or boto3.client("ecs")
    place = Place.of(os.environ)
    task = _start(client, place, request["taskDefinition"], context.aws_request_id)
    stopped = _wait(client, place.cluster, task, context, pause)
    code = _exit_code(stopped, place.container)
    if code != 0:
        raise TaskFailedError(
            f"the task ended with exit code {code} ({stopped.get('stoppedReason', 'no reason')}); "
            f"its log has more: {task}"
        )
    return {"task": task, "exitCode": code}


def _start(client: Any, place: Place, definition: str, token: str) -> str:
    answer = client.run_task(
        cluster=place.cluster,
        taskDefinition=definition,
        count=1,
        launchType="FARGATE",
        platformVersion="LATEST",
        startedBy="trellis",
        # A repeated request of one invocation starts no second task.
        clientToken=token,
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": place.subnets,
                "securityGroups": place.security_groups,
                "assignPublicIp": "ENABLED" if place.public_address else "DISABLED",
            }
        },
    )
    if not answer["tasks"]:
        reasons = "; ".join(str(each.get("reason")) for each in answer.get("failures", []))
        raise TaskFailedError(f"ECS started no task: {reasons or 'no reason given'}")
    return str(answer["tasks"][0]["taskArn"])


def _wait(
    client: Any, cluster: str, task: str, context: Any, pause: Callable[[float], None]
) -> dict[str, Any]:
    while True:
        tasks = client.describe_tasks(cluster=cluster, tasks=[task])["tasks"]
        # A task that was just started may not be seen yet.
        if tasks and tasks[0]["lastStatus"] == "STOPPED":
            return dict(tasks[0])
        if context.get_remaining_time_in_millis() < MARGIN_SECONDS * 1000:
            client.stop_task(cluster=cluster, task=task, reason="took longer than its timeout")
            raise TaskFailedError(f"the task took longer than its timeout and was stopped: {task}")
        pause(PAUSE_SECONDS)


def _exit_code(task: dict[str, Any], container: str) -> int | None:
    for each in task["containers"]:
        if each["name"] == container:
            return each.get("exitCode")
    return None
