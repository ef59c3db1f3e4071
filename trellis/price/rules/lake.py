"""Streams, deliveries, catalogue, queries.

Sources: "Amazon Kinesis Data Streams pricing", "Amazon Data Firehose pricing", "AWS Glue pricing",
"Amazon Athena Pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trellis.price.asked import Asked, Plan, known
from trellis.price.lines import Charge, Free, NotPriced, Reason, Said
from trellis.price.prices import HOURS
from trellis.price.spread import Spread
from trellis.stackfile.problems import KeyPath

PAYLOAD_GB = 25 / 1024 / 1024
"""GB of one PUT payload unit of a provisioned stream: 25 KiB."""

FREE_HOURS = 24
"""Retention that costs nothing beside the stream itself."""

EXTENDED_HOURS = 168


def stream(asked: Asked) -> Iterator[Said]:
    """Hours of the stream or its shards, and what goes in and out."""
    mode: Mapping[str, Any] = asked.get("streamModeDetails") or {}
    into, why = asked.used("streams", "in_gb")
    out, reason = asked.used("streams", "out_gb")
    retention = asked.get("retentionPeriod", FREE_HOURS)
    kept = asked.because(f"kept {retention} hours", "retentionHours")
    if known(mode.get("streamMode")) == "ON_DEMAND":
        key = "AmazonKinesis/onDemand"
        hours = asked.because("on demand", "mode")
        yield Charge(f"{key}/streamHour", "stream hours", Spread.flat(HOURS), (hours,))
        yield Charge(f"{key}/dataIn/gb", "written", into, (why,))
        yield Charge(f"{key}/dataOut/gb", "read", out, (reason,))
        if retention > FREE_HOURS:
            name = "extendedRetention" if retention <= EXTENDED_HOURS else "longTermRetention"
            days = (retention - FREE_HOURS) / 24 / 30
            yield Charge(f"{key}/{name}/gbMonth", "kept", into * days, (why, kept))
        return
    shards = asked.get("shardCount")
    if shards is None:
        yield NotPriced("shard hours", "how many shards there are is not known here")
        return
    key = "AmazonKinesis/provisioned"
    said = asked.because(f"{shards} shards", "shards")
    yield Charge(f"{key}/shardHour", "shard hours", Spread.flat(shards * HOURS), (said,))
    yield Charge(f"{key}/putPayloadUnit", "written, by 25 KiB", into / PAYLOAD_GB, (why,))
    if retention > FREE_HOURS:
        quantity = Spread.flat(shards * HOURS)
        yield Charge(f"{key}/extendedRetention/shardHour", "kept", quantity, (kept,))


def stream_consumer(asked: Asked) -> Iterator[Said]:
    """A reader with a throughput of its own: what it reads, and by shard and hour."""
    of = asked.plan.behind(asked.resource, "streamArn", "aws:kinesis/stream:Stream")
    mode: Mapping[str, Any] = known(of.inputs.get("streamModeDetails"), {}) if of else {}
    gb, why = asked.used("streams", "out_gb")
    if known(mode.get("streamMode")) == "ON_DEMAND":
        key = "AmazonKinesis/onDemand/enhancedFanOut/gb"
        yield Charge(key, "read by a reader of its own", gb, (why,))
        return
    shards = known(of.inputs.get("shardCount")) if of else None
    if shards is None:
        yield NotPriced("readers of their own", "how many shards there are is not known here")
        return
    key = "AmazonKinesis/provisioned/enhancedFanOut"
    hours = Spread.flat(shards * HOURS)
    yield Charge(f"{key}/consumerShardHour", "readers of their own", hours)
    yield Charge(f"{key}/gb", "read by a reader of its own", gb, (why,))


def delivery_stream(asked: Asked) -> Iterator[Said]:
    """What is delivered, converted and partitioned."""
    lake = _is_of_a_catalog(asked)
    gb, why = asked.used(*(("catalogs", "delivered_gb") if lake else ("deliveries", "gb")))
    if lake and not _first_of_its_catalog(asked):
        return
    prefix = "AmazonKinesisFirehose"
    yield Charge(f"{prefix}/directPut/gb", "delivered", gb, (why,))
    target: Mapping[str, Any] = asked.get("extendedS3Configuration") or {}
    conversion: Mapping[str, Any] = known(target.get("dataFormatConversionConfiguration"), {})
    if conversion and known(conversion.get("enabled"), True):
        yield Charge(f"{prefix}/formatConversion/gb", "converted", gb, (why,))
    partitioning: Mapping[str, Any] = known(target.get("dynamicPartitioningConfiguration"), {})
    if known(partitioning.get("enabled"), False):
        yield Charge(f"{prefix}/dynamicPartitioning/gb", "partitioned", gb, (why,))
        yield NotPriced("objects that partitioning makes", "how many is not stated anywhere")


def _is_of_a_catalog(asked: Asked) -> bool:
    return bool(asked.owner) and asked.owner[0] == "catalogs"


def _first_of_its_catalog(asked: Asked) -> bool:
    """Whether it is the one that counts: what is stated is of all its kind in the catalog."""
    peers = [
        resource
        for resource in asked.plan.of_type(asked.resource.type)
        if resource.parent == asked.resource.parent
    ]
    return peers[0] is asked.resource


def crawler(asked: Asked) -> Iterator[Said]:
    """Hours of its processing units."""
    if _is_of_a_catalog(asked) and not _first_of_its_catalog(asked):
        return
    hours, why = asked.used("catalogs", "crawler_dpu_hours")
    yield Charge("AWSGlue/crawler/dpuHour", "crawler hours", hours, (why,))


def catalog(asked: Asked) -> Iterator[Said]:
    """Objects and requests of the catalogue."""
    tables = len(asked.plan.of_type("aws:glue/catalogTable:CatalogTable"))
    requests, why = asked.used("catalogs", "requests")
    databases = len(asked.plan.of_type("aws:glue/catalogDatabase:CatalogDatabase"))
    said = asked.because(f"{tables} tables", "tables")
    count = Spread.flat(1 + tables / databases)
    yield Charge("AWSGlue/catalog/objectMonth", "catalogue entries", count, (said,))
    yield Charge("AWSGlue/catalog/request", "catalogue requests", requests / databases, (why,))


def workgroup(asked: Asked) -> Iterator[Said]:
    """What queries scan."""
    terabytes, why = asked.used("queries", "scanned_tb")
    yield Charge("AmazonAthena/sql/tb", "scanned by queries", terabytes, (why,))


def models(plan: Plan) -> Iterator[tuple[KeyPath, NotPriced]]:
    """Language models: no resource is made of them, and they are billed by the token."""
    if plan.settings is None:
        return
    for key, model in plan.settings.models.items():
        path = ("models", key)
        yield (
            path,
            NotPriced(
                "tokens of a language model",
                "how many are read and written is not stated anywhere, and no price was sure",
                (Reason(f"a model of {model.provider}", path),),
            ),
        )


RULES = {
    "aws:kinesis/stream:Stream": stream,
    "aws:kinesis/streamConsumer:StreamConsumer": stream_consumer,
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": delivery_stream,
    "aws:glue/crawler:Crawler": crawler,
    "aws:glue/catalogDatabase:CatalogDatabase": catalog,
    "aws:athena/workgroup:Workgroup": workgroup,
}

_GLUE = Free("entries are priced with their database", "AWS Glue pricing, 2026-11")
_ATHENA = Free("queries are priced with their workgroup", "Amazon Athena Pricing, 2026-11")
_KINESIS = Free("a part of a stream that is priced", "Amazon Kinesis Data Streams pricing, 2026-11")

NOT_PRICED = {"aws:glue/job:Job": "how long jobs run is not stated anywhere"}

FREE = {
    "aws:glue/catalogTable:CatalogTable": _GLUE,
    "aws:glue/classifier:Classifier": _GLUE,
    "aws:glue/securityConfiguration:SecurityConfiguration": _GLUE,
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": _GLUE,
    "aws:glue/resourcePolicy:ResourcePolicy": _GLUE,
    "aws:glue/trigger:Trigger": _GLUE,
    "aws:glue/partitionIndex:PartitionIndex": _GLUE,
    "aws:athena/namedQuery:NamedQuery": _ATHENA,
    "aws:athena/preparedStatement:PreparedStatement": _ATHENA,
    "aws:athena/database:Database": _ATHENA,
    "aws:athena/dataCatalog:DataCatalog": _ATHENA,
    "aws:kinesis/resourcePolicy:ResourcePolicy": _KINESIS,
}
