"""Trellis's packages have names of their own on the module path; a project's may not be the same.

Under the engine a program's own folder leads the module path, and without one Trellis has been
imported before the program: the same two packages of one name would be taken differently. Both are
refused alike, in words, instead.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder
from pathlib import Path

_HOME = Path(__file__).resolve().parent.parent
NAMES = ("trellis", "components", "policies")


def refuse_others(path: Iterable[str]) -> None:
    """Refuses a module path that leads to somebody else's package of one of Trellis's names.

    Args:
        path: folders in the order in which modules are looked for.

    Raises:
        pulumi.RunError: with the file that is in the way and what to do.
    """
    folders = list(path)
    for name in NAMES:
        spec = PathFinder.find_spec(name, folders)
        # A folder without `__init__.py` gives way to a package.
        if spec is None or spec.origin is None:
            continue
        found = Path(spec.origin).resolve()
        home = found.parent.parent if found.name == "__init__.py" else found.parent
        if home == _HOME or (home / "trellis" / "assembly.py").is_file():
            continue
        import pulumi

        raise pulumi.RunError(
            f"{found} is a package called `{name}`, and so is one of Trellis's: a program can "
            f"have one of them.\n  allowed  any other name than {', '.join(NAMES)}\n"
            f"  hint     rename it, for example to `own_{name}`, and where it is imported"
        )


def refuse_others_here() -> None:
    """As `refuse_others`, for the module path of this process."""
    refuse_others(sys.path)
