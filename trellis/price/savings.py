"""Settings that would save most: each is tried by planning the stack with it and pricing that.

What is tried comes from the settings as they are. A change that the stack file refuses is no
saving, and one that the policy pack refuses is told with the controls that would fail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from components.parts.spread import Spread
from trellis.planner.recording import Recording
from trellis.price.estimate import Estimate
from trellis.price.prices import CENT
from trellis.price.pricing import Priced, StackFolder, price_of
from trellis.stackfile import tree
from trellis.stackfile.problems import KeyPath, StackFileError
from trellis.stackfile.provenance import resolved

MOST = 3
"""Savings that are shown."""

MOST_TRIED = 6
"""Plans that are made to find them."""

Judge = Callable[[Recording], frozenset[str]]
"""Ids of the controls that a plan fails."""


@dataclass(frozen=True)
class Change:
    """A setting as it could be, and what one gives up with it."""

    path: KeyPath
    now: Any
    then: Any
    trade: str
    guess: Decimal
    """US dollars a month that it may save: what is tried first."""


@dataclass(frozen=True)
class Saving:
    """A change that was planned and priced."""

    change: Change
    usd: Spread
    """Less a month, low, expected and high."""
    fails: tuple[str, ...] = ()
    """Controls that the pack would then refuse the stack by."""


def savings(
    where: StackFolder, priced: Priced, judge: Judge | None = None, *, most: int = MOST
) -> list[Saving]:
    """The settings that would save most, the best first.

    Args:
        judge: what says which controls a plan fails; none are told without it.
    """
    found: list[Saving] = []
    before: frozenset[str] | None = None
    tried = sorted(changes(priced), key=lambda change: (-change.guess, change.path))
    now = priced.estimate
    for change in tried[:MOST_TRIED]:
        if len(found) >= most and change.guess < min(saving.usd.expected for saving in found):
            break
        try:
            then = price_of(where, free_tier=now.free_tier, changes={change.path: change.then})
        except StackFileError:
            continue
        less = now.usd - then.estimate.usd
        if less.expected < CENT:
            continue
        fails: tuple[str, ...] = ()
        if judge is not None:
            before = judge(now.recording) if before is None else before
            fails = tuple(sorted(judge(then.estimate.recording) - before))
        found.append(Saving(change, less, fails))
    return sorted(found, key=lambda saving: -saving.usd.expected)[:most]


def failing(recording: Recording) -> frozenset[str]:
    """The controls of the policy pack that a plan fails."""
    from policies.guardrails.run import analyse
    from trellis.planner.evidence import evidence

    report = analyse(evidence(recording), today=dt.datetime.now(dt.UTC).date())
    return frozenset(finding.control.id for finding in report.findings if finding.blocks)


def changes(priced: Priced) -> Iterator[Change]:
    """What could be tried, with a guess of each that is no promise."""
    data = resolved(priced.resolution)
    costs = _Costs(priced.estimate)
    yield from _network(data, costs)
    yield from _databases(data, costs)
    yield from _caches(data, costs)
    yield from _services(data, costs)
    if tree.get(data, ("cluster", "insights")) not in (False, None):
        yield Change(
            ("cluster", "insights"), tree.get(data, ("cluster", "insights")), False,
            "no CPU and memory of single tasks on the dashboards",
            costs.of(("cluster",), "Insights"),
        )  # fmt: skip


class _Costs:
    """What parts cost now."""

    def __init__(self, priced: Estimate) -> None:
        self._parts = {part.owner: part for part in priced.parts}

    def of(self, owner: KeyPath, *words: str) -> Decimal:
        """Expected US dollars of the part's lines whose text has one of the words; all of them
        where none is given."""
        part = self._parts.get(owner)
        if part is None:
            return Decimal(0)
        return sum(
            (
                line.usd.expected
                for line in part.single_lines
                if not words or any(word in line.charge.what for word in words)
            ),
            Decimal(0),
        )


def _part(data: Mapping[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Keys and settings of one part of the stack file."""
    part: object = data.get(name)
    if tree.is_mapping(part):
        yield from part.items()


