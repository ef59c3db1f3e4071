"""The two small functions: one runs a task and waits, the other deploys a service again."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    ReadTimeoutError,
)

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
        self,
        *answers: dict[str, Any] | Exception | None,
        failures: list[dict[str, str]] | None = None,
        refuses: Exception | None = None,
    ):
        self._answers = list(answers)
        self._failures = failures or []
        self._refuses = refuses
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def run_task(self, **given: Any) -> dict[str, Any]:
        self.calls.append(("run", given))
        self._refuse()
        return {"tasks": [] if self._failures else [{"taskArn": TASK}], "failures": self._failures}

    def describe_tasks(self, **given: Any) -> dict[str, Any]:
        self.calls.append(("describe", given))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return {"tasks": [answer] if answer else []}

    def stop_task(self, **given: Any) -> None:
        self.calls.append(("stop", given))
        self._refuse()

    def update_service(self, **given: Any) -> None:
        self.calls.append(("update", given))
        self._refuse()

    def _refuse(self) -> None:
        if self._refuses is not None:
            raise self._refuses


def stopped(code: int | None, container: str = "main") -> dict[str, Any]:
    return {
        "lastStatus": "STOPPED",
        "stoppedReason": "Essential container in task exited",
        "containers": [{"name": container, **({} if code is None else {"exitCode": code})}],
    }


def refusal(code: str, status: int = 400) -> ClientError:
    """What boto3 raises after its own tries."""
    answer: Any = {
        "Error": {"Code": code, "Message": "no"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "DescribeTasks")


PASSING = (
    refusal("ThrottlingException"),
    refusal("ServerException", 500),
    refusal("ServiceUnavailableException", 503),
    EndpointConnectionError(endpoint_url="https://ecs.us-east-1.amazonaws.com"),
    ReadTimeoutError(endpoint_url="https://ecs.us-east-1.amazonaws.com"),
)
"""ECS is slow, throttled, or gone for a minute."""

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


@pytest.mark.parametrize("trouble", PASSING, ids=lambda one: type(one).__name__)
def test_trouble_that_passes_does_not_end_a_deployment_whose_task_runs_on(
    trouble: ClientError | BotoCoreError,
):
    # A minute of it: twelve looks.
    ecs, pauses = Ecs(RUNNING, *[trouble] * 12, RUNNING, stopped(0)), list[float]()
    assert handle(REQUEST, Context(), ecs=ecs, pause=pauses.append)["exitCode"] == 0
    assert [name for name, _ in ecs.calls].count("run") == 1
    assert len(pauses) == 14


def test_trouble_that_does_not_pass_ends_with_the_time_and_stops_the_task():
    ecs = Ecs(PASSING[0])
    with pytest.raises(TaskFailedError, match="was stopped"):
        handle(REQUEST, Context(600, 300, MARGIN_SECONDS - 1), ecs=ecs, pause=lambda _: None)
    assert ecs.calls[-1][0] == "stop"


def test_what_the_function_may_not_see_is_told_at_once():
    ecs = Ecs(refusal("AccessDeniedException"))
    with pytest.raises(ClientError, match="AccessDeniedException"):
        handle(REQUEST, Context(), ecs=ecs, pause=lambda _: None)
    assert [name for name, _ in ecs.calls] == ["run", "describe"]


@pytest.mark.parametrize("trouble", [*PASSING, refusal("AccessDeniedException")])
def test_a_task_that_cannot_be_stopped_is_told_as_one_that_may_still_run(
    trouble: ClientError | BotoCoreError,
):
    class Stuck(Ecs):
        def run_task(self, **given: Any) -> dict[str, Any]:
            return {"tasks": [{"taskArn": TASK}], "failures": []}

    with pytest.raises(TaskFailedError, match=r"could not be stopped .*may still run.*0123"):
        handle(
            REQUEST,
            Context(MARGIN_SECONDS - 1),
            ecs=Stuck(RUNNING, refuses=trouble),
            pause=lambda _: None,
        )


@pytest.mark.parametrize("trouble", [*PASSING, refusal("AccessDeniedException")])
def test_what_cannot_be_started_raises_so_that_lambda_or_the_deployment_tries_again(
    trouble: ClientError | BotoCoreError,
):
    with pytest.raises(type(trouble)):
        handle(REQUEST, Context(), ecs=Ecs(refuses=trouble), pause=lambda _: None)
    with pytest.raises(type(trouble)):
        redeploy.handle({"cluster": "shop", "service": "api"}, None, ecs=Ecs(refuses=trouble))


def test_a_request_that_comes_twice_starts_no_second_task_and_ends_as_the_first():
    ecs = Ecs(stopped(0))
    first, second = (handle(REQUEST, Context(), ecs=ecs, pause=lambda _: None) for _ in range(2))
    assert first == second
    tokens = {given["clientToken"] for name, given in ecs.calls if name == "run"}
    assert tokens == {"request-1"}


def test_a_rotation_asks_for_a_new_deployment_of_one_service():
    ecs = Ecs()
    answer = redeploy.handle({"cluster": "shop", "service": "shop-api"}, None, ecs=ecs)
    assert answer == {"service": "shop-api"}
    assert ecs.calls == [
        ("update", {"cluster": "shop", "service": "shop-api", "forceNewDeployment": True})
    ]
