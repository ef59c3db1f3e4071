"""Kinesis, Firehose, Glue and Athena: what AWS answers (their API References, 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Shape

_GLUE = "arn:{partition}:glue:{region}:{account}:"

SHAPES = {
    "aws:kinesis/stream:Stream": Shape(
        id="arn:{partition}:kinesis:{region}:{account}:stream/{name}",
        defaults={
            "encryptionType": "NONE",
            "enforceConsumerDeletion": False,
            "retentionPeriod": 24,
        },
        computed={"arn": "{id}"},
        named=AutoName(limit=128),
    ),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": Shape(
        id="arn:{partition}:firehose:{region}:{account}:deliverystream/{name}",
        computed={"arn": "{id}", "destinationId": "destinationId-000000000001", "versionId": "1"},
        named=AutoName(limit=64),
    ),
    "aws:kinesis/streamConsumer:StreamConsumer": Shape(
        id="{streamArn}/consumer/{name}:1790000000",
        computed={"arn": "{id}", "creationTimestamp": "2026-09-21T14:13:20Z"},
        named=AutoName(limit=128),
    ),
    "aws:kinesis/resourcePolicy:ResourcePolicy": Shape(id="{resourceArn}", tagged=False),
    "aws:glue/catalogDatabase:CatalogDatabase": Shape(
        id="{account}:{name}",
        computed={
            "arn": _GLUE + "database/{name}",
            "catalogId": "{account}",
            "locationUri": "",
        },
        named=AutoName(limit=255),
    ),
    "aws:glue/catalogTable:CatalogTable": Shape(
        id="{account}:{databaseName}:{name}",
        computed={"arn": _GLUE + "table/{databaseName}/{name}", "catalogId": "{account}"},
        named=AutoName(limit=255),
        tagged=False,
    ),
    "aws:glue/crawler:Crawler": Shape(
        id="{name}", computed={"arn": _GLUE + "crawler/{name}"}, named=AutoName(limit=255)
    ),
    "aws:glue/securityConfiguration:SecurityConfiguration": Shape(
        id="{name}", named=AutoName(limit=255), tagged=False
    ),
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": Shape(
        id="{account}", computed={"catalogId": "{account}"}, tagged=False
    ),
    "aws:athena/workgroup:Workgroup": Shape(
        id="{name}",
        defaults={"state": "ENABLED"},
        computed={"arn": "arn:{partition}:athena:{region}:{account}:workgroup/{name}"},
        named=AutoName(limit=128),
    ),
    "aws:athena/namedQuery:NamedQuery": Shape(
        id="{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
        defaults={"workgroup": "primary"},
        named=AutoName(limit=128),
        tagged=False,
    ),
    "aws:athena/preparedStatement:PreparedStatement": Shape(
        id="{workgroup}/{name}", named=AutoName(limit=256), tagged=False
    ),
}
"""By Pulumi type token."""
