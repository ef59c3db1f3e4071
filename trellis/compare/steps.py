"""What the engine would do with each resource: the steps between two runs of a program."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trellis.compare import conditions, replacing
from trellis.compare.adopted import NEVER_REPLACED, begun, keeps_identity
from trellis.compare.claims import taken_meanwhile
from trellis.compare.matching import matched
from trellis.compare.step import Operation, Side, Step
from trellis.compare.values import Change, differences, kept, plain, replaced_text, texts
from trellis.planner import simulate
from trellis.planner.monitor import parent_types
from trellis.planner.recording import EXAMPLE_ACCOUNT, Recorded, Recording
from trellis.stackfile.tree import is_list, is_mapping

PULUMI = "pulumi:"
SHORTEST = 6
"""Characters: a shorter text is no identifier that only one resource has."""

SALT = "\N{BULLET}"
"""What makes the made-up identifiers of a replacement other ones."""


@dataclass
class _Pair:
    old: Recorded
    new: Recorded
    before: Any
    after: Any
    changes: dict[str, replacing.Kind] = field(default_factory=dict[str, replacing.Kind])
    because: dict[str, None] = field(default_factory=dict[str, None])
    delete_first: bool = False


def steps(before: Side, after: Side) -> tuple[Step, ...]:
    """The steps from one run to another, in the program's order; what goes stands last."""
    former = matched(before.recording, after.recording)
    pairs = _pairs(before, after, former)
    _replacements(pairs, after, _regions(before.recording), _regions(after.recording))
    found: list[Step] = []
    for new in filter(_on_aws, after.recording):
        pair = pairs.get(new.urn)
        if pair is None:
            found.append(begun(new, after))
            continue
        operation: Operation = "replace" if pair.because else "update" if pair.changes else "same"
        found.append(
            Step(
                operation,
                new.urn,
                new.type,
                new.name,
                changed=tuple(pair.changes),
                because=tuple(pair.because),
                delete_first=pair.delete_first,
                protected=bool(pair.because) and pair.old.protect,
                retained=bool(pair.because) and pair.old.retain_on_delete,
                refused=_refused(operation, pair),
                old=pair.old,
                new=new,
            )
        )
    going_on = {old.urn for old in former.values()}
    found += [
        Step(
            "delete",
            old.urn,
            old.type,
            old.name,
            protected=old.protect,
            retained=old.retain_on_delete,
            old=old,
        )
        for old in filter(_on_aws, before.recording)
        if old.urn not in going_on
    ]
    return _with_names_taken(found, before.recording)


def _refused(operation: Operation, pair: _Pair) -> str:
    if operation == "update":
        return conditions.refusal(pair.new.type, pair.before, pair.after)
    if operation == "replace" and keeps_identity(pair.old, pair.new):
        return NEVER_REPLACED
    return ""


def _with_names_taken(found: list[Step], before: Recording) -> tuple[Step, ...]:
    """The steps with what is asked for too early: what goes, goes last."""
    first = {step.old.urn for step in found if step.old is not None and step.delete_first}
    made = [
        step.new
        for step in found
        if step.new is not None
        and (step.operation == "create" or (step.operation == "replace" and not step.delete_first))
    ]
    standing = [each for each in before if _on_aws(each) and each.urn not in first]
    taken = taken_meanwhile(made, standing)
    return tuple(dataclasses.replace(step, taken=taken.get(step.urn, "")) for step in found)


def _on_aws(resource: Recorded) -> bool:
    return resource.custom and not resource.read and not resource.type.startswith(PULUMI)


def _pairs(before: Side, after: Side, former: Mapping[str, Recorded]) -> dict[str, _Pair]:
    known = _known_as(before, after, former)
    pairs: dict[str, _Pair] = {}
    for new in filter(_on_aws, after.recording):
        old = former.get(new.urn)
        if old is None:
            continue
        earlier = plain(old.inputs, before.folder)
        later = replaced_text(plain(new.inputs, after.folder), known)
        later = kept(earlier, later, new.ignore_changes)
        pair = _Pair(old, new, earlier, later)
        unordered = replacing.rules(new.type).unordered
        pair.changes.update(differences(earlier, later, unordered))
        pairs[new.urn] = pair
    return pairs


