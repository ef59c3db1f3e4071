"""What components hand down to their children unasked: the SDK reads it off its own attributes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pulumi
import pytest

from components.replacement import HOLDS_DATA, STAYS_BESIDE_DATA
from tests.conftest import STACKS
from trellis.planner.record import ProgramInput, Recording, record_program

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = [stack for stack in STACKS if stack[1] in ("prod", "staging")]


def sdk_attributes() -> frozenset[str]:
    """Whatever an instance of the SDK's component has before ours adds anything."""
    found: set[str] = set()

    def program() -> None:
        found.update(vars(pulumi.ComponentResource("shop:index:Shell", "shell")))

    record_program(program, ProgramInput("shop", "dev", {"aws:region": "eu-west-1"}), "preview")
    for owner in pulumi.ComponentResource.__mro__:
        found.update(vars(owner), vars(owner).get("__annotations__", {}))
    return frozenset(found)


def attributes_set(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of every attribute that a method of a class sets on itself."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store() | ast.Del()):
                yield node.lineno, name
            case ast.FunctionDef(name=name) if not name.startswith("__"):
                yield node.lineno, name
            case _:
                pass


def test_no_component_sets_or_defines_what_the_sdk_owns():
    owned = sdk_attributes()
    assert {"_protect", "_name", "_type", "_provider", "_providers", "_aliases", "urn"} <= owned
    taken = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for folder in ("components", "trellis")
        for path in (ROOT / folder).rglob("*.py")
        if "ComponentResource" in (source := path.read_text())
        for line, name in attributes_set(source)
        if name in owned
    ]
    assert taken == []


def test_an_attribute_of_the_sdk_is_found_however_it_is_set():
    source = """
class A(pulumi.ComponentResource):
    def __init__(self):
        self._protect = True
        self._name: str = ""
        self._aliases, self.x = [], 1
    def get_provider(self): ...
"""
    found = {name for _, name in attributes_set(source)} & sdk_attributes()
    assert found == {"_protect", "_name", "_aliases", "get_provider"}


@pytest.mark.parametrize(("project", "name"), PRODUCTION)
def test_only_what_holds_data_is_protected_and_kept(
    recording_of: Callable[..., Recording], project: str, name: str
):
    recording = recording_of(project, name)
    protected = {resource.type for resource in recording if resource.protect}
    assert protected <= HOLDS_DATA
    assert "aws:kms/key:Key" in protected
    kept = {resource.type for resource in recording if resource.retain_on_delete}
    assert kept <= HOLDS_DATA | STAYS_BESIDE_DATA
