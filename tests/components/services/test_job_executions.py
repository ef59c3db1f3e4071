"""How executions of a job's state machine end, by an interpreter of the States Language that is not
ours (moto's, after LocalStack's); a state that waits, ends or fails stands in for the task."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from components.services.runs import states
from components.services.settings import JobSettings

pytestmark = pytest.mark.long

HANGS: dict[str, Any] = {"Type": "Wait", "Seconds": 20, "Next": "Ended"}
ENDS: dict[str, Any] = {"Type": "Pass", "Next": "Ended"}
FAILS: dict[str, Any] = {"Type": "Fail", "Error": "ECS.AmazonECSException"}
PATIENCE = 120
"""Seconds to wait for the end of an execution before a test fails."""
NEVER = 600
"""Seconds of a limit that no test waits for."""
ONCE_MORE = {"attempts": 1, "afterSeconds": 1, "mostSeconds": 2}


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield


def execution(seconds: int, task: dict[str, Any], rerun: dict[str, Any] | None) -> tuple[str, int]:
    """How it ended, and how often the task was run.

    Args:
        seconds: the limit; shorter than a stack file may say, so that nobody waits for it.
    """
    job = {
        "image": {"repository": "job", "digest": f"sha256:{'1' * 64}"},
        "schedule": "rate(1 day)",
        "rerun": rerun,
    }
    settings = JobSettings.model_validate(job).model_copy(update={"timeout": seconds})
    definition = states(settings, "aws", {"Cluster": "c"})
    definition["States"]["RunWithLimit"]["Branches"][0]["States"]["Run"] = task
    client = boto3.client("stepfunctions", region_name="us-east-1")
    machine = client.create_state_machine(
        name=uuid4().hex,
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::123456789012:role/job",
    )["stateMachineArn"]
    arn = client.start_execution(stateMachineArn=machine, name=uuid4().hex)["executionArn"]
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        answer = client.describe_execution(executionArn=arn)
        if answer["status"] != "RUNNING":
            events = client.get_execution_history(executionArn=arn)["events"]
            runs = sum(event["type"] == "ParallelStateStarted" for event in events)
            return answer.get("error") or answer["status"], runs
        time.sleep(0.05)
    raise AssertionError("the execution did not end")


def test_a_run_that_ends_well_ends_the_execution_at_once():
    assert execution(NEVER, ENDS, ONCE_MORE) == ("SUCCEEDED", 1)


def test_a_run_that_hangs_is_ended_after_its_limit_and_done_again_as_often_as_said():
    assert execution(1, HANGS, None) == ("TookTooLong", 1)
    assert execution(1, HANGS, ONCE_MORE) == ("TookTooLong", 2)


def test_a_run_that_fails_is_done_again_as_often_as_said():
    assert execution(NEVER, FAILS, None) == ("ECS.AmazonECSException", 1)
    assert execution(NEVER, FAILS, ONCE_MORE) == ("ECS.AmazonECSException", 2)
