"""What a person says of a catalog: which records come, where they stand, how they are read."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from components.catalog.columns import ColumnType
from components.parts.cron import cron_fields, numbers_of
from components.parts.model import Entry, Key, Settings
from components.parts.reference import Reference

TableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=128)]
"""What SQL takes without quotes; Glue itself takes 255 characters ("CreateTable", 2026-11)."""

ColumnName = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*$", max_length=255)]

Prefix = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z0-9_-]+/)+$", min_length=2, max_length=256)
]
"""A folder of a bucket, ended by a slash; what Firehose and Athena both take without escaping."""

JqPath = Annotated[str, StringConstraints(pattern=r"^(\.[A-Za-z_][A-Za-z0-9_]*)+$", max_length=256)]
"""Where in a record something stands, as in `.log_type` or `.meta.kind`."""

Since = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
]
"""A day, `yyyy-MM-dd`."""

DELIVERY_TABLE = "delivery_schema"
"""The table that the delivery takes its columns from; nobody queries it."""

RESERVED = frozenset({"day", "hour"})
"""Names of the partition column."""


class FromSettings(Settings):
    """Who brings the records: exactly one of the three."""

    stream: Annotated[Key, Reference("streams")] | None = None
    """One of `streams`, which the catalog reads."""
    put: bool = False
    """Whoever has `uses: [{catalog: KEY}]` puts records itself."""
    logs: Annotated[tuple[Key, ...], Field(min_length=1)] | None = None
    """Keys under `monitoring.logs`, whose lines are JSON records."""

    @model_validator(mode="after")
    def _one_source(self) -> FromSettings:
        given = [self.stream is not None, self.put, self.logs is not None]
        if given.count(True) != 1:
            raise ValueError("exactly one of stream, put: true, logs")
        return self


class DateSettings(Settings):
    """By which clock and how finely records are parted: by the time they arrive."""

    zone: str = "UTC"
    """Time zone of the days, as in `Europe/Vienna` (IANA). For good: objects stay where they
    are."""
    pattern: Literal["yyyy/MM/dd", "yyyy/MM/dd/HH"] = "yyyy/MM/dd"
    """Days, or hours where one day is too much for a query. For good."""
    since: Since
    """The first day there may be records of, in quotes: tables look no further back."""

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("a time zone of the IANA database, as in Europe/Vienna") from None
        return zone

    @field_validator("since")
    @classmethod
    def _is_a_day(cls, since: str) -> str:
        try:
            date.fromisoformat(since)
        except ValueError:
            raise ValueError("a day that there is") from None
        return since

    @property
    def column(self) -> str:
        """The partition column of every table."""
        return "hour" if self.pattern.endswith("/HH") else "day"


class BufferSettings(Settings):
    """How much is collected for one object, whichever is reached first."""

    mib: int = Field(default=128, ge=64, le=128)
    """MiB; Firehose takes no less where it parts records by type ("Dynamic partitioning",
    2026-11)."""
    seconds: int = Field(default=300, ge=60, le=900)
    """Seconds until Firehose writes what it has gathered."""


class CatalogTableSettings(Settings):
    """The records of one type."""

    description: Annotated[str, StringConstraints(max_length=2048)] = ""
    """What the records are, as the Glue catalog shows it."""
    columns: Annotated[dict[ColumnName, ColumnType], Field(min_length=1, max_length=400)]
    """By name, each with a type of Hive: `string`, `bigint`, `timestamp`, `array<string>`. Columns
    may be added; one whose type changes can't be read in older objects."""


class ViewSettings(Settings):
    """A query that is read like a table."""

    sql: Annotated[str, StringConstraints(pattern=r"^[^/].*\.sql$")]
    """A file beside `Pulumi.yaml` with one SELECT."""
    columns: Annotated[dict[ColumnName, ColumnType], Field(min_length=1, max_length=400)]
    """What it selects, by name: the SELECT gives each of them a name (`AS`)."""
    description: Annotated[str, StringConstraints(max_length=2048)] = ""
    """What the view shows, as the Glue catalog shows it."""


CRAWL_MINUTES = 5
"""At least between two runs ("Time-based schedules for jobs and crawlers", AWS Glue Developer
Guide, 2026-11)."""


def _crawl_schedule(text: str) -> str:
    """Whether Glue would take it.

    Raises:
        ValueError: it would not; the message says what is allowed.
    """
    minutes = numbers_of("minutes", cron_fields(text[5:-1])[0])
    around = [*minutes, minutes[0] + 60]
    if any(later - sooner < CRAWL_MINUTES for sooner, later in pairwise(around)):
        raise ValueError(f"runs that are {CRAWL_MINUTES} minutes apart or more")
    return text


