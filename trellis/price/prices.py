"""List prices: dated files by region, read as exact decimals, with tiers and free quantities.

A file beside the project's stack files (`trellis.prices.REGION.json`, which `trellis price refresh`
writes) goes before the one that Trellis brings (`data/`, whose README says where it comes from). A
price that is in neither is unknown: never nought, and never another region's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from importlib import resources
from pathlib import Path
from typing import Any, Literal, cast

from trellis.stackfile.problems import Problem, Source, StackFileError

SCHEMA = 1
GLOBAL = "global"
"""Region of what AWS sells without one: Route 53, CloudFront, IAM, budgets."""

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Rounded half up to cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Tier:
    """What one unit costs up to a quantity a month."""

    up_to: Decimal | None
    """Cumulative; None for the last."""
    usd: Decimal


@dataclass(frozen=True)
class Price:
    """The list price of one metered thing."""

    key: str
    """`service/dimension/.../unit`."""
    unit: str
    tiers: tuple[Tier, ...]
    """Ascending; a single one where the price is the same for any quantity."""
    source: str
    seen: str
    """Newest month in which a source showed it: YYYY-MM, YYYY, or `undated`."""
    free: Decimal = Decimal(0)
    """What AWS gives every account each month, for ever."""
    doubt: str = ""
    also: tuple[str, ...] = ()

    @property
    def usd(self) -> Decimal:
        """Of the first unit."""
        return self.tiers[0].usd

    def cost(self, quantity: Decimal, *, free_tier: bool = False) -> Decimal:
        """What a month's whole quantity costs, in exact US dollars.

        Args:
            quantity: units in a month, over the whole account.
            free_tier: whether the free quantity is taken off first.
        """
        rest = max(quantity - self.free, Decimal(0)) if free_tier else quantity
        usd, below = Decimal(0), Decimal(0)
        for tier in self.tiers:
            top = rest if tier.up_to is None else min(rest, tier.up_to)
            usd += max(top - below, Decimal(0)) * tier.usd
            below = max(below, top)
        return usd


@dataclass(frozen=True)
class PriceList:
    """The prices of one region, and those without one."""

    region: str
    compiled: str
    """ISO date on which the region's file was made; empty where there is none."""
    origin: str
    """The file they come from, as a person would name it; empty where there is none."""
    prices: Mapping[str, Price] = field(default_factory=dict[str, Price])
    everywhere: Mapping[str, Price] = field(default_factory=dict[str, Price])

    def find(self, key: str, *, everywhere: bool = False) -> Price | None:
        """A price by its key; None where it is unknown.

        Args:
            everywhere: whether AWS sells it without a region.
        """
        return (self.everywhere if everywhere else self.prices).get(key)


def price_list(region: str, folder: Path | None = None) -> PriceList:
    """The prices of a region.

    Args:
        folder: of the project, whose own price files go first.

    Raises:
        StackFileError: a price file of the project is no price file.
    """
    own = _document(region, folder)
    world = _document(GLOBAL, folder)
    return PriceList(
        region=region,
        compiled=own[1].get("compiled", "") if own else "",
        origin=own[0] if own else "",
        prices=_prices(own[1]) if own else {},
        everywhere=_prices(world[1]) if world else {},
    )


def own_file(folder: Path, region: str) -> Path:
    """Where a project keeps the prices of a region."""
    return folder / f"trellis.prices.{region}.json"


def bundled(region: str) -> str | None:
    """The text of the file that Trellis brings; None for a region it has none of."""
    file = resources.files("trellis.price").joinpath("data", f"{region}.json")
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _document(region: str, folder: Path | None) -> tuple[str, dict[str, Any]] | None:
    if folder is not None and own_file(folder, region).is_file():
        return own_file(folder, region).name, read(own_file(folder, region), region)
    text = bundled(region)
    return None if text is None else (f"{region}.json", json.loads(text, parse_float=Decimal))


def read(file: Path, region: str) -> dict[str, Any]:
    """A price file as a document.

    Raises:
        StackFileError: it is none, or of another region.
    """
    place = Source("prices", file.name)
    try:
        document: Any = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
        if document["schema"] != SCHEMA or document["region"] != region:
            raise ValueError(f"schema {document['schema']} of {document['region']}")
        _prices(document)
    except (OSError, ValueError, RecursionError, KeyError, TypeError, ArithmeticError) as error:
        raise StackFileError(
            [
                Problem(
                    (),
                    f"no price file: {type(error).__name__} {error}"[:200],
                    f"a file of prices of {region}, schema {SCHEMA}",
                    f"`trellis price refresh {region}` writes it; docs/price.md describes it",
                    place,
                )
            ],
            subject="the price file has",
        ) from None
    return cast("dict[str, Any]", document)


def _prices(document: Mapping[str, Any]) -> dict[str, Price]:
    return {row["key"]: _price(row) for row in document["prices"]}


def _price(row: Mapping[str, Any]) -> Price:
    free = row.get("free")
    tiers: Sequence[Mapping[str, Any]] = row.get("tiers") or ({"upTo": None, "usd": row["usd"]},)
    kind: Literal["always", "12months"] | None = free["kind"] if free else None
    return Price(
        key=row["key"],
        unit=row["unit"],
        tiers=tuple(
            Tier(None if tier["upTo"] is None else Decimal(tier["upTo"]), Decimal(tier["usd"]))
            for tier in tiers
        ),
        source=row["source"],
        seen=row["seen"],
        # The allowances of 12 months ended for accounts opened after 2025-07-15.
        free=Decimal(free["quantity"]) if free and kind == "always" else Decimal(0),
        doubt=row.get("doubt", ""),
        also=tuple(row.get("also", ())),
    )
