"""Containers beside the main one wait for each other, and mount the task's file systems."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.services.settings import ServiceSettings
from components.services.task.start_order import Started, wrong_order
from testing.service_cases import service
from tests.components.small_systems import NETWORK, small_system
from trellis.planner.record import Recorded, Recording

TASKS = "aws:ecs/taskDefinition:TaskDefinition"
IMAGE = service()["image"]
PREPARED = {"image": IMAGE, "essential": False}
HEALTH = {"command": "true"}
FILES = {
    "fileSystemId": "fs-0123456789abcdef0",
    "accessPointId": "fsap-0123456789abcdef0",
    "securityGroupId": "sg-0123456789abcdef0",
    "path": "/archive",
    "readOnly": True,
}


def task(**changes: Any) -> dict[str, Any]:
    sidecars = {
        "migrate": {**PREPARED, "startFirst": "success", "after": {"proxy": "healthy"}},
        "proxy": {"image": IMAGE, "health": HEALTH},
        "tail": {
            "image": IMAGE,
            "after": {"main": "started"},
            "fileSystems": {
                "/data": {"path": "/in", "readOnly": True},
                "/archive": {"path": "/archive"},
            },
        },
    }
    return service(
        **{
            "sidecars": sidecars,
            "uses": [{"files": "media", "at": "/data"}],
            "fileSystems": {"old": FILES},
            **changes,
        }
    )


def made(settings: dict[str, Any]) -> Recorded:
    found: Recording = small_system(
        network=NETWORK, fileSystems={"media": {}}, services={"web": settings}
    )
    return found.one(TASKS, "web")


def containers(definition: Recorded) -> dict[str, dict[str, Any]]:
    document = json.loads(definition.inputs["containerDefinitions"])
    return {container["name"]: container for container in document}


@pytest.fixture(scope="module")
def web() -> Recorded:
    return made(task())


def test_containers_wait_for_each_other_as_ecs_takes_it(web: Recorded):
    waits = {name: container.get("dependsOn") for name, container in containers(web).items()}
    assert waits == {
        "main": [{"containerName": "migrate", "condition": "SUCCESS"}],
        "migrate": [{"containerName": "proxy", "condition": "HEALTHY"}],
        "proxy": None,
        "tail": [{"containerName": "main", "condition": "START"}],
    }


def test_a_sidecar_has_the_tasks_file_systems_in_folders_of_its_own(web: Recorded):
    def files(name: str) -> dict[str, tuple[str, bool]]:
        return {
            mount["sourceVolume"]: (mount["containerPath"], mount["readOnly"])
            for mount in containers(web)[name]["mountPoints"]
            if mount["sourceVolume"].startswith("files-")
        }

    (media,) = (name for name in files("main") if name.startswith("files-media"))
    assert files("main") == {media: ("/data", False), "files-old": ("/archive", True)}
    assert files("tail") == {media: ("/in", True), "files-old": ("/archive", True)}
    assert files("proxy") == {}
    volumes = {volume["name"] for volume in web.inputs["volumes"]}
    assert volumes == {media, "files-old"}


def test_an_edit_is_another_revision_and_nothing_else(web: Recorded):
    edited = task()
    del edited["sidecars"]["tail"]["after"]
    del edited["sidecars"]["tail"]["fileSystems"]
    after = made(edited)
    assert after.urn == web.urn
    changed = {key for key in web.inputs if web.inputs[key] != after.inputs.get(key)}
    assert changed == {"containerDefinitions"}
    assert web.inputs["skipDestroy"] is True, (
        "tasks of the last revision go on until it has started"
    )


def sidecars(**given: dict[str, Any]) -> dict[str, Any]:
    return {"sidecars": {name: {"image": IMAGE, **settings} for name, settings in given.items()}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (sidecars(a={"after": {"b": "started"}}), "containers of the task, main; found b"),
        (sidecars(a={"after": {"a": "started"}}), "found itself"),
        (
            sidecars(a={"after": {"b": "started"}}, b={"after": {"a": "started"}}),
            "no circle; found a -> b -> a",
        ),
        (
            sidecars(a={"startFirst": "started", "after": {"main": "started"}}),
            "no circle; found main -> a -> main",
        ),
        (sidecars(a={"after": {"main": "success"}}), "the task ends with main"),
        (sidecars(a={"after": {"b": "complete"}}, b={}), "the task ends with b"),
        (sidecars(a={"after": {"b": "healthy"}}, b={}), "b has no health check"),
        (sidecars(a={"after": {"main": "healthy"}}), "main has no health check"),
        (
            sidecars(a={"fileSystems": {"/other": {"path": "/x"}}}),
            "has one, /archive, /data; found /other",
        ),
        (
            {**sidecars(a={"fileSystems": {"/data": {"path": "/x"}}}), "uses": [],
             "fileSystems": {}},
            "none: the task has no file systems",
        ),
        (
            sidecars(a={"scratch": ["/x"], "fileSystems": {"/data": {"path": "/x"}}}),
            "found twice: /x",
        ),
    ],
)  # fmt: skip
def test_what_ecs_would_refuse_is_refused(changes: dict[str, Any], message: str):
    with pytest.raises(ValidationError) as refused:
        ServiceSettings.model_validate_json(json.dumps(task(**changes)))
    assert message in str(refused.value)


def test_a_longer_circle_is_named_and_a_diamond_is_none():
    circle = {name: Started({other: "started"}) for name, other in ("ab", "bc", "cd", "db")}
    assert wrong_order(circle) == "containers that wait in no circle; found b -> c -> d -> b"
    diamond = {
        "a": Started({"b": "started", "c": "started"}),
        "b": Started({"d": "started"}),
        "c": Started({"d": "started"}),
        "d": Started(),
    }
    assert wrong_order(diamond) is None


def test_the_main_container_is_waited_for_by_its_own_name_and_health():
    given = sidecars(a={"after": {"app": "healthy"}})
    ServiceSettings.model_validate_json(
        json.dumps(task(container="app", healthCommand=HEALTH, **given))
    )