def _network(data: Mapping[str, Any], costs: _Costs) -> Iterator[Change]:
    network: object = data.get("network")
    if not tree.is_mapping(network):
        return
    hours = costs.of(("network",), "NAT gateway hours", "public addresses")
    if network.get("nat") == "perZone" and hours:
        zones = network.get("zones")
        count = len(zones) if tree.is_list(zones) else zones or 2
        yield Change(
            ("network", "nat"), "perZone", "single",
            "when the gateway's zone fails, the other zones reach nothing outside",
            hours * (count - 1) / count,
        )  # fmt: skip
    endpoints = costs.of(("network",), "interface endpoint")
    if endpoints and network.get("nat") in ("perZone", "single"):
        now = network.get("endpoints")
        yield Change(
            ("network", "endpoints"), now, ["s3", "dynamodb"],
            "what AWS services are asked then goes through the NAT gateway, at its price a GB",
            endpoints,
        )  # fmt: skip


HALF = {"2xlarge": "xlarge", "xlarge": "large", "large": "medium", "medium": "small",
        "small": "micro"}  # fmt: skip
"""The size below, half as dear."""

CHEAPER_FAMILY = {"t3": "t4g", "m5": "m6g", "m6i": "m6g", "r5": "r6g", "r6i": "r6g"}
"""The same size on AWS's own processors."""


def _databases(data: Mapping[str, Any], costs: _Costs) -> Iterator[Change]:
    for key, settings in _part(data, "databases"):
        owner: KeyPath = ("databases", key)
        hours = costs.of(owner, "instance hours")
        if settings.get("multiAz") is True:
            yield Change(
                (*owner, "multiAz"), True, False,
                "when its zone fails, the database is away until it is restored",
                costs.of(owner, "instance hours", "storage") / 2,
            )  # fmt: skip
        yield from _classes(owner, "instanceClass", settings.get("instanceClass"), hours)


def _caches(data: Mapping[str, Any], costs: _Costs) -> Iterator[Change]:
    for key, settings in _part(data, "caches"):
        owner: KeyPath = ("caches", key)
        hours = costs.of(owner, "node hours")
        nodes = settings.get("nodes") or 1
        if nodes > 1 and not settings.get("shards"):
            yield Change(
                (*owner, "nodes"), nodes, nodes - 1,
                "no replica takes over when the primary fails" if nodes == 2
                else "one replica less shares the reads",
                hours / nodes,
            )  # fmt: skip
        yield from _classes(owner, "nodeType", settings.get("nodeType"), hours)


def _classes(owner: KeyPath, field: str, class_: Any, hours: Decimal) -> Iterator[Change]:
    parts = str(class_).split(".")
    if len(parts) != 3:
        return
    prefix, family, size = parts
    if family in CHEAPER_FAMILY:
        yield Change(
            (*owner, field), class_, f"{prefix}.{CHEAPER_FAMILY[family]}.{size}",
            "AWS's own processors; a minute of failover when it changes", hours / 10,
        )  # fmt: skip
    if size in HALF:
        yield Change(
            (*owner, field), class_, f"{prefix}.{family}.{HALF[size]}",
            "half the memory; look at its use first", hours / 2,
        )  # fmt: skip


def _services(data: Mapping[str, Any], costs: _Costs) -> Iterator[Change]:
    for key, settings in _part(data, "services"):
        owner: KeyPath = ("services", key)
        hours = costs.of(owner, "Fargate")
        if not hours:
            continue
        if settings.get("architecture") == "x86_64":
            yield Change(
                (*owner, "architecture"), "x86_64", "arm64",
                "the image must be built for ARM", hours / 5,
            )  # fmt: skip
        if not tree.get(settings, ("capacity", "spot")):
            yield Change(
                (*owner, "capacity"), "on demand", {"spot": 100, "onDemand": 1},
                "tasks above the first may be stopped at two minutes' notice", hours / 3,
            )  # fmt: skip
        least = tree.get(settings, ("scaling", "min"))
        if isinstance(least, int) and least > 1:
            yield Change(
                (*owner, "scaling", "min"), least, 1,
                "one task alone: its zone's failure is an outage until another runs",
                hours * (least - 1) / least,
            )  # fmt: skip
