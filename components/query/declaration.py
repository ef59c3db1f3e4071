"""How queries are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.contracts import Domain
from components.naming import Naming
from components.parts.changes import Unique
from components.parts.declaration import RECORDS, Resource, TakenName, Tier, Watched
from components.parts.shown import Category, Shown
from components.query.links import OFFER
from components.query.settings import QuerySettings
from components.query.workgroup import workgroup_name


def _names(key: str, _: QuerySettings, naming: Naming) -> Iterator[TakenName]:
    yield TakenName("workgroup", partial(workgroup_name, key, naming))


TIERS = (
    Tier(
        field="queries",
        settings=QuerySettings,
        components={
            "trellis:query:Workgroup": Shown(
                "workgroup",
                glyph="M8 3a5 5 0 100 10A5 5 0 008 3zM11.500 11.500L16 16",
                category=Category.DATA,
            ),
        },
        resources={
            "aws:athena/namedQuery:NamedQuery": Resource(RECORDS, facts=("name",)),
            "aws:athena/workgroup:Workgroup": Resource(
                Watched(("TotalExecutionTime",)),
                facts=("name",),
                unique=Unique("region", ("name",)),
            ),
        },
        keys=frozenset({Domain.DATA}),
        offer=OFFER,
        names=_names,
    ),
)
"""What this package adds to a stack file."""
