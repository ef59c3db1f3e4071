"""How catalogs are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.catalog.catalog import database_name, stream_name
from components.catalog.changes import columns, location
from components.catalog.links import OFFER
from components.catalog.settings import CatalogSettings
from components.contracts import Domain
from components.naming import Naming
from components.parts.changes import Change, Unique
from components.parts.declaration import RECORDS, Resource, TakenName, Tier


def _names(key: str, _: CatalogSettings, naming: Naming) -> Iterator[TakenName]:
    yield TakenName("catalog", partial(database_name, key, naming))
    yield TakenName("delivery stream", partial(stream_name, key, naming))


TIERS = (
    Tier(
        field="catalogs",
        settings=CatalogSettings,
        components=("trellis:catalog:Catalog",),
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
        },
        keys=frozenset({Domain.DATA}),
        offer=OFFER,
        names=_names,
    ),
)
"""What this package adds to a stack file."""
