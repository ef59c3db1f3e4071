"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call

CALLS: Mapping[str, Call] = {
    "aws:glue/catalogDatabase:CatalogDatabase": Call(
        "glue",
        "CreateDatabase",
        {
            key: f"DatabaseInput.{key}"
            for key in (
                "name",
                "description",
                "locationUri",
                "parameters",
                "createTableDefaultPermissions",
                "targetDatabase",
                "federatedDatabase",
            )
        },
    ),
    "aws:glue/catalogTable:CatalogTable": Call(
        "glue",
        "CreateTable",
        {"partitionIndices": "PartitionIndexes"}
        | {
            key: f"TableInput.{key}"
            for key in (
                "name",
                "description",
                "owner",
                "retention",
                "storageDescriptor",
                "partitionKeys",
                "viewOriginalText",
                "viewExpandedText",
                "tableType",
                "parameters",
                "targetTable",
            )
        },
    ),
}
"""By Pulumi type token."""
