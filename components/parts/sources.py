"""Where the sources of the functions that ship with components are.

They stand in `functions/` of a checkout and inside this package in a wheel (`pyproject.toml` puts
them there, `hatch_build.py` refuses a wheel without them).
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(str(files("components")))
_IN_WHEEL = _PACKAGE / "_functions"

CHECKOUT: Path | None = None if _IN_WHEEL.is_dir() else _PACKAGE.parent
"""The repository's folder where Trellis runs from one, None where a wheel is installed."""

FUNCTIONS = _IN_WHEEL if CHECKOUT is None else CHECKOUT / "functions"
"""A folder a function, as in `FUNCTIONS / "pagerduty" / "handler.py"`."""
