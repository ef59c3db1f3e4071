"""What follows from using a table: its name in the environment, and grants on exactly it.

Which actions each access has is the owner's to say: reading and writing of items as the SDK's
ordinary calls do it. Batches and transactions are no actions of their own: they need these and
BatchGetItem, BatchWriteItem or ConditionCheckItem, which `batch` adds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.contracts import AccountRegion, Arn, Grant, Link
from components.parts.access import check_access, sid_part
from components.parts.key_grant import READ, WRITE, key_grant

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


def table_link(
    name: str,
    access: str,
    *,
    table_name: str,
    arn: Arn,
    indexes: Sequence[str],
    stream_arn: pulumi.Input[str] | None,
    key_arn: Arn,
    where: AccountRegion,
    table: pulumi.Resource,
) -> Link:
    """The link of one access.

    Raises:
        UnknownAccessError: there is no such access, or no stream to read.
    """
    producer = f"table-{name}"
    offered = [each for each in ACCESSES if each != "stream" or stream_arn is not None]
    check_access(producer, access, offered)
    label = sid_part(producer)
    items, searches, use = ACCESSES[access]
    grants: list[Grant] = []
    if items:
        grants.append(Grant(f"Items{label}", tuple(sorted(items)), (arn,)))
    if searches:
        within = [_under(arn, f"/index/{index}") for index in indexes]
        grants.append(Grant(f"Search{label}", SEARCH, (arn, *within)))
    if access == "stream" and stream_arn is not None:
        grants.append(Grant(f"Stream{label}", STREAM, (stream_arn,)))
    grants.append(key_grant(f"Key{label}", key_arn, use, "dynamodb", where))
    return Link(
        producer=producer,
        access=access,
        grants=tuple(grants),
        environment={f"{name.upper().replace('-', '_')}_TABLE": table_name},
        depends_on=(table,),
    )


def _under(arn: Arn, rest: str) -> pulumi.Input[str]:
    return arn + rest if isinstance(arn, str) else pulumi.Output.concat(arn, rest)
