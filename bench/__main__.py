"""Run the named measurements, or all of them, and print what they found."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time

import bench


def main() -> int:
    """Run each measurement's `main()`; exit 1 when one reports a missed figure."""
    there = sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    names = [name for name in there if not name.startswith("_")]
    wanted = sys.argv[1:] or names
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        print(f"no measurement {', '.join(unknown)}; there are {', '.join(names)}", file=sys.stderr)
        return 2
    failed = 0
    for name in wanted:
        started = time.perf_counter()
        print(f"== {name}", flush=True)
        failed += bool(importlib.import_module(f"bench.{name}").main())
        print(f"   ({time.perf_counter() - started:.1f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
