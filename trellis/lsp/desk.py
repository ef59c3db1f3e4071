"""What the server knows: open texts, problems, verdicts, and the marks that follow from them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from trellis.lsp.projects import Stack, Wrong, is_in, problems_of, stacks_for
from trellis.lsp.spots import Place, Spot, spots
from trellis.lsp.verdict import Failed, Verdict, lenses
from trellis.stackfile.problems import KeyPath, Problem, dotted
from trellis.stackfile.project import project_file

_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Mark:
    """One diagnostic of a file."""

    start: Place
    end: Place
    message: str
    severity: Literal["error", "warning", "advice"]
    code: str = ""
    """Of a control."""
    link: str = ""


@dataclass
class Desk:
    """The open files and what is known of their stacks."""

    texts: dict[Path, str] = field(default_factory=dict[Path, str])
    """What the editor holds, by resolved path."""
    problems: dict[Stack, list[Wrong]] = field(default_factory=dict[Stack, list[Wrong]])
    verdicts: dict[Stack, Verdict] = field(default_factory=dict[Stack, Verdict])
    """Of what was saved."""

    def unsaved(self) -> dict[Path, bytes]:
        """The texts as the loader takes them."""
        return {file: text.encode(errors="replace") for file, text in self.texts.items()}

    def text(self, file: Path) -> str:
        """What is in a file: the editor's text, else the saved one."""
        held = self.texts.get(file.resolve())
        if held is not None:
            return held
        try:
            return file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def close(self, file: Path) -> None:
        """Forget a file, and the stacks that no other open file is part of."""
        self.texts.pop(file, None)
        for stack in [*self.problems]:
            if not any(known_file in self.texts for known_file in files_of(stack)):
                self.problems.pop(stack, None)
                self.verdicts.pop(stack, None)

    def typed(self, file: Path) -> None:
        """A text has changed: lines that only a plan knew of are not true any more."""
        for stack, verdict in self.verdicts.items():
            if file in files_of(stack):
                self.verdicts[stack] = dataclasses.replace(verdict, problems=())

    def files(self) -> set[Path]:
        """Every file that there may be something to say about."""
        stacks = {*self.problems, *self.verdicts}
        return {*self.texts, *(file for stack in stacks for file in files_of(stack))}

    def marks(self, file: Path) -> list[Mark]:
        """The diagnostics of a file, each once though several stacks share it."""
        text = self.text(file)
        places = {spot.start: spot for spot in reversed(spots(text))}
        found: dict[Mark, None] = {}
        wrong = [found_problem for every in self.problems.values() for found_problem in every]
        planned = [problem for verdict in self.verdicts.values() for problem in verdict.problems]
        for fault in (*wrong, *planned):
            if fault.file.resolve() == file:
                found[_mark(fault, file, text, places)] = None
        keys = {spot.setting: spot for spot in places.values() if spot.is_key and spot.setting}
        for verdict in self.verdicts.values():
            for failed in verdict.failed:
                if file in files_of(verdict.stack) and file.name == failed.file:
                    mark = _failed(failed, keys)
                    if mark is not None:
                        found[mark] = None
        return list(found)

    def lenses(self, file: Path) -> list[tuple[tuple[Place, Place], str]]:
        """The lenses of a file."""
        verdicts = [judged for judged in self.verdicts.values() if file in files_of(judged.stack)]
        verdicts.sort(key=lambda verdict: verdict.stack.name)
        return list(lenses(spots(self.text(file)), verdicts)) if verdicts else []


def diagnosed(files: Iterable[Path], unsaved: Mapping[Path, bytes]) -> dict[Stack, list[Wrong]]:
    """The problems of every stack that one of the files is part of."""
    stacks = dict.fromkeys(stack for file in files for stack in stacks_for(file, unsaved))
    return {stack: problems_of(stack, unsaved) for stack in stacks}


def files_of(stack: Stack) -> Iterator[Path]:
    """The stack's own file and `Pulumi.yaml`, resolved."""
    yield stack.file.resolve()
    shared = project_file(stack.project)
    if shared is not None:
        yield shared.resolve()


def _mark(wrong: Wrong, file: Path, text: str, places: Mapping[Place, Spot]) -> Mark:
    problem = wrong.problem
    source = problem.source if is_in(problem, wrong.file) else None
    place = (0, 0)
    if source is not None and source.line is not None:
        shift = len(text) - len(text.lstrip("\ufeff")) if source.line == 1 else 0
        place = (source.line - 1, (source.column or 1) - 1 + shift)
    start, end = _reach(place, text, places)
    elsewhere = problem.source is not None and source is None and problem.source.file != file.name
    return Mark(start, end, _message(problem, elsewhere=elsewhere), "error")


def _reach(place: Place, text: str, places: Mapping[Place, Spot]) -> tuple[Place, Place]:
    """From a place to the end of what stands there; to the end of its line where that is broken."""
    spot = places.get(place)
    if spot is not None and spot.end > spot.start:
        return spot.start, spot.end
    lines = _BREAK.split(text)
    line = min(place[0], len(lines) - 1)
    whole = lines[line]
    end = len(whole.rstrip())
    column = place[1] if place[1] < end else len(whole) - len(whole.lstrip())
    return (line, min(column, end)), (line, end)


def _message(problem: Problem, *, elsewhere: bool) -> str:
    place = f"{problem.source}: " if elsewhere and problem.source is not None else ""
    name = f"{dotted(problem.path)}: " if problem.path else ""
    hint = f"\nhint: {problem.hint}" if problem.hint else ""
    return f"{place}{name}found {problem.found}\nallowed: {problem.allowed}{hint}"


def _failed(failed: Failed, keys: Mapping[KeyPath, Spot]) -> Mark | None:
    """The mark of a control at its setting, or at the nearest one above that is written."""
    path = failed.path
    while path and path not in keys:
        path = path[:-1]
    if not path:
        return None
    message = f"{failed.message}\nstack file: {failed.fix}"
    severity = "warning" if failed.blocks else "advice"
    spot = keys[path]
    return Mark(spot.start, spot.end, message, severity, failed.control, failed.link)
