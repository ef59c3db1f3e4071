"""What follows from using a table: its name in the environment, and grants on exactly it.

Which actions each access has is the owner's to say: reading and writing of items as the SDK's
ordinary calls do it. Batches and transactions are no actions of their own: they need these and
BatchGetItem, BatchWriteItem or ConditionCheckItem, which `batch` adds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

import pulumi

from components.contracts import AccountRegion, Arn, Grant, Link
from components.parts.access import sid_part
from components.parts.key_grant import READ, WRITE, key_grant
from components.parts.offer import Offer
from components.table.settings import TableSettings

S = TypeVar("S")

READ_ITEMS = ("dynamodb:GetItem",)
SEARCH = ("dynamodb:Query", "dynamodb:Scan")
"""The two that also go to indexes."""
WRITE_ITEMS = ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
BATCHES = (
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
)
STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")

ACCESSES: Mapping[str, tuple[tuple[str, ...], bool, tuple[str, ...]]] = {
    "read": (READ_ITEMS, True, READ),
    "write": (WRITE_ITEMS, False, WRITE),
    "readWrite": ((*READ_ITEMS, *WRITE_ITEMS), True, WRITE),
    "batch": ((*READ_ITEMS, *WRITE_ITEMS, *BATCHES), True, WRITE),
    "stream": ((), False, READ),
}
"""Actions on items, whether the table and its indexes are searched, and the use of the key."""


def _without_stream(key: str, settings: TableSettings) -> Mapping[str, tuple[str, str]]:
    if settings.stream is not None:
        return {}
    found = f"the stream of table {key}, which has none"
    return {"stream": (found, f"`stream` in tables.{key}, or another access")}


OFFER = Offer[TableSettings](
    kind="table",
    accesses=tuple(ACCESSES),
    default="readWrite",
    variables={"name": "{KEY}_TABLE"},
    unavailable=_without_stream,
)


def table_link(
    offer: Offer[S],
    name: str,
    settings: S,
    access: str | None,
    *,
    table_name: str,
    arn: Arn,
    indexes: Iterable[str],
    stream_arn: pulumi.Input[str],
    key_arn: Arn | None,
    where: AccountRegion,
    depends_on: tuple[pulumi.Resource, ...] = (),
) -> Link:
    """The link of one access.

    Args:
        indexes: names of those that may be searched with it.
        key_arn: the customer key that encrypts it, if any.

    Raises:
        UnknownAccessError: there is no such access, or no stream to read.
    """
    producer = f"table-{name}"
    access = offer.chosen(name, settings, access)
    label = sid_part(producer)
    items, searches, use = ACCESSES[access]
    grants: list[Grant] = []
    if items:
        grants.append(Grant(f"Items{label}", tuple(sorted(items)), (arn,)))
    if searches:
        within = [_under(arn, f"/index/{index}") for index in indexes]
        grants.append(Grant(f"Search{label}", SEARCH, (arn, *within)))
    if access == "stream":
        grants.append(Grant(f"Stream{label}", STREAM, (stream_arn,)))
    if key_arn is not None:
        grants.append(key_grant(f"Key{label}", key_arn, use, "dynamodb", where))
    return Link(
        producer=producer,
        access=access,
        grants=tuple(grants),
        environment=offer.environment(name, settings, {"name": table_name}),
        depends_on=depends_on,
    )


def _under(arn: Arn, rest: str) -> pulumi.Input[str]:
    return arn + rest if isinstance(arn, str) else pulumi.Output.concat(arn, rest)
