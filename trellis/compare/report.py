"""A verdict as text for people, and as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trellis.compare.meaning import loses, words
from trellis.compare.step import Operation
from trellis.compare.verdict import Edit, Judged, Verdict
from trellis.planner.recording import not_there_yet
from trellis.stackfile.problems import dotted

MOST = 3
"""Settings named for one step."""

DONE: dict[Operation, str] = {
    "delete": "deleted",
    "replace": "replaced",
    "create": "created",
    "import": "imported",
    "update": "changed in place",
    "same": "unchanged",
}

ADVICE = """\
To keep it, take the edit back or give the entry its former key (`formerly`). To let it go, say so \
on the
entry: mayBeLost: {reason: ..., owner: ..., until: "2027-01-31"}; where the entry itself goes, in an
edit before this one."""


def first_line(verdict: Verdict) -> str:
    """The verdict in one line: data first, then replaced and deleted apart, then the rest."""
    replaced, deleted = (verdict.count(kind, data=True) for kind in ("replace", "delete"))
    data = "no data is lost"
    if replaced or deleted:
        agreed = "" if not verdict.sound else " (agreed to)"
        data = f"DATA WOULD BE LOST{agreed}: {replaced} replaced, {deleted} deleted"
    rest = ", ".join(
        f"{verdict.count(kind, data=False)} {DONE[kind]}"
        for kind in ("replace", "delete", "create", "import", "update", "same")
        if kind != "import" or verdict.count(kind)
    )
    other = "otherwise " if replaced or deleted else ""
    stops = f"; the update stops at {verdict.stops}" if verdict.stops else ""
    undone = f"; {verdict.undone} are gone afterwards" if verdict.undone else ""
    return f"{verdict.project} · {verdict.stack}: {data}; {other}{rest}{stops}{undone}"


def text(verdict: Verdict) -> Iterator[str]:
    """The lines of a report: the verdict, then each component with what happens in it."""
    yield first_line(verdict)
    if verdict.supposed:
        yield not_there_yet(verdict.supposed, "compared")
    groups: dict[str, list[Judged]] = {}
    for judged in verdict.judged:
        if judged.step.operation != "same":
            groups.setdefault(_component(judged), []).append(judged)
    for name in sorted(groups, key=lambda name: (_weight(groups[name]), name)):
        yield ""
        yield name
        causes: tuple[str, ...] = ()
        for judged in sorted(groups[name], key=lambda judged: _weight([judged])):
            yield from _lines(judged)
            causes = tuple(dict.fromkeys((*causes, *map(str, judged.edits))))
        if causes:
            more = f" and {len(causes) - MOST} more" if len(causes) > MOST else ""
            yield f"  because of {', '.join(causes[:MOST])}{more}"
    if verdict.idle:
        yield ""
        yield "does nothing to what is deployed"
        yield from (f"  {edit}" for edit in verdict.idle)
    if not verdict.sound:
        yield ""
        yield from ADVICE.splitlines()


def _component(judged: Judged) -> str:
    if judged.owner:
        return dotted(judged.owner)
    types = judged.step.urn.split("::")[2].split("$")
    owner = next((t for t in reversed(types[:-1]) if t.startswith("trellis:")), "")
    return owner.rsplit(":", 1)[-1] or "outside every component"


def _weight(group: list[Judged]) -> int:
    order: tuple[Operation, ...] = ("replace", "delete", "import", "update", "create")
    least = min(order.index(judged.step.operation) for judged in group)
    return least + (0 if any(loses(judged.step) for judged in group) else len(order))


def _lines(judged: Judged) -> Iterator[str]:
    step = judged.step
    kind = step.type.rsplit(":", 1)[-1]
    about = ""
    if step.operation in ("update", "import") and step.changed:
        about = f" ({_listed(_tops(step.changed))})"
    if step.operation == "replace":
        about = f" (by {_listed(step.because) or 'what it depends on'})"
    yield f"  {DONE[step.operation]:<17}{kind} {step.name}{about}"
    for word in words(step):
        yield f"{'':<19}{word}"
    if judged.agreement is not None:
        agreement = judged.agreement
        yield f"{'':<19}agreed to by {agreement.owner} until {agreement.until}: {agreement.reason}"


def _tops(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path.split(".")[0] for path in paths))


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain JSON values; unchanged resources are counted only."""
    return {
        "version": 1,
        "project": verdict.project,
        "stack": verdict.stack,
        "sound": verdict.sound,
        "stops": verdict.stops,
        "undone": verdict.undone,
        "counts": {
            kind: {
                "all": verdict.count(kind),
                "withData": verdict.count(kind, data=True),
            }
            for kind in DONE
        },
        "idle": [_edit_json(edit) for edit in verdict.idle],
        "supposed": list(verdict.supposed),
        "steps": [
            _step_json(judged) for judged in verdict.judged if judged.step.operation != "same"
        ],
    }


def _step_json(judged: Judged) -> dict[str, Any]:
    step = judged.step
    agreement = judged.agreement
    return {
        "operation": step.operation,
        "urn": step.urn,
        "type": step.type,
        "name": step.name,
        "component": _component(judged),
        "changed": list(step.changed),
        "because": list(step.because),
        "deleteFirst": step.delete_first,
        "protected": step.protected,
        "retained": step.retained,
        "taken": step.taken or None,
        "takenAlong": step.taken_along or None,
        "refused": step.refused or None,
        "lost": loses(step) or None,
        "agreed": None
        if agreement is None
        else {
            "reason": agreement.reason,
            "owner": agreement.owner,
            "until": agreement.until.isoformat(),
        },
        "means": list(words(step)),
        "edits": [_edit_json(edit) for edit in judged.edits],
    }


def _edit_json(edit: Edit) -> dict[str, Any]:
    return {
        "path": dotted(edit.path),
        "file": edit.source.file if edit.source else None,
        "line": edit.source.line if edit.source else None,
    }
