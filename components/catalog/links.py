"""What follows from using a catalog: records are put into its delivery stream."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.catalog.settings import CatalogSettings
from components.contracts import Arn, Grant, Link
from components.parts.access import sid_part
from components.parts.offer import Offer

PUT = ("firehose:PutRecord", "firehose:PutRecordBatch")


def _only_where_records_are_put(
    key: str, settings: CatalogSettings
) -> Mapping[str, tuple[str, str]]:
    if settings.from_.put:
        return {}
    brings = "a stream" if settings.from_.stream is not None else "log groups"
    return {
        "put": (
            f"catalog {key}, whose records {brings} bring",
            f"`from: {{put: true}}` in catalogs.{key}, or a use of what brings them",
        )
    }


OFFER = Offer[CatalogSettings](
    kind="catalog",
    accesses=("put",),
    default="put",
    variables={"stream": "{KEY}_DELIVERY_STREAM"},
    unavailable=_only_where_records_are_put,
    interface="kinesis-firehose",
)


def put_link(
    name: str,
    settings: CatalogSettings,
    access: str | None,
    *,
    stream_name: str,
    stream_arn: Arn,
    stream: pulumi.Resource,
) -> Link:
    """The link of whoever puts records.

    Raises:
        UnknownAccessError: there is no such access, or others bring the records.
    """
    access = OFFER.chosen(name, settings, access)
    producer = f"catalog-{name}"
    return Link(
        producer=producer,
        access=access,
        grants=(Grant(f"Put{sid_part(producer)}", PUT, (stream_arn,)),),
        environment=OFFER.environment(name, settings, {"stream": stream_name}),
        depends_on=(stream,),
    )
