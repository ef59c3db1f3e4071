"""`trellis exec` and `trellis tunnel`: sessions by ECS Exec, or what is said instead."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.operate.conftest import REGION, Calls, Ran
from trellis.operate import sessions
from trellis.operate.access import Access
from trellis.operate.system import NotThereError, Service, System

TASK = "arn:aws:ecs:us-east-1:123456789012:task/shop-dev/abc"
AGENT = {"name": "ExecuteCommandAgent", "lastStatus": "RUNNING"}
SESSION = {"sessionId": "s-1", "streamUrl": "wss://there", "tokenValue": "never shown"}
HOST = "shop-dev-main.abc.us-east-1.rds.amazonaws.com"


def opened(system: System, *, uses: bool = True) -> System:
    """The shop whose service lets operators in."""
    settings = system.settings
    api = settings.services["api"]
    use = api.uses[0].model_copy(update={"secret": None, "database": "main"})
    changed = api.model_copy(update={"exec": True, "uses": (use,) if uses else api.uses})
    services = {**settings.services, "api": changed}
    return dataclasses.replace(system, settings=settings.model_copy(update={"services": services}))


@pytest.fixture
def open_shop(system: System) -> System:
    return opened(system)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """AWS's program on PATH; it is never started."""
    program = tmp_path / "session-manager-plugin"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return program


@pytest.fixture
def running(calls: Calls) -> Calls:
    """One task with its agent, and a database with an address."""
    container = {"name": "main", "runtimeId": "abc-123", "managedAgents": [AGENT]}
    task = {"taskArn": TASK, "startedAt": "2026-11-29", "containers": [container]}
    calls.answer("ListTasks", {"taskArns": [TASK]})
    calls.answer("DescribeTasks", {"tasks": [task]})
    calls.answer("ExecuteCommand", {"session": SESSION})
    calls.answer(
        "StartSession", {"SessionId": "s-2", "StreamUrl": "wss://there", "TokenValue": "x"}
    )
    instance = {"Endpoint": {"Address": HOST, "Port": 5432}, "DBInstanceStatus": "available"}
    calls.answer("DescribeDBInstances", {"DBInstances": [instance]})
    return calls


class Started:
    """What would have been started."""

    def __init__(self) -> None:
        self.words: list[Sequence[str]] = []

    def __call__(self, words: Sequence[str]) -> int:
        self.words.append(words)
        return 7


def service_of(system: System) -> Service:
    return system.service("api")


def test_a_shell_opens_in_the_newest_task(
    running: Calls, access: Access, open_shop: System, plugin: Path
):
    started = Started()
    service = service_of(open_shop)
    assert sessions.shell(service, "/bin/sh", None, access, started) == 7
    (asked,) = running.of("ExecuteCommand")
    assert asked == {
        "cluster": "shop-dev",
        "task": TASK,
        "container": service.container,
        "command": "/bin/sh",
        "interactive": True,
    }
    (words,) = started.words
    program, session, region, operation, _, request, endpoint = words
    assert (program, region, operation) == (str(plugin), REGION, "StartSession")
    assert json.loads(session)["TokenValue"] == "never shown"
    assert json.loads(request) == {"Target": "ecs:shop-dev_abc_abc-123"}
    assert endpoint.startswith("https://ssm.us-east-1.")


def test_a_tunnel_leads_to_the_address_that_rds_tells(
    running: Calls, access: Access, open_shop: System, plugin: Path
):
    started = Started()
    assert sessions.tunnel(open_shop, "main", 15432, access, started) == 7
    (instance,) = running.of("DescribeDBInstances")
    planned = open_shop.recording.of_type(sessions.INSTANCE)[0]
    assert instance == {"DBInstanceIdentifier": planned.inputs["identifier"]}
    (asked,) = running.of("StartSession")
    assert asked == {
        "Target": "ecs:shop-dev_abc_abc-123",
        "DocumentName": "AWS-StartPortForwardingSessionToRemoteHost",
        "Parameters": {"host": [HOST], "portNumber": ["5432"], "localPortNumber": ["15432"]},
    }
    request = json.loads(started.words[0][5])
    assert request["Parameters"] == asked["Parameters"]


