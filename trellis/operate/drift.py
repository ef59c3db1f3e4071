"""Sorts what a refresh found into ours (the stack file's), somebody's, and AWS's own.

The engine (3.259, measured) writes two shapes of JSON. `pulumi refresh --preview-only --json` has
one step a resource: `update` and `delete` where AWS differs from the state, else `refresh`.
`pulumi preview --refresh --show-sames --json` has two: `refresh`, whose old state is what the state
says, and what the deployment would do, whose old state is what AWS said. So AWS's changes are the
difference of the two old states; without `--show-sames` the second is left out where the
deployment would do nothing, and drift would not be seen.

Compared are inputs: what AWS alone says of a resource (its status, its last use, when it can be
restored to) is in outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pulumi.runtime import rpc

from trellis.compare.documents import DEFAULTS, UnreadableError, read_json
from trellis.compare.replacing import rules
from trellis.compare.values import differences
from trellis.operate.aws_changes import HINTS, Seen, aws_own
from trellis.planner.monitor import STACK_TYPE
from trellis.stackfile.tree import is_list, is_mapping

Owner = Literal["ours", "somebody", "aws"]

ALLOWED = (
    "what `pulumi preview --refresh --show-sames --json` or `pulumi refresh --preview-only --json` "
    "writes"
)
MANUAL = "changed outside the stack file"


@dataclass(frozen=True)
class Change:
    """One thing in which AWS, the state and the stack file are not one."""

    urn: str
    owner: Owner
    what: str
    """An input; empty for the whole resource."""
    before: Any
    """What the state says; None for nothing."""
    after: Any
    """What AWS says now; None where it is gone. For `ours`, what the deployment makes of it."""
    why: str
    then: str
    """What the next deployment does about it; empty where the document doesn't say."""

    @property
    def type(self) -> str:
        """The resource's type."""
        return self.urn.split("::")[2].rsplit("$", 1)[-1]

    @property
    def name(self) -> str:
        """The resource's Pulumi name."""
        return self.urn.split("::", 3)[3]


@dataclass(frozen=True)
class Drift:
    """Everything that a refresh found."""

    stack: str
    changes: tuple[Change, ...]
    follow: int
    """Updates that a change of another resource brings along."""
    looked_at: int
    """Resources that were read."""
    resources: Mapping[str, Mapping[str, Any]]
    """The state of each resource that changed, and of its parents, by URN."""

    def of(self, owner: Owner) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.owner == owner)


Step = Mapping[str, Any]


def read(file: Path) -> Drift:
    """The drift that a document of the engine tells of.

    Raises:
        UnreadableError: the file is something else, or of a run that failed: not to be taken for
            "no drift".
    """
    document = read_json(file)
    steps = document.get("steps") if is_mapping(document) else None
    if not is_mapping(document) or not is_list(steps):
        raise UnreadableError(f"{file}: no `steps`; allowed: {ALLOWED}")
    _refuse_failed(file, document)
    by_urn: dict[str, list[Step]] = {}
    for step in steps:
        if not is_mapping(step) or not isinstance(step.get("urn"), str) or "::" not in step["urn"]:
            raise UnreadableError(f"{file}: a step without `urn`; allowed: {ALLOWED}")
        by_urn.setdefault(step["urn"], []).append(step)
    _refuse_unrefreshed(file, by_urn)
    found: list[Change] = []
    counts = {"follow": 0, "looked_at": 0}
    for urn, group in by_urn.items():
        if _is_ours_to_judge(urn, group):
            counts["looked_at"] += 1
            changes = list(_changes(urn, group))
            counts["follow"] += not changes and _acts(group)
            found += changes
    resources = {
        urn: state
        for urn, group in by_urn.items()
        if (state := _state(group[-1], "newState") or _state(group[0], "oldState"))
    }
    stack = next(iter(by_urn), "urn:pulumi:").split("::")[0].removeprefix("urn:pulumi:")
    return Drift(stack, tuple(found), **counts, resources=resources)


def _refuse_failed(file: Path, document: Mapping[str, Any]) -> None:
    diagnostics: Sequence[Any] = document.get("diagnostics") or ()
    for diagnostic in diagnostics:
        if is_mapping(diagnostic) and diagnostic.get("severity") == "error":
            lines = str(diagnostic.get("message", "")).removeprefix("error: ").strip().splitlines()
            first = lines[0] if lines else "an error without a word"
            raise UnreadableError(f"{file} is of a run that failed: {first}")


def _refuse_unrefreshed(file: Path, by_urn: Mapping[str, Sequence[Step]]) -> None:
    """A document of a run that did not ask AWS, or that leaves out what AWS changed."""
    stack = next((group for urn, group in by_urn.items() if f"::{STACK_TYPE}::" in urn), ())
    kinds = [step.get("op") for step in stack]
    if "refresh" not in kinds:
        raise UnreadableError(f"{file} is of a run that did not ask AWS; allowed: {ALLOWED}")
    if len(kinds) == 1:
        return  # of `pulumi refresh --preview-only`
    for urn, group in by_urn.items():
        if [step.get("op") for step in group] == ["refresh"]:
            raise UnreadableError(
                f"{file} says nothing of what AWS has of {urn.split('::', 3)[3]}: run the preview "
                "with --show-sames, which tells also what no deployment would change"
            )