def _known_as(before: Side, after: Side, former: Mapping[str, Recorded]) -> Callable[[str], str]:
    """What turns identifiers of this run into those that the deployed resources have.

    A recording makes identifiers up from names: those of a resource that was renamed, and all
    where the other side is an exported state, are other ones for the same thing.
    """
    names: dict[str, str] = {}
    for new in after.recording:
        old = former.get(new.urn)
        if old is None or not new.custom:
            continue
        # What was imported has AWS's own identifiers, and goes on with them once `adopt` went.
        imported = bool(old.import_id) and not new.import_id
        if not (before.deployed or imported or old.urn != new.urn):
            continue
        if before.deployed or imported:
            own = set(texts(plain(new.inputs, after.folder)))
            theirs = {"id": old.id, **plain(old.outputs, before.folder)}
            _pair_texts({"id": new.id, **plain(new.outputs, after.folder)}, theirs, own, names)
        else:
            id_, outputs = _simulated(new, old.name, old.urn, after.recording)
            _pair_texts({"id": new.id, **plain(new.outputs, after.folder)},
                        {"id": id_, **plain(outputs, after.folder)}, set(), names)  # fmt: skip
    return _substitution(names)


def _pair_texts(ours: Any, theirs: Any, own: set[str], names: dict[str, str]) -> None:
    """What a text of one value is in the other one, at the same place."""
    if isinstance(ours, str) and isinstance(theirs, str):
        if ours != theirs and len(ours) >= SHORTEST and ours not in own:
            names[ours] = theirs
    elif is_mapping(ours) and is_mapping(theirs):
        for key in ours.keys() & theirs.keys():
            _pair_texts(ours[key], theirs[key], own, names)
    elif is_list(ours) and is_list(theirs):
        for one, other in zip(ours, theirs, strict=False):
            _pair_texts(one, other, own, names)


def _substitution(names: Mapping[str, str]) -> Callable[[str], str]:
    if not names:
        return str
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest)))
    return lambda text: pattern.sub(lambda found: names[found[0]], text)


def _simulated(
    resource: Recorded, name: str, urn: str, recording: Recording
) -> tuple[str, Mapping[str, Any]]:
    world = simulate.World(region=recording.region, account=recording.account or EXAMPLE_ACCOUNT)
    try:
        return simulate.outputs(
            resource.type, name, resource.inputs, world=world, preview=False,
            parent=parent_types(urn),
        )  # fmt: skip
    except simulate.SimulationError:
        return resource.id, resource.outputs


def _replacements(
    pairs: Mapping[str, _Pair],
    after: Side,
    regions: Mapping[str, str],
    regions_after: Mapping[str, str],
) -> None:
    """Mark what is replaced, and what that changes in others, until nothing more follows."""
    waiting = dict(pairs)
    found = [pair for pair in pairs.values() if _reasons(pair, regions, regions_after)]
    leaves: dict[str, list[tuple[str, str]]] = {}
    while found:
        gone: set[str] = set()
        for pair in found:
            waiting.pop(pair.new.urn, None)
            pair.delete_first = pair.delete_first or _delete_first(pair.new)
            gone |= _new_texts(pair.new, after)
        by_urn = {pair.new.urn: pair for pair in found if pair.delete_first}
        touched: list[_Pair] = []
        for pair in waiting.values():
            if _touched(pair, gone, leaves) | _dragged(pair, by_urn):
                touched.append(pair)
        found = [pair for pair in touched if _reasons(pair, regions, regions_after)]


