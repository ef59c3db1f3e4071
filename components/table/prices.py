"""What this package's resources cost.

Sources: "Amazon DynamoDB pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from components.parts.asked import Asked, Rule, known
from components.parts.charges import HOURS, Charge, Pricing, Row
from components.parts.spread import Spread, decimal

TIERED = {"STANDARD": "standard", "STANDARD_INFREQUENT_ACCESS": "standardIa"}
"""Table classes."""


def table(asked: Asked) -> Iterator[Pricing]:
    """Requests or capacity, storage, recovery to a point in time, copies."""
    kept = TIERED[asked.get("tableClass", "STANDARD")]
    gb, size = asked.used("tables", "gb")
    copies = len(asked.get("replicas") or ())
    if asked.get("billingMode", "PROVISIONED") == "PAY_PER_REQUEST":
        for measure, unit in (("writes", "wru"), ("reads", "rru")):
            requests, why = asked.used("tables", measure)
            yield Charge(f"AmazonDynamoDB/onDemand/{kept}/{unit}", measure, requests, (why,))
            if copies and unit == "wru":
                yield Charge(
                    f"AmazonDynamoDB/onDemand/{kept}/replicatedWru", "writes copied",
                    requests * copies, (asked.because(f"{copies} copies", "replicas"),),
                )  # fmt: skip
    else:
        yield from _capacity(asked, kept)
    indexes = len(asked.get("globalSecondaryIndexes") or ())
    reasons = (
        size,
        asked.because(f"{indexes} global indexes hold no more than assumed", "indexes"),
    )
    yield Charge(
        f"AmazonDynamoDB/storage/{kept}/gbMonth", "stored", gb * (1 + copies),
        reasons if indexes else (size,),
    )  # fmt: skip
    recovery: Mapping[str, Any] = known(asked.resource.inputs.get("pointInTimeRecovery"), {})
    if known(recovery.get("enabled")):
        why = asked.because("recovery to any second of the last weeks", "pointInTimeRecovery")
        yield Charge("AmazonDynamoDB/pitr/gbMonth", "recovery to a point in time", gb, (size, why))


def _capacity(asked: Asked, kept: str) -> Iterator[Pricing]:
    name = asked.get("name")
    for kind, unit, dimension in (
        ("read", "rcuHour", "dynamodb:table:ReadCapacityUnits"),
        ("write", "wcuHour", "dynamodb:table:WriteCapacityUnits"),
    ):
        fixed = asked.get(f"{kind}Capacity", 1)
        least = most = decimal(fixed)
        for target in asked.plan.of_type("aws:appautoscaling/target:Target"):
            of_this = known(target.inputs.get("resourceId")) == f"table/{name}"
            if of_this and known(target.inputs.get("scalableDimension")) == dimension:
                least, most = (
                    decimal(known(target.inputs.get(f"{end}Capacity"), 1)) for end in ("min", "max")
                )
        units = Spread(least, least, most) * HOURS
        why = asked.because(f"{least} to {most} {kind} units", "capacity")
        yield Charge(f"AmazonDynamoDB/provisioned/{kept}/{unit}", f"{kind} capacity", units, (why,))


RULES: Mapping[str, Rule] = {
    "aws:dynamodb/table:Table": table,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("tables", "writes"): ((0, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
    ("tables", "reads"): ((0, 2e5, 2e6), (2e5, 2e6, 2e7), (2e6, 2e7, 2e8)),
    ("tables", "gb"): ((0, 1, 5), (1, 5, 25), (10, 50, 250)),
}  # fmt: skip
