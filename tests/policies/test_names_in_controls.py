"""Every resource type and input that the pack names exists: a mistyped one would pass silently."""

import ast
import re
from pathlib import Path

import pytest
from scenes import cases, facts

from policies.guardrails import aws
from policies.guardrails.catalog import CONTROLS
from policies.guardrails.defaults import DEFAULTS
from testing.sdk import inputs_of, nested, property_names, tokens, unknown_inputs

PACK = Path(aws.__file__).parent
TYPES = {
    value
    for value in vars(aws).values()
    if isinstance(value, str) and re.match(r"aws:[\w/]+:\w+$", value)
}
FILES = [
    *sorted((PACK / "controls").glob("*.py")),
    *sorted((PACK / "topology").glob("*.py")),
    *(PACK / f"{name}.py" for name in ("network", "tls", "roles", "firewall_rules")),
]
PARAMETERS = {name for control in CONTROLS for name in control.parameters}
# Names in JSON documents (containers, redrive policies), in tags and provider configuration, and in
# Trellis's own resource: no inputs of AWS types.
ELSEWHERE = {
    "privileged", "readonlyRootFilesystem", "environment", "logConfiguration", "logDriver",
    "deadLetterTargetArn", "tags", "defaultTags", "command", "entryPoint", "healthCheck",
    "dockerLabels", "options", "user", "linuxParameters", "capabilities", "add", "container",
    "nodeRangeProperties", "taskProperties",
}  # fmt: skip


def test_every_resource_type_exists_in_the_sdk():
    assert set(tokens()) >= TYPES


def _types_named_in(source: str) -> set[str]:
    named: set[str] = set()
    for constant in re.findall(r"aws\.([A-Z_0-9]+)", source):
        value = getattr(aws, constant)
        named.update(value if isinstance(value, tuple) else (value,))
    return named & TYPES


def _inputs_named_in(tree: ast.AST) -> set[str]:
    """The texts used as ``resource["name"]``, in dotted paths, and as paths of joins."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            found.add(node.slice.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            position = {"at": 0, "leaves": 0, "follow": 1, "companions": 2, "some_companion": 2}
            at = position.get(node.func.attr)
            if at is not None and len(node.args) > at:
                argument = node.args[at]
                if isinstance(argument, ast.Constant):
                    found.add(argument.value)
    return {name for path in found if isinstance(path, str) for name in path.split(".")}


@pytest.mark.long
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_input_that_a_control_reads_exists_in_the_sdk(path: Path):
    source = path.read_text(encoding="utf-8")
    shared = path.parent != PACK / "controls"
    types = TYPES if shared else _types_named_in(source)
    known = set().union(*(property_names(token) for token in types), PARAMETERS)
    unknown = _inputs_named_in(ast.parse(source)) - known - ELSEWHERE
    assert not {name for name in unknown if re.match(r"[a-z][A-Za-z]+$", name)}


@pytest.mark.long
def test_every_input_of_the_tables_of_cases_exists_in_the_sdk():
    for case in cases():
        for one in facts(case.scene, deployed=False):
            if one.type in TYPES:
                # The provider writes tagsAll into what a preview tells; no program gives it.
                inputs = {name: value for name, value in one.inputs.items() if name != "tagsAll"}
                assert not unknown_inputs(one.type, inputs), case


@pytest.mark.parametrize("token", sorted(DEFAULTS))
def test_every_default_is_of_an_input_that_exists(token: str):
    for path in DEFAULTS[token]:
        level = inputs_of(token)
        for name in path.split("."):
            assert name in level, f"{token} {path}"
            level = nested(level[name]) or {}