def test_a_service_that_lets_nobody_in_is_told_with_the_line_to_set(
    running: Calls, access: Access, system: System, plugin: Path
):
    with pytest.raises(
        sessions.NoSessionError, match=r"set `services.api.exec: true` \(Pulumi.dev"
    ):
        sessions.shell(service_of(system), "sh", None, access, Started())
    with pytest.raises(sessions.NoSessionError, match="no service uses the database main"):
        sessions.tunnel(system, "main", None, access, Started())
    assert not running.of("ExecuteCommand") + running.of("StartSession")


def test_a_database_that_is_not_there_is_told_with_those_that_are(
    running: Calls, access: Access, open_shop: System, plugin: Path
):
    with pytest.raises(NotThereError, match="no database other in dev; there is main"):
        sessions.tunnel(open_shop, "other", None, access, Started())


def test_a_container_that_is_not_there_is_told_with_those_that_are(
    running: Calls, access: Access, open_shop: System, plugin: Path
):
    with pytest.raises(NotThereError, match="no container proxy in api; there is main"):
        sessions.shell(service_of(open_shop), "sh", "proxy", access, Started())


@pytest.mark.parametrize(
    ("tasks", "containers", "message"),
    [
        ([], [], "no task of api runs"),
        ([TASK], [{"name": "main", "runtimeId": "r"}], "--force-new-deployment` starts others"),
        (
            [TASK],
            [
                {
                    "name": "main",
                    "runtimeId": "r",
                    "managedAgents": [{**AGENT, "lastStatus": "STOPPED"}],
                }
            ],
            "the session agent of api does not run",
        ),
    ],
)
def test_tasks_that_cannot_be_entered(
    running: Calls,
    access: Access,
    open_shop: System,
    plugin: Path,
    tasks: list[str],
    containers: list[dict[str, Any]],
    message: str,
):
    running.answer("ListTasks", {"taskArns": tasks})
    running.answer("DescribeTasks", {"tasks": [{"taskArn": TASK, "containers": containers}]})
    with pytest.raises(sessions.NoSessionError, match=message):
        sessions.shell(service_of(open_shop), "sh", None, access, Started())


def test_without_awss_program_it_is_named_before_anything_is_asked(
    running: Calls, access: Access, open_shop: System, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(sessions.NoSessionError, match="no `session-manager-plugin` on PATH"):
        sessions.shell(service_of(open_shop), "sh", None, access, Started())
    assert not running.of("ListTasks") + running.of("ExecuteCommand")


def test_the_commands_say_it_in_a_sentence(
    running: Calls, trellis: Callable[..., Ran], plugin: Path
):
    ran = trellis("exec", "dev", "api")
    assert (ran.code, ran.err[:33]) == (1, "trellis exec: api lets nobody in:")
    ran = trellis("exec", "dev", "web")
    assert (ran.code, ran.err) == (2, "trellis exec: no service web in dev; there is api\n")
    ran = trellis("tunnel", "dev", "main", "--port", "70000")
    assert (ran.code, ran.err) == (2, "trellis tunnel: --port 70000: 1 to 65535\n")
    ran = trellis("tunnel", "dev", "main")
    assert ran.code == 1
    assert "no service uses the database main" in ran.err


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "the caller may not call ListTasks"),
        ("ThrottlingException", "AWS was asked too often"),
    ],
)
def test_a_refusal_is_a_sentence(
    running: Calls,
    trellis: Callable[..., Ran],
    plugin: Path,
    open_shop: System,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    message: str,
):
    monkeypatch.setattr("trellis.operate.system.system_of", lambda *_, **__: open_shop)
    running.refuse("ListTasks", code)
    ran = trellis("exec", "dev", "api")
    assert ran.code == 1
    assert message in ran.err
