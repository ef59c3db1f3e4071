"""Entries that were renamed: `formerly` keeps what their first key made.

A key is the person's to choose; what it made on AWS has the names of the key it began with, and
many of them can never change (a database, a bucket, a log group). So an entry with `formerly` is
built under its first key: every name, address and resource stays as it is, and nothing is
replaced. This is the one place that knows; all that comes after sees the first keys, and
`shown_path` leads back to the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from components.parts.reference import Reference
from components.parts.uses import KINDS
from trellis.registry import camel, part_of
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.nodes import Data
from trellis.stackfile.problems import KeyPath, dotted
from trellis.stackfile.references import nested, references
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.tree import get, is_list, is_mapping

FORMERLY: Final = "formerly"

MOVES: Final = ("jobs", "services")
"""Parts whose entries may have been of one another: `services.worker` as the former key of a job.
Such an entry keeps its `formerly`, by which its component knows the type that it was."""

Claims = dict[tuple[str, ...], dict[str, str]]
"""Which entry claims a former key, by the key and where it stood."""

Renamed = Mapping[tuple[str, ...], str]
"""The first key of each entry that has another one now, by its path with present keys."""


def check_renames(settings: SystemSettings, _: object) -> Iterable[Complaint]:
    """What is wrong with the `formerly` of a stack file."""
    shown = settings.model_dump(mode="json", by_alias=True)
    claims: Claims = {}
    for place, entries in _keyed(shown):
        for key, entry in entries.items():
            path: KeyPath = (*place, key, FORMERLY)
            formers = _formers(entry)
            for position, former in enumerate(formers):
                part, _, first = former.rpartition(".")
                if former in formers[:position]:
                    yield path, f"{former} twice", "each former key once", "take one away"
                elif (part,) == place:
                    other = next(moved for moved in MOVES if moved != part)
                    allowed = f"a key, or one of {other}"
                    yield path, former, allowed, f"a former key of {part} is {first}"
                elif former == key:
                    yield path, "its own key", "a key that it had before", "take it away"
                else:
                    # What moved has the names of its first key in both parts.
                    for there in ((part,), place) if part else (place,):
                        yield from _taken(path, there, first, shown, claims)


def _taken(
    path: KeyPath, place: tuple[str, ...], former: str, data: Mapping[str, Any], claims: Claims
) -> Iterable[Complaint]:
    """Who else has a former key, or claims it too.

    Args:
        path: of the `formerly`.
        place: where the key may be in use.
        claims: who claims which former key so far, by place; this claim is added.
    """
    entries: Mapping[str, Any] = get(data, place) or {}
    named, claimant = dotted((*place, former)), dotted(path[:-1])
    first = claims.setdefault(place, {}).setdefault(former, claimant)
    if former in entries and not _formers(entries[former]):
        found = f"{named}, which is still in use"
        yield path, found, "a key that no entry has now", f"what {named} made is its own"
    elif first != claimant:
        found = f"{former}, which {first} claims too"
        yield path, found, "a key for one entry", "what it made can go on as one of them only"


def renames(data: Mapping[str, Data]) -> Renamed:
    """The entries of a stack file that began with another key."""
    return {
        (*place, key): formers[0].rpartition(".")[2]
        for place, entries in _keyed(data)
        for key, entry in entries.items()
        if (formers := _formers(entry))
    }


def under_first_keys(data: dict[str, Data], renamed: Renamed) -> SystemSettings:
    """The settings with every entry, and every mention of it, under its first key."""
    found = with_mentions(_rekeyed(data, (), renamed), renamed)
    if is_list(found.get("exemptions")):
        found["exemptions"] = list(_exemptions(found["exemptions"], renamed))
    return SystemSettings.model_validate_json(json.dumps(found), by_alias=True, by_name=False)


def with_mentions(data: Any, renamed: Renamed) -> Any:
    """A stack file with every mention of an entry under another key."""
    for pattern, reference in references().items():
        data = _mentioned(data, tuple(pattern.split(".")), reference, reference.part, renamed)
    return data


def shown_path(path: KeyPath, renamed: Renamed) -> KeyPath:
    """A path with the keys that the file has."""
    shown: KeyPath = ()
    for step in path:
        present = (
            place[-1] for place, first in renamed.items() if place[:-1] == shown and first == step
        )
        shown = (*shown, next(present, step))
    return shown


def named_places(path: KeyPath, data: Data) -> Iterator[KeyPath]:
    """Where the entries stand of which a setting names one; nothing where it names none.

    A `uses:` line may also name what somebody else made, under `existing`.

    Args:
        path: the setting's, from the top of the settings.
        data: the settings: what stands beside it says which part it is, where both could be.
    """
    kind = str(path[-1])
    if len(path) > 2 and path[-3] == "uses" and kind in KINDS:
        place = tuple(map(camel, part_of(kind).split(".")))
        yield place
        yield ("existing", *place)
        return
    for pattern, reference in references().items():
        steps = pattern.split(".")
        if len(steps) != len(path) or not all(
            step in ("*", str(given)) for step, given in zip(steps, path, strict=True)
        ):
            continue
        chosen = reference.part
        if reference.beside:
            value = get(data, (*path[:-1], reference.beside))
            chosen = dict(reference.parts).get(str(value), "")
        if reference.within:
            chosen = chosen.format(get(data, (*path[:-1], reference.within)))
        if chosen:
            yield tuple(chosen.split("."))


def _keyed(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Where entries stand of which one had another key, and the entries."""
    for pattern in ("*", *nested()):
        for place, entries in _at(data, tuple(pattern.split(".")), ()):
            if any(_formers(entry) for entry in entries.values()):
                yield place, entries


