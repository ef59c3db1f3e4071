"""How long `trellis compare` takes beside two plans of the same stack, the largest there is.

The edit is the worst one: the system's other name, so that nearly every resource changes. All are
timed as a user runs them (whole processes), in turns; each figure is the least of several runs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.plan_speed import ROOT, WORK, least
from testing.stacks import STACKS
from trellis.planner.record import record

RATIO = 1.3
"""Times as long as two plans that a comparison may take."""
RUNS = 3


def largest() -> tuple[str, str]:
    """Folder and name of the stack with the most resources."""
    return max(STACKS, key=lambda stack: len(tuple(record(ROOT / stack[0], stack[1]))))


def renamed(folder: Path, stack: str) -> Path:
    """The stack's file as it was before its system got the name it has."""
    lines = (folder / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8").splitlines()
    former = WORK / "former.yaml"
    former.parent.mkdir(parents=True, exist_ok=True)
    kept = [line for line in lines if not line.strip().startswith("trellis:name:")]
    place = kept.index("config:") + 1
    former.write_text("\n".join([*kept[:place], "  trellis:name: former", *kept[place:]]) + "\n")
    return former


def main() -> int:
    """Measure, print, and say whether the figure is missed."""
    project, stack = largest()
    folder = ROOT / project
    command = [sys.executable, "-m", "trellis.cli.main"]
    place = [stack, "--project", str(folder)]
    times = least(
        {
            "plan": [*command, "plan", *place],
            "compare": [
                *("bash", "-c", '"$@"; [ $? -lt 4 ]', "-", *command, "compare", *place),
                *("--against", str(renamed(folder, stack))),
            ],
        },
        RUNS,
    )
    ratio = times["compare"] / (2 * times["plan"])
    fine = ratio <= RATIO
    print(
        f"   {'ok  ' if fine else 'MISS'} {project} {stack}: {ratio:.2f} times two plans "
        f"({times['compare']:.2f} s, a plan {times['plan']:.2f} s)"
    )
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
