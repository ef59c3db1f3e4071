"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:dynamodb/table:Table": call(
        "dynamodb",
        "CreateTable",
        "hashKey",
        "rangeKey",
        "ttl",
        "pointInTimeRecovery",
        "replicas",
        "serverSideEncryption",
        "streamEnabled",
        "readCapacity",
        "writeCapacity",
        name="TableName",
        attributes="AttributeDefinitions",
        streamViewType="StreamSpecification.StreamViewType",
    ),
}
"""By Pulumi type token."""
