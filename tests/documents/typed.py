"""The commands that README and docs tell people to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.recordings import ROOT

PAGES = (
    ROOT / "README.md",
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
    ROOT / "trellis" / "skill" / "SKILL.md",
)
PROGRAMS = ("pulumi", "trellis", "make", "aws")
ENDS = {"|", ">", "<", "&&", ";", "#"}


@dataclass(frozen=True)
class Typed:
    """One command as a page has it."""

    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)}"

    @property
    def program(self) -> str:
        return self.words[0]

    @property
    def flags(self) -> tuple[str, ...]:
        """Options, without their values."""
        return tuple(word.partition("=")[0] for word in self.words if re.match(r"--?[a-z]", word))


def typed() -> list[Typed]:
    """Every command of every page, once a page."""
    found: dict[Typed, None] = {}
    for page in dict.fromkeys(PAGES):
        for text in _texts(page):
            for words in _commands(text):
                found[Typed(page.relative_to(ROOT).as_posix(), words)] = None
    return list(found)


def _texts(page: Path) -> Iterator[str]:
    """Lines of code blocks, continuations joined, and pieces of code inside of text."""
    text = page.read_text("utf-8")
    blocks = re.compile(r"^ *```[a-z]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
    for block in blocks.findall(text):
        joined = re.sub(r"\\\n\s*", " ", block)
        yield from joined.splitlines()
    for piece in re.findall(r"`([^`]+)`", blocks.sub("", text)):
        yield " ".join(piece.split())


def _commands(line: str) -> Iterator[tuple[str, ...]]:
    line = re.sub(r"^\$ ", "", line.strip())
    # Only what begins with a program is a command.
    if line.split(" ")[0] not in PROGRAMS or " " not in line:
        return
    line = re.sub(r"\s#.*", "", line)
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    kept: list[str] = []
    for word in words:
        if word in ENDS:
            break
        kept.append(word)
    yield tuple(kept)
