"""What stands at the top of each written file: the command that writes it, and whether a person
changed what follows. So files are kept up to date without saying again how they were made, and a
person's change is never overwritten unasked.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

COMMAND = "# Written by: trellis workflows "
DIGEST = "# sha256 "
DIGITS = 16
"""Hex digits of the digest of what follows; it guards against oversight, not against intent."""

STAMP = re.compile(rf"{COMMAND}(.+)\n{DIGEST}([0-9a-f]{{{DIGITS}}})\n")

KEPT = (".github/dependabot.yml",)
"""What a repository may have of its own already, and keeps."""


@dataclass(frozen=True)
class Stamp:
    """What a written file says of itself."""

    words: tuple[str, ...]
    """Of the command, after `trellis workflows`."""
    whole: bool
    """Whether what follows is as it was written."""


def stamped(text: str, words: Sequence[str]) -> str:
    """A rendered file with its stamp."""
    return f"{COMMAND}{shlex.join(words)}\n{DIGEST}{_digest(text)}\n{text}"


def stamp_of(text: str) -> Stamp | None:
    """The stamp of a file; None where it was written by somebody else."""
    found = STAMP.match(text)
    if found is None:
        return None
    return Stamp(tuple(shlex.split(found[1])), _digest(text[found.end() :]) == found[2])


def words_of(folder: Path, names: Sequence[str]) -> tuple[str, ...] | None:
    """How the files of a repository were written last; None where none is there.

    Args:
        names: relative paths of the files that Trellis writes.

    Raises:
        DisagreementError: two of them were written by different commands.
    """
    first: dict[tuple[str, ...], str] = {}
    for name in names:
        file = folder / name
        stamp = stamp_of(file.read_text(encoding="utf-8")) if file.is_file() else None
        if stamp is not None:
            first.setdefault(stamp.words, name)
    if len(first) > 1:
        raise DisagreementError(
            f"{' and '.join(list(first.values())[:2])} were written by different commands: name "
            "the stacks and flags"
        )
    return next(iter(first), None)


class DisagreementError(ValueError):
    """Files of one repository that don't go together; the text says which."""


@dataclass(frozen=True)
class State:
    """How the files of a repository stand to what would be written."""

    missing: tuple[str, ...]
    behind: tuple[str, ...]
    """Written by Trellis, and other now."""
    changed: tuple[str, ...]
    """Changed, or made, by a person."""
    kept: tuple[str, ...]
    """A person's own, which stay."""

    @property
    def differs(self) -> tuple[str, ...]:
        """Everything that is not as it would be written."""
        return (*self.missing, *self.behind, *self.changed)


def state_of(folder: Path, rendered: Mapping[str, str]) -> State:
    """Compare the files of a folder with what would be written."""
    found: dict[str, list[str]] = {"missing": [], "behind": [], "changed": [], "kept": []}
    for name, text in rendered.items():
        file = folder / name
        there = file.read_text(encoding="utf-8") if file.is_file() else None
        if there is None:
            found["missing"].append(name)
        elif there != text:
            stamp = stamp_of(there)
            own = "kept" if name in KEPT and stamp is None else "changed"
            found["behind" if stamp is not None and stamp.whole else own].append(name)
    return State(**{kind: tuple(names) for kind, names in found.items()})


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