def _is_ours_to_judge(urn: str, group: Sequence[Step]) -> bool:
    type_ = urn.split("::")[2].rsplit("$", 1)[-1]
    state = _state(group[-1], "newState") or _state(group[0], "oldState") or {}
    return not type_.startswith("pulumi:") and bool(state.get("custom", True))


def _state(step: Step, key: str) -> dict[str, Any] | None:
    found = step.get(key)
    return found if is_mapping(found) else None


def _acts(group: Sequence[Step]) -> bool:
    return group[-1].get("op") not in ("same", "refresh", "read")


def _changes(urn: str, group: Sequence[Step]) -> Iterator[Change]:
    first, plan = group[0], group[1:]
    kind = first.get("op")
    before = _state(first, "oldState") or {}
    if kind == "refresh" and plan:
        after = _state(plan[0], "oldState")
        yield from _by_hand(urn, before, after, plan[-1])
        if after is not None:
            yield from _ours(urn, before, after, plan)
    elif before:  # of `pulumi refresh --preview-only`
        after = None if kind == "delete" else _state(first, "newState")
        yield from _by_hand(urn, before, after, None)
    elif kind in ("create", "import"):
        why = "the stack file has it, and it is not deployed"
        yield Change(urn, "ours", "", None, kind, why, "created")


def _inputs(state: Mapping[str, Any] | None) -> dict[str, Any]:
    found: Mapping[str, Any] = (state or {}).get("inputs") or {}
    return {key: value for key, value in found.items() if key != DEFAULTS}


def _differing(type_: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Top properties that differ, without those that differ in order or form alone."""
    unordered = rules(type_).unordered
    return [
        key
        for key in dict.fromkeys((*before, *after))
        if any(differences(before.get(key), after.get(key), unordered, key))
    ]


def _by_hand(
    urn: str, before: Mapping[str, Any], after: Mapping[str, Any] | None, plan: Step | None
) -> Iterator[Change]:
    """What AWS has otherwise than the state, with whose doing it is."""
    type_ = urn.split("::")[2].rsplit("$", 1)[-1]
    if after is None:
        then = "" if plan is None else "made again" if plan.get("op") != "delete" else "stays gone"
        yield Change(urn, "somebody", "", before.get("id"), None, "deleted outside the stack", then)
        return
    old, new = _inputs(before), _inputs(after)
    planned = None if plan is None else _inputs(_state(plan, "newState"))
    left: set[str] = {
        str(path).split(".")[0].split("[")[0] for path in after.get("ignoreChanges") or ()
    }
    for key in _differing(type_, old, new):
        owner, why = _whose(type_, key, old.get(key), new, left, plan, planned)
        yield Change(urn, owner, key, old.get(key), new.get(key), why, _then(key, plan, owner))


def _whose(
    type_: str, key: str, before: Any, new: Mapping[str, Any], left: set[str],
    plan: Step | None, planned: Mapping[str, Any] | None,
) -> tuple[Owner, str]:  # fmt: skip
    after = new.get(key)
    if key in left:
        return "aws", "the stack leaves it to AWS (ignoreChanges)"
    why = aws_own(type_, key, Seen(before, after, new))
    if why is not None:
        return "aws", why
    if plan is not None and planned is not None and key not in _reported_keys(plan):
        unordered = rules(type_).unordered
        if not any(differences(planned.get(key), after, unordered, key)):
            return "ours", "the stack file says what AWS has already; the state is behind"
        if plan.get("op") == "same":
            return "aws", "the provider takes both for the same"
    return "somebody", HINTS.get((type_, key), MANUAL)


def _reported_keys(plan: Step) -> set[str]:
    """Top properties that the deployment would change."""
    paths: list[Any] = [
        *(plan.get("detailedDiff") or ()),
        *(plan.get("diffReasons") or ()),
        *(plan.get("replaceReasons") or ()),
    ]
    return {str(path).split(".")[0].split("[")[0] for path in paths}


def _then(key: str, plan: Step | None, owner: Owner) -> str:
    if plan is None or owner != "somebody":
        return ""
    if key not in _reported_keys(plan):
        return "stays"
    reasons: Sequence[Any] = plan.get("replaceReasons") or ()
    return "replaced for it" if key in [str(reason) for reason in reasons] else "set back"


def _ours(
    urn: str, before: Mapping[str, Any], after: Mapping[str, Any], plan: Sequence[Step]
) -> Iterator[Change]:
    """What the deployment would change that nobody changed on AWS."""
    type_ = urn.split("::")[2].rsplit("$", 1)[-1]
    kinds = [str(step.get("op")) for step in plan]
    if "delete" in kinds and len(kinds) == 1:
        why = "the stack file no longer has it"
        yield Change(urn, "ours", "", after.get("id"), None, why, "deleted")
        return
    drifted = set(_differing(type_, _inputs(before), _inputs(after)))
    planned = _inputs(next((s for step in plan if (s := _state(step, "newState"))), None))
    replaced = any("replace" in kind for kind in kinds)
    for key in sorted({key for step in plan for key in _reported_keys(step)} - drifted):
        if not _open(planned.get(key)):
            then = "replaced" if replaced else "updated"
            why = "the stack file says so, and it is not deployed"
            yield Change(urn, "ours", key, _inputs(after).get(key), planned.get(key), why, then)


def _open(value: Any) -> bool:
    """Whether a value waits for another resource: its change follows from that one's."""
    if is_mapping(value):
        return any(_open(inner) for inner in value.values())
    if is_list(value):
        return any(_open(inner) for inner in value)
    return isinstance(value, str) and rpc.UNKNOWN in value
