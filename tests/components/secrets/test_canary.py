"""No value of a secret stands in a stack file, a plan, a log or the engine's state.

A canary is planted as every random value the rotation function makes, and everything that Trellis
and the engine write is searched for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.components.secrets.planted_value import CANARY, planted
from tests.components.small_systems import small_system
from tests.conftest import ROOT
from trellis.cli.main import main
from trellis.planner.record import Recording, record
from trellis.stackfile.problems import StackFileError

SECRETS = {"jwt": {"kind": "generated"}, "stripe": {}}


def everything(recording: Any) -> str:
    """All that was said in a run, inputs and outputs alike."""
    return repr(
        [
            (resource.urn, resource.id, dict(resource.inputs), dict(resource.outputs))
            for resource in recording
        ]
    ) + repr(recording.outputs)


def test_a_recording_holds_version_ids_and_no_value(monkeypatch: pytest.MonkeyPatch):
    with planted(monkeypatch) as plant:
        recording = small_system(secrets=SECRETS)
        assert plant.stored() == [CANARY]
        result = recording.one("aws:lambda/invocation:Invocation", "jwt").outputs["result"]
        assert json.loads(result) == {"versionId": plant.answers[0]}
        assert CANARY not in everything(recording)
        assert CANARY not in json.dumps(recording.as_json(), default=str)
        assert plant.log
        assert CANARY not in "\n".join(plant.log)


def test_the_search_finds_a_value_where_there_is_one(monkeypatch: pytest.MonkeyPatch):
    with planted(monkeypatch):
        recording = small_system(secrets={"stripe": {"description": CANARY}})
    assert CANARY in everything(recording)
    assert CANARY in json.dumps(recording.as_json(), default=str)


@pytest.mark.long
def test_a_real_stack_writes_no_value_in_its_plan(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(ROOT)
    with planted(monkeypatch) as plant:
        recording = record(ROOT / "systems" / "chat-backend", "dev", "deployed")
        assert plant.stored() == [CANARY]
        assert main(["plan", "dev", "--full"]) == 0
    printed = capsys.readouterr()
    assert printed.out
    assert CANARY not in everything(recording) + printed.out + printed.err


@pytest.mark.parametrize(
    "given",
    [
        {"value": CANARY},
        {"kind": "generated", "value": CANARY},
        {"kind": "credentials", "database": "main", "password": CANARY},
        {"secretString": CANARY},
    ],
)
def test_a_stack_file_has_no_place_for_a_value_and_the_refusal_does_not_repeat_it(given: Any):
    with pytest.raises(StackFileError) as refused:
        small_system(secrets={"stripe": given})
    assert CANARY not in str(refused.value)


@pytest.mark.long
def test_no_resource_type_that_would_keep_a_value_is_used(
    recording_of: Callable[..., Recording], any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    keeping = {
        "aws:secretsmanager/secretVersion:SecretVersion",
        "random:index/randomPassword:RandomPassword",
        "aws:ssm/parameter:Parameter",
    }
    assert not keeping & {resource.type for resource in recording}
    for resource in recording.of_type("aws:rds/instance:Instance"):
        assert "password" not in resource.inputs
    for resource in recording.of_type("aws:elasticache/replicationGroup:ReplicationGroup"):
        assert "authToken" not in resource.inputs
