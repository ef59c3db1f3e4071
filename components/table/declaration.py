"""How tables are declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from components.contracts import Domain, NetworkNeeds
from components.naming import Naming
from components.parts.adoption import Adopts, by_key, named
from components.parts.changes import Change, Unique
from components.parts.declaration import (
    ComponentContext,
    Data,
    NetworkShape,
    Problem,
    Resource,
    StackFacts,
    TakenName,
    Tier,
    Watched,
)
from components.parts.shown import Category, Shown
from components.table.changes import attribute_types, expiry, indexes, recovery, stream
from components.table.existing import EXISTING
from components.table.links import OFFER
from components.table.names import TABLE_NAME
from components.table.settings import TableSettings
from components.table.table import Table


def _names(key: str, settings: TableSettings, naming: Naming) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    yield TakenName("table", partial(naming.of, TABLE_NAME, settings.name or key), setting)


def _copies_are_elsewhere(_: str, settings: TableSettings, stack: StackFacts) -> Iterator[Problem]:
    for position, region in enumerate(settings.replicas):
        if region == stack.region:
            found = f"the system's own region {region}"
            yield Problem(("replicas", position), found, "another region")


def _needs(tables: Mapping[str, TableSettings], _: NetworkShape) -> NetworkNeeds:
    return NetworkNeeds(gateway_endpoints=frozenset({"dynamodb"} if tables else ()))


def _make(key: str, settings: TableSettings, stack: ComponentContext) -> Table:
    return Table(
        key,
        settings,
        naming=stack.naming,
        where=stack.where,
        key_arn=stack.key(Domain.DATA),
        replica_key_arns={region: stack.key(Domain.DATA, region) for region in settings.replicas},
        protect=stack.protect,
        opts=stack.child,
    )


TIERS = (
    Tier(
        field="tables",
        settings=TableSettings,
        components={
            "trellis:table:Table": Shown(
                "table",
                glyph="M2 3h14v12H2zM2 7h14M2 11h14M7 3v12",
                category=Category.DATA,
                icon=r"DynamoDB",
                rank=1,
            ),
        },
        resources={
            "aws:dynamodb/table:Table": Resource(
                Watched(("ReadThrottleEvents", "WriteThrottleEvents", "SystemErrors")),
                facts=("name", "billingMode", "hashKey", "rangeKey"),
                data=Data(
                    "items",
                    "name",
                    "restore a point in time under a new name, or export to S3 and import",
                ),
                unique=Unique("region", ("name",)),
                change=Change(
                    guard="deletionProtectionEnabled",
                    refusals=(
                        attribute_types,
                        expiry,
                    ),
                    meanings=(
                        recovery,
                        indexes,
                        stream,
                    ),
                    renews={"streamViewType": "streamArn"},
                ),
            ),
        },
        keys=frozenset({Domain.DATA}),
        offer=OFFER,
        existing=(EXISTING,),
        adopts=Adopts(
            ("aws:dynamodb/table:Table",),
            name=named(TABLE_NAME),
            given=by_key(TABLE_NAME),
        ),
        names=_names,
        checks=(_copies_are_elsewhere,),
        needs=_needs,
        make=_make,
    ),
)
"""What this package adds to a stack file."""
