"""Every setting is read by something: one that nothing reads has no effect, and nothing says so.

It is a first look, in a second; `python -m bench setting_effects` changes every setting and looks
at what is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel

from testing.stacks import ROOT
from trellis.registry import camel
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.shape import Choice, ListOf, MapOf, Scalar, Shape

READ_WHOLE = {
    "BaselineSettings": "each switch is made or not by its name",
    "PoolTriggerSettings": "each trigger is given to AWS by its name",
}
"""Models whose fields are read one after the other, and how."""


def models(shape: Shape, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Every model of the stack file."""
    match shape:
        case Scalar():
            return
        case MapOf():
            yield from models(shape.value, seen)
        case ListOf():
            yield from models(shape.element, seen)
        case Choice():
            for _, option in shape.options:
                yield from models(option, seen)
        case _:
            if shape.model not in seen:
                seen.add(shape.model)
                yield shape.model
                for field in shape.fields.values():
                    yield from models(field.shape, seen)


@cache
def words_read() -> frozenset[str]:
    """What the sources read as an attribute, or by its name or key."""
    read: set[str] = set()
    for folder in ("components", "trellis"):
        for file in (ROOT / folder).rglob("*.py"):
            text = file.read_text("utf-8")
            read |= set(re.findall(r"\.([a-z_0-9]+)\b", text))
            read |= set(re.findall(r'"([A-Za-z_0-9]+)"', text))
    return frozenset(read)


def unread(model: type[BaseModel]) -> list[str]:
    """Fields of a model that no source reads."""
    read = words_read()
    return [name for name in model.model_fields if not read & {name, camel(name)}]


def test_every_setting_is_read_by_something():
    found = {
        f"{model.__name__}.{name}"
        for model in models(SYSTEM, set())
        if model.__name__ not in READ_WHOLE
        for name in unread(model)
    }
    assert found == set(), "a setting that nothing reads: give it an effect, or take it away"


def test_a_setting_that_nothing_reads_is_found():
    class Loud(BaseModel):
        rather_loud_indeed: bool = False
        retention_hours: int = 1

    assert unread(Loud) == ["rather_loud_indeed"]


def test_models_that_are_read_whole_are_there():
    names = {model.__name__ for model in models(SYSTEM, set())}
    assert names >= READ_WHOLE.keys()
    assert len(names) > 200
