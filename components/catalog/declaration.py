"""How catalogs are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.catalog.catalog import database_name, stream_name
from components.catalog.changes import columns, location
from components.catalog.crawlers import crawler_name
from components.catalog.links import OFFER
from components.catalog.settings import CatalogSettings
from components.contracts import Domain
from components.naming import Naming
from components.parts.changes import Change, Unique
from components.parts.declaration import CONFIGURATION, RECORDS, Resource, TakenName, Tier
from components.parts.shown import Category, Shown

FAILED_RUNS = "a rule of monitoring tells of each run that fails"


def _names(key: str, settings: CatalogSettings, naming: Naming) -> Iterator[TakenName]:
    yield TakenName("catalog", partial(database_name, key, naming))
    yield TakenName("delivery stream", partial(stream_name, key, naming))
    for crawler in settings.crawlers:
        yield TakenName("crawler", partial(crawler_name, key, crawler, naming))


TIERS = (
    Tier(
        field="catalogs",
        settings=CatalogSettings,
        components={
            "trellis:catalog:Catalog": Shown(
                "catalog",
                glyph="M4 3h10v12H4zM7 3v12M9 7h3M9 10h3",
                category=Category.DATA,
            ),
        },
        resources={
            "aws:glue/catalogDatabase:CatalogDatabase": Resource(
                RECORDS, facts=("name",), unique=Unique("region", ("name",))
            ),
            "aws:glue/catalogTable:CatalogTable": Resource(
                RECORDS,
                facts=("name", "tableType"),
                change=Change(
                    meanings=(
                        columns,
                        location,
                    )
                ),
            ),
            "aws:glue/crawler:Crawler": Resource(
                FAILED_RUNS,
                facts=("name", "schedule"),
                unique=Unique("region", ("name",)),
                change=Change(
                    deletion="tables that it declared stay, and nothing updates them: delete "
                    "by hand those that nobody needs"
                ),
            ),
            "aws:glue/securityConfiguration:SecurityConfiguration": Resource(
                CONFIGURATION, facts=("name",), unique=Unique("region", ("name",))
            ),
        },
        keys=frozenset({Domain.DATA}),
        offer=OFFER,
        names=_names,
    ),
)
"""What this package adds to a stack file."""
