"""Runs one ECS task and waits for its end: what a deployment waits for, as a database migration.

Invoked once by `pulumi up` for each version of the task, synchronously; it raises when the task
fails, so the deployment stops there and the version before keeps running.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypedDict

import boto3
from botocore.exceptions import BotoCoreError, ClientError

PAUSE_SECONDS = 5
"""Between two looks at the task."""

MARGIN_SECONDS = 20
"""Kept of the function's time to stop a task that takes too long and say so."""


THROTTLED = frozenset(
    {"RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException"}
)
"""Answers to too many requests ("Common Errors", Amazon ECS API Reference; from memory)."""

SERVER_ERRORS = 500
"""HTTP statuses from here on are AWS's own trouble."""


class Request(TypedDict):
    """What is run, and where."""

    taskDefinition: str
    """ARN of one revision."""
    cluster: str
    container: str
    """Whose exit code counts."""
    subnets: list[str]
    securityGroups: list[str]
    publicAddress: bool


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
    task = _start(client, request, context.aws_request_id)
    stopped = _wait(client, request["cluster"], task, context, pause)
    code = _exit_code(stopped, request["container"])
    if code != 0:
        raise TaskFailedError(
            f"the task ended with exit code {code} ({stopped.get('stoppedReason', 'no reason')}); "
            f"its log has more: {task}"
        )
    return {"task": task, "exitCode": code}


def _start(client: Any, request: Request, token: str) -> str:
    answer = client.run_task(
        cluster=request["cluster"],
        taskDefinition=request["taskDefinition"],
        count=1,
        launchType="FARGATE",
        platformVersion="LATEST",
        startedBy="trellis",
        # A repeated request of one invocation starts no second task.
        clientToken=token,
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": request["subnets"],
                "securityGroups": request["securityGroups"],
                "assignPublicIp": "ENABLED" if request["publicAddress"] else "DISABLED",
            }
        },
    )
    if not answer["tasks"]:
        reasons = "; ".join(str(failure.get("reason")) for failure in answer.get("failures", []))
        raise TaskFailedError(f"ECS started no task: {reasons or 'no reason given'}")
    return str(answer["tasks"][0]["taskArn"])


def _wait(
    client: Any, cluster: str, task: str, context: Any, pause: Callable[[float], None]
) -> dict[str, Any]:
    while True:
        tasks = _seen(client, cluster, task)
        # A task that was just started may not be seen yet.
        if tasks and tasks[0]["lastStatus"] == "STOPPED":
            return dict(tasks[0])
        if context.get_remaining_time_in_millis() < MARGIN_SECONDS * 1000:
            ended = _stop(client, cluster, task)
            raise TaskFailedError(f"the task took longer than its timeout and {ended}: {task}")
        pause(PAUSE_SECONDS)


def _seen(client: Any, cluster: str, task: str) -> list[dict[str, Any]]:
    """The task as ECS knows it; none while ECS can't be asked.

    The task runs on meanwhile: a deployment that gave up would start a second one beside it.
    """
    try:
        return list(client.describe_tasks(cluster=cluster, tasks=[task])["tasks"])
    except BotoCoreError:
        return []
    except ClientError as error:
        if not _passes(error):
            raise
        return []


def _passes(error: ClientError) -> bool:
    """Whether AWS refuses now what it may answer in a minute."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = error.response.get("Error", {}).get("Code")
    return status >= SERVER_ERRORS or code in THROTTLED


def _stop(client: Any, cluster: str, task: str) -> str:
    try:
        client.stop_task(cluster=cluster, task=task, reason="took longer than its timeout")
    except (BotoCoreError, ClientError) as error:
        return f"could not be stopped ({type(error).__name__}), so it may still run"
    return "was stopped"


def _exit_code(task: dict[str, Any], container: str) -> int | None:
    for item in task["containers"]:
        if item["name"] == container:
            return item.get("exitCode")
    return None
