"""The catalog component: records of many types in one bucket, and tables to read them by.

Builds a delivery stream with its role and log; a Glue database with the delivery's schema, a table
a type and the views; where log groups bring the records, their subscriptions; crawlers of other
folders, where the stack file has some.

Promises:
- Where records are put and where tables look is one value (`paths`), so the two can't differ.
- A record that no table would show is put apart, under the failed prefix, and an alarm says so.
- The delivery may put under the catalog's two prefixes only, and read its own schema only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.catalog.alarms import catalog_alarms, catalog_widgets
from components.catalog.crawlers import CrawlerPlace, crawlers
from components.catalog.delivery import DeliveryPlace, delivery_stream
from components.catalog.links import put_link
from components.catalog.names import CATALOG_NAME
from components.catalog.schema import catalog_database, delivery_table, type_tables, view
from components.catalog.settings import CatalogSettings
from components.contracts import AlarmSpec, Arn, Link, WidgetSpec
from components.naming import Kind, Naming
from components.parts.log_subscription import LinesTo, subscribe
from components.parts.target_bucket import TargetBucket


class Catalog(pulumi.ComponentResource):
    """One catalog. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: CatalogSettings,
        place: DeliveryPlace,
        *,
        views: Mapping[str, str],
        source: Link | None = None,
        source_arn: Arn | None = None,
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the catalog.

        Args:
            name: key in the stack file: Pulumi name, and the prefix of every child's.
            views: the SQL of each of the settings' views, by key.
            source: how the stream of `from` is read, and `source_arn` its ARN.
            after: what must be there before anything of Glue's catalog.

        Raises:
            ValueError: a view's SQL or the stream is missing.
        """
        missing = settings.views.keys() - views.keys()
        if missing:
            raise ValueError(f"catalog {name}: no SQL was given for {', '.join(sorted(missing))}")
        if (settings.from_.stream is None) is not (source_arn is None):
            raise ValueError(f"catalog {name}: a stream belongs to `from: {{stream}}`, only there")
        super().__init__("trellis:catalog:Catalog", name, None, opts)
        self._key = name
        self._settings = settings
        self._place = place
        self._child = pulumi.ResourceOptions(parent=self)
        self._stream_name = stream_name(name, place.naming)
        first = pulumi.ResourceOptions(parent=self, depends_on=[*after])
        self._database = catalog_database(name, database_name(name, place.naming), first)
        schema = delivery_table(name, settings, self._database, self._child)
        self._tables = type_tables(name, settings, place.bucket.name, self._database, self._child)
        # A view names tables, which Athena looks up as it reads it.
        over_tables = pulumi.ResourceOptions(parent=self, depends_on=[*self._tables.values()])
        for key, view_settings in settings.views.items():
            view(name, key, view_settings, views[key], self._database, over_tables)
        crawled = CrawlerPlace(
            place.naming,
            place.where,
            place.bucket,
            self.name,
            place.data_key_arn,
            place.log_key_arn,
            place.log_days,
        )
        crawlers(name, settings, crawled, self._database, self._child)
        self._stream = delivery_stream(
            name,
            self._stream_name,
            settings,
            place,
            source=source,
            source_arn=source_arn,
            database=self._database,
            schema=schema,
            opts=self._child,
        )
        self.register_outputs({"database": self.name, "stream": self._stream_name})

    @property
    def name(self) -> str:
        """Glue's name of the database, known before it is made."""
        return database_name(self._key, self._place.naming)

    @property
    def stream_name(self) -> str:
        """Firehose's name of the delivery stream."""
        return self._stream_name

    @property
    def arn(self) -> Arn:
        """ARN of the database."""
        return self._place.where.arn("glue", f"database/{self.name}")

    @property
    def stream_arn(self) -> Arn:
        """ARN of the delivery stream, known before it is made."""
        return self._place.where.arn("firehose", f"deliverystream/{self._stream_name}")

    @property
    def resource(self) -> aws.glue.CatalogDatabase:
        """The database, for whoever must come after it."""
        return self._database

    @property
    def bucket(self) -> TargetBucket:
        """The bucket of the records."""
        return self._place.bucket

    @property
    def settings(self) -> CatalogSettings:
        """What was asked for."""
        return self._settings

    def exports(self) -> dict[str, pulumi.Input[str]]:
        """Names of the database and the delivery stream, for a stack's outputs."""
        return {"database": self.name, "deliveryStream": self._stream_name}

    def link(self, access: str | None = None) -> Link:
        """What follows from putting records.

        Raises:
            UnknownAccessError: there is no such access, or a stream or logs bring the records.
        """
        return put_link(
            self._key,
            self._settings,
            access,
            stream_name=self._stream_name,
            stream_arn=self.stream_arn,
            stream=self._stream,
        )

    def subscribe(self, groups: Mapping[str, pulumi.Input[str]]) -> None:
        """Let log groups send their lines: one of the two subscriptions that a group may have.

        Args:
            groups: names of the log groups by their keys in the stack file.
        """
        to = LinesTo(
            self._stream_name,
            self.stream_arn,
            self._stream.arn,
            "Lets CloudWatch Logs send lines to the catalog's delivery",
        )
        ordered = {key: groups[key] for key in sorted(groups)}
        place = self._place
        subscribe(self._key, to, ordered, naming=place.naming, where=place.where, parent=self)

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Records that are late, refused or put apart."""
        return catalog_alarms(self._key, self._stream_name, self._settings)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """How much comes and how long it waits."""
        return catalog_widgets(self._key, self._stream_name)


def database_name(key: str, naming: Naming) -> str:
    """Glue's name of a catalog's database, known from its key alone."""
    return naming.of(CATALOG_NAME, key)


def stream_name(key: str, naming: Naming) -> str:
    """Firehose's name of a catalog's delivery stream."""
    return naming.of(Kind.DELIVERY_STREAM, key)
