"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

_GLUE = "arn:{partition}:glue:{region}:{account}:"


SHAPES: Mapping[str, Shape] = {
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
}
"""By Pulumi type token."""
