"""The recording against the real engine, resource by resource, for every stack file there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from os.path import relpath
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import STACKS
from tests.engine.engine import ROOT, Engine
from trellis.planner.record import Recorded, Recording
from trellis.planner.wire import UNKNOWN, FileContent, Secret

pytestmark = pytest.mark.engine

ROOT_STACKS = [stack for stack in STACKS if stack[0] == "."]
STACK_TYPE = "pulumi:pulumi:Stack"


@pytest.mark.parametrize(("project", "name"), STACKS)
def test_every_resource_of_a_plan_is_the_engines(
    engine: Engine, recording_of: Callable[..., Recording], project: str, name: str
) -> None:
    stack = engine.stack(ROOT / project, name)
    goals = {urn: goal for urn, goal in stack.preview().resources.items() if not _is_root(urn)}
    recorded = {resource.urn: resource for resource in recording_of(project, name, "preview")}

    assert recorded.keys() == goals.keys()
    for urn, resource in recorded.items():
        assert _identity(resource) == _engine_identity(goals[urn]), urn

    checked = stack.aws.calls.inputs()
    assert checked.keys() == {urn for urn, resource in recorded.items() if _is_aws(resource)}
    for urn, inputs in checked.items():
        assert dict(recorded[urn].inputs) == _moved(inputs, stack.folder, ROOT / project), urn


@pytest.mark.parametrize(("project", "name"), ROOT_STACKS)
def test_every_input_of_a_deployed_plan_is_the_engines(
    engine: Engine, recording_of: Callable[..., Recording], project: str, name: str
) -> None:
    stack = engine.stack(ROOT / project, name)
    stack.up()
    recorded = {resource.urn: resource for resource in recording_of(project, name, "deployed")}

    checked = stack.aws.calls.inputs()
    assert checked.keys() == {urn for urn, resource in recorded.items() if _is_aws(resource)}
    for urn, inputs in checked.items():
        assert not _unknown(recorded[urn].inputs), f"{urn} is not known by then"
        assert dict(recorded[urn].inputs) == dict(inputs), urn

    state = stack.state()
    for urn, resource in recorded.items():
        # A preview's goals do not say these, so they are compared here.
        assert bool(state[urn].get("retainOnDelete")) == resource.retain_on_delete, urn
        # Of aliases the engine keeps those that name a whole URN; types that the SDK renamed
        # reach it as a part of one and are not kept.
        kept = {alias for alias in resource.aliases if alias in state[urn].get("aliases", ())}
        assert set(state[urn].get("aliases", ())) == kept, urn
        assert tuple(sorted(state[urn].get("dependencies", ()))) == resource.dependencies, urn
        if _is_aws(resource):
            assert state[urn]["id"] == resource.id, urn


def _is_root(urn: str) -> bool:
    return f"::{STACK_TYPE}::" in urn


def _is_aws(resource: Recorded) -> bool:
    return resource.type.startswith("aws:")


def _unknown(value: Any) -> bool:
    if isinstance(value, Secret):
        return _unknown(value.value)
    if isinstance(value, Mapping):
        return any(_unknown(element) for element in value.values())
    if isinstance(value, list):
        return any(_unknown(element) for element in value)
    return value is UNKNOWN


def _identity(resource: Recorded) -> dict[str, Any]:
    return {
        "type": resource.type,
        "name": resource.name,
        "custom": resource.custom,
        "parent": resource.parent,
        "dependencies": resource.dependencies,
        "propertyDependencies": dict(resource.property_dependencies),
        "protect": resource.protect,
        "deleteBeforeReplace": bool(resource.delete_before_replace),
        "ignoreChanges": resource.ignore_changes,
        "additionalSecretOutputs": tuple(sorted(resource.additional_secret_outputs)),
        "provider": resource.provider.split("::aws::")[0] if resource.provider else "",
    }


def _engine_identity(goal: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": goal["type"],
        "name": goal["name"],
        "custom": goal["custom"],
        "parent": "" if _is_root(goal.get("parent", "")) else goal.get("parent", ""),
        "dependencies": tuple(sorted(goal.get("dependencies") or ())),
        "propertyDependencies": {
            key: tuple(sorted(urns))
            for key, urns in (goal.get("propertyDependencies") or {}).items()
            if urns
        },
        "protect": bool(goal.get("protect")),
        "deleteBeforeReplace": bool(goal.get("deleteBeforeReplace")),
        "ignoreChanges": tuple(goal.get("ignoreChanges") or ()),
        "additionalSecretOutputs": tuple(sorted(goal.get("additionalSecretOutputs") or ())),
        "provider": goal["provider"].split("::aws::")[0] if goal.get("provider") else "",
    }


def _moved(value: Any, copy: Path, project: Path) -> Any:
    """The value with paths in the project's copy, which the engine reads, as in the project."""
    if isinstance(value, Mapping):
        return {key: _moved(inner, copy, project) for key, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, copy, project) for inner in value]
    if isinstance(value, FileContent):
        return replace(value, value=_moved(value.value, copy, project))
    if not isinstance(value, str):
        return value
    # Assets are told from where the tests run.
    return value.replace(relpath(copy), relpath(project)).replace(str(copy), str(project))
