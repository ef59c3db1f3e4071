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
    "aws:glue/crawler:Crawler": Call(
        "glue",
        "CreateCrawler",
        {
            "s3Targets": "Targets.S3Targets",
            "securityConfiguration": "CrawlerSecurityConfiguration",
        },
    ),
    "aws:glue/securityConfiguration:SecurityConfiguration": Call(
        "glue", "CreateSecurityConfiguration"
    ),
}
"""By Pulumi type token."""
