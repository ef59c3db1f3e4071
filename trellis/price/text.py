"""A price as text: what a month costs, by part and line, in the width of a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from components.parts.spread import Spread
from trellis.planner.recording import not_there_yet
from trellis.planner.text import Paint, plain
from trellis.price.against import Difference
from trellis.price.budgets import BudgetVerdict
from trellis.price.document import number
from trellis.price.estimate import Estimate, Part
from trellis.price.lines import Line
from trellis.price.prices import CENT, cents
from trellis.price.pricing import Priced
from trellis.price.savings import Saving
from trellis.price.support import Sunset
from trellis.stackfile.problems import dotted

LEAST_WIDTH, USUAL_WIDTH, MOST_WIDTH = 60, 100, 120
"""Columns: narrower ones wrap, wider ones are hard to read across."""

AMOUNT = 11
"""Columns of one amount: up to 9,999,999.99 and a gap."""

DRIVERS = 3
INDENT = "  "


@dataclass(frozen=True)
class PricePage:
    """How a price is printed."""

    paint: Paint = plain
    width: int = USUAL_WIDTH
    """Columns of the terminal."""
    lines: bool = True
    """Whether parts are opened into their lines."""

    @property
    def columns(self) -> int:
        """Columns that are used."""
        return max(LEAST_WIDTH, min(self.width, MOST_WIDTH))


def render(
    priced: Priced,
    page: PricePage,
    *,
    budgets: Iterable[BudgetVerdict] = (),
    sunsets: Iterable[Sunset] = (),
    savings: Sequence[Saving] | None = None,
    difference: Difference | None = None,
) -> Iterator[str]:
    """The lines of a price."""
    found = priced.estimate
    yield from _head(found, page)
    yield from _drivers(found, page)
    if difference is not None:
        yield from _difference(difference, page)
    yield ""
    yield _row("A month in US dollars", ("low", "expected", "high"), page, "title")
    for part in found.parts:
        if any(cents(amount) for amount in part.usd):
            yield from _part(part, priced, page)
    yield from _nothing(found, page)
    yield _row("total", _amounts(found.usd), page, "title")
    yield from _not_priced(found, page)
    yield from _section("Budgets", [verdict.text for verdict in budgets], page)
    yield from _section("Support", [_sunset(sunset) for sunset in sunsets], page)
    yield from _savings(savings, page)


def footer(
    priced: Priced, budgets: Iterable[BudgetVerdict], sunsets: Iterable[Sunset]
) -> list[str]:
    """What a plan says of the price: a line, and what one should know before deploying."""
    return [
        _sum(priced.estimate),
        *(verdict.text for verdict in budgets if verdict.fires_at_once),
        *map(_sunset, sunsets),
    ]


def _sum(found: Estimate) -> str:
    """What it costs; no sum where the region has no prices, for it would be of the rest only."""
    recording = found.recording
    if not found.prices.origin:
        return f"No price. {_without_prices(recording.region)}"
    low, expected, high = (f"{amount:,.2f}" for amount in found.usd)
    whole = ", with what is not started yet" if recording.supposed else ""
    missing = len(found.not_priced)
    more = f", and {_counted(missing, 'thing')} not priced" if missing else ""
    return (
        f"{expected} USD a month{whole}, {low} to {high} by use{more} (list prices of "
        f"{found.prices.compiled}; `trellis price {recording.stack}` says why)"
    )


def _without_prices(region: str) -> str:
    return (
        f"There are no prices of {region} here: `trellis price refresh {region}` asks AWS for them."
    )


def _head(found: Estimate, page: PricePage) -> Iterator[str]:
    recording = found.recording
    yield page.paint(f"{recording.project} · {recording.stack} · {recording.region}", "title")
    free = "free quantities taken off" if found.free_tier else "without free quantities"
    stated = f", use stated as of {found.usage.as_of}" if found.usage.as_of else ""
    text = (
        f"List prices of {found.prices.compiled} ({found.prices.origin}), on demand, before tax, "
        f"{free}; a {found.usage.size} system{stated}. 730 hours a month."
    )
    if not found.prices.origin:
        text = (
            f"{_without_prices(recording.region)} What follows is of the whole world's prices only."
        )
    yield from textwrap.wrap(text, page.columns)
    if recording.supposed:
        there = not_there_yet(recording.supposed, "priced")
        yield from textwrap.wrap(f"{there}.", page.columns)


def _drivers(found: Estimate, page: PricePage) -> Iterator[str]:
    whole = found.usd.expected
    if not whole:
        return
    shares = [f"{_title(part)} {part.usd.expected / whole:.0%}" for part in found.parts[:DRIVERS]]
    yield ""
    yield from textwrap.wrap(f"What drives it: {', '.join(shares)}.", page.columns)


def _part(part: Part, priced: Priced, page: PricePage) -> Iterator[str]:
    yield _row(_title(part), _amounts(part.usd), page, "component")
    if not page.lines:
        return
    small = 0
    for line in part.lines:
        if all(amount < CENT / 2 for amount in line.usd):
            small += 1
            continue
        yield from _line(line, priced, page)
    if small:
        yield page.paint(f"{INDENT}{_counted(small, 'line')} under a cent", "quiet")


def _line(line: Line, priced: Priced, page: PricePage) -> Iterator[str]:
    yield _row(INDENT + line.charge.what, _amounts(line.usd), page, "")
    quantity = line.charge.quantity
    amount = (
        _quantity(quantity.expected)
        if quantity.is_flat
        else f"{_quantity(quantity.low)} / {_quantity(quantity.expected)} / "
        f"{_quantity(quantity.high)}"
    )
    first = " first" if line.tiered else ""
    text = f"{amount} {line.unit} at{first} {number(line.unit_usd)}"
    by_source: dict[str, dict[str, None]] = {}
    for reason in line.charge.reasons:
        by_source.setdefault(priced.source(reason), {})[reason.text] = None
    for source, terms in by_source.items():
        words = ", ".join(word for word in terms if word)
        text += "; " + ", ".join(word for word in (words, source) if word)
    if line.doubt:
        text += f"; doubt: {line.doubt}"
    inner = INDENT * 2
    for wrapped in textwrap.wrap(text, page.columns, initial_indent=inner, subsequent_indent=inner):
        yield page.paint(wrapped, "quiet")


def _nothing(found: Estimate, page: PricePage) -> Iterator[str]:
    free = [_title(part) for part in found.parts if not any(cents(amount) for amount in part.usd)]
    count = sum(row.count for row in found.free)
    if free:
        yield from textwrap.wrap(f"Under a cent: {', '.join(free)}.", page.columns)
    yield from textwrap.wrap(
        f"{_counted(count, 'resource')} of {_counted(len(found.free), 'type')} cost nothing by "
        "themselves (--json lists them with their source).",
        page.columns,
    )


def _not_priced(found: Estimate, page: PricePage) -> Iterator[str]:
    if not found.not_priced:
        return
    yield ""
    yield page.paint("Not priced, so on top of the total", "warning")
    rows: dict[tuple[str, str], list[str]] = {}
    for row in found.not_priced:
        where = dotted(row.owner) or row.name
        rows.setdefault((row.what, row.why), []).append(where)
    for (what, why), places in rows.items():
        where = ", ".join(dict.fromkeys(places))
        yield from textwrap.wrap(
            f"{what} ({where}): {why}", page.columns, initial_indent=INDENT,
            subsequent_indent=INDENT * 2,
        )  # fmt: skip


def _section(title: str, texts: Sequence[str], page: PricePage) -> Iterator[str]:
    if not texts:
        return
    yield ""
    yield page.paint(title, "title")
    for text in texts:
        yield from textwrap.wrap(
            text, page.columns, initial_indent=INDENT, subsequent_indent=INDENT * 2
        )


def _sunset(sunset: Sunset) -> str:
    return f"{sunset.what} ({sunset.name}) is supported until {sunset.ends}: {sunset.then}"


def _savings(savings: Sequence[Saving] | None, page: PricePage) -> Iterator[str]:
    if savings is None:
        return
    texts = [
        f"{saving.usd.expected:,.2f} a month: {dotted(saving.change.path)} "
        f"{_value(saving.change.now)} → {_value(saving.change.then)}; {saving.change.trade}"
        + (f"; the pack would refuse it by {', '.join(saving.fails)}" if saving.fails else "")
        for saving in savings
    ]
    yield from _section(
        "What would save most, each planned with the change",
        texts or ["no setting that was tried saves anything"],
        page,
    )


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("'", "")


def _difference(found: Difference, page: PricePage) -> Iterator[str]:
    yield ""
    yield _row(f"Against {found.named}", ("low", "expected", "high"), page, "title")
    for row in found.rows:
        mark = " (new)" if row.before is None else " (gone)" if row.after is None else ""
        yield _row(f"{row.component or 'the rest'}{mark}", _signed(row.more), page, "")
    yield _row("difference", _signed(found.more), page, "title")
    for name in found.only_after:
        yield f"{INDENT}not priced now: {name}"
    for name in found.only_before:
        yield f"{INDENT}not priced before: {name}"


def _row(name: str, amounts: Sequence[str], page: PricePage, style: str) -> str:
    room = page.columns - AMOUNT * len(amounts)
    text = name if len(name) < room else name[: room - 2] + "…"
    painted = page.paint(f"{text:<{room}}", style) if style else f"{text:<{room}}"
    return painted + "".join(f"{amount:>{AMOUNT}}" for amount in amounts)


def _title(part: Part) -> str:
    return dotted(part.owner) or "the rest"


def _amounts(value: Spread) -> list[str]:
    return [f"{cents(amount):,.2f}" for amount in value]


def _signed(value: Spread) -> list[str]:
    return [f"{cents(amount):+,.2f}" for amount in value]


def _quantity(value: Decimal) -> str:
    shown = value.quantize(Decimal("0.001")) if value % 1 else value
    return f"{shown.normalize():,f}"


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
