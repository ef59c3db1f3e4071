"""500 random whole production stack files; `python -m bench.random_stacks 50` draws fewer."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from testing.random_stacks import campaign

STACKS = 500


def main(stacks: int = STACKS) -> int:
    """Print the tables; 1 for a defect, or a red verdict that nothing explains."""
    started = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        tally = campaign(range(stacks), Path(name))
    print(f"{stacks} drawn: {tally.accepted} valid at once, {tally.healed} after parts that were")
    print(f"refused had been drawn again, {tally.given_up} given up; {tally.refused} refused by")
    print(f"the program; {tally.resources} resources, {time.process_time() - started:.0f} s")
    print(f"green {tally.green}, red {tally.red}")
    _table("red: control, setting that makes it", tally.explained)
    _table("advice: control", tally.advice)
    _table("unknown though deployed: control", tally.waiting)
    _table("refusals: path", Counter(dict(tally.refusals.most_common(40))))
    for title, texts in (("NOT EXPLAINED", tally.unexplained), ("DEFECT", tally.defects)):
        for text in texts:
            print(f"{title} {text}")
    return int(bool(tally.unexplained or tally.defects or tally.waiting))


def _table(title: str, counts: Counter[str]) -> None:
    print(f"-- {title}")
    for key, count in counts.most_common():
        print(f"{count:6}  {key}")


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
