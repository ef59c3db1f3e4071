"""A tier that is declared without a part that every tier has is refused at start, by name."""

from __future__ import annotations

import ast
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import components
from components.parts.declaration import Resource, Tier
from components.parts.offer import Offer
from trellis import registry
from trellis.registry import DeclarationError

VIDEO = Path(__file__).with_name("video_tier") / "video"

NEEDED = {
    (model.__name__, part.name, file)
    for model, file in ((Tier, "declaration.py"), (Resource, "declaration.py"), (Offer, "links.py"))
    for part in dataclasses.fields(model)
    if part.default is dataclasses.MISSING and part.default_factory is dataclasses.MISSING
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of components that a test may write."""
    folder = tmp_path / "video"
    folder.mkdir()
    for file in VIDEO.glob("*.py"):
        (folder / file.name).write_text(file.read_text())
    monkeypatch.setattr(components, "__path__", [*components.__path__, str(tmp_path)])
    yield folder
    for name in [name for name in sys.modules if name.startswith("components.video")]:
        del sys.modules[name]


def leave_out(file: Path, owner: str, part: str) -> None:
    """The first call of a name, written without one of its arguments."""
    tree = ast.parse(file.read_text())
    call = next(
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).partition("[")[0] == owner
    )
    if any(keyword.arg == part for keyword in call.keywords):
        call.keywords = [keyword for keyword in call.keywords if keyword.arg != part]
    else:
        del call.args[0]
    file.write_text(ast.unparse(tree))


def test_the_whole_declaration_is_taken(package: Path):
    assert [tier.field for tier in registry.tiers_of(package.name)] == ["videos"]


def test_there_is_a_part_of_each_kind_to_leave_out():
    assert {part for owner, part, _ in NEEDED if owner == "Tier"} == {
        "components",
        "field",
        "keys",
        "resources",
        "settings",
    }
    assert {owner for owner, _, _ in NEEDED} == {"Tier", "Resource", "Offer"}


@pytest.mark.parametrize(("owner", "part", "file"), sorted(NEEDED))
def test_a_part_that_is_left_out_is_named_with_its_tier_and_place(
    package: Path, owner: str, part: str, file: str
):
    leave_out(package / file, owner, part)
    with pytest.raises(DeclarationError) as refused:
        registry.tiers_of(package.name)
    reported = str(refused.value)
    assert reported.startswith(f"components/video/{file}:"), reported
    assert f"without `{part}`" in reported
    assert ("the tier videos is declared" in reported) == (part != "field")


def test_a_declaration_without_tiers_is_named(package: Path):
    (package / "declaration.py").write_text("")
    with pytest.raises(DeclarationError, match=r"components/video/declaration\.py has no `TIERS`"):
        registry.tiers_of(package.name)


def test_another_fault_of_a_declaration_is_not_taken_for_a_part_that_is_left_out(package: Path):
    (package / "declaration.py").write_text("TIERS = 1 + ''\n")
    with pytest.raises(TypeError, match="unsupported operand"):
        registry.tiers_of(package.name)


def test_a_tier_in_the_order_that_does_not_say_how_it_is_made_is_refused():
    without_make = next(tier.field for tier in registry.TIERS.values() if tier.make is None)
    with pytest.raises(DeclarationError, match=f"the tier {without_make} .* has no `make`"):
        registry.hold_made((without_make,))
