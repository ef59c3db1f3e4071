"""Every tier there is, collected from the declarations of the components' packages.

A package under `components/` that is no piece of others has a `declaration.py` with `TIERS`. What
the stack file's checks, the assembly and the plan must know of a tier is computed here, so that
none of them keeps a table of tiers of its own.
"""

from __future__ import annotations

import ast
import pkgutil
import re
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias, cast

import components
from components.contracts import Domain
from components.parts.declaration import Data, DeclarationError, Resource, Tier, Watched
from components.parts.existing import Existing, ExistingSettings, Named
from components.parts.model import Settings
from components.parts.offer import Offer
from components.parts.resources import SHARED
from components.parts.shown import Shown
from components.parts.uses import KINDS

AnyTier: TypeAlias = Tier[Any]

WITHOUT_TIERS = frozenset({"parts"})
"""Packages of pieces, which no stack file names."""


NOT_GIVEN = re.compile(r"(\w+)\.__init__\(\) missing \d+ required [\w-]+ arguments?: (.+)")
"""What Python says of a part of a declaration that is left out."""


def tiers_of(package: str) -> tuple[AnyTier, ...]:
    """The tiers that a package under `components/` declares.

    Raises:
        DeclarationError: it declares none, or one without a part that every tier has; names both.
    """
    module = f"components.{package}.declaration"
    try:
        return tuple(cast("Iterable[AnyTier]", import_module(module).TIERS))
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise DeclarationError(
            f"components/{package} has no declaration.py: see docs/adding-a-tier.md"
        ) from None
    except AttributeError as error:
        if error.name != "TIERS":
            raise
        raise DeclarationError(
            f"components/{package}/declaration.py has no `TIERS`: see docs/adding-a-tier.md"
        ) from None
    except TypeError as error:
        incomplete = _incomplete(package, error)
        if incomplete is None:
            raise
        raise DeclarationError(incomplete) from None


def _incomplete(package: str, error: TypeError) -> str | None:
    """Which part of which tier is not declared; None where the error is about something else."""
    missing = NOT_GIVEN.search(str(error))
    folder = Path(str(import_module(f"components.{package}").__file__)).parent
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_in(f.filename, folder)]
    if missing is None or not frames:
        return None
    place = frames[-1]
    owner, parts = missing.groups()
    what = f"without {parts.replace(chr(39), '`')}"
    if owner != Tier.__name__:
        what = f"with {'an' if owner[0] in 'AEIOU' else 'a'} {owner} {what}"
    file = Path(place.filename)
    return (
        f"components/{package}/{file.relative_to(folder)}:{place.lineno}: "
        f"{_tiers_at(folder / 'declaration.py', file, place.lineno or 0)} declared {what}: "
        "see docs/adding-a-tier.md"
    )


def _is_in(file: str, folder: Path) -> bool:
    return Path(file).is_relative_to(folder)


