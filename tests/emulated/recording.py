"""What the provider asked of AWS while it made each real stack, as a file that other tests read.

`python -m tests.emulated.recording [PROJECT STACK]...` makes all stacks, or these, and writes it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping

from testing.stacks import ROOT, STACKS
from tests.emulated.monitor import Outcome

FILE = ROOT / "tests" / "roles" / "applied.json"
ABOUT = (
    "Operations that the AWS provider 5.100 asked of moto 5.2.5 while it made these stacks, by "
    "type of resource; python -m tests.emulated.recording writes them, and make engine-test holds "
    "them against the program"
)

Calls = Mapping[str, Mapping[str, list[str]]]


def name_of(project: str, stack: str) -> str:
    """A stack's name in the file."""
    return f"{project.rpartition('/')[2].replace('.', 'clubapp')}-{stack}"


def recorded_calls() -> Calls:
    """Operations by stack and type."""
    return json.loads(FILE.read_text(encoding="utf-8"))["stacks"]


def calls_for(types: Iterable[str]) -> dict[str, list[str]]:
    """Operations that each of these types took in any stack."""
    found: dict[str, set[str]] = {type_: set() for type_ in types}
    for recorded in recorded_calls().values():
        for type_ in recorded.keys() & found.keys():
            found[type_].update(recorded[type_])
    return {type_: sorted(calls) for type_, calls in sorted(found.items()) if calls}


def by_type(outcomes: Iterable[Outcome]) -> dict[str, list[str]]:
    """Operations that making the resources of a type took, without repetition."""
    found: dict[str, set[str]] = {}
    for outcome in outcomes:
        if outcome.calls:
            found.setdefault(outcome.type, set()).update(outcome.calls)
    return {type_: sorted(found[type_]) for type_ in sorted(found)}


def main(asked: list[tuple[str, str]]) -> None:
    """Make stacks and write what was asked."""
    from tests.emulated.stand import stood

    before = json.loads(FILE.read_text(encoding="utf-8")).get("stacks", {})
    stacks = {**before, **{name_of(*one): by_type(stood(*one)) for one in asked}}
    lines = json.dumps({"about": ABOUT, "stacks": dict(sorted(stacks.items()))}, indent=1)
    FILE.write_text(f"{lines}\n", encoding="utf-8")


if __name__ == "__main__":
    named = sys.argv[1:]
    main(list(zip(named[::2], named[1::2], strict=True)) or list(STACKS))
