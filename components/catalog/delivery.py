"""The delivery of a catalog's records: Firehose, by type and date, as Parquet.

One delivery stream has one schema: the columns of all tables together. Parquet is read by name, so
each table sees its own. Sources: "Enable record format conversion", "Dynamic partitioning" and
"Grant Firehose access to an Amazon S3 destination", Amazon Data Firehose Developer Guide, 2026-11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.catalog.paths import delivery_prefix, failed_prefix, type_query
from components.catalog.settings import DELIVERY_TABLE, CatalogSettings
from components.contracts import AccountRegion, Arn, Grant, Link
from components.naming import Kind, Naming
from components.parts.log_group import log_group
from components.parts.role import granted_role
from components.parts.target_bucket import TargetBucket, put_grants
from components.tags import name_tag

ERROR_STREAM = "delivery"
"""Log stream of what Firehose could not do."""

RETRY_SECONDS = 300
"""How long Firehose tries a partition again before the records are failed."""

CODECS = {"snappy": "SNAPPY", "gzip": "GZIP", "none": "UNCOMPRESSED"}


@dataclass(frozen=True)
class DeliveryPlace:
    """Where a delivery stands: names, account, keys and the bucket."""

    naming: Naming
    where: AccountRegion
    bucket: TargetBucket
    data_key_arn: Arn
    """Encrypts what waits in the delivery, where no stream does."""
    log_key_arn: Arn
    log_days: int
    """Days that the log of errors is kept."""


def delivery_log(physical_name: str) -> str:
    """The log group in which Firehose says what went wrong."""
    return f"/aws/kinesisfirehose/{physical_name}"


def delivery_stream(
    name: str,
    physical_name: str,
    settings: CatalogSettings,
    place: DeliveryPlace,
    *,
    source: Link | None,
    source_arn: Arn | None,
    database: aws.glue.CatalogDatabase,
    schema: aws.glue.CatalogTable,
    opts: pulumi.ResourceOptions,
) -> aws.kinesis.FirehoseDeliveryStream:
    """Make the stream, its role and its log.

    Args:
        source: how the stream that brings the records is read; None where they are put.
    """
    where = place.where
    log = log_group(
        name,
        physical_name=delivery_log(physical_name),
        retention_days=place.log_days,
        key_arn=place.log_key_arn,
        opts=opts,
    )
    errors = aws.cloudwatch.LogStream(name, name=ERROR_STREAM, log_group_name=log.name, opts=opts)
    role, allowed = granted_role(
        name,
        physical_name=place.naming.of(Kind.ROLE, name, "delivery"),
        description="Puts records into the catalog's bucket",
        service="firehose.amazonaws.com",
        conditions={"StringEquals": {"sts:ExternalId": where.account}},
        grants=[
            *_grants(settings, place, physical_name, database.name),
            *(source.grants if source is not None else ()),
        ],
        opts=opts,
    )
    return aws.kinesis.FirehoseDeliveryStream(
        name,
        name=physical_name,
        destination="extended_s3",
        kinesis_source_configuration=(
            {"kinesis_stream_arn": source_arn, "role_arn": role.arn}
            if source_arn is not None
            else None
        ),
        # AWS takes one or the other: what comes out of a stream is encrypted there.
        server_side_encryption=(
            {
                "enabled": True,
                "key_type": "CUSTOMER_MANAGED_CMK",
                "key_arn": place.data_key_arn,
            }
            if source_arn is None
            else None
        ),
        extended_s3_configuration={
            "role_arn": role.arn,
            "bucket_arn": place.bucket.arn,
            "prefix": delivery_prefix(settings),
            "error_output_prefix": failed_prefix(settings),
            "custom_time_zone": settings.date.zone,
            "buffering_size": settings.buffer.mib,
            "buffering_interval": settings.buffer.seconds,
            # Parquet compresses its own pages; Firehose refuses a compression around it.
            "compression_format": "UNCOMPRESSED",
            # It can't be turned on later.
            "dynamic_partitioning_configuration": {
                "enabled": True,
                "retry_duration": RETRY_SECONDS,
            },
            "processing_configuration": {"enabled": True, "processors": _processors(settings)},
            "data_format_conversion_configuration": {
                "enabled": True,
                "input_format_configuration": {
                    "deserializer": {"open_x_json_ser_de": {"case_insensitive": True}}
                },
                "output_format_configuration": {
                    "serializer": {"parquet_ser_de": {"compression": CODECS[settings.codec]}}
                },
                "schema_configuration": {
                    "role_arn": role.arn,
                    "database_name": database.name,
                    "table_name": schema.name,
                    "region": where.region,
                    "version_id": "LATEST",
                },
            },
            "cloudwatch_logging_options": {
                "enabled": True,
                "log_group_name": log.name,
                "log_stream_name": errors.name,
            },
        },
        tags=name_tag(physical_name),
        opts=pulumi.ResourceOptions.merge(
            opts,
            pulumi.ResourceOptions(
                depends_on=[*allowed, *(source.depends_on if source is not None else ())]
            ),
        ),
    )


def _processors(settings: CatalogSettings) -> list[Any]:
    """What is done to a record before its type is read.

    Log groups send gzipped packets with many lines: unpacked, taken apart, then each a record.
    """
    unpacked: list[Any] = []
    if settings.from_.logs is not None:
        unpacked = [
            {"type": "Decompression", "parameters": _parameters(CompressionFormat="GZIP")},
            {
                "type": "CloudWatchLogProcessing",
                "parameters": _parameters(DataMessageExtraction="true"),
            },
            {"type": "RecordDeAggregation", "parameters": _parameters(SubRecordType="JSON")},
        ]
    return [
        *unpacked,
        {
            "type": "MetadataExtraction",
            "parameters": _parameters(
                JsonParsingEngine="JQ-1.6", MetadataExtractionQuery=type_query(settings)
            ),
        },
    ]


def _parameters(**values: str) -> list[dict[str, str]]:
    return [
        {"parameter_name": name, "parameter_value": value} for name, value in sorted(values.items())
    ]


def _grants(
    settings: CatalogSettings,
    place: DeliveryPlace,
    physical_name: str,
    database: pulumi.Input[str],
) -> Sequence[Grant]:
    where, bucket = place.where, place.bucket
    return [
        *put_grants(
            bucket, (settings.prefix, settings.failed_prefix), where, "s3:AbortMultipartUpload"
        ),
        Grant(
            "FindBucket",
            ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
            (bucket.arn,),
        ),
        Grant(
            "ReadSchema",
            ("glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"),
            (
                where.arn("glue", "catalog"),
                where.arn("glue", pulumi.Output.concat("database/", database)),
                where.arn("glue", pulumi.Output.concat("table/", database, "/", DELIVERY_TABLE)),
            ),
        ),
        Grant(
            "TellErrors",
            ("logs:PutLogEvents",),
            (
                where.arn(
                    "logs", f"log-group:{delivery_log(physical_name)}:log-stream:{ERROR_STREAM}"
                ),
            ),
        ),
    ]
