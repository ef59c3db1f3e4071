"""What may be typed at a place: keys with meaning and default, and the words of a value.

The text is cut at the cursor and a word of our own put there; where the parser meets it says
whether it is a key or a value, and of what. So flow mappings, lists and quotes need no rules here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trellis.lsp.spots import MARK, Spot, in_settings, spots
from trellis.stackfile import tree
from trellis.stackfile.identity import named_places
from trellis.stackfile.layers import PREFIX, REGION_KEY, SHARED_KEY, SYSTEM
from trellis.stackfile.nodes import Data
from trellis.stackfile.problems import KeyPath, dotted
from trellis.stackfile.reading import STACK_FILE_KEYS
from trellis.stackfile.reference import default_of
from trellis.stackfile.scalars import resolve
from trellis.stackfile.shape import Field, MapOf, Object, Scalar, at, flat, meaning
from trellis.stackfile.wording import described

CURSOR = "trellisCursor"
_TYPED = re.compile(r"[\w:.\-]*\Z")
"""The word before the cursor; a top key has a colon in it."""


@dataclass(frozen=True)
class Offer:
    """One thing that may stand at the cursor."""

    label: str
    text: str
    """To be put in place of what was typed."""
    is_key: bool
    detail: str = ""
    """What it allows."""
    words: str = ""
    """What it means and its default, in Markdown."""


def typed_before(text: str) -> str:
    """The part of a word that stands before the cursor, at the end of a text."""
    found = _TYPED.search(text)
    return found[0] if found is not None else ""


def offers(text: str, data: Mapping[str, Data], *, shared: bool) -> list[Offer]:
    """What may stand at the end of a text.

    Args:
        text: the file up to the cursor.
        data: the stack's settings as far as they can be read: they tell what a choice is meant
            for and which keys are there.
        shared: whether the file is `Pulumi.yaml`.
    """
    begun = text.removesuffix(typed_before(text)).removeprefix(MARK)
    found: dict[str, Offer] = {}
    for put, is_key in ((f"{CURSOR}: 0", True), (CURSOR, False)):
        every = spots(begun + put)
        spot = next((other for other in every if other.text == CURSOR), None)
        if spot is None or spot.is_key is not is_key:
            continue
        known = _with_beside(data, spot, every)
        offered = (
            _keys(spot.path[:-1], known, shared=shared) if is_key else _values(spot, known, every)
        )
        found.update((offer.label, offer) for offer in offered)
    return list(found.values())


def _with_beside(
    data: Mapping[str, Data], cursor: Spot, every: Sequence[Spot]
) -> Mapping[str, Data]:
    """The settings with what stands in the text before the cursor in the same mapping."""
    parent = in_settings(cursor.path[:-1])
    if not parent:
        return data
    beside = {
        str(spot.path[-1]): spot.text
        for spot in every
        if spot.path[:-1] == cursor.path[:-1] and spot.path != cursor.path and spot.text
    }
    return _put(data, parent, beside)


def _put(data: Data, path: KeyPath, under: Mapping[str, Data]) -> Data:
    """The settings with these under what is at a path; as they are where there is a list."""
    if not path:
        return {**under, **data} if tree.is_mapping(data) else dict(under)
    if tree.is_list(data) or not isinstance(path[0], str):
        return data
    there = data if tree.is_mapping(data) else {}
    return {**there, path[0]: _put(there.get(path[0]), path[1:], under)}


def _keys(parent: KeyPath, data: Mapping[str, Data], *, shared: bool) -> Iterator[Offer]:
    inside: KeyPath = ("config", SHARED_KEY, "value")
    if not shared and parent == ():
        yield from (Offer(key, f"{key}:", True) for key in STACK_FILE_KEYS)
    elif not shared and parent == ("config",):
        yield from _fields((), data, PREFIX)
    elif shared and parent == ("config",):
        yield Offer(SHARED_KEY, f"{SHARED_KEY}:", True, "", "What all stacks of the project share.")
    elif shared and parent == inside[:2]:
        yield Offer("value", "value:", True, "", "The settings that all stacks share.")
    elif shared and parent[:3] == inside:
        yield from _fields(parent[3:], data, "")
    elif not shared:
        setting = in_settings(parent)
        if setting:
            yield from _fields(setting, data, "")


def _fields(path: KeyPath, data: Mapping[str, Data], prefix: str) -> Iterator[Offer]:
    there = tree.get(data, path)
    taken = set(there) if path and tree.is_mapping(there) else set[str]()
    for shape in at(SYSTEM, path, data):
        if isinstance(shape, Object):
            for key, field in shape.fields.items():
                if key in taken or (not path and not prefix and key == "region"):
                    continue
                name = REGION_KEY if not path and key == "region" else f"{prefix}{key}"
                yield _offer(name, field)
        elif isinstance(shape, MapOf) and isinstance(shape.key, Scalar):
            for word in shape.key.choices:
                if str(word) not in taken:
                    yield Offer(str(word), f"{word}:", True, described(shape.value, brief=True))


def _offer(name: str, field: Field) -> Offer:
    single = all(isinstance(shape, Scalar) for shape in flat(field.shape))
    words = "\n\n".join(filter(None, (meaning(field), default_line(field))))
    return Offer(name, f"{name}: " if single else f"{name}:", True, described(field.shape), words)


def default_line(field: Field) -> str:
    """What holds where nobody sets it, in Markdown."""
    default = default_of(field)
    if default == "required":
        return "Required."
    if field.development is None:
        return f"Default: {default}"
    production, _, development = default.partition("**, ")
    return f"Default: {production.strip('*')}, in development {development}"


def _values(spot: Spot, data: Mapping[str, Data], every: Sequence[Spot]) -> Iterator[Offer]:
    path = spot.setting
    if path:
        yield from _entries(path, data, every)
    for shape in at(SYSTEM, path, data, whole=True) if path else ():
        if not isinstance(shape, Scalar):
            continue
        choices: tuple[Any, ...] = (True, False) if shape.kind == "boolean" else shape.choices
        for word in choices:
            text = _written(word)
            yield Offer(text, text, False, described(shape))


def _entries(path: KeyPath, data: Mapping[str, Data], every: Sequence[Spot]) -> Iterator[Offer]:
    """Keys of the entries that a setting may name, where it names one.

    Those that stand before the cursor are there also while the file can't be read whole.
    """
    for place in named_places(path, data):
        there = tree.get(data, place)
        keys = {str(key) for key in there} if tree.is_mapping(there) else set[str]()
        keys |= {spot.text for spot in every if spot.is_key and spot.setting[:-1] == place}
        for key in sorted(keys - {CURSOR, ""}):
            text = _written(key)
            yield Offer(text, text, False, f"one of `{dotted(place)}`")


def _written(word: Any) -> str:
    """A word as YAML has it: quoted where it would be read as something else."""
    if not isinstance(word, str):
        return json.dumps(word)
    plain = resolve(word, plain=True, tag=None)
    is_same = plain.kind == "text" and re.fullmatch(r"\w[\w ./-]*", word)
    return word if is_same else json.dumps(word)
