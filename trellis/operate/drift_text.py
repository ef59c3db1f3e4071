"""How drift is told: at a terminal, as JSON, and as an issue that is kept up to date."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from trellis.operate.aws_changes import DATED
from trellis.operate.drift import Change, Drift, Owner
from trellis.review.markdown import Table, document, marker, text

VERSION = 1
"""Of the JSON document."""

LONGEST = 80
"""Characters of a value that is shown."""

TITLES: Final[Mapping[Owner, str]] = {
    "somebody": "Changed outside the stack file",
    "ours": "In the stack file, and not deployed",
    "aws": "AWS's own changes",
}
"""The weightiest first."""

SIDES: Final[Mapping[Owner, tuple[str, str]]] = {
    "somebody": ("In the state", "On AWS"),
    "ours": ("On AWS", "In the stack file"),
    "aws": ("In the state", "On AWS"),
}

Place = Callable[[str], str]
"""File, line and setting that make a resource, by its URN; empty where it can't be told."""


@dataclass(frozen=True)
class DriftReport:
    """A drift with what its text needs beside it."""

    drift: Drift
    project: str
    place: Place


def verdict(drift: Drift) -> str:
    """The first line: what was found, in numbers."""
    counts = {owner: len(drift.of(owner)) for owner in TITLES}
    if not counts["somebody"] and not counts["ours"]:
        found = "no drift"
    else:
        found = ", ".join(
            f"{counts[owner]} {words}"
            for owner, words in (("somebody", "by hand"), ("ours", "not deployed"))
            if counts[owner]
        )
    own = f"; {counts['aws']} of AWS's own" if counts["aws"] else ""
    return f"{drift.stack}: {found}{own}; {drift.looked_at} resources read"


def lines(report: DriftReport) -> Iterator[str]:
    """For a terminal."""
    yield verdict(report.drift)
    for owner, title in TITLES.items():
        changes = report.drift.of(owner)
        if changes:
            yield ""
            yield f"{title}:"
        for change in changes:
            where = report.place(change.urn)
            yield f"  {_resource(change)}{f'  ({where})' if where else ''}"
            yield f"    {_difference(change)}"
            yield f"    {change.why}{f'; next deployment: {change.then}' if change.then else ''}"
    if report.drift.follow:
        yield ""
        yield f"{report.drift.follow} updates follow from these"


def as_json(report: DriftReport) -> str:
    """The document of `trellis drift --json` (docs/delivery.md)."""
    found: dict[str, Any] = {
        "version": VERSION,
        "project": report.project,
        "stack": report.drift.stack,
        "table": DATED.isoformat(),
        "lookedAt": report.drift.looked_at,
        "follow": report.drift.follow,
        "changes": [
            {
                "urn": change.urn,
                "owner": change.owner,
                "property": change.what or None,
                "before": change.before,
                "after": change.after,
                "why": change.why,
                "then": change.then or None,
                "place": report.place(change.urn) or None,
            }
            for change in report.drift.changes
        ],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def issue(report: DriftReport) -> str:
    """The body of the stack's issue, as Markdown: foreign text is text, and no table is cut."""
    tables = [
        Table(
            title,
            ("Resource", "What", *SIDES[owner], "Why", "Next deployment", "Line"),
            tuple(_row(report, change) for change in report.drift.of(owner)),
            always=owner == "somebody",
        )
        for owner, title in TITLES.items()
    ]  # fmt: skip
    opening = [
        f"### {text(report.drift.stack)}{verdict(report.drift).removeprefix(report.drift.stack)}",
        "",
        "This issue is kept up to date by each run, and closed by the first that finds nothing.",
    ]
    closing = f"<sub>what AWS changes by itself: table of {DATED.isoformat()}</sub>"
    return document(
        marker("trellis-drift", report.project, report.drift.stack), opening, tables, closing
    )


def _row(report: DriftReport, change: Change) -> tuple[str, ...]:
    return (
        text(_resource(change)), text(change.what or "the whole"), text(_short(change.before)),
        text(_short(change.after)), change.why, change.then, text(report.place(change.urn)),
    )  # fmt: skip


def _resource(change: Change) -> str:
    return f"{change.type.rsplit(':', 1)[-1]} {change.name}"


def _difference(change: Change) -> str:
    if not change.what:
        return {"created": "is to be made", "deleted": "is to go"}.get(change.then, "is gone")
    return f"{change.what}: {_short(change.before)} -> {_short(change.after)}"


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    shown = " ".join(shown.split())
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
