"""Everything that is computed from the tiers' declarations, a row a line.

`python -m tests.registry.rows` writes them into approved.txt: a change there is a decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from components.contracts import Domain
from components.parts.changes import Change, Downtime
from components.parts.declaration import Resource, Watched
from components.parts.offer import Offer
from components.parts.shown import SQUARE, Shown
from trellis import registry
from trellis.registry import camel
from trellis.stackfile.references import nested, references

NONE: Offer[object] = Offer(kind="", accesses=(), variables={})
"""What an offer says that says nothing."""

APPROVED = Path(__file__).with_name("approved.txt")


def rows() -> list[str]:
    """The rows, sorted."""
    return sorted([*_offers(), *_tiers(), *_keys(), *_types(), *_references()])


def _offers() -> Iterator[str]:
    for kind, offer in registry.OFFERS.items():
        yield f"uses {kind}: a key of {registry.part_of(kind)}"
        for access in offer.accesses:
            default = ", which goes without saying" if access == offer.default else ""
            yield f"uses {kind}: access {access}{default}"
        for what, name in offer.variables.items():
            shared = ", the same for all" if what in offer.shared else ""
            yield f"uses {kind}: its {what} in {name}{shared}"
        yield f"uses {kind}: as {'renames it' if offer.one_value else 'is refused'}"
        if offer.more is not NONE.more:
            yield f"uses {kind}: further variables, by its settings"
        if offer.unavailable is not NONE.unavailable:
            yield f"uses {kind}: fewer accesses, by its settings"
        if offer.one is not None:
            yield f"uses {kind}: one variable or several, by its settings"
        if offer.interface:
            yield f"uses {kind}: endpoint {offer.interface}"
        if offer.listens:
            yield f"uses {kind}: a rule of its security group"


def _tiers() -> Iterator[str]:
    for tier in registry.TIERS.values():
        part = camel(tier.field)
        for component, shown in tier.components.items():
            yield f"{part}: becomes {component}"
            yield f"{component}: {_as_shown(shown)}"
        for element in tier.existing:
            yield f"{part}: may exist already, as existing.{element.field}"
            if element.value is not None:
                yield f"{part}: existing.{element.field} have a value that a task gets as it starts"
        if tier.named is not None:
            yield f"{part}: settings name one that exists, as existing.{tier.named.field}"
        if tier.adopts is not None:
            for type_ in tier.adopts.types:
                yield f"{part}: may take over {type_}"
        if tier.names.__name__ != "_nothing":
            yield f"{part}: takes names"
        if tier.needs is not None:
            yield f"{part}: needs something of the network"
        if tier.make is not None:
            yield f"{part}: is made by its declaration"
        for check in tier.checks:
            yield f"{part}: is checked by {check.__name__}"


def _as_shown(shown: Shown) -> str:
    """How it is shown, but for what says nothing."""
    facts = {
        f"shown as {shown.kind}": True,
        "hidden": shown.hidden,
        f"{shown.category.name.lower()} in column {shown.column.name.lower()}": not shown.hidden,
        "with a glyph": shown.glyph != SQUARE,
        f"one of the {shown.grouped}": bool(shown.grouped),
        f"titled {shown.title}": bool(shown.title),
        f"under {shown.part}": bool(shown.part),
        "which runs by itself": shown.runs,
        "with arrows for its access": shown.acts,
        "with a line under its name": shown.detail is not None,
        "which says whether connections to it are encrypted": shown.encryption is not None,
        f"at place {shown.rank} of the region's": shown.rank != 0,
        f"AWS's icon {shown.icon}": bool(shown.icon),
    }
    return ", ".join(text for text, holds in facts.items() if holds)


def _keys() -> Iterator[str]:
    for domain in Domain:
        for field in registry.fields_of(domain):
            yield f"{camel(field)}: encrypted with the key of {domain}"


def _references() -> Iterator[str]:
    for path, reference in references().items():
        if reference.beside:
            for value, part in reference.parts:
                yield f"{path}: names an entry of {part} where `{reference.beside}` is {value}"
        elif reference.within:
            yield f"{path}: names an entry of {reference.part} of `{reference.within}`"
        else:
            yield f"{path}: names an entry of {reference.part}"
    for place in nested():
        yield f"{place}: has entries within an entry"


def _types() -> Iterator[str]:
    for type_, resource in registry.RESOURCES.items():
        if isinstance(resource.watched, Watched):
            for metric in resource.watched.metrics:
                by = ", ".join(resource.watched.identities)
                yield f"{type_}: an alarm on {metric} by {by}"
            other = resource.watched.instead
            if other is not None:
                for metric in other.metrics:
                    where = f"{other.input} {' or '.join(other.values)}"
                    yield f"{type_}: where {where}, an alarm on {metric} instead"
        else:
            yield f"{type_}: no alarm, because {resource.watched}"
        for fact in resource.facts:
            yield f"{type_}: a plan shows {fact}"
        if resource.data is not None:
            name = resource.data.name or "a name that AWS gives"
            yield f"{type_}: holds {resource.data.what}; named by {name}; {resource.data.bring}"
        yield from (f"{type_}: {row}" for row in _edits(resource))


def _edits(resource: Resource) -> Iterator[str]:
    if (unique := resource.unique) is not None:
        yield f"one in {unique.scope} by {', '.join(unique.by) or 'itself'}"
        if unique.among:
            yield f"its names are among those of {unique.among}"
        if unique.hint:
            yield f"where two stacks claim it, {unique.hint}"
    if (quota := resource.quota) is not None:
        yield f"{quota.most} {quota.label} a region, {quota.hint}"
    for field in fields(Change):
        value = getattr(resource.change, field.name)
        if value != getattr(Change(), field.name):
            yield f"its change: {field.name} {_shown(value)}"


def _shown(value: object) -> str:
    """A value without what differs from one run to the next."""
    if isinstance(value, Downtime):
        return f"{value.what}{', always' if value.always else ''}"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, tuple):
        return ", ".join(_shown(inner) for inner in value)
    return value.__name__ if callable(value) else str(value)


if __name__ == "__main__":
    APPROVED.write_text("\n".join(rows()) + "\n")
