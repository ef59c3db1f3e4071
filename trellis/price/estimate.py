"""What a recording costs a month: its resources by the rules, priced, by part of the stack file."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from components.parts.asked import Asked
from components.parts.charges import Charge, Free, NotPriced, Reason
from components.parts.spread import NOTHING, SCENARIOS, Spread, total
from trellis.planner.places import owner_of
from trellis.planner.recording import Recorded, Recording
from trellis.price.lines import Line, Unpriced
from trellis.price.plan import Plan
from trellis.price.prices import Price, PriceList, cents
from trellis.price.rules import ALSO, FREE, NOT_PRICED, RULES, WITHOUT_RESOURCE
from trellis.price.usage import Usage
from trellis.stackfile.layers import Layers
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings

PROVIDERS = "pulumi:providers:"


@dataclass(frozen=True)
class Part:
    """Everything of one part of the stack file, as `databases.main`."""

    owner: KeyPath
    """Empty for what belongs to none."""
    single_lines: tuple[Line, ...]
    """One for each resource and metered thing, in the program's order."""

    @property
    def usd(self) -> Spread:
        """Exact."""
        return total([line.usd for line in self.single_lines])

    @property
    def lines(self) -> list[Line]:
        """The same, where those of one metered thing stand as one."""
        return _joined(self.single_lines)


@dataclass(frozen=True)
class FreeType:
    """A type whose resources cost nothing by themselves."""

    type: str
    count: int
    free: Free


@dataclass(frozen=True)
class Estimate:
    """The price of one stack."""

    recording: Recording
    prices: PriceList
    usage: Usage
    free_tier: bool
    """Whether quantities that AWS gives every account were taken off."""
    parts: tuple[Part, ...]
    """The dearest first."""
    not_priced: tuple[Unpriced, ...]
    free: tuple[FreeType, ...]

    @property
    def usd(self) -> Spread:
        """The month, rounded half up to cents; what is not priced comes on top."""
        return total([part.usd for part in self.parts]).mapped(cents)

    @property
    def single_lines(self) -> Iterator[tuple[KeyPath, Line]]:
        """Every line with its part."""
        for part in self.parts:
            for line in part.single_lines:
                yield part.owner, line


def estimate(
    recording: Recording,
    prices: PriceList,
    usage: Usage,
    *,
    layers: Layers | None = None,
    settings: SystemSettings | None = None,
    free_tier: bool = False,
) -> Estimate:
    """Price a recording.

    Args:
        layers: the stack file, for the part that each resource belongs to.
        settings: for what makes no resource and costs all the same: the application's own metrics.
        free_tier: take off what AWS gives every account for ever; once, in the program's order.
    """
    plan = Plan(recording, usage, settings)
    owners = _owners(recording, layers)
    charges: list[tuple[KeyPath, str, str, Charge]] = []
    unpriced: list[Unpriced] = []
    free: dict[str, int] = {}
    for resource in recording:
        if not resource.custom or resource.type.startswith(PROVIDERS) or resource.read:
            continue
        owner = owners[resource.urn]
        if resource.type in FREE:
            free[resource.type] = free.get(resource.type, 0) + 1
            continue
        rule = RULES.get(resource.type)
        if rule is None:
            why = NOT_PRICED.get(resource.type, "Trellis has no rule for this type")
            kind = resource.type.rpartition(":")[2]
            unpriced.append(Unpriced(owner, resource.urn, resource.name, kind, why))
            continue
        asked = Asked(resource, owner, plan)
        for price_rule in (rule, *ALSO.get(resource.type, ())):
            for charge in price_rule(asked):
                if isinstance(charge, NotPriced):
                    unpriced.append(_row(owner, resource, charge))
                else:
                    charges.append((charge.owner or owner, resource.urn, resource.name, charge))
    for charged in WITHOUT_RESOURCE:
        for path, charge in charged(plan):
            if isinstance(charge, NotPriced):
                name = str(path[-1])
                row = Unpriced(path, "", name, charge.what, charge.why, None, charge.reasons)
                unpriced.append(row)
            else:
                charges.append((charge.owner or path, "", "", charge))
    priced, unknown = _priced(charges, prices, free_tier=free_tier)
    return Estimate(
        recording=recording,
        prices=prices,
        usage=usage,
        free_tier=free_tier,
        parts=_parts(priced),
        not_priced=(*unknown, *unpriced),
        free=tuple(FreeType(type_, count, FREE[type_]) for type_, count in sorted(free.items())),
    )


