"""A component that stands for one thing of AWS has its `name`, its `arn` and its `resource`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pulumi
import pytest

from testing import everything
from testing.everything import record_everything, site_folder
from tests.conftest import ROOT
from trellis.assembly import build
from trellis.planner.record import Mode, ProgramInput, Recorded, Recording, record_program
from trellis.stackfile.loading import load

NO_ONE_THING = {
    "Backups": "a vault, its copy in another region, a plan and what that selects",
    "Baseline": "settings of the account, and what records its changes",
    "Budgets": "a budget for each amount, and a monitor of unusual spending",
    "Certificates": "every certificate of the stack, with its records",
    "Content": "files that were uploaded, and the function that did it",
    "Delivery": "a role for each step of a pipeline, and their boundary",
    "Job": "a task definition, and a schedule or one start with each deployment",
    "Keys": "a key for each domain",
    "Monitoring": "all alarms, dashboards, filters and subscriptions",
}
"""Components that stand for several things, and for which."""

NOT_IN_IT = {"Identity", "PrivateOrigin"}
"""What the system of `record_everything` does not have."""

TRIO = ("name", "arn", "resource")


@cache
def components() -> dict[str, type[pulumi.ComponentResource]]:
    for file in sorted((ROOT / "components").rglob("*.py")):
        module = file.relative_to(ROOT).with_suffix("")
        if module.name != "__init__":
            importlib.import_module(".".join(module.parts))
    return {
        found.__name__: found
        for found in pulumi.ComponentResource.__subclasses__()
        if found.__module__.startswith("components.")
    }


def test_the_table_names_components_that_there_are_and_says_why():
    assert sorted(NO_ONE_THING.keys() - components().keys()) == []
    assert all(NO_ONE_THING.values())


@pytest.mark.parametrize("name", sorted(components()))
def test_one_word_for_one_idea(name: str):
    component = components()[name]
    there = [word for word in TRIO if isinstance(getattr(component, word, None), property)]
    if name in NO_ONE_THING:
        assert "resource" not in there, f"{name} has one: take it out of NO_ONE_THING"
        return
    assert there == list(TRIO)
    hint = get_type_hints(vars(component)["resource"].fget)["return"]
    made = [kind for kind in (get_args(hint) or (hint,)) if kind is not type(None)]
    assert all(issubclass(kind, pulumi.CustomResource) for kind in made), made
    assert [kind.__module__.split(".")[0] for kind in made] == ["pulumi_aws"]


def seen(made: list[Any], found: list[dict[str, Any]]) -> None:
    """Note name and ARN of each component that has made its resource, with what AWS has."""
    for component in made:
        if type(component).__name__ not in components():
            continue
        if type(component).__name__ in NO_ONE_THING:
            continue
        try:
            resource = component.resource
        except LookupError:
            continue  # a service that waits for its image
        pulumi.Output.all(
            component=component.urn,
            name=component.name,
            arn=component.arn,
            resource=resource.urn,
        ).apply(found.append)


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Recording]:
    made: list[pulumi.ComponentResource] = []
    found: list[dict[str, Any]] = []
    register = pulumi.ComponentResource.register_outputs

    def noting(component: pulumi.ComponentResource, outputs: Any) -> None:
        made.append(component)
        register(component, outputs)

    def recorded(given: ProgramInput, mode: Mode) -> Recording:
        def program() -> None:
            build(load())
            seen(made, found)

        return record_program(program, given, mode)

    folder: Path = site_folder(tmp_path_factory.mktemp("everything"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(pulumi.ComponentResource, "register_outputs", noting)
        patch.setattr(everything, "recorded_build", recorded)
        return found, record_everything()


def names(resource: Recorded) -> Iterator[object]:
    """What AWS may call a resource: texts of its inputs, and its `Name` tag."""
    yield from (value for value in resource.inputs.values() if isinstance(value, str))
    yield (resource.inputs.get("tags") or {"Name": None})["Name"]


@pytest.mark.long
def test_the_words_are_true_of_what_aws_gets(noted: tuple[list[dict[str, Any]], Recording]):
    found, recording = noted
    by_urn = {resource.urn: resource for resource in recording}
    for one in found:
        resource = by_urn[one["resource"]]
        assert resource.parent == one["component"], one
        assert one["name"] in names(resource), one
        assert one["arn"] == resource.outputs["arn"], one
    kinds = {one["component"].split("::")[2].split("$")[-1].split(":")[-1] for one in found}
    assert components().keys() - NO_ONE_THING.keys() - kinds == NOT_IN_IT
