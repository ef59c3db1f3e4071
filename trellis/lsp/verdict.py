"""What the process beside the server said of a stack: read, and told as lenses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from trellis.lsp.projects import Stack, Wrong, in_files
from trellis.lsp.spots import Place, Spot
from trellis.stackfile.problems import KeyPath, Problem, Source

ENTRY = 2
"""Parts of the path of an entry, as in `databases.main`."""


@dataclass(frozen=True)
class Failed:
    """One control that failed."""

    path: KeyPath
    """Empty for the stack as a whole."""
    file: str
    """The name of the file that says so; empty where none does."""
    blocks: bool
    control: str
    link: str
    message: str
    fix: str


@dataclass(frozen=True)
class Verdict:
    """Price and verdict of one stack as it was saved."""

    stack: Stack
    problems: Sequence[Wrong]
    """What only a plan finds; then there is nothing else."""
    usd: Decimal | None
    """The expected month."""
    by_path: Mapping[KeyPath, Decimal]
    not_priced: Sequence[KeyPath]
    failed: Sequence[Failed]


def read(stack: Stack, document: Mapping[str, Any]) -> Verdict:
    """The verdict from what `trellis.lsp.judging` prints."""
    problems = [
        Problem(
            tuple(statement["path"]),
            statement["found"],
            statement["allowed"],
            statement["hint"],
            Source(statement["layer"], statement["file"], statement["line"], statement["column"]),
        )
        for statement in document["problems"]
    ]
    if problems:
        return Verdict(stack, in_files(stack, problems), None, {}, (), ())
    return Verdict(
        stack,
        (),
        Decimal(document["total"]["expected"]),
        {
            tuple(statement["path"]): Decimal(statement["usd"]["expected"])
            for statement in document["parts"]
        },
        [tuple(path) for path in document["notPriced"]],
        [
            Failed(
                tuple(statement["path"]),
                Path(statement["file"]).name,
                statement["blocks"],
                statement["control"],
                statement["link"],
                statement["said"],
                statement["fix"],
            )
            for statement in document["findings"]
        ],
    )


def lenses(
    every: Sequence[Spot], verdicts: Sequence[Verdict]
) -> Iterator[tuple[tuple[Place, Place], str]]:
    """A text for `config` and for each entry that costs or fails, with the place of its key.

    With several verdicts, which is so in `Pulumi.yaml`, each begins with the stack's name.
    """
    for spot in every:
        if not spot.is_key:
            continue
        path = spot.setting
        for verdict in verdicts:
            text = ""
            if spot.path == ("config",):
                text = _hover_of(verdict, ())
            elif path and len(path) <= ENTRY:
                text = _hover_of(verdict, path)
            if text:
                name = f"{verdict.stack.name}: " if len(verdicts) > 1 else ""
                yield (spot.start, spot.end), name + text


def _hover_of(verdict: Verdict, path: KeyPath) -> str:
    """Price and counts of one path; empty where there is nothing to say."""
    usd = verdict.by_path.get(path) if path else verdict.usd
    failed = [
        finding for finding in verdict.failed if not path or finding.path[: len(path)] == path
    ]
    if len(path) == 1 and usd is None:
        return ""  # its entries say it
    not_priced = sum(1 for unpriced in verdict.not_priced if not path or unpriced == path)
    stops = sum(finding.blocks for finding in failed)
    parts = [
        f"${usd:,.2f} a month" if usd is not None else "",
        f"{not_priced} not priced" if not_priced else "",
        f"{stops} failed" if stops else "",
        f"{len(failed) - stops} advised" if len(failed) > stops else "",
    ]
    if not path and usd is not None and not failed:
        parts.append("the policy pack finds nothing")
    return " · ".join(part for part in parts if part)
