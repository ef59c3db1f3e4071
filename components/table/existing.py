"""Tables that exist already, of this account or another."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from components.contracts import AccountRegion, Link
from components.parts.existing import Existing, ExistingSettings, KeyArn, place_of
from components.parts.offer import Offer
from components.table.links import ACCESSES, OFFER, table_link

TableArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table/[A-Za-z0-9_.-]{3,255}$"
    ),
]


class ExistingTable(ExistingSettings):
    """A table that somebody else made; one of another account must let this one in."""

    arn: TableArn
    """ARN of the table in DynamoDB."""
    indexes: tuple[str, ...] = ()
    """Names of the indexes that are searched with it."""
    key: KeyArn | None = None
    """The customer key that encrypts it, where one does."""


EXISTING_OFFER = Offer[ExistingTable](
    kind=OFFER.kind,
    accesses=tuple(access for access in ACCESSES if access != "stream"),
    default=OFFER.default,
    variables=OFFER.variables,
)


def _link(key: str, settings: ExistingTable, access: str | None, where: AccountRegion) -> Link:
    place = place_of(settings.arn)
    name = settings.arn.rpartition("/")[2]
    return table_link(
        EXISTING_OFFER,
        key,
        settings,
        access,
        # The SDK takes a name for a table of its own account and region, and an ARN for any.
        table_name=name if place == where else settings.arn,
        arn=settings.arn,
        indexes=settings.indexes,
        stream_arn="",
        key_arn=settings.key,
        where=place,
    )


EXISTING = Existing("tables", ExistingTable, EXISTING_OFFER, _link)
