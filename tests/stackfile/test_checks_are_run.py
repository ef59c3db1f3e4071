"""A check that stands in `trellis/stackfile` is run: none is written and left out of `CHECKS`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from tests.conftest import ROOT
from trellis.stackfile import checks
from trellis.stackfile.context import Context
from trellis.stackfile.settings import SystemSettings

MODULES = sorted(path.stem for path in (ROOT / "trellis" / "stackfile").glob("[a-z]*.py"))


def complains(function: Callable[..., Any]) -> bool:
    """Whether a function has the shape of a check: settings and context in, complaints out."""
    signature = inspect.signature(function)
    given, returned = list(signature.parameters.values()), signature.return_annotation
    if len(given) != 2 or not all(one.kind is one.POSITIONAL_OR_KEYWORD for one in given):
        return False
    return given[0].annotation == SystemSettings.__name__ and (
        given[1].annotation == Context.__name__
        or (given[1].annotation == "object" and "Complaint" in str(returned))
    )


def written(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, function in vars(module).items():
        if inspect.isfunction(function) and function.__module__ == module.__name__:
            yield name, function


def called(module: ModuleType, name: str) -> bool:
    """Whether its module calls it, as a part of another check."""
    return f"{name}(" in inspect.getsource(module).replace(f"def {name}(", "")


@pytest.mark.parametrize("name", MODULES)
def test_every_check_of_a_module_is_run(name: str):
    module = import_module(f"trellis.stackfile.{name}")
    lacking = [
        check
        for check, function in written(module)
        if complains(function) and function not in checks.CHECKS and not called(module, check)
    ]
    assert lacking == [], f"not in the CHECKS of trellis/stackfile/{name}.py, or those of checks.py"


def test_the_checks_are_found_by_their_shape():
    found = {
        function
        for name in MODULES
        for _, function in written(import_module(f"trellis.stackfile.{name}"))
        if complains(function)
    }
    assert len(found) > 100
    unseen = [check.__name__ for check in checks.CHECKS if check not in found]
    assert unseen == [], "a check whose shape this test does not know"


def test_no_check_is_run_twice():
    assert len(set(checks.CHECKS)) == len(checks.CHECKS)
