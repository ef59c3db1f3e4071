"""`trellis diagnose`: the engine's first error with its line, and what ECS says of the rest."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.events import EngineEvent

from tests.operate.conftest import Calls, Ran
from trellis.operate.diagnose import CAUSES, failures, plain_text
from trellis.operate.system import System

NOON = dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)


def event(number: int, urn: str, message: str, severity: str = "error") -> dict[str, Any]:
    """As the engine writes it, one a line."""
    diagnostic = {
        "urn": urn,
        "prefix": "",
        "message": f"<{{%reset%}}>{message}<{{%reset%}}>\n",
        "color": "raw",
        "severity": severity,
    }
    made = {"sequence": number, "timestamp": 1795991853, "diagnosticEvent": diagnostic}
    parsed = EngineEvent.from_json(made).diagnostic_event
    assert parsed is not None, "pulumi's own reader understands it"
    assert (parsed.severity, parsed.message) == (severity, diagnostic["message"])
    return made


def written(folder: Path, *events: dict[str, Any]) -> Path:
    file = folder / "events.json"
    file.write_text("\n".join(json.dumps(element) for element in events) + "\n")
    return file


@pytest.fixture
def well(calls: Calls) -> Calls:
    """ECS has nothing to tell."""
    calls.answer("ListServiceDeployments", {"serviceDeployments": []})
    calls.answer("ListTasks", {"taskArns": []})
    calls.answer("DescribeServices", {"services": []})
    return calls


def test_the_engines_error_has_its_line_and_what_to_look_at(
    well: Calls, trellis: Callable[..., Ran], system: System, tmp_path: Path
):
    bucket = system.recording.one("aws:s3/bucket:Bucket", "assets")
    file = written(
        tmp_path,
        event(1, "", "update failed"),
        event(2, bucket.urn, "creating S3 Bucket: BucketAlreadyExists: taken"),
        event(3, bucket.urn, "a warning", "warning"),
        event(4, bucket.urn, "creating S3 Bucket: BucketAlreadyExists: taken"),
    )
    ran = trellis("diagnose", "dev", "--events", str(file), "--json")
    assert ran.code == 1
    found = json.loads(ran.out)["findings"]
    assert [element["said"] for element in found] == [
        f"Bucket {bucket.name}: creating S3 Bucket: BucketAlreadyExists: taken",
        "update failed",
    ], "what names a resource first, each once"
    assert found[0]["place"] == "Pulumi.dev.yaml:10 (buckets.assets)"
    assert "something of that name is there" in found[0]["remedy"]


@pytest.mark.parametrize("text", ["not json\n", "[]\n", '{"steps": []}\n', "\xff"])
def test_a_file_without_events_is_told(trellis: Callable[..., Ran], tmp_path: Path, text: str):
    file = tmp_path / "events.json"
    file.write_bytes(text.encode("latin-1"))
    ran = trellis("diagnose", "dev", "--events", str(file))
    assert ran.code == 2
    assert "events.json" in ran.err
    assert "Traceback" not in ran.err
    assert trellis("diagnose", "dev", "--events", str(tmp_path / "none")).code == 2


def test_an_empty_file_has_no_errors(tmp_path: Path):
    (tmp_path / "events.json").write_text("\n")
    assert failures(tmp_path / "events.json") == []


def test_a_failed_deployment_and_its_tasks(well: Calls, trellis: Callable[..., Ran]):
    brief = {"serviceDeploymentArn": "arn", "createdAt": NOON}
    well.answer("ListServiceDeployments", {"serviceDeployments": [brief]})
    deployment = {
        **brief,
        "status": "ROLLBACK_SUCCESSFUL",
        "statusReason": "Circuit breaker triggered",
    }
    well.answer("DescribeServiceDeployments", {"serviceDeployments": [deployment]})
    well.answer("ListTasks", {"taskArns": ["a", "b", "c"]})
    failed = {
        "stopCode": "EssentialContainerExited",
        "stoppedReason": "Essential container in task exited",
        "containers": [{"name": "web", "exitCode": 137, "reason": "OutOfMemoryError: killed"}],
    }
    scaled = {
        "stopCode": "ServiceSchedulerInitiated",
        "containers": [{"name": "web", "exitCode": 0}],
    }
    well.answer("DescribeTasks", {"tasks": [failed, failed, scaled]})
    ran = trellis("diagnose", "dev", "--json")
    assert ran.code == 1
    found = json.loads(ran.out)["findings"]
    assert [element["check"] for element in found] == ["deployment", "stopped tasks"]
    assert "Circuit breaker triggered" in found[0]["said"]
    assert found[1]["said"] == (
        "api: Essential container in task exited; web exited with 137 (OutOfMemoryError: killed)"
    )
    assert found[1]["remedy"] == "give the task more `memory`"
    assert all(element["place"].endswith("(services.api)") for element in found)


def test_events_are_told_back_to_where_the_service_was_steady(
    well: Calls, trellis: Callable[..., Ran]
):
    messages = (
        "(service api) was unable to place a task: Capacity is unavailable at this time",
        "(service api) has started 1 tasks: (task 1)",
        "(service api) (task 1) failed container health checks",
        "(service api) has reached a steady state.",
        "(service api) was unable to place a task: long ago",
    )
    well.answer("DescribeServices", {"services": [{"events": [{"message": m} for m in messages]}]})
    ran = trellis("diagnose", "dev", "--json")
    found = json.loads(ran.out)["findings"]
    assert [element["said"] for element in found] == [messages[0], messages[2]]
    assert "capacity.onDemand" in found[0]["remedy"]
    assert "health path" in found[1]["remedy"]


def test_nothing_failed(well: Calls, trellis: Callable[..., Ran]):
    ran = trellis("diagnose", "dev")
    assert (ran.code, ran.out) == (0, "diagnose dev: nothing to look at\n")


def test_what_may_not_be_asked_is_told(well: Calls, trellis: Callable[..., Ran]):
    well.refuse("ListTasks")
    ran = trellis("diagnose", "dev")
    assert ran.code == 0
    assert "stopped tasks: not looked at: the caller may not call ListTasks" in ran.out


def test_colours_and_line_ends_are_left_out():
    assert plain_text("<{%fg 1%}>a\n  b\x1b[31mc<{%reset%}>") == "a bc"


@pytest.mark.parametrize("words", [words for words, _ in CAUSES])
def test_every_cause_is_said_of_one_message(words: str):
    """Each can be reached: no earlier one takes all that it fits."""
    sample = words.split("|", maxsplit=1)[0].replace(".*", " ... ")
    first = next(cause for cause, _ in CAUSES if re.search(cause, sample, re.IGNORECASE))
    assert first == words
