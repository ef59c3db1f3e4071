"""A recording stands in the program's order, whatever order the SDK registers in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from tests.recordings import ROOT, STACKS, recorded
from trellis.planner.record import ProgramInput, record_program

GIVEN = ProgramInput("shop", "dev", {"aws:region": "eu-central-1"})


def test_what_waits_for_much_stands_where_the_program_makes_it() -> None:
    def program() -> None:
        topic = aws.sns.Topic("alerts", name="alerts")
        texts = [aws.sns.Topic(f"topic-{n}", name=topic.name.apply(str.upper)) for n in range(4)]
        late = pulumi.Output.all(*(text.arn for text in texts)).apply("-".join)
        aws.sqs.Queue("late", name=late.apply(len).apply(str))
        aws.sqs.Queue("early", name="early")

    names = [resource.name for resource in record_program(program, GIVEN, "deployed")]
    assert names == ["alerts", "topic-0", "topic-1", "topic-2", "topic-3", "late", "early"]


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_what_a_resource_needs_stands_before_it(project: str, stack: str) -> None:
    seen: set[str] = set()
    for resource in recorded(project, stack):
        needed = {*resource.dependencies, *([resource.parent] if resource.parent else [])}
        assert needed <= seen, resource.urn
        seen.add(resource.urn)


@pytest.mark.long
def test_two_interpreters_print_the_same_plan() -> None:
    def printed(seed: str) -> str:
        return subprocess.run(
            [Path(sys.executable).with_name("trellis"), "plan", "starter", "--json"],
            cwd=ROOT / "systems" / "afric-analyzer",
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout

    assert printed("1") == printed("2")


def test_no_account_named_is_the_example_one() -> None:
    given = ProgramInput("shop", "dev", {"aws:region": "eu-central-1", "trellis:account": ""})
    recording = record_program(lambda: aws.sqs.Queue("jobs", name="jobs"), given, "deployed")
    (queue,) = recording.resources
    assert queue.outputs["arn"] == "arn:aws:sqs:eu-central-1:123456789012:jobs"
    assert recording.account is None