class CrawlerSettings(Settings):
    """Looks through a folder that others fill, and declares tables for what it finds there.

    Not for the catalog's own records: their tables are declared and compute their partitions.
    """

    prefix: Prefix
    """A folder of the catalog's bucket that the delivery doesn't write; each folder in it becomes a
    table whose name begins with the crawler's key and `_`."""
    schedule: (
        Annotated[str, StringConstraints(pattern=r"^cron\(.+\)$"), AfterValidator(_crawl_schedule)]
        | None
    ) = None
    """When it looks, in UTC, as in `cron(0 5 * * ? *)`. Without one a person starts it:
    `aws glue start-crawler --name NAME`."""
    changes: Literal["log", "update"] = "log"
    """What becomes of a table that it made, where newer files have other columns. `log`: nothing,
    it says so in its log, and looks through new folders only. `update`: the table gets the new
    columns, and every run looks through all folders. Neither deletes a table or touches a declared
    one."""


class CatalogSettings(Entry):
    """Records by type and date, in Parquet, and the tables and views they are read by.

    One value says where records are put and where they are looked for, so the two can't differ.
    """

    from_: Annotated[FromSettings, Field(alias="from")]
    bucket: Annotated[Key, Reference("buckets")]
    """One of `buckets`."""
    prefix: Prefix = "records/"
    """The folder of all records; those that can't be delivered stand beside it, under
    `records-failed/`. For good: objects stay where they are."""
    type: JqPath
    """Where a record says its type, which is the key of one of `tables`; others are failed."""
    date: DateSettings
    buffer: BufferSettings = Field(default_factory=BufferSettings)
    codec: Literal["snappy", "gzip", "none"] = "snappy"
    """How Parquet compresses its pages."""
    tables: Annotated[dict[TableName, CatalogTableSettings], Field(min_length=1, max_length=50)]
    """By type. A column that several have has one type in all."""
    views: dict[TableName, ViewSettings] = Field(default_factory=dict[TableName, ViewSettings])
    """Athena views over the tables, by name."""
    crawlers: dict[TableName, CrawlerSettings] = Field(
        default_factory=dict[str, CrawlerSettings], max_length=20
    )
    """Crawlers of folders beside the records, whose columns nobody has written down, by name."""

    @model_validator(mode="after")
    def _one_type_a_column(self) -> CatalogSettings:
        types: dict[str, tuple[str, str]] = {}
        for table, settings in self.tables.items():
            for column, type_ in settings.columns.items():
                former, where = types.setdefault(column, (type_, table))
                if former != type_:
                    raise ValueError(
                        f"one type for the column {column}; found {former} in {where} and {type_} "
                        f"in {table}: one schema delivers all tables"
                    )
        return self

    @model_validator(mode="after")
    def _names_are_free(self) -> CatalogSettings:
        taken = RESERVED & {column for table in self.tables.values() for column in table.columns}
        if taken:
            raise ValueError(f"a column other than {min(taken)}: it is the partition's")
        twice = self.tables.keys() & self.views.keys()
        if twice:
            raise ValueError(f"a name of its own for each view; {min(twice)} is a table")
        if DELIVERY_TABLE in {*self.tables, *self.views}:
            raise ValueError(f"another name than {DELIVERY_TABLE}: it is the schema's")
        return self

    @model_validator(mode="after")
    def _crawlers_leave_records_alone(self) -> CatalogSettings:
        folders = {"the records": self.prefix}
        for key, crawler in self.crawlers.items():
            for whose, folder in folders.items():
                if folder.startswith(crawler.prefix) or crawler.prefix.startswith(folder):
                    raise ValueError(
                        f"another folder than {crawler.prefix} for the crawler {key}; found "
                        f"{folder} of {whose}"
                        + (
                            ": their tables are declared and compute their partitions, so a "
                            "crawler adds nothing that a query finds"
                            if whose == "the records"
                            else ""
                        )
                    )
            folders[f"the crawler {key}"] = crawler.prefix
            alike = [name for name in (*self.tables, *self.views) if name.startswith(f"{key}_")]
            if alike:
                raise ValueError(
                    f"another name than {key} for the crawler: what it declares begins with "
                    f"{key}_, as {alike[0]} does"
                )
        return self

    @property
    def read_prefixes(self) -> tuple[str, ...]:
        """The folders that tables of the catalog stand over."""
        return (self.prefix, *(crawler.prefix for crawler in self.crawlers.values()))

    @property
    def failed_prefix(self) -> str:
        """The folder of what could not be delivered."""
        return f"{self.prefix.rstrip('/')}-failed/"

    @property
    def delivered_columns(self) -> dict[str, str]:
        """The columns of all tables together, by name: what the delivery writes."""
        found = {
            column: type_
            for table in self.tables.values()
            for column, type_ in table.columns.items()
        }
        return dict(sorted(found.items()))