def _tiers_at(declaration: Path, file: Path, line: int) -> str:
    """The tier whose declaration goes over a line; else all of the package."""
    found = [
        node
        for node in ast.walk(ast.parse(declaration.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).partition("[")[0] == Tier.__name__
    ]
    here = [
        node
        for node in found
        if file == declaration and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    names = [
        next(
            (ast.literal_eval(k.value) for k in node.keywords if k.arg == "field"),
            "without a name",
        )
        for node in here or found
    ]
    return f"the tier {names[0]} is" if len(names) == 1 else f"the tiers {', '.join(names)} are"


def _collected() -> Iterator[AnyTier]:
    for package in pkgutil.iter_modules(components.__path__):
        if package.ispkg and package.name not in WITHOUT_TIERS:
            yield from tiers_of(package.name)


def beside(module: str) -> Iterator[ModuleType]:
    """The modules of one name beside the declarations, of each package that has one.

    They hold what few commands need of a package's types: what AWS returns, what is charged. They
    are imported only where that is asked for.
    """
    for package in pkgutil.iter_modules(components.__path__):
        name = f"components.{package.name}.{module}"
        if package.ispkg and find_spec(name) is not None:
            yield import_module(name)


TIERS: Mapping[str, AnyTier] = {tier.field: tier for tier in _collected()}
"""By field of `SystemSettings`."""


def _offers(tiers: Iterable[AnyTier]) -> Iterator[Offer[Any]]:
    for tier in tiers:
        yield from (tier.offer,) if tier.offer is not None else ()
        yield from tier.more_offers


EXISTING: Mapping[str, Existing[Any]] = {
    already.field: already for tier in TIERS.values() for already in tier.existing
}
"""What may be there already, by its field of `existing`."""

NAMED: Mapping[str, Named] = {
    tier.named.field: tier.named for tier in TIERS.values() if tier.named is not None
}
"""What may be there already and settings name, by its field of `existing`."""

OFFERS: Mapping[str, Offer[Any]] = {
    **{already.offer.kind: already.offer for already in EXISTING.values()},
    **{offer.kind: offer for offer in _offers(TIERS.values())},
}
"""What `uses:` lines can name, by kind; of what exists already only, where nothing is made."""


def _only_once(what: str, names: Iterable[str]) -> None:
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise DeclarationError(f"declared by two tiers: {what} {', '.join(twice)}")


_only_once("the field", (tier.field for tier in _collected()))
_only_once("the kind", (offer.kind for offer in _offers(_collected())))
_only_once("the component", (name for tier in TIERS.values() for name in tier.components))
_only_once("the type", (*SHARED, *(name for tier in TIERS.values() for name in tier.resources)))


def hold_kinds(offers: Mapping[str, Offer[Any]]) -> None:
    """Refuse offers that a `uses:` line can't name, and fields that name no offer.

    Raises:
        DeclarationError: names what is missing on either side.
    """
    if set(KINDS) != set(offers):
        raise DeclarationError(
            "UseSettings in components/parts/uses.py has a field for each kind that a tier offers: "
            f"no tier offers {sorted(set(KINDS) - offers.keys())}, "
            f"no field takes {sorted(offers.keys() - set(KINDS))}"
        )


hold_kinds(OFFERS)

RESOURCES: Mapping[str, Resource] = {
    **SHARED,
    **{type_: declared for tier in TIERS.values() for type_, declared in tier.resources.items()},
}
"""Every type of AWS resource that a stack file can make."""

FACTS: Mapping[str, tuple[str, ...]] = {
    type_: resource.facts for type_, resource in RESOURCES.items() if resource.facts
}
"""Inputs that a plan shows beside a resource's name, by type."""

WATCHED: Mapping[str, Watched] = {
    type_: resource.watched
    for type_, resource in RESOURCES.items()
    if isinstance(resource.watched, Watched)
}
"""The alarms that every resource of a type has."""

UNWATCHED: Mapping[str, str] = {
    type_: resource.watched
    for type_, resource in RESOURCES.items()
    if isinstance(resource.watched, str)
}
"""Why a type needs no alarm of its own."""

STATEFUL: Mapping[str, Data] = {
    type_: resource.data for type_, resource in RESOURCES.items() if resource.data is not None
}
"""What resources hold that new ones in their place would not have, by type."""


def camel(field: str) -> str:
    """A field as the stack file says it: `load_balancers` as `loadBalancers`."""
    head, *rest = field.split("_")
    return head + "".join(word.capitalize() for word in rest)


PARTS: Mapping[str, str] = {
    component: camel(tier.field) for tier in TIERS.values() for component in tier.components
}
"""The part of a stack file by the type of the component that it becomes."""

SHOWN: Mapping[str, Shown] = {
    component: shown for tier in TIERS.values() for component, shown in tier.components.items()
}
"""How components are shown, by type."""


def hold_shown(shown: Mapping[str, Shown]) -> None:
    """Refuse two kinds of one name that diagrams would show in two ways.

    Raises:
        DeclarationError: names the component that is shown otherwise.
    """
    first: dict[str, Shown] = {}
    for component, how in shown.items():
        there = first.setdefault(how.kind, how)
        if replace(how, part=there.part) != there:
            raise DeclarationError(
                f"{component} is a {how.kind} as another is, and shown otherwise"
            )


hold_shown(SHOWN)


def hold_reached(tiers: Iterable[AnyTier]) -> None:
    """Refuse what consumers open connections to and that does not say whether they are encrypted.

    Raises:
        DeclarationError: names the tier.
    """
    for tier in tiers:
        shown = tier.components.values()
        if any(offer.listens for offer in _offers([tier])) and not any(
            how.encryption for how in shown
        ):
            raise DeclarationError(
                f"the tier {tier.field} listens, and none of its components has `encryption`"
            )


hold_reached(TIERS.values())


def part_of(kind: str) -> str:
    """Field of `SystemSettings` that a kind's keys stand under, dotted where it is further down.

    Raises:
        DeclarationError: no tier offers the kind, and it does not say where its keys are.
    """
    offer = OFFERS[kind]
    field = next((tier.field for tier in TIERS.values() if tier.offer is offer), "")
    if not offer.part and not field:
        raise DeclarationError(f"no tier offers {kind}, and its offer has no `part`")
    return offer.part or field


def existing_of(kind: str) -> Existing[Any] | None:
    """What things of a kind that exist already have in common; None where none can."""
    return next((there for there in EXISTING.values() if there.offer.kind == kind), None)


def producers(settings: Settings, kind: str) -> Mapping[str, Any]:
    """The settings of all producers of one kind, by key, made here or not."""
    made: Mapping[str, Any] = attrgetter(part_of(kind))(settings)
    existing = existing_of(kind)
    if existing is None:
        return made
    there: Mapping[str, Any] = attrgetter(f"existing.{existing.field}")(settings)
    return {**there, **made}


def offer_of(kind: str, producer: Any) -> Offer[Any]:
    """What one producer of a kind offers, by its settings."""
    existing = existing_of(kind)
    if existing is not None and isinstance(producer, ExistingSettings):
        return existing.offer
    return OFFERS[kind]


def hold_made(fields: Iterable[str]) -> None:
    """Refuse parts of the stack file that are to be made by declarations that don't say how.

    Raises:
        DeclarationError: names the tier.
    """
    for field in fields:
        if TIERS[field].make is None:
            raise DeclarationError(
                f"the tier {field} stands in the order of trellis/assembly.py, and its declaration "
                "has no `make`"
            )


def fields_of(domain: Domain) -> frozenset[str]:
    """The parts of a stack file that encrypt with a domain's key."""
    return frozenset(tier.field for tier in TIERS.values() if domain in tier.keys)


def things(settings: Settings, tier: AnyTier) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Where each thing of a tier stands in the stack file, its key, and its settings.

    What there is one of at most has no key: its field says where it stands.
    """
    value: Any = getattr(settings, tier.field)
    part = camel(tier.field)
    if isinstance(value, Mapping):
        for key, thing in cast("Mapping[str, Any]", value).items():
            yield (part, key), key, thing
    elif value is not None:
        yield (part,), "", value


def hold(model: type[Settings], others: frozenset[str]) -> None:
    """Refuse a model of the whole stack file that has not exactly the tiers that are declared.

    Args:
        others: its fields that are no tier.

    Raises:
        DeclarationError: names what is missing on either side.
    """
    fields = model.model_fields.keys() - others
    if fields != set(TIERS):
        raise DeclarationError(
            f"{model.__name__} and the declarations differ: no component declares "
            f"{sorted(fields - TIERS.keys())}, no field takes {sorted(TIERS.keys() - fields)}"
        )
