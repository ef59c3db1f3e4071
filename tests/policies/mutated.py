"""Changes one thing in a real stack, and tells which verdicts change with it.

The tables in ``mutations/`` hold one row for each control: the real stack, what is changed in its
recorded resources, and every verdict that differs then. A resource is written as in the fixtures,
``"<kind> <name>"``; where a stack has two of a kind and name, ``"<kind> <tier>/<name>"``.

``set`` gives inputs new values by path (``rules[0].status``; through JSON texts too), ``append``
adds members to lists, ``unset`` leaves inputs out, ``remove`` takes resources away and ``add``
makes new ones. ``"@bucket logs"`` stands for a resource's id, ``"@bucket logs.arn"`` for its ARN.

``python -m tests.policies.mutated`` (or with control ids) prints the differences that the tables do
not hold: write a row without ``then``, run this, and ask of each line whether it is right.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, cast

import yaml

from policies.guardrails import aws
from policies.guardrails.catalog import CONTROLS
from policies.guardrails.control import ANY_OF_AWS
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.outcomes import Report
from policies.guardrails.run import analyse
from tests.policies.scenes import table
from tests.recordings import STACKS, recorded
from trellis.planner.evidence import evidence

TABLES: Final = Path(__file__).parent / "mutations"
TODAY: Final = dt.date(2026, 11, 21)
GONE: Final = "gone"
# What every resource is asked says nothing by being asked of one more.
ASKED_OF_ALL: Final = frozenset(one.id for one in CONTROLS if ANY_OF_AWS in one.types)
_KINDS: Final = {
    name.lower(): value
    for name, value in vars(aws).items()
    if isinstance(value, str) and ":" in value
}
_NAMES: Final = {value: name for name, value in _KINDS.items()}
Edits = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """One mutation: of which stack, what is changed, and the verdicts that differ then."""

    control: str
    stack: str
    set: Edits = field(default_factory=dict[str, Mapping[str, Any]])
    append: Edits = field(default_factory=dict[str, Mapping[str, Any]])
    unset: Mapping[str, Sequence[str]] = field(default_factory=dict[str, "Sequence[str]"])
    remove: Sequence[str] = ()
    add: Edits = field(default_factory=dict[str, Mapping[str, Any]])
    then: Mapping[str, str] = field(default_factory=dict[str, str])


def rows() -> list[Row]:
    """All rows of all tables."""
    return [
        Row(control, **content)
        for path in sorted(TABLES.glob("*.yaml"))
        for control, content in table(path).items()
    ]


@functools.cache
def _stack(name: str) -> tuple[dict[str, ResourceFacts], dict[str, str]]:
    """The facts of a real stack by label, and its verdicts; ``name`` is project and stack."""
    project, stack = next(
        (project, stack)
        for project, stack in STACKS
        if f"{Path(project).name or 'clubapp'} {stack}" == name
    )
    labelled = _labelled(evidence(recorded(project, stack)))
    return labelled, _verdicts(labelled)


def _labelled(facts: Sequence[ResourceFacts]) -> dict[str, ResourceFacts]:
    plain = [f"{_NAMES.get(one.type, one.type)} {one.name}" for one in facts]
    count = Counter(plain)
    return {
        label if count[label] == 1 else f"{_NAMES[one.type]} {_tier(one)}/{one.name}": one
        for label, one in zip(plain, facts, strict=True)
    }


def _tier(facts: ResourceFacts) -> str:
    """The tier of the component that holds a resource: ``cache`` of ``trellis:cache:Cache``."""
    return (facts.parent or "").split("::")[2].rsplit("$", 1)[-1].split(":")[1]


def _verdicts(labelled: Mapping[str, ResourceFacts]) -> dict[str, str]:
    """The outcome by control and resource; a stack without any such resource has no verdict."""
    report = judge(labelled)
    labels = {one.urn: label for label, one in labelled.items()}
    return {
        f"{one.control.id} {labels.get(one.urn, 'stack')}": one.outcome.value
        for one in report.findings
        if one.urn or one.control.stack_check
    }


def judge(labelled: Mapping[str, ResourceFacts]) -> Report:
    """What the whole pack says; a fault of a control, or an idle exemption, is no verdict."""
    report = analyse(labelled.values(), today=TODAY)
    faults = [problem.text for problem in report.problems if problem.fails]
    if faults:
        raise AssertionError("; ".join(faults))
    return report


def difference(row: Row) -> dict[str, str]:
    """Every verdict of the pack that the row's change changes, as ``before to after``."""
    labelled, before = _stack(row.stack)
    after = _verdicts(changed(row, labelled))
    changes: dict[str, str] = {}
    for key in (*before, *(key for key in after if key not in before)):
        was, now = before.get(key), after.get(key, GONE)
        if was != now and not (key.split(" ", 1)[0] in ASKED_OF_ALL and {was, now} & {None, GONE}):
            changes[key] = now if was is None else f"{was} to {now}"
    return changes


