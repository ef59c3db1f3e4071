"""No module imports, by whatever way, one that imports it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from testing.stacks import ROOT
from tests.architecture.python_files import files, import_statements

FOLDERS = ("components", "trellis", "policies", "functions", "testing", "bench", "tools")


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file: Path) -> set[str]:
    """Modules of the repository that a file imports; relative ones by their whole name."""
    own = module_of(file).split(".")
    package = own if file.name == "__init__.py" else own[:-1]
    found: set[str] = set()
    for node in import_statements(file):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach each other (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        number[module] = low[module] = len(number)
        stack.append(module)
        for other in sorted(graph[module]):
            if other not in number:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], number[other])
        if low[module] == number[module]:
            group = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(group) > 1:
                found.append(sorted(group))

    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))
    for module in sorted(graph):
        if module not in number:
            visit(module)
    return found


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


@pytest.mark.long
def test_no_modules_import_each_other_in_a_circle():
    modules = {module_of(file): file for file in files(*FOLDERS)}
    graph = {
        module: {other for other in imports(file) if other in modules and other != module}
        for module, file in modules.items()
    }
    assert sum(map(len, graph.values())) > 2_000, "imports are not seen any more"
    assert circles(graph) == []
