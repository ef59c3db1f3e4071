"""Where records stand, said once: the delivery's prefix and each table's partitions.

Firehose puts an object under its type and the time its records arrived, in the catalog's zone.
Athena does not list partitions but computes them (partition projection) by a range of times and a
template. Both come from here, so what is written is what is looked for. Sources: "Custom prefixes
for Amazon S3 objects" (Amazon Data Firehose) and "Supported types for partition projection"
(Athena User Guide), 2026-11.
"""

from __future__ import annotations

from components.catalog.settings import CatalogSettings

TYPE_KEY = "type"
"""Name of the partition key that the delivery takes out of each record."""


def delivery_prefix(settings: CatalogSettings) -> str:
    """The prefix of every object: its type, then day or hour. `yyyy`, as `YYYY` is of weeks."""
    return (
        f"{settings.prefix}!{{partitionKeyFromQuery:{TYPE_KEY}}}/"
        f"!{{timestamp:{settings.date.pattern}}}/"
    )


def failed_prefix(settings: CatalogSettings) -> str:
    """The prefix of what could not be delivered, by kind of failure and day."""
    return f"{settings.failed_prefix}!{{firehose:error-output-type}}/!{{timestamp:yyyy/MM/dd}}/"


def type_query(settings: CatalogSettings) -> str:
    """The jq expression that gives a record's type; null, which Firehose fails, for any other.

    A record of a type without a table would be put where no table looks.
    """
    path = settings.type
    known = " or ".join(f'{path} == "{name}"' for name in sorted(settings.tables))
    return f"{{{TYPE_KEY}: (if ({known}) then {path} else null end)}}"


def location(bucket: str, settings: CatalogSettings, table: str) -> str:
    """The folder of one table."""
    return f"s3://{bucket}/{settings.prefix}{table}/"


def projection(bucket: str, settings: CatalogSettings, table: str) -> dict[str, str]:
    """The parameters of a table that compute its partitions.

    NOW is UTC: one day more reaches today where the zone is ahead, and costs one look at nothing.
    """
    date = settings.date
    column = date.column
    first = date.since.replace("-", "/") + ("/00" if column == "hour" else "")
    return {
        "projection.enabled": "true",
        f"projection.{column}.type": "date",
        f"projection.{column}.format": date.pattern,
        f"projection.{column}.range": f"{first},NOW+1DAYS",
        f"projection.{column}.interval": "1",
        f"projection.{column}.interval.unit": "HOURS" if column == "hour" else "DAYS",
        "storage.location.template": f"{location(bucket, settings, table)}${{{column}}}/",
    }
