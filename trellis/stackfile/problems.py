"""What is wrong with a stack file, and the text a person reads about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pulumi

from policies.guardrails.secret_values import masked

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys as typed (camelCase) and list positions, from the top: `("network", "zones")`."""


@dataclass(frozen=True)
class Source:
    """Where a value came from."""

    layer: str
    """`stack file`, `shared system`, `profile`, `default`, `pulumi config` or `context`."""
    file: str | None = None
    line: int | None = None
    """From 1."""
    column: int | None = None
    """From 1."""

    def __str__(self) -> str:
        if self.file is None:
            return self.layer
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what was found, what is allowed and what to do."""

    path: KeyPath
    """Empty where it is about the whole file."""
    found: str
    """Never a credential: one that was typed into the wrong line is told by its kind only."""
    allowed: str
    hint: str = ""
    source: Source | None = None

    def __post_init__(self) -> None:
        for name in ("found", "allowed", "hint"):
            object.__setattr__(self, name, masked(getattr(self, name)))

    def __str__(self) -> str:
        place = ": ".join(part for part in (self._place(), masked(dotted(self.path))) if part)
        lines = [
            *([place] if place else []),
            f"  found    {self.found}",
            f"  allowed  {self.allowed}",
        ]
        if self.hint:
            lines.append(f"  hint     {self.hint}")
        return "\n".join(lines)

    def _place(self) -> str:
        return "" if self.source is None else str(self.source)


class StackFileError(pulumi.RunError):
    """A stack that can't be built, with every problem at once.

    It is a `pulumi.RunError`, so the engine prints its text without a traceback.
    """

    def __init__(
        self, problems: Iterable[Problem], *, subject: str = "the stack's settings have"
    ) -> None:
        """Sort the problems by place and drop those told twice.

        Args:
            subject: how the text begins, before the number of problems.
        """
        unique = dict.fromkeys(problems)
        self.problems: tuple[Problem, ...] = tuple(sorted(unique, key=_order))
        super().__init__(_text(subject, self.problems))


def dotted(path: Sequence[str | int]) -> str:
    """A path as a person types it.

    >>> dotted(("services", "backend", "routes", 0, "host"))
    'services.backend.routes[0].host'
    """
    if tuple(path) == ("region",):
        return "aws:region"
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif "." in part or "[" in part or part == "":
            text += f'["{part}"]'
        else:
            text += f".{part}" if text else part
    return text


def _order(problem: Problem) -> tuple[str, int, int, str]:
    source = problem.source or Source("")
    return (source.file or "", source.line or 0, source.column or 0, dotted(problem.path))


def _text(subject: str, problems: Sequence[Problem]) -> str:
    count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n\n".join([f"{subject} {count}:", *map(str, problems)])
