"""What the settings' docstrings say of each field, read from their source when someone asks.

Pydantic can do that too (`use_attribute_docstrings`), but for every model at import: a tenth of a
second of each plan, which reads none of them.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


@cache
def attribute_docstrings(model: type[BaseModel]) -> Mapping[str, str]:
    """The docstring under each field of a model and its parents, by the field's Python name."""
    found: dict[str, str] = {}
    for class_ in reversed(model.__mro__):
        if issubclass(class_, BaseModel) and class_ is not BaseModel:
            found |= _own(class_)
    return found


def _own(model: type[BaseModel]) -> dict[str, str]:
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(_classes_of(model.__module__)[model.__qualname__].body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


@cache
def _classes_of(module: str) -> Mapping[str, ast.ClassDef]:
    """The classes of a module by qualified name.

    `inspect.getsource` of a class parses all of its module each time.
    """
    return dict(_classes(ast.parse(inspect.getsource(sys.modules[module])), ""))


def _classes(node: ast.AST, within: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt):
            continue
        name = within
        if isinstance(child, ast.ClassDef):
            yield f"{within}{child.name}", child
            name = f"{within}{child.name}."
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            name = f"{within}{child.name}.<locals>."
        yield from _classes(child, name)