def _at(
    value: Any, rest: tuple[str, ...], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """The mappings at a path with `*` for keys."""
    if not is_mapping(value):
        return
    if not rest:
        yield path, value
        return
    for key, inner in value.items():
        if rest[0] in ("*", key):
            yield from _at(inner, rest[1:], (*path, key))


def _rekeyed(value: Any, path: tuple[str, ...], renamed: Renamed) -> Any:
    """A value with every renamed entry in it under its first key."""
    if not is_mapping(value):
        return value
    return {
        renamed.get((*path, key), key): _rekeyed(_without(inner), (*path, key), renamed)
        if (*path, key) in renamed
        else _rekeyed(inner, (*path, key), renamed)
        for key, inner in value.items()
    }


def _formers(entry: Any) -> list[str]:
    formerly = entry.get(FORMERLY) if is_mapping(entry) else None
    if formerly is None:
        return []
    return list(formerly) if is_list(formerly) else [str(formerly)]


def _without(entry: Any) -> Any:
    """An entry without its former keys, but for those of another part."""
    if not is_mapping(entry):
        return entry
    moved = [former for former in _formers(entry) if "." in former]
    rest = {key: value for key, value in entry.items() if key != FORMERLY}
    return {**rest, FORMERLY: moved} if moved else rest


def _mentioned(
    value: Any, rest: tuple[str, ...], reference: Reference, part: str, renamed: Renamed
) -> Any:
    if not rest:
        named = (*part.split("."), value)
        return renamed.get(named, value) if isinstance(value, str) else value
    head, below = rest[0], rest[1:]
    if is_mapping(value):
        chosen = part
        if not below and reference.beside:
            chosen = dict(reference.parts).get(str(value.get(reference.beside)), "")
        elif not below and reference.within:
            chosen = part.format(value.get(reference.within))
        return {
            key: _mentioned(inner, below, reference, chosen, renamed)
            if head in ("*", key)
            else inner
            for key, inner in value.items()
        }
    if is_list(value) and head == "*":
        return [_mentioned(inner, below, reference, part, renamed) for inner in value]
    return value


def _exemptions(exemptions: list[Any], renamed: Renamed) -> Iterator[Any]:
    """Exemptions by the names that resources have: a present key stands for the first one."""
    firsts: dict[str, list[str]] = {}
    for place, first in renamed.items():
        firsts.setdefault(place[-1], []).append(first)
    taken = set(renamed.values())
    for exemption in exemptions:
        if exemption["resource"] not in taken or exemption["resource"] not in firsts:
            yield exemption
        for first in firsts.get(exemption["resource"], ()):
            yield {**exemption, "resource": first}
