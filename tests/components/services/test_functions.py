"""The two small functions: one runs a task and waits, the other deploys a service again."""

from __future__ import annotations

from typing import Any

import pytest

from functions.redeploy import handler as redeploy
from functions.run_task.handler import MARGIN_SECONDS, Request, TaskFailedError, handle

REQUEST: Request = {
    "taskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/schema:3",
    "cluster": "shop",
    "container": "main",
    "subnets": ["subnet-1"],
    "securityGroups": ["sg-1"],
    "publicAddress": False,
}
TASK = "arn:aws:ecs:us-east-1:123456789012:task/shop/0123"


class Context:
    """A function's context, whose time runs out step by step."""

    aws_request_id = "request-1"

    def __init__(self, *seconds: float) -> None:
        self._left = list(seconds) or [600]

    def get_remaining_time_in_millis(self) -> float:
        return 1000 * (self._left.pop(0) if len(self._left) > 1 else self._left[0])


class Ecs:
    """ECS as far as the functions need it: a task that goes through the given answers."""

    def __init__(
        self, *answers: dict[str, Any] | None, failures: list[dict[str, str]] | None = None
    ):
        self._answers = list(answers)
        self._failures = failures or []
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def run_task(self, **given: Any) -> dict[str, Any]:
        self.calls.append(("run", given))
        return {"tasks": [] if self._failures else [{"taskArn": TASK}], "failures": self._failures}

    def describe_tasks(self, **given: Any) -> dict[str, Any]:
        self.calls.append(("describe", given))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return {"tasks": [answer] if answer else []}

    def stop_task(self, **given: Any) -> None:
        self.calls.append(("stop", given))

    def update_service(self, **given: Any) -> None:
        self.calls.append(("update", given))


def stopped(code: int | None, container: str = "main") -> dict[str, Any]:
    return {
        "lastStatus": "STOPPED",
        "stoppedReason": "Essential container in task exited",
        "containers": [{"name": container, **({} if code is None else {"exitCode": code})}],
    }


RUNNING = {"lastStatus": "RUNNING", "containers": []}


def test_it_runs_the_task_once_where_it_was_told_and_waits_for_its_end():
    ecs, pauses = Ecs(None, RUNNING, stopped(0)), []
    answer = handle(REQUEST, Context(), ecs=ecs, pause=pauses.append)
    assert answer == {"task": TASK, "exitCode": 0}
    runs = [given for name, given in ecs.calls if name == "run"]
    assert len(runs) == 1
    assert runs[0]["clientToken"] == "request-1"
    assert runs[0]["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-1"],
        "securityGroups": ["sg-1"],
        "assignPublicIp": "DISABLED",
    }
    assert len(pauses) == 2


@pytest.mark.parametrize("code", [1, 137, None])
def test_a_task_that_did_not_end_well_fails_the_deployment_and_names_its_log(code: int | None):
    with pytest.raises(TaskFailedError, match=f"exit code {code}.*{TASK}"):
        handle(REQUEST, Context(), ecs=Ecs(stopped(code)), pause=lambda _: None)


def test_only_the_named_containers_exit_code_counts():
    with pytest.raises(TaskFailedError, match="exit code None"):
        handle(REQUEST, Context(), ecs=Ecs(stopped(0, "sidecar")), pause=lambda _: None)


def test_a_task_that_cannot_start_says_why():
    ecs = Ecs(failures=[{"reason": "Capacity is unavailable at this time"}])
    with pytest.raises(TaskFailedError, match="Capacity is unavailable"):
        handle(REQUEST, Context(), ecs=ecs, pause=lambda _: None)


def test_a_task_that_takes_too_long_is_stopped():
    ecs = Ecs(RUNNING)
    with pytest.raises(TaskFailedError, match="longer than its timeout"):
        handle(REQUEST, Context(600, MARGIN_SECONDS - 1), ecs=ecs, pause=lambda _: None)
    assert ecs.calls[-1] == (
        "stop",
        {"cluster": "shop", "task": TASK, "reason": "took longer than its timeout"},
    )


def test_a_rotation_asks_for_a_new_deployment_of_one_service():
    ecs = Ecs()
    answer = redeploy.handle({"cluster": "shop", "service": "shop-api"}, None, ecs=ecs)
    assert answer == {"service": "shop-api"}
    assert ecs.calls == [
        ("update", {"cluster": "shop", "service": "shop-api", "forceNewDeployment": True})
    ]