def _reasons(pair: _Pair, regions: Mapping[str, str], regions_after: Mapping[str, str]) -> bool:
    """Note which changes of a pair replace it."""
    tops = {re.split(r"[.\[]", path)[0] for path in pair.new.replace_on_changes}
    if tops:
        changed = {path.split(".")[0] for path in pair.changes}
        pair.because.update(dict.fromkeys(sorted(changed if "*" in tops else changed & tops)))
    pair.because.update(
        dict.fromkeys(
            path
            for path in replacing.forcing(pair.new.type, pair.changes.items())
            if conditions.holds(pair.new.type, path, pair.before, pair.after)
        )
    )
    if _region(pair.old, regions) != _region(pair.new, regions_after):
        pair.because["region"] = None
        pair.changes["region"] = "change"
    if pair.old.type != pair.new.type:
        pair.because["type"] = None
    if pair.new.import_id and not keeps_identity(pair.old, pair.new):
        # The engine imports the other one and deletes this one.
        pair.because["adopt"] = None
        pair.changes["adopt"] = "change"
    return bool(pair.because)


def _regions(recording: Recording) -> dict[str, str]:
    """The region of each provider, by its URN."""
    return {
        each.urn: str(each.inputs.get("region") or recording.region)
        for each in recording
        if each.type.startswith("pulumi:providers:")
    } | {"": recording.region}


def _region(resource: Recorded, regions: Mapping[str, str]) -> str:
    """Where a resource is; two of one type are compared, so a global one does no harm."""
    provider = resource.provider.rsplit("::", 1)[0] if resource.provider else ""
    return str(resource.inputs.get("region") or regions.get(provider, regions[""]))


def _delete_first(new: Recorded) -> bool:
    """The program's own word, else the provider's: a name given by hand would be taken."""
    if new.delete_before_replace is not None:
        return new.delete_before_replace
    rules = replacing.rules(new.type)
    return rules.delete_first or bool(rules.auto_named and new.inputs.get(rules.auto_named))


STABLE: Mapping[str, frozenset[str]] = {
    "aws:acm/certificate:Certificate": frozenset({"domainValidationOptions"}),
}
"""Outputs that a replacement shares with the old one, by type: the record that proves a domain is
the same for every certificate of an account ("DNS validation", ACM User Guide, 2026-11)."""


def _new_texts(new: Recorded, after: Side) -> set[str]:
    """The identifiers that a replacement does not have any more."""
    id_, outputs = _simulated(new, f"{new.name}{SALT}", new.urn, after.recording)
    names: dict[str, str] = {}
    stable = STABLE.get(new.type, frozenset())
    told = {key: value for key, value in new.outputs.items() if key not in stable}
    _pair_texts({"id": new.id, **plain(told, after.folder)},
                {"id": id_, **plain(outputs, after.folder)}, set(), names)  # fmt: skip
    return set(names)


def _touched(pair: _Pair, gone: set[str], leaves: dict[str, list[tuple[str, str]]]) -> bool:
    """Note what of a pair refers to something that is made anew."""
    if not gone:
        return False
    ignored = {re.split(r"[.\[]", path)[0] for path in pair.new.ignore_changes}
    if pair.new.urn not in leaves:
        made = plain(pair.new.inputs, Path())
        leaves[pair.new.urn] = [
            (path, text) for path, text in _leaves(made) if path.split(".")[0] not in ignored
        ]
    found = {
        path
        for path, text in leaves[pair.new.urn]
        if len(text) >= SHORTEST and any(each in text for each in gone)
    }
    for path in found:
        parts = path.split(".")
        for length in range(1, len(parts) + 1):
            pair.changes.setdefault(".".join(parts[:length]), "change")
    return bool(found)


def _leaves(value: Any, path: str = "") -> Iterable[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif is_mapping(value):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif is_list(value):
        for inner in value:
            yield from _leaves(inner, path)


def _dragged(pair: _Pair, first: Mapping[str, _Pair]) -> bool:
    """Whether what is deleted first takes this one with it: it can't stand while that is gone.

    The engine asks the provider whether an unknown value there would replace the dependent one.
    """
    entries = replacing.rules(pair.new.type).entries
    found: dict[str, Change] = {}
    for property_, sources in pair.new.property_dependencies.items():
        if not first.keys() & set(sources):
            continue
        for path, entry in entries.items():
            if path.split(".")[0] == property_ and "change" in entry.kinds:
                found[path] = (path, "change")
    for path in found:
        pair.changes.setdefault(path, "change")
        pair.delete_first = True
    return bool(found)
