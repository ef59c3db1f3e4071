"""Amazon DynamoDB: what AWS answers ("Amazon DynamoDB API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import Shape

SHAPES: Mapping[str, Shape] = {
    "aws:dynamodb/tableItem:TableItem": Shape(
        id="{tableName}|{hex:16}",
        computed={"hashKeyValue": "{hashKey}", "rangeKeyValue": ""},
        tagged=False,
    ),
    "aws:dynamodb/resourcePolicy:ResourcePolicy": Shape(
        id="{resourceArn}",
        computed={"confirmRemoveSelfResourceAccess": False, "revisionId": "{digits:13}"},
        tagged=False,
    ),
    "aws:dynamodb/contributorInsights:ContributorInsights": Shape(
        id="name:{tableName}/index:/{account}", tagged=False
    ),
    "aws:dynamodb/kinesisStreamingDestination:KinesisStreamingDestination": Shape(
        id="{tableName},{streamArn}",
        computed={"approximateCreationDateTimePrecision": "MILLISECOND"},
        tagged=False,
    ),
}
"""By Pulumi type token."""
