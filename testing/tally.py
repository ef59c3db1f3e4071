"""How edits ended: counted, kept in a file from one run to the next, and printed."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Tally:
    """What came out of a campaign."""

    outcomes: Counter[str] = field(default_factory=Counter[str])
    kinds: Counter[str] = field(default_factory=Counter[str])
    settings: set[str] = field(default_factory=set[str])
    """Patterns of the settings that were changed."""
    agreed: int = 0
    """Changes of resources of which the provider said the same."""
    agreed_edits: int = 0
    """Edits with at least one such change, and none that the provider saw otherwise."""
    not_judged: int = 0
    """Changes that the provider could not be asked about."""
    disagreed: list[str] = field(default_factory=list[str])
    bad: list[str] = field(default_factory=list[str])

    def add(self, other: Tally) -> None:
        """Count another one's in."""
        for part in dataclasses.fields(self):
            mine, theirs = getattr(self, part.name), getattr(other, part.name)
            setattr(self, part.name, mine | theirs if isinstance(mine, set) else mine + theirs)


class Kept:
    """Tallies in a file, one a line, so that a campaign can stop and go on."""

    def __init__(self, file: Path) -> None:
        """Read what is there; a file that is not there begins empty."""
        self._file = file
        self._tallies: dict[str, Tally] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                document = json.loads(line)
                name = document.pop("of")
                self._tallies[name] = _tally(document)

    def __contains__(self, name: str) -> bool:
        """Whether there is a tally of this name."""
        return name in self._tallies

    def put(self, name: str, tally: Tally) -> None:
        """Keep a tally under a name."""
        self._tallies[name] = tally
        values = vars(tally) | {"settings": sorted(tally.settings)}
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"of": name, **values}) + "\n")

    def total(self) -> Tally:
        """All of them together."""
        return total(self._tallies.values())


def total(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    found = Tally()
    for tally in tallies:
        found.add(tally)
    return found


def _tally(document: dict[str, Any]) -> Tally:
    counted = {key: Counter[str](document.pop(key)) for key in ("outcomes", "kinds")}
    return Tally(**counted, settings=set(document.pop("settings")), **document)


def report(tally: Tally, *, asked: bool) -> int:
    """Print how the edits ended; 1 where one ended badly or the provider says otherwise.

    Args:
        asked: whether the provider was there.
    """
    print(f"   {tally.kinds.total()} edits of {len(tally.settings)} settings: {dict(tally.kinds)}")
    print(f"   {dict(tally.outcomes)}, {len(tally.bad)} bad")
    if asked:
        print(
            f"   provider: {tally.agreed} changes of resources in {tally.agreed_edits} edits "
            f"agreed, {len(tally.disagreed)} not, {tally.not_judged} it could not judge"
        )
    else:
        print("   the AWS provider is not there: it was not asked")
    for line in (*tally.bad[:20], *tally.disagreed[:20]):
        print(f"   {line}")
    return int(bool(tally.bad or tally.disagreed))