def changed(row: Row, labelled: Mapping[str, ResourceFacts]) -> dict[str, ResourceFacts]:
    """The stack's facts with the row's change made."""
    made = dict(labelled)
    for label in row.remove:
        del made[label]
    for label, inputs in row.add.items():
        made[label] = _added(label, inputs, labelled)
    for label, paths in row.unset.items():
        made[label] = _edited(made[label], dict.fromkeys(paths, _GONE), labelled)
    for label, values in row.set.items():
        made[label] = _edited(made[label], values, labelled)
    for label, members in row.append.items():
        values = {path: _Appended(member) for path, member in members.items()}
        made[label] = _edited(made[label], values, labelled)
    return made


_GONE: Final = object()


@dataclass(frozen=True)
class _Appended:
    """Members to add to the list at a path."""

    members: Sequence[object]


def _added(
    label: str, inputs: Mapping[str, Any], labelled: Mapping[str, ResourceFacts]
) -> ResourceFacts:
    kind, name = label.split(" ", 1)
    some = next(iter(labelled.values())).urn.split("::")
    token = _KINDS.get(kind, kind)
    urn = "::".join((some[0], some[1], token, name))
    outputs = {
        "id": f"{name}-id",
        "arn": f"arn:aws:{kind}:us-east-1:123456789012:{name}",
        "name": name,
    }
    whole = {key: _resolved(value, labelled) for key, value in inputs.items()}
    return ResourceFacts(urn, token, name, whole, outputs)


def _edited(
    facts: ResourceFacts, values: Mapping[str, object], labelled: Mapping[str, ResourceFacts]
) -> ResourceFacts:
    inputs: Any = facts.inputs
    for path, value in values.items():
        steps = [step for step in re.split(r"[.\[\]]+", path) if step]
        made = (
            _Appended(_resolved(value.members, labelled))
            if isinstance(value, _Appended)
            else _resolved(value, labelled)
        )
        inputs = _placed(inputs, steps, made)
    return replace(facts, inputs=inputs)


def _placed(whole: Any, steps: Sequence[str], value: object) -> Any:
    """A copy of ``whole`` with the value at the path; a JSON text stays one."""
    if isinstance(whole, str) and (steps or isinstance(value, _Appended)):
        return json.dumps(_inside(json.loads(whole), steps, value))
    return _inside(whole, steps, value)


def _inside(whole: Any, steps: Sequence[str], value: object) -> Any:
    if not steps:
        return [*(whole or ()), *value.members] if isinstance(value, _Appended) else value
    first, *rest = steps
    if first.isdigit():
        at = int(first)
        return [*whole[:at], _placed(whole[at], rest, value), *whole[at + 1 :]]
    made = dict[str, Any](whole or {})
    if value is _GONE and not rest:
        del made[first]
        return made
    return {**made, first: _placed(made.get(first), rest, value)}


def _resolved(value: Any, labelled: Mapping[str, ResourceFacts]) -> Any:
    """A value of the tables with the outputs that it refers to."""
    if isinstance(value, str) and value.startswith("@"):
        label, _, output = value[1:].partition(".")
        return (labelled[label].outputs or {})[output or "id"]
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {key: _resolved(one, labelled) for key, one in items}
    if isinstance(value, list):
        return [_resolved(one, labelled) for one in cast("list[Any]", value)]
    return value


def _unlike_the_table(wanted: Sequence[str]) -> Iterator[tuple[Row, dict[str, str]]]:
    for row in rows():
        if wanted and row.control not in wanted:
            continue
        found = difference(row)
        if wanted or found != row.then:
            yield row, found


def main() -> int:
    """Print the actual differences of the rows named, or of those that are unlike the table."""
    unlike = 0
    for row, found in _unlike_the_table(sys.argv[1:]):
        unlike += found != row.then
        document = yaml.safe_dump({row.control: {"then": found}}, sort_keys=False, width=200)
        print(document if found != row.then else f"{document}# as in the table\n")
    return int(unlike > 0)


if __name__ == "__main__":
    sys.exit(main())
