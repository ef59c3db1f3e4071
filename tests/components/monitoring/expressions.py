"""CloudWatch's metric math, as far as alarms of ours use it, over one value of each metric.

"Using math expressions with CloudWatch metrics" (CloudWatch User Guide, 2026-11): `FILL` puts a
value where there is none; what is calculated with a missing value is missing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import cast

Value = float | None

_OPERATORS: dict[type[ast.operator], Callable[[float, float], Value]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b if b else None,
}


def value_of(expression: str, metrics: Mapping[str, Value]) -> Value:
    """The expression's value; None where CloudWatch would make no data point.

    Raises:
        KeyError: it names a metric that is not given.
        NotImplementedError: it uses what alarms of ours did not use before.
    """
    return _value(ast.parse(expression, mode="eval").body, metrics)


def _value(node: ast.expr, metrics: Mapping[str, Value]) -> Value:
    if isinstance(node, ast.Constant):
        return float(cast("float", node.value))
    if isinstance(node, ast.Name):
        return metrics[node.id]
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, metrics), _value(node.right, metrics)
        return None if left is None or right is None else _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.Compare):
        left, right = _value(node.left, metrics), _value(node.comparators[0], metrics)
        if left is None or right is None:
            return None
        return float(left >= right if isinstance(node.ops[0], ast.GtE) else left > right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _called(node.func.id, node.args, metrics)
    raise NotImplementedError(ast.unparse(node))


def _called(name: str, given: Sequence[ast.expr], metrics: Mapping[str, Value]) -> Value:
    if name == "IF":
        chosen = _value(given[0], metrics)
        return None if chosen is None else _value(given[1] if chosen else given[2], metrics)
    if name == "FILL":
        found = _value(given[0], metrics)
        return _value(given[1], metrics) if found is None else found
    if name in ("SUM", "MAX") and isinstance(given[0], ast.List):
        known = [v for elt in given[0].elts if (v := _value(elt, metrics)) is not None]
        if not known:
            return None
        return sum(known) if name == "SUM" else max(known)
    raise NotImplementedError(name)
