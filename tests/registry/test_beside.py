"""What stands beside a declaration is there for every type, and for no type that is another's."""

from __future__ import annotations

from types import ModuleType

from components.parts.resources import SHARED
from trellis.planner.simulate import resource_types
from trellis.price import others
from trellis.registry import RESOURCES, beside

DECLARATIONS = [m for m in beside("declaration") if m.__package__ != "components.parts"]


def types_of(package: str) -> set[str]:
    """The types that a package declares."""
    declared = next(m for m in DECLARATIONS if m.__package__ == package)
    return {type_ for tier in declared.TIERS for type_ in tier.resources}


def test_every_type_of_a_tier_is_simulated_beside_its_declaration():
    there = {module.__package__: module.SHAPES for module in beside("simulated")}
    assert DECLARATIONS
    for module in DECLARATIONS:
        package = str(module.__package__)
        missing = types_of(package) - there.get(package, {}).keys()
        assert not missing, f"{package}: simulated.py lacks {sorted(missing)} in SHAPES"
    assert not RESOURCES.keys() - resource_types() - {"pulumi:providers:aws"}


def test_a_package_simulates_no_type_of_another_one():
    for module in beside("simulated"):
        package = str(module.__package__)
        if package != "components.parts":
            assert not module.SHAPES.keys() - types_of(package), package


def test_every_type_of_a_tier_has_the_operation_that_makes_it():
    """Whether the operation takes what the plan says, tests/oracles asks botocore's models."""
    there = {
        module.__package__: {*module.CALLS, *getattr(module, "WITHOUT", ())}
        for module in beside("operations")
    }
    for module in DECLARATIONS:
        package = str(module.__package__)
        missing = types_of(package) - there.get(package, set())
        assert not missing, f"{package}: operations.py lacks {sorted(missing)} in CALLS"


def test_every_type_of_a_tier_has_its_price_beside_its_declaration():
    there = {module.__package__: priced_by(module) for module in beside("prices")}
    for module in DECLARATIONS:
        package = str(module.__package__)
        unpriced = types_of(package) - there.get(package, set())
        assert not unpriced, f"{package}: prices.py lacks {sorted(unpriced)} in RULES, FREE or so"


def test_a_package_prices_no_type_of_another_one():
    for module in beside("prices"):
        package = str(module.__package__)
        own = set(SHARED) if package == "components.parts" else types_of(package)
        assert not priced_by(module) - own, package
    assert not priced_by(others) & RESOURCES.keys()


def priced_by(module: ModuleType) -> set[str]:
    """The types of which a module says what they cost."""
    return {
        type_
        for table in ("RULES", "FREE", "NOT_PRICED")
        for type_ in getattr(module, table, {})
    }  # fmt: skip
