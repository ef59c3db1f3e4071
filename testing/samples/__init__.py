"""A thing of every tier, for tests that look at all of them at once: a module a package.

A module is named as its package under `components/` and has

- `WATCHED`: parts of a stack file with a thing of each of its tiers that is watched; together they
  are one system (`testing.everything`),
- `PRODUCERS`: parts of a stack file with whatever its offers can be asked of, and
- `USES`: a `uses:` line of every kind that it offers; together they are one service's.

What a package needs and its modules lack, `tests/registry/test_samples.py` names.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, cast


def modules() -> Iterator[ModuleType]:
    """The samples of each package."""
    for found in pkgutil.iter_modules(__path__):
        yield import_module(f"{__name__}.{found.name}")


def watched() -> dict[str, Any]:
    """Parts of a system in which every tier has something that is watched."""
    return _together("WATCHED")


def producers() -> dict[str, Any]:
    """Parts of a system with whatever `uses:` lines can name."""
    return _together("PRODUCERS")


def uses() -> tuple[dict[str, Any], ...]:
    """A `uses:` line of every kind."""
    return tuple(line for module in modules() for line in getattr(module, "USES", ()))


def _together(table: str) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for module in modules():
        _add(whole, getattr(module, table, {}))
    return whole


def _add(whole: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Parts that several samples have are put together; of one entry only one speaks.

    Raises:
        ValueError: two samples say something of one setting.
    """
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(whole.setdefault(key, {}), dict):
            _add(whole[key], cast("dict[str, Any]", value))
        elif whole.setdefault(key, value) is not value:
            raise ValueError(f"two samples have {key}")
