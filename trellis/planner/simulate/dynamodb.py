"""Amazon DynamoDB: what AWS answers ("Amazon DynamoDB API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Callable

from trellis.planner.simulate.shape import AutoName, Scope, Shape

_ARN = "arn:{partition}:dynamodb:{region}:{account}:table/{name}"
_LABEL = "2026-11-02T08:00:00.000"


def _if_streaming(value: str) -> Callable[[Scope], str]:
    def answer(scope: Scope) -> str:
        return scope.text(value) if scope.given("streamEnabled") else ""

    return answer


SHAPES = {
    "aws:dynamodb/table:Table": Shape(
        id="{name}",
        defaults={
            "billingMode": "PROVISIONED",
            "deletionProtectionEnabled": False,
            "tableClass": "STANDARD",
        },
        computed={
            "arn": _ARN,
            "readCapacity": 0,
            "streamArn": _if_streaming(_ARN + "/stream/" + _LABEL),
            "streamLabel": _if_streaming(_LABEL),
            "streamViewType": "",
            "writeCapacity": 0,
        },
        named=AutoName(limit=255),
    ),
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
