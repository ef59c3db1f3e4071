"""What the engine would do with each resource: the steps between two runs of a program."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trellis.compare import conditions, meanwhile, refusals, replacing
from trellis.compare.adopted import NEVER_REPLACED, begun, keeps_identity
from trellis.compare.identifiers import SALT, SHORTEST, known_as, new_texts
from trellis.compare.matching import matched
from trellis.compare.step import Operation, Side, Step
from trellis.compare.types import change
from trellis.compare.unready import outlived
from trellis.compare.unready import unready as unready_by
from trellis.compare.values import Change, differences, kept, plain, replaced_text
from trellis.planner.recording import Recorded, Recording
from trellis.stackfile.tree import is_list, is_mapping

PULUMI = "pulumi:"
PROVIDER = "pulumi:providers:aws"
TAGS = "defaultTags"


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
    known = known_as(before, after, former)
    pairs = _pairs(before, after, former, known)
    renewed = _replacements(pairs, after, _regions(before.recording), _regions(after.recording))
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
                refused=_refusal(operation, pair, renewed),
                old=pair.old,
                new=new,
            )
        )
    found += _tagged_anew(after, former)
    going_on = {old.urn for old in former.values()}
    found += [
        Step(
            "delete",
            old.urn,
            old.type,
            old.name,
            protected=old.protect,
            retained=old.retain_on_delete,
            refused=""
            if old.protect or old.retain_on_delete
            else refusals.guarded(old.type, plain(old.inputs, before.folder)),
            old=old,
        )
        for old in filter(_on_aws, before.recording)
        if old.urn not in going_on
    ]
    return _with_conflicts(found, before, after, known, renewed)


def _tagged_anew(after: Side, former: Mapping[str, Recorded]) -> Iterable[Step]:
    """The provider, where it gives everything other tags: no resource names them itself."""
    for new in after.recording:
        old = former.get(new.urn)
        if old is None or new.type != PROVIDER:
            continue
        given = [_given_tags(side) for side in (old, new)]
        if given[0] != given[1]:
            yield Step("update", new.urn, new.type, new.name, changed=(TAGS,), old=old, new=new)


def _given_tags(provider: Recorded) -> Any:
    """As a recording has them; a state has them as JSON."""
    given = plain(provider.inputs, Path()).get(TAGS)
    return json.loads(given) if isinstance(given, str) else given


def _with_conflicts(
    found: list[Step], before: Side, after: Side, known: Callable[[str], str], renewed: set[str]
) -> tuple[Step, ...]:
    """The steps with what is asked for too early, and what a deletion takes along."""
    asking: list[meanwhile.Asking] = []
    made: list[meanwhile.Asking] = []
    for step in found:
        if step.new is None or step.operation in ("same", "import"):
            continue
        inputs = replaced_text(plain(step.new.inputs, after.folder), known)
        follows = step.urn if step.operation == "replace" and step.delete_first else ""
        old = step.old if step.operation == "update" else None
        asked = meanwhile.Asking(step.new, inputs, old, follows)
        asking.append(asked)
        if step.operation != "update" and not follows:
            made.append(asked)
    standing = [
        meanwhile.Standing(resource, plain(resource.inputs, before.folder))
        for resource in filter(_on_aws, before.recording)
    ]
    ends = {
        step.old.urn
        for step in found
        if step.old and step.goes and not step.delete_first and not step.retained
    }
    going = [holding for holding in standing if holding.resource.urn in ends]
    staying = [
        dataclasses.replace(step.old, ignore_changes=step.new.ignore_changes)
        for step in found
        if step.old is not None and step.new is not None and not step.goes
    ]
    used = meanwhile.still_used(going, staying)
    taken = meanwhile.taken(asking, standing, renewed)
    along = meanwhile.taken_along(made, going, renewed)
    inputs_of = {asked.resource.urn: asked.inputs for asked in asking}
    outlived_by = outlived(found, inputs_of, standing)
    unready = unready_by(found, inputs_of, standing, after.recording)
    return tuple(
        dataclasses.replace(
            step,
            taken=taken.get(step.urn, ""),
            taken_along=along.get(step.urn, ""),
            unready=unready.get(step.urn, ""),
            outlived=outlived_by.get(step.urn, ""),
            refused=step.refused or _in_use(used.get(step.old.urn if step.old else "", "")),
        )
        for step in found
    )


def _in_use(user: str) -> str:
    if not user:
        return ""
    return f"{user}, which ECS moves, still sends to the old one (go by `strategy: rolling`)"


def _refusal(operation: Operation, pair: _Pair, renewed: set[str]) -> str:
    if operation == "update":
        after = _renamed(pair.after, plain(pair.new.inputs, Path()), renewed)
        return refusals.refusal(pair.new.type, pair.before, after, pair.changes)
    old = pair.old
    if operation == "replace" and keeps_identity(old, pair.new):
        return NEVER_REPLACED
    if operation != "replace" or old.protect or old.retain_on_delete:
        return ""
    return refusals.guarded(old.type, pair.before)


def _renamed(after: Any, made: Any, renewed: set[str]) -> Any:
    """The new inputs with other identifiers for what is made anew, which a recording names alike.

    Args:
        made: the same inputs as this run made them up.
    """
    if isinstance(made, str):
        anew = len(made) >= SHORTEST and any(value in made for value in renewed)
        return f"{after}{SALT}" if anew and isinstance(after, str) else after
    if is_mapping(made) and is_mapping(after):
        return {key: _renamed(value, made.get(key), renewed) for key, value in after.items()}
    if is_list(made) and is_list(after) and len(made) == len(after):
        return [_renamed(*pair, renewed) for pair in zip(after, made, strict=True)]
    return after


def _on_aws(resource: Recorded) -> bool:
    return resource.custom and not resource.read and not resource.type.startswith(PULUMI)


def _pairs(
    before: Side, after: Side, former: Mapping[str, Recorded], known: Callable[[str], str]
) -> dict[str, _Pair]:
    pairs: dict[str, _Pair] = {}
    for new in filter(_on_aws, after.recording):
        old = former.get(new.urn)
        if old is None:
            continue
        earlier = plain(old.inputs, before.folder)
        later = replaced_text(plain(new.inputs, after.folder), known)
        later = kept(earlier, later, new.ignore_changes)
        later = conditions.suppressed(new.type, earlier, later)
        pair = _Pair(old, new, earlier, later)
        unordered = replacing.rules(new.type).unordered
        pair.changes.update(differences(earlier, later, unordered))
        pairs[new.urn] = pair
    return pairs


def _replacements(
    pairs: Mapping[str, _Pair],
    after: Side,
    regions: Mapping[str, str],
    regions_after: Mapping[str, str],
) -> set[str]:
    """Mark what is replaced, and what that changes in others, until nothing more follows.

    Returns:
        identifiers of what is made anew.
    """
    waiting = dict(pairs)
    found = [pair for pair in pairs.values() if _reasons(pair, regions, regions_after)]
    leaves: dict[str, list[tuple[str, str]]] = {}
    renewed: set[str] = set()
    changing = _renewed_in_place(pairs, after)
    for pair in waiting.values():
        if not pair.because and _touched(pair, changing, leaves):
            found += [pair] if _reasons(pair, regions, regions_after) else []
    while found:
        gone: set[str] = set()
        for pair in found:
            waiting.pop(pair.new.urn, None)
            pair.delete_first = pair.delete_first or _delete_first(pair.new)
            gone |= new_texts(pair.new, after)
        renewed |= gone
        by_urn = {pair.new.urn: pair for pair in found if pair.delete_first}
        touched: list[_Pair] = []
        for pair in waiting.values():
            if _touched(pair, gone, leaves) | _dragged(pair, by_urn):
                touched.append(pair)
        found = [pair for pair in touched if _reasons(pair, regions, regions_after)]
    return renewed


def _renewed_in_place(pairs: Mapping[str, _Pair], after: Side) -> set[str]:
    """Identifiers that a change in place makes anew: the stream of a table, by another view."""
    found: set[str] = set()
    for pair in pairs.values():
        outputs = change(pair.new.type).renews
        for output in {outputs[path] for path in pair.changes if path in outputs}:
            text = plain(pair.new.outputs, after.folder).get(output)
            found |= {text} if isinstance(text, str) and text else set()
    return found


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
        provider.urn: str(provider.inputs.get("region") or recording.region)
        for provider in recording
        if provider.type.startswith("pulumi:providers:")
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
        if len(text) >= SHORTEST and any(value in text for value in gone)
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
