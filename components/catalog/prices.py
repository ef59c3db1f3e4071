"""What this package's resources cost.

Sources: "AWS Glue pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import Charge, Free, Pricing, Row
from components.parts.prices import first_of_its_catalog, is_of_a_catalog
from components.parts.spread import Spread


def catalog(asked: Asked) -> Iterator[Pricing]:
    """Objects and requests of the catalogue."""
    tables = len(asked.plan.of_type("aws:glue/catalogTable:CatalogTable"))
    requests, why = asked.used("catalogs", "requests")
    databases = len(asked.plan.of_type("aws:glue/catalogDatabase:CatalogDatabase"))
    reason = asked.because(f"{tables} tables", "tables")
    count = Spread.flat(1 + tables / databases)
    yield Charge("AWSGlue/catalog/objectMonth", "catalogue entries", count, (reason,))
    yield Charge("AWSGlue/catalog/request", "catalogue requests", requests / databases, (why,))


def crawler(asked: Asked) -> Iterator[Pricing]:
    """Hours of its processing units."""
    if is_of_a_catalog(asked) and not first_of_its_catalog(asked):
        return
    hours, why = asked.used("catalogs", "crawler_dpu_hours")
    yield Charge("AWSGlue/crawler/dpuHour", "crawler hours", hours, (why,))


RULES: Mapping[str, Rule] = {
    "aws:glue/catalogDatabase:CatalogDatabase": catalog,
    "aws:glue/crawler:Crawler": crawler,
}

FREE_GLUE = Free("entries are priced with their database", "AWS Glue pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:glue/catalogTable:CatalogTable": FREE_GLUE,
    "aws:glue/securityConfiguration:SecurityConfiguration": FREE_GLUE,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("catalogs", "delivered_gb"): ((1, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("catalogs", "crawler_dpu_hours"): ((0.5, 2, 10), (2, 10, 50), (10, 50, 250)),
    ("catalogs", "requests"): ((1e3, 1e4, 1e5), (1e4, 1e5, 1e6), (1e5, 1e6, 1e7)),
}  # fmt: skip
