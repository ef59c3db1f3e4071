"""A catalog's database, its tables and its views, as Glue keeps them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.catalog.columns import presto
from components.catalog.paths import location, projection
from components.catalog.settings import DELIVERY_TABLE, CatalogSettings, ViewSettings

INPUT_FORMAT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
OUTPUT_FORMAT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
PARQUET_SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
"""("Create tables in the AWS Glue Data Catalog: Parquet", Athena User Guide, 2026-11)."""


def catalog_database(
    name: str, physical_name: str, opts: pulumi.ResourceOptions
) -> aws.glue.CatalogDatabase:
    """The database that all tables and views are in."""
    return aws.glue.CatalogDatabase(
        name, name=physical_name, description="Records by type and date", opts=opts
    )


def delivery_table(
    name: str,
    settings: CatalogSettings,
    database: aws.glue.CatalogDatabase,
    opts: pulumi.ResourceOptions,
) -> aws.glue.CatalogTable:
    """The columns of all tables together, from which the delivery takes its schema."""
    return aws.glue.CatalogTable(
        f"{name}-delivery-schema",
        name=DELIVERY_TABLE,
        database_name=database.name,
        description="What the delivery writes; query the tables of the types instead",
        table_type="EXTERNAL_TABLE",
        parameters={"classification": "parquet"},
        storage_descriptor=_parquet(settings.delivered_columns),
        opts=opts,
    )


def type_tables(
    name: str,
    settings: CatalogSettings,
    bucket: str,
    database: aws.glue.CatalogDatabase,
    opts: pulumi.ResourceOptions,
) -> dict[str, aws.glue.CatalogTable]:
    """A table a type over the folder of its records, whose partitions Athena computes."""
    column = settings.date.column
    return {
        key: aws.glue.CatalogTable(
            f"{name}-{key}",
            name=key,
            database_name=database.name,
            description=table.description or f"Records of type {key}",
            table_type="EXTERNAL_TABLE",
            parameters={
                "EXTERNAL": "TRUE",
                "classification": "parquet",
                **projection(bucket, settings, key),
            },
            partition_keys=[
                {
                    "name": column,
                    "type": "string",
                    "comment": f"{settings.date.pattern}, {settings.date.zone}",
                }
            ],
            storage_descriptor=_parquet(table.columns, location(bucket, settings, key)),
            opts=opts,
        )
        for key, table in settings.tables.items()
    }


def view(
    name: str,
    key: str,
    settings: ViewSettings,
    sql: str,
    database: aws.glue.CatalogDatabase,
    opts: pulumi.ResourceOptions,
) -> aws.glue.CatalogTable:
    """A view as Athena writes one: Presto's JSON with its types, beside Hive's columns.

    Args:
        sql: one SELECT; names without a database are of this one.
    """
    return aws.glue.CatalogTable(
        f"{name}-{key}",
        name=key,
        database_name=database.name,
        description=settings.description or f"View {key}",
        table_type="VIRTUAL_VIEW",
        parameters={"presto_view": "true", "comment": "Presto View"},
        view_original_text=database.name.apply(
            lambda schema: presto_view(sql, schema, settings.columns)
        ),
        view_expanded_text="/* Presto View */",
        storage_descriptor={
            "columns": _columns(settings.columns),
            # Without it Athena answers "missing SerDe info".
            "ser_de_info": {},
        },
        opts=opts,
    )


def presto_view(sql: str, schema: str, columns: Mapping[str, str]) -> str:
    """The text of a view that Athena reads: Presto's description of it, in base64.

    Presto takes the columns by place, and a mapping's order is lost on its way through the engine:
    so the query is asked for them by name, in the order that is registered.
    """
    query = sql.strip().rstrip(";").strip()
    selected = ", ".join(f'"{name}"' for name in columns)
    described = {
        "originalSql": f"SELECT {selected} FROM (\n{query}\n)",
        "catalog": "awsdatacatalog",
        "schema": schema,
        "columns": [{"name": name, "type": presto(type_)} for name, type_ in columns.items()],
    }
    packed = base64.b64encode(json.dumps(described, sort_keys=True).encode()).decode()
    return f"/* Presto View: {packed} */"


def _parquet(
    columns: Mapping[str, str], location: str | None = None
) -> aws.glue.CatalogTableStorageDescriptorArgsDict:
    found: aws.glue.CatalogTableStorageDescriptorArgsDict = {
        "input_format": INPUT_FORMAT,
        "output_format": OUTPUT_FORMAT,
        "columns": _columns(columns),
        "ser_de_info": {
            "serialization_library": PARQUET_SERDE,
            "parameters": {"serialization.format": "1"},
        },
    }
    if location is not None:
        found["location"] = location
    return found


def _columns(
    columns: Mapping[str, str],
) -> list[aws.glue.CatalogTableStorageDescriptorColumnArgsDict]:
    return [{"name": name, "type": type_} for name, type_ in columns.items()]
