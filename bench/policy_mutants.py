"""Would the tables of cases notice a wrong control: mutation testing of the controls' own code.

Each module of controls is changed in one place at a time (an operator swapped, a negation dropped,
a question turned round, a constant changed), and its own cases are judged again. A change that no
case notices has survived. Texts of `Facts` and of messages are not changed: they decide nothing.
"""

from __future__ import annotations

import ast
import copy
import datetime as dt
import importlib
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from policies.guardrails import controls
from policies.guardrails.control import Control, Outcome
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.run import analyse

TODAY = dt.date(2026, 11, 21)
LEAST_KILLED = 0.90
LEAST_OF_CONTROLS = 0.97
FOLDER = Path(controls.__file__).parent
ROOT = Path(__file__).parents[1]
SWAPS = {
    "some": "every",
    "every": "some",
    "any_of": "all_of",
    "all_of": "any_of",
    "present": "absent",
    "absent": "present",
    "at_least": "at_most",
    "at_most": "at_least",
}
OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
}
Judged = tuple[str, list[ResourceFacts], Outcome]


def main() -> int:
    """Print how many changes were noticed, and those that were not; 1 when too few were."""
    wanted = [Path(name).stem for name in sys.argv[2:]]
    killed = total = 0
    for file in sorted(FOLDER.glob("*.py")):
        if file.stem == "__init__" or (wanted and file.stem not in wanted):
            continue
        survivors, count = _module(file)
        killed, total = killed + count - len(survivors), total + count
        print(f"{file.stem:14} {count:4} changes, {len(survivors)} not noticed")
        for survivor in survivors:
            print(f"    {survivor}")
    share = killed / total if total else 1.0
    print(f"noticed {killed} of {total}: {share:.1%} (at least {LEAST_OF_CONTROLS:.0%})")
    return int(share < LEAST_OF_CONTROLS)


def _module(file: Path) -> tuple[list[str], int]:
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    original = _controls(tree, file)
    names = {one.id for one in original}
    rows = rows_of(lambda name: name in names)
    unchanged = {one.id: one for one in original}
    wrong = [name for name, made, wanted in rows if outcome_of(unchanged[name], made) is not wanted]
    if wrong:
        raise SystemExit(f"{file.stem}: cases fail without any change: {', '.join(set(wrong))}")
    survivors: list[str] = []
    count = 0
    for label, mutant in mutants(tree):
        count += 1
        try:
            changed = {one.id: one for one in _controls(mutant, file)}
            noticed = any(
                outcome_of(changed[name], made) is not wanted for name, made, wanted in rows
            )
        except Exception:  # noqa: BLE001 - a change that breaks the module is noticed
            noticed = True
        if not noticed:
            survivors.append(label)
    return survivors, count


def _controls(tree: ast.Module, file: Path) -> tuple[Control, ...]:
    name = f"policies.guardrails.controls.{file.stem}"
    module = types.ModuleType(name)
    module.__package__ = "policies.guardrails.controls"
    module.__file__ = str(file)
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        exec(compile(tree, str(file), "exec"), module.__dict__)
    finally:
        if before is not None:
            sys.modules[name] = before
    return module.__dict__["CONTROLS"]


def rows_of(wanted: Callable[[str], bool]) -> list[Judged]:
    """The tables' cases of the controls that are wanted, as previews and as exports show them."""
    sys.path.insert(0, str(ROOT / "tests" / "policies"))
    scenes: Any = importlib.import_module("scenes")
    return [
        (case.control, scenes.facts(case.scene, deployed=deployed), case.expected)
        for case in scenes.cases()
        if wanted(case.control)
        for deployed in (False, True)
    ]


def outcome_of(control: Control, made: list[ResourceFacts]) -> Outcome:
    """How a control ends for a case as a whole: its worst verdict."""
    report = analyse(made, today=TODAY, controls=[control])
    if report.problems:
        return Outcome.EXEMPT
    found = {finding.outcome for finding in report.findings}
    order = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS, Outcome.NOT_APPLICABLE)
    return next(one for one in order if one in found)


def mutants(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Every change of a module, with its place and kind."""
    annotations = set(_annotations(tree))
    for position, node in enumerate(ast.walk(tree)):
        if id(node) in annotations:
            continue
        for kind, change in _changes(node):
            mutant = copy.deepcopy(tree)
            target = next(n for at, n in enumerate(ast.walk(mutant)) if at == position)
            change(target)
            if ast.dump(mutant) == ast.dump(tree):
                continue
            ast.fix_missing_locations(mutant)
            line = getattr(node, "lineno", 0)
            yield f"line {line}: {kind}: {ast.unparse(node)[:70]}", mutant


def _annotations(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            annotation = getattr(node, name, None)
            if annotation is not None:
                yield from (id(inner) for inner in ast.walk(annotation))


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
        yield "& and |", _swap_operator
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        yield "negation dropped", _drop_negation
    if isinstance(node, ast.Attribute) and node.attr in SWAPS:
        yield "question turned", _swap_attribute
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SWAPS:
        yield "question turned", _swap_function
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OPPOSITES:
        yield "comparison turned", _swap_comparison
    if isinstance(node, ast.BoolOp):
        yield "and and or", _swap_bool
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", _drop_not
    if isinstance(node, ast.If):
        yield "branch never taken", _never
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        asked = node.func.attr in ("equals", "one_of", "matches", "at_least", "at_most", "includes")
        if asked and node.args and isinstance(node.args[0], ast.Constant):
            yield "constant changed", _other_constant


def _swap_operator(node: Any) -> None:
    node.op = ast.BitOr() if isinstance(node.op, ast.BitAnd) else ast.BitAnd()


def _drop_negation(node: Any) -> None:
    node.op, node.operand = ast.Invert(), ast.UnaryOp(ast.Invert(), node.operand)


def _swap_attribute(node: Any) -> None:
    node.attr = SWAPS[node.attr]


def _swap_function(node: Any) -> None:
    node.func.id = SWAPS[node.func.id]


def _swap_comparison(node: Any) -> None:
    node.ops[0] = OPPOSITES[type(node.ops[0])]()


def _swap_bool(node: Any) -> None:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()


def _drop_not(node: Any) -> None:
    node.operand = ast.UnaryOp(ast.Not(), node.operand)


def _never(node: Any) -> None:
    node.test = ast.Constant(False)


def _other_constant(node: Any) -> None:
    value = node.args[0].value
    if isinstance(value, bool):
        node.args[0] = ast.Constant(not value)
    elif isinstance(value, (int, float)):
        node.args[0] = ast.Constant(value + 1)
    elif isinstance(value, str):
        node.args[0] = ast.Constant(f"not {value}")


if __name__ == "__main__":
    sys.exit(main())
