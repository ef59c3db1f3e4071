"""Would tables and tests notice a wrong analysis: mutation testing of IAM, topology, reachability.

`python -m bench.analysis_mutants iam 150` changes 150 sampled places of the IAM analysis (or of
`reachability`), one at a time, in a process of its own: the code of the loaded functions becomes
the changed code, and what was kept from before is forgotten. Then the tables of cases are judged
again, and where they notice nothing, the analysis's own tests run until one fails. A change that
none notices has survived.
"""

from __future__ import annotations

import ast
import functools
import importlib
import os
import signal
import sys
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from bench.policy_mutants import LEAST_KILLED, ROOT, Judged, mutants, outcome_of, rows_of
from policies.guardrails.catalog import control

SEED: Final = 20261121
SAMPLE: Final = 40
SECONDS_A_CHANGE: Final = 90
PACK: Final = "policies.guardrails"
# Facts of AWS that no change of the analysis touches; reading them again takes seconds.
KEPT: Final = ("_iam", "services", "service_actions", "condition_keys", "resource_type")


@dataclass(frozen=True)
class Area:
    """Modules that are changed, and what should notice: controls of the tables, and tests."""

    modules: tuple[str, ...]
    controls: tuple[str, ...]
    tests: tuple[str, ...]


AREAS: Final = {
    "iam": Area(
        tuple(
            f"iam.{name}"
            for name in (
                "conditions", "documents", "escalation", "exposure", "patterns", "permissions",
                "principals", "resource_policies", "trust",
            )
        ),
        ("IAM.", "KMS.", "S3.2", "S3.5", "S3.6", "SNS.", "SQS.", "Lambda.1", "private-policy"),
        ("tests/policies/iam",),
    ),
    "reachability": Area(
        (
            *(f"reachability.{name}" for name in ("cidrs", "filters", "leaving", "paths")),
            *(
                f"topology.{name}"
                for name in (
                    "acls", "balancers", "groups", "places", "protocols", "references", "routing",
                )
            ),
            "firewall_rules",
            "network",
        ),
        ("EC2.", "ELB.", "EKS.", "RDS.private", "ElastiCache.7", "EFS.private", "EMR.1"),
        ("tests/policies/reachability",),
    ),
}  # fmt: skip
LEFT_OUT: Final = ("tests/policies/iam/test_iam_simulate_agreement.py",)
Change = tuple[str, str, ast.Module]


def main() -> int:
    """Print how many sampled changes were noticed in each area, and those that were not."""
    named = [one for one in sys.argv[1:] if one in AREAS]
    sizes = [int(one) for one in sys.argv[1:] if one.isdigit()]
    missed = False
    for name in named or AREAS:
        area = AREAS[name]
        rows = _rows(area)
        changes = sample(area, sizes[0] if sizes else SAMPLE)
        survivors: list[str] = []
        for where, what, tree in changes:
            if _survives(where, tree, rows, area):
                survivors.append(f"{where} {what}")
                print(f"    not noticed: {survivors[-1]}", flush=True)
        share = 1 - len(survivors) / len(changes)
        noticed = len(changes) - len(survivors)
        print(f"{name}: noticed {noticed} of {len(changes)}: {share:.1%} (>= {LEAST_KILLED:.0%})")
        missed = missed or share < LEAST_KILLED
    return int(missed)


def sample(area: Area, size: int) -> Sequence[Change]:
    """Changes of an area's modules, the same for the same seed and code."""
    every: list[Change] = []
    for module in area.modules:
        tree = ast.parse(_source(module).read_text(encoding="utf-8"))
        every.extend((module, label, mutant) for label, mutant in mutants(tree))
    return Random(SEED).sample(every, min(size, len(every)))


def _source(module: str) -> Path:
    return ROOT.joinpath(*f"{PACK}.{module}".split(".")).with_suffix(".py")


def _rows(area: Area) -> list[Judged]:
    rows = rows_of(lambda name: any(part in name for part in area.controls))
    wrong = {name for name, made, wanted in rows if outcome_of(control(name), made) is not wanted}
    if wrong:
        raise SystemExit(f"cases fail without any change: {', '.join(sorted(wrong))}")
    return rows


def _survives(module: str, tree: ast.Module, rows: Sequence[Judged], area: Area) -> bool:
    """Whether a change goes unnoticed, tried in a process of its own."""
    child = os.fork()
    if child == 0:
        noticed = True
        try:
            # Of the processor: others may share the machine. A change that never ends is noticed.
            signal.setitimer(signal.ITIMER_PROF, SECONDS_A_CHANGE)
            put_in_place(importlib.import_module(f"{PACK}.{module}"), tree)
            noticed = _noticed(rows, area)
        finally:
            os._exit(int(noticed))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _noticed(rows: Sequence[Judged], area: Area) -> bool:
    try:
        if any(outcome_of(control(name), made) is not wanted for name, made, wanted in rows):
            return True
    except Exception:  # noqa: BLE001 - a change that breaks the analysis is noticed
        return True
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    left_out = [f"--ignore={path}" for path in LEFT_OUT]
    arguments = ["-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-m", "not long"]
    return pytest.main([*arguments, *left_out, *area.tests]) != 0


def put_in_place(module: types.ModuleType, tree: ast.Module) -> None:
    """Give the loaded module's functions and constants the changed code, wherever they went."""
    changed = types.ModuleType(module.__name__)
    changed.__package__, changed.__file__ = module.__package__, module.__file__
    exec(compile(tree, str(module.__file__), "exec"), changed.__dict__)
    for name, old in list(vars(module).items()):
        new = vars(changed).get(name)
        if name.startswith("__") or getattr(old, "__module__", module.__name__) != module.__name__:
            continue
        if isinstance(old, type):
            for member, inside in vars(old).items():
                _swap(inside, vars(new).get(member) if new is not None else None)
        elif not _swap(old, new) and not callable(old) and type(old) is type(new) and old != new:
            _replace(name, old, new)
    _forget()


def _swap(old: Any, new: Any) -> bool:
    """Put one function's code in place of another's; false for what is no function."""
    first, second = _function(old), _function(new)
    if first is None or second is None:
        return False
    first.__code__, first.__defaults__ = second.__code__, second.__defaults__
    return True


def _function(value: Any) -> types.FunctionType | None:
    for name in ("__wrapped__", "fget", "__func__"):
        value = getattr(value, name, None) or value
    return value if isinstance(value, types.FunctionType) else None


def _replace(name: str, old: object, new: object) -> None:
    for loaded in list(sys.modules.values()):
        if getattr(loaded, name, None) is old:
            setattr(loaded, name, new)


def _forget() -> None:
    for kept in _caches():
        kept.cache_clear()


def _caches() -> Iterator[Any]:
    for name, loaded in list(sys.modules.items()):
        if name.startswith(PACK):
            for inside, value in vars(loaded).items():
                if isinstance(value, functools._lru_cache_wrapper) and inside not in KEPT:  # pyright: ignore[reportPrivateUsage]
                    yield value


if __name__ == "__main__":
    sys.exit(main())
