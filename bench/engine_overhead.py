"""What does the pack add to a preview in the engine, beside a pack of one policy that asks nothing.

`pulumi preview` of Club App's production, by turns with that one and with this,
each so many times; the fastest of each counts, because whatever else runs only adds. Needs the
Pulumi CLI (`make engine`).
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from policies.guardrails.catalog import CONTROLS

ROOT: Final = Path(__file__).resolve().parent.parent
MOST_SECONDS: Final = 2.0
TURNS: Final = 3
EMPTY: Final = """from pulumi_policy import EnforcementLevel, PolicyPack, StackValidationPolicy

PolicyPack("empty", [
    StackValidationPolicy("nothing", "Asks nothing", lambda *_: None, EnforcementLevel.ADVISORY)
])
"""


def main(turns: int = TURNS) -> int:
    """Print the fastest preview of each, and what the pack adds; 1 when that is too much."""
    engine: Any = importlib.import_module("tests.engine.engine")
    # Advice only: a stack of today may need an exemption that ended since.
    advice = {"guardrails": {"controls": {one.id: "advisory" for one in CONTROLS}}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = folder / "empty"
        empty.mkdir()
        described = (ROOT / "policies" / "PulumiPolicy.yaml").read_text(encoding="utf-8")
        own = described.replace("../.venv", str(ROOT / ".venv"))
        (empty / "PulumiPolicy.yaml").write_text(own, encoding="utf-8")
        (empty / "__main__.py").write_text(EMPTY, encoding="utf-8")
        fastest = {"empty": float("inf"), "pack": float("inf")}
        with engine.running(folder) as running:
            stack = running.stack(ROOT, "prod")
            for _ in range(turns):
                for what, pack, config in (
                    ("empty", empty, None),
                    ("pack", ROOT / "policies", advice),
                ):
                    started = time.perf_counter()
                    stack.preview(pack=pack, pack_config=config)
                    fastest[what] = min(fastest[what], time.perf_counter() - started)
    added = fastest["pack"] - fastest["empty"]
    print(json.dumps({name: round(seconds, 2) for name, seconds in fastest.items()}))
    print(f"{len(CONTROLS)} controls add {added:.2f} s to a preview (at most {MOST_SECONDS})")
    return int(added > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main(*(int(one) for one in sys.argv[1:2])))