def _owners(recording: Recording, layers: Layers | None) -> Mapping[str, KeyPath]:
    resources = {resource.urn: resource for resource in recording}
    if layers is None:
        return dict.fromkeys(resources, ())
    return {urn: owner_of(recorded, resources, layers) for urn, recorded in resources.items()}


def _row(owner: KeyPath, resource: Recorded, not_priced: NotPriced) -> Unpriced:
    return Unpriced(
        owner,
        resource.urn,
        resource.name,
        not_priced.what,
        not_priced.why,
        reasons=not_priced.reasons,
    )


def _priced(
    charges: Sequence[tuple[KeyPath, str, str, Charge]], prices: PriceList, *, free_tier: bool
) -> tuple[list[tuple[KeyPath, Line]], list[Unpriced]]:
    """Lines with amounts, and those whose price nobody knows.

    Tiers and free quantities are the account's: they are filled in the program's order, so that
    the lines of a key add up to exactly what the whole quantity costs.
    """
    lines: list[tuple[KeyPath, Line]] = []
    unknown: list[Unpriced] = []
    used: dict[tuple[str, bool], Spread] = {}
    for owner, urn, name, charge in charges:
        price = prices.find(charge.key, everywhere=charge.everywhere)
        if price is None:
            where = "" if charge.everywhere else f" in {prices.region}"
            why = f"price unknown: no figure of {charge.key}{where}"
            unknown.append(
                Unpriced(owner, urn, name, charge.what, why, charge.quantity, charge.reasons)
            )
            continue
        place = (charge.key, charge.everywhere)
        before = used.get(place, NOTHING)
        used[place] = before + charge.quantity
        usd = Spread(
            *(
                _marginal(price, getattr(before, scenario), getattr(charge.quantity, scenario),
                          free_tier=free_tier)
                for scenario in SCENARIOS
            )
        )  # fmt: skip
        lines.append((owner, _line(urn, name, charge, price, usd, free_tier=free_tier)))
    return lines, unknown


def _marginal(price: Price, before: Decimal, more: Decimal, *, free_tier: bool) -> Decimal:
    whole = price.cost(before + more, free_tier=free_tier)
    return whole - price.cost(before, free_tier=free_tier)


def _line(
    urn: str, name: str, charge: Charge, price: Price, usd: Spread, *, free_tier: bool
) -> Line:
    return Line(
        resource=urn,
        name=name,
        charge=charge,
        usd=usd,
        unit_usd=price.usd,
        unit=price.unit,
        tiered=len(price.tiers) > 1,
        source=price.source,
        seen=price.seen,
        doubt=price.doubt,
        free_quantity=free_tier and price.free > 0,
    )


def _parts(lines: Sequence[tuple[KeyPath, Line]]) -> tuple[Part, ...]:
    by_owner: dict[KeyPath, list[Line]] = {}
    for owner, line in lines:
        by_owner.setdefault(owner, []).append(line)
    parts = [Part(owner, tuple(found)) for owner, found in by_owner.items()]
    return tuple(sorted(parts, key=lambda part: (-part.usd.expected, -part.usd.high, part.owner)))


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Lines of one part that say the same of several resources, as one with the sum."""
    found: dict[tuple[str, str], Line] = {}
    for line in lines:
        place = (line.charge.key, line.charge.what)
        found[place] = line if place not in found else _sum(found[place], line)
    return list(found.values())


def _sum(first: Line, second: Line) -> Line:
    """Two lines of one metered thing as one: whatever is the price's own is the same in both."""
    reasons: dict[Reason, None] = dict.fromkeys((*first.charge.reasons, *second.charge.reasons))
    quantity = first.charge.quantity + second.charge.quantity
    names = dict.fromkeys((*first.name.split(", "), *second.name.split(", ")))
    return dataclasses.replace(
        first,
        charge=dataclasses.replace(first.charge, quantity=quantity, reasons=tuple(reasons)),
        usd=first.usd + second.usd,
        name=", ".join(names),
    )


known_types = functools.cache(lambda: frozenset({*RULES, *FREE, *NOT_PRICED}))
"""Every type that is priced, free, or listed as not priced."""
