"""Mutated stack files: is every wrong one refused with file, line and path, and never a traceback?

And how long reading takes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from testing.stackfile_mutants import ROOT, Mutant
from trellis.stackfile.loading import load, read_stack, using
from trellis.stackfile.problems import StackFileError


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant."""

    mutant: Mutant
    error: StackFileError | None
    complaints: tuple[str, ...]
    """What is wrong with the way it was refused, or that it was not."""


def outcome(mutant: Mutant, folder: Path) -> Outcome:
    """Load a mutant in a folder of its own.

    Any exception but `StackFileError` is the traceback nobody may see, and is let through.
    """
    shared = (mutant.project / "Pulumi.yaml").read_text(encoding="utf-8").splitlines()
    shared = [line for line in shared if not line.startswith("main:")]
    (folder / "Pulumi.yaml").write_text("\n".join([*shared, f"main: {ROOT}"]), encoding="utf-8")
    (folder / "Pulumi.mutant.yaml").write_bytes(mutant.data)
    try:
        files = read_stack(folder, "mutant")
        with using(files):
            load(files.config)
    except StackFileError as error:
        return Outcome(mutant, error, tuple(_complaints(error)))
    return Outcome(mutant, None, ("it was accepted",) if mutant.kind.wrong else ())


def _complaints(error: StackFileError) -> Iterator[str]:
    for problem in error.problems:
        source = problem.source
        if source is None or source.file is None or not source.line or not source.column:
            yield f"no place: {problem}"
        if not problem.path and not _about_the_file(problem.found, problem.allowed):
            yield f"no path: {problem}"
        if not problem.found or not problem.allowed:
            yield f"says too little: {problem}"
    for jargon in ("pydantic", "Input should", "validation error", "Traceback", "NoneType"):
        if jargon in str(error):
            yield f"jargon: {jargon}"


def _about_the_file(found: str, allowed: str) -> bool:
    """Whether a problem is about the file as a whole, or YAML that has no path yet."""
    return (
        allowed.startswith(
            ("YAML", "a mapping with `config:`", "a file saved", "an alias of", "text as a key")
        )
        or "document" in found
    )


def long_file(lines: int) -> str:
    """A valid stack file of about so many lines, most of them exemptions."""
    head = (
        "config:\n  aws:region: us-east-1\n  trellis:name: shop\n  trellis:environment: dev\n"
        "  trellis:network:\n    zones: 2\n  trellis:exemptions:\n"
    )
    one = (
        "    - control: RDS.{n}\n      resource: main\n      reason: long enough to be one\n"
        '      owner: platform\n      until: "2027-03-31"\n'
    )
    return head + "".join(one.format(n=n) for n in range((lines - 7) // 5))


def reading_time(lines: int, folder: Path, repeats: int = 3) -> float:
    """Seconds of the processor to read and validate a file of so many lines, the best of some."""
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (folder / "Pulumi.long.yaml").write_text(long_file(lines), encoding="utf-8")
    best = float("inf")
    for _ in range(repeats):
        started = time.process_time()
        files = read_stack(folder, "long")
        with using(files):
            load(files.config)
        best = min(best, time.process_time() - started)
    return best
