"""Whatever is left out of a declaration is missed: at start, or in a row that was approved.

A mutant is one tier without one thing that it declares: an access, a variable, an interface, a
type, an alarm, a fact, a check, a name, a need. It is noticed when the registry refuses it or when
the approved rows differ.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from components.parts.changes import Change
from components.parts.declaration import Resource, Tier, Watched
from components.parts.offer import Offer
from components.parts.resources import SHARED
from components.parts.shown import Shown
from tests.registry.rows import APPROVED, rows
from trellis import registry
from trellis.stackfile.settings import NO_TIERS, SystemSettings

LEAST = 40
"""Mutants that there have to be, so that the test is not empty."""

SAMPLED = 11
"""Every so many mutants are tried where not all are."""


def without(values: tuple[Any, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    for position, value in enumerate(values):
        yield value, (*values[:position], *values[position + 1 :])


def offers_without(offer: Offer[Any]) -> Iterator[tuple[str, Offer[Any]]]:
    """The offer without an access, a variable or a property of its own."""
    for access, rest in without(offer.accesses):
        default = offer.default if offer.default != access else None
        yield f"access {access}", dataclasses.replace(offer, accesses=rest, default=default)
    for what in offer.variables:
        left = {name: value for name, value in offer.variables.items() if name != what}
        yield f"variable {what}", dataclasses.replace(offer, variables=left)
    for field in dataclasses.fields(offer):
        value = getattr(offer, field.name)
        if field.name in {"kind", "accesses", "variables"} or value == field.default:
            continue
        if value != field.default and field.default is not dataclasses.MISSING:
            changed = dataclasses.replace(offer, **{field.name: field.default})
            yield f"offer's {field.name}", changed


def resources_without(resources: Mapping[str, Resource]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The resources without a type, or a type without one thing that it declares."""
    for type_, resource in resources.items():
        yield (
            f"type {type_}",
            {name: element for name, element in resources.items() if name != type_},
        )
        less: list[tuple[str, Resource]] = []
        for fact, rest in without(resource.facts):
            less.append((f"fact {fact}", dataclasses.replace(resource, facts=rest)))
        if resource.data is not None:
            less.append(("data", dataclasses.replace(resource, data=None)))
        for part in ("unique", "quota"):
            if getattr(resource, part) is not None:
                less.append((part, dataclasses.replace(resource, **{part: None})))
        for part in dataclasses.fields(Change):
            nothing = getattr(Change(), part.name)
            if getattr(resource.change, part.name) != nothing:
                change = dataclasses.replace(resource.change, **{part.name: nothing})
                less.append((f"change {part.name}", dataclasses.replace(resource, change=change)))
        if isinstance(resource.watched, Watched):
            for metric, rest in without(resource.watched.metrics):
                watched = dataclasses.replace(resource.watched, metrics=rest)
                less.append((f"alarm {metric}", dataclasses.replace(resource, watched=watched)))
        for what, changed in less:
            yield f"{what} of {type_}", {**resources, type_: changed}


def components_without(
    components: Mapping[str, Shown],
) -> Iterator[tuple[str, dict[str, Shown]]]:
    """The components without one, or one without something of how it is shown."""
    for component, shown in components.items():
        others = {name: other for name, other in components.items() if name != component}
        yield f"component {component}", others
        for part in dataclasses.fields(Shown):
            if part.name != "kind" and getattr(shown, part.name) != part.default:
                plain = dataclasses.replace(shown, **{part.name: part.default})
                yield f"{part.name} of {component}", {**others, component: plain}


def mutants() -> Iterator[tuple[str, str, Tier[Any] | None]]:
    """Field of the tier, what it lacks, and the tier without it; None for the whole tier."""
    for field, tier in registry.TIERS.items():
        yield field, "tier", None
        if tier.offer is not None:
            for what, offer in offers_without(tier.offer):
                yield field, what, dataclasses.replace(tier, offer=offer)
        for what, resources in resources_without(tier.resources):
            yield field, what, dataclasses.replace(tier, resources=resources)
        for what, changed in tiers_without(tier):
            yield field, what, changed


def tiers_without(tier: Tier[Any]) -> Iterator[tuple[str, Tier[Any]]]:
    """The tier without one part of its own, or without one of several in a part."""
    for part in dataclasses.fields(tier):
        value = getattr(tier, part.name)
        less: list[tuple[str, Any]] = []
        if part.name in {"field", "settings", "resources"}:
            continue
        if part.name == "components":
            less = list(components_without(value))
        elif isinstance(value, tuple):
            for left_out, rest in without(value):
                name = getattr(left_out, "__name__", getattr(left_out, "field", left_out))
                less.append((f"{part.name} {name}", rest))
        elif isinstance(value, frozenset):
            less = [(f"{part.name} {domain}", value - {domain}) for domain in value]
        elif value != part.default:
            less = [(part.name, part.default)]
        for what, changed in less:
            yield what, dataclasses.replace(tier, **{part.name: changed})


def is_noticed(monkeypatch: pytest.MonkeyPatch, field: str, mutant: Tier[Any] | None) -> bool:
    tiers = {name: tier for name, tier in registry.TIERS.items() if name != field}
    if mutant is not None:
        tiers[field] = mutant
    existing = {there.field: there for tier in tiers.values() for there in tier.existing}
    offers = {there.offer.kind: there.offer for there in existing.values()}
    for tier in tiers.values():
        own = (tier.offer,) if tier.offer is not None else ()
        offers |= {offer.kind: offer for offer in (*own, *tier.more_offers)}
    resources = {**SHARED}
    for tier in tiers.values():
        resources |= tier.resources
    with monkeypatch.context() as patched:
        patched.setattr(registry, "TIERS", tiers)
        patched.setattr(registry, "EXISTING", existing)
        patched.setattr(registry, "OFFERS", offers)
        patched.setattr(registry, "RESOURCES", resources)
        try:
            registry.hold_kinds(offers)
            registry.hold(SystemSettings, NO_TIERS)
            return rows() != APPROVED.read_text().splitlines()
        except registry.DeclarationError:
            return True


@pytest.mark.parametrize(
    "every", [SAMPLED, pytest.param(1, marks=pytest.mark.long)], ids=["sampled", "all"]
)
def test_what_is_left_out_of_a_declaration_is_missed(every: int, monkeypatch: pytest.MonkeyPatch):
    found = list(mutants())
    kinds = Counter(what.split()[0] for _, what, _ in found)
    assert {"tier", "access", "variable", "type", "fact", "alarm", "data", "keys"} <= kinds.keys()
    tried = found[::every]
    assert len(tried) >= LEAST
    unnoticed = [
        f"{field} without {what}"
        for field, what, mutant in tried
        if not is_noticed(monkeypatch, field, mutant)
    ]
    assert not unnoticed, "\n".join(unnoticed)


def test_an_unchanged_declaration_is_not_taken_for_a_mutant(monkeypatch: pytest.MonkeyPatch):
    field, tier = next(iter(registry.TIERS.items()))
    assert not is_noticed(monkeypatch, field, tier)
