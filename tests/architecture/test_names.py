"""Names in the code say what a thing is: no variable is called `each` or `item`, nothing `said`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from testing.stacks import ROOT
from tests.architecture.python_files import files, tree

FOLDERS = ("bench", "components", "policies", "testing", "tests", "tools", "trellis")
"""`functions` stands apart: another name there is another digest, so a new version of each function
that is deployed."""

VARIABLES = frozenset({"each", "item"})
"""What no variable or parameter is called."""
WORDS = frozenset({"said", "say", "says", "tell", "telling", "tells", "told"})
"""What is in no name: it is a message, a response, a report, output, lines, advice."""


def given_names(node: ast.AST) -> Iterator[str]:
    """The names that a piece of code gives; those of tests are sentences."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield from () if name.startswith("test_") else (name,)
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.ClassDef(name=name):
            yield name
        case ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.alias(asname=str(name)):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case _:
            return


def is_house_word(name: str) -> bool:
    return name in VARIABLES or not WORDS.isdisjoint(name.lower().split("_"))


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("for each in []: pass", ["each"]),
        ("[item for item in []]", ["item"]),
        ("sorted([], key=lambda item: item)", ["item"]),
        ("said = 1", ["said"]),
        ("with open('') as told: pass", ["told"]),
        ("def f(*, told=1): pass", ["told"]),
        ("def tell_of(): pass", ["tell_of"]),
        ("async def _told(): pass", ["_told"]),
        ("class Told: pass", ["Told"]),
        ("self.says_nothing = 1", ["says_nothing"]),
        ("class A:\n    said: str", ["said"]),
        ("import a as said", ["said"]),
        ("try: pass\nexcept A as told: pass", ["told"]),
        ("match 1:\n    case said: pass", ["said"]),
        ("def test_what_is_said(): pass", []),
        ("items, retold, essay, entity = 1, 2, 3, 4", []),
    ],
)
def test_the_words_are_found_wherever_a_name_is_given(code: str, names: list[str]):
    given = [name for node in ast.walk(ast.parse(code)) for name in given_names(node)]
    assert [name for name in given if is_house_word(name)] == names


@pytest.mark.long
def test_nothing_is_called_by_a_house_word():
    found = sorted(
        f"{file.relative_to(ROOT)}: {name}"
        for file in files(*FOLDERS)
        for node in ast.walk(tree(file))
        for name in given_names(node)
        if is_house_word(name)
    )
    assert found == []


@pytest.mark.long
def test_nothing_in_a_shipped_function_is_called_each():
    found = {
        str(file.relative_to(ROOT))
        for file in files("functions")
        for node in ast.walk(tree(file))
        if "each" in given_names(node)
    }
    assert sorted(found) == []
