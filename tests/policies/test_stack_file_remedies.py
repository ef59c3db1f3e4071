"""What a control tells to write into a stack file are settings that a stack file has."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from policies.guardrails.catalog import CONTROLS, control
from policies.guardrails.control import Control
from testing.unsafe_settings import ADDED, UNSAFE
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.shape import MapOf, Object, at, fields

TOP = fields(SYSTEM.model)
PATH = re.compile(r"(?<![\w.])([a-z][A-Za-z]*)((?:\.(?:<key>|<name>|[A-Za-z]+))*)")
IN_WORDS = {
    "baseline", "buckets", "budgets", "certificates", "cluster", "databases", "caches", "firewalls",
    "jobs", "keys", "monitoring", "network", "secrets", "services", "sites", "tables", "zones",
}  # fmt: skip
"""Parts that texts also name as plain words."""


def paths(text: str) -> Iterator[tuple[str, ...]]:
    """The paths that a text names: a part, or what is written with dots."""
    plain = re.sub(r"\{.*?\}(?=[^}]|$)|\[.*?\]|[A-Z]\w*-[\w-]+|\w+/\w+|[\w.]+@[\w.]+", "", text)
    for match in PATH.finditer(plain):
        parts = tuple(part for part in (match[1] + match[2]).split(".") if part)
        if len(parts) > 1 or parts[0] in TOP:
            yield parts


def values(text: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The values that a text gives in YAML: `path: {...}`."""
    for match in re.finditer(r"([a-zA-Z.<>]+): (\{.*\}|\[.*\])", text):
        value = match[2]
        for end in range(len(value), 1, -1):
            try:
                yield tuple(match[1].split(".")), yaml.safe_load(value[:end])
                break
            except yaml.YAMLError:
                continue


def is_there(path: tuple[str, ...], value: Any = None) -> bool:
    found = at(SYSTEM, tuple("main" if part.startswith("<") else part for part in path), None)
    return bool(found) and all(
        any(_takes(shape, key) for shape in found) and is_there((*path, str(key)), inside)
        for key, inside in (value.items() if isinstance(value, Mapping) else ())
    )


def _takes(shape: Any, key: Any) -> bool:
    return isinstance(shape, MapOf) or (isinstance(shape, Object) and key in shape.fields)


@pytest.mark.parametrize("one", CONTROLS, ids=[one.id for one in CONTROLS])
def test_every_setting_that_a_remedy_names_is_one_of_the_stack_file(one: Control):
    text = one.fix.stack
    for path in paths(text):
        assert is_there(path), f"{'.'.join(path)} in: {text}"
    for path, value in values(text):
        assert is_there(path, value), f"{value} in: {text}"


DEFAULTS = re.compile(r"([a-z][A-Za-z]*(?:\.(?:<key>|[A-Za-z]+))+): ([\w.]+) \(the default\)")


def untrue_defaults(text: str) -> list[str]:
    """Values that a text calls the default, where one of the profiles has another."""
    found: list[str] = []
    for match in DEFAULTS.finditer(text):
        path = tuple("main" if part == "<key>" else part for part in match[1].split("."))
        for shape in at(SYSTEM, path[:-1], None):
            field = shape.fields.get(path[-1]) if isinstance(shape, Object) else None
            development = None if field is None else field.development
            if development is not None and development.value != yaml.safe_load(match[2]):
                found.append(f"{match[1]}: {match[2]}")
    return found


@pytest.mark.parametrize("one", CONTROLS, ids=[one.id for one in CONTROLS])
def test_what_a_remedy_calls_the_default_is_that_of_both_profiles(one: Control):
    assert untrue_defaults(one.fix.stack) == [], "say `(the default in production)`"


def test_a_default_of_one_profile_would_be_noticed():
    assert untrue_defaults("tables.<key>.deletionProtection: true (the default)")
    assert untrue_defaults("services.<key>.logRetentionDays: 365 (the default), and others")
    assert not untrue_defaults("network.endpoints: auto (the default)")


@pytest.mark.parametrize(
    ("wrong", "missing"),
    [
        ("loadBalancer.tlsPolicy: x", "loadBalancer.tlsPolicy"),
        ("functions.<key>.runtimes: python3.13", "functions.<key>.runtimes"),
        ("databases.<key>.multiAZ: true", "databases.<key>.multiAZ"),
    ],
)
def test_a_setting_that_is_none_would_be_noticed(wrong: str, missing: str):
    assert [".".join(path) for path in paths(wrong) if not is_there(path)] == [missing]


def test_a_value_that_no_setting_takes_would_be_noticed():
    text = "firewalls: {main: {sites: all, queues: true}}"
    assert [is_there(path, value) for path, value in values(text)] == [False]


@pytest.mark.parametrize("control_id", sorted({*UNSAFE, *ADDED}))
def test_the_remedy_names_the_settings_that_make_a_production_stack_red(control_id: str):
    text = control(control_id).fix.stack
    for pattern in UNSAFE.get(control_id, ()):
        named = [word for word in pattern.split(".") if word != "*"]
        assert named[-1] in text, f"{pattern} is not in: {text}"
    for key in ADDED.get(control_id, {}):
        assert key in text
