"""Catalogs, queries and models of a stack file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import pulumi

from components.bucket.bucket import bucket_arn, bucket_name
from components.catalog.catalog import Catalog
from components.catalog.delivery import DeliveryPlace
from components.contracts import Domain
from components.model.model import LanguageModel
from components.monitoring.monitoring import Monitoring
from components.parts.target_bucket import TargetBucket
from components.query.workgroup import Workgroup
from components.secrets.secret import Secret
from components.stream.stream import Stream
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.loading import Loaded
from trellis.stackfile.problems import KeyPath
from trellis.tiers.stack_context import StackContext

MOST_SQL = 262_144
"""Characters of a query ("StartQueryExecution: QueryString", Athena API Reference, 2026-11)."""


def sql_files(loaded: Loaded) -> dict[str, str]:
    """The text of every SQL file that views and saved queries name, by its path as written.

    Raises:
        StackFileError: files that are not there or no text, all of them at once.
    """
    found: dict[str, str] = {}
    wrong: list[Complaint] = []
    for path, name in _named(loaded):
        try:
            text = (loaded.folder / name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
            wrong.append((path, f"{name}: {reason}", f"a file in {loaded.folder}", ""))
            continue
        if not 0 < len(text) <= MOST_SQL:
            wrong.append((path, f"{name} of {len(text)} characters", f"1 to {MOST_SQL}", ""))
        found[name] = text
    if wrong:
        raise loaded.error(wrong)
    return found


def _named(loaded: Loaded) -> Iterator[tuple[KeyPath, str]]:
    for key, catalog in loaded.settings.catalogs.items():
        for view, settings in catalog.views.items():
            yield ("catalogs", key, "views", view, "sql"), settings.sql
    for key, query in loaded.settings.queries.items():
        for saved, name in query.saved.items():
            yield ("queries", key, "saved", saved), name


@dataclass(frozen=True)
class Lake:
    """The catalogs, queries and models of a system, each by the stack file's keys."""

    catalogs: Mapping[str, Catalog]
    queries: Mapping[str, Workgroup]
    models: Mapping[str, LanguageModel]

    def components(self) -> Iterator[Catalog | Workgroup]:
        """What has alarms and charts."""
        yield from self.catalogs.values()
        yield from self.queries.values()

    def subscribe(self, monitoring: Monitoring) -> None:
        """Let log groups bring their lines, once they are there."""
        for catalog in self.catalogs.values():
            logs = catalog.settings.from_.logs
            if logs is not None:
                catalog.subscribe({key: monitoring.log_groups[key].name for key in logs})


def make_lake(
    stack: StackContext,
    loaded: Loaded,
    sql: Mapping[str, str],
    streams: Mapping[str, pulumi.ComponentResource],
    secrets: Mapping[str, Secret],
    *,
    after: Sequence[pulumi.Resource] = (),
) -> Lake:
    """Make the catalogs and workgroups.

    Args:
        sql: see `sql_files`.
        after: what must be there before a catalog.
    """
    catalogs = _catalogs(stack, sql, streams, after)
    if catalogs:
        pulumi.export("catalogs", {key: catalog.exports() for key, catalog in catalogs.items()})
    queries = _queries(stack, sql, catalogs)
    if queries:
        pulumi.export("queries", {key: query.exports() for key, query in queries.items()})
    return Lake(catalogs, queries, _models(stack, loaded, secrets))


def _catalogs(
    stack: StackContext,
    sql: Mapping[str, str],
    streams: Mapping[str, pulumi.ComponentResource],
    after: Sequence[pulumi.Resource],
) -> dict[str, Catalog]:
    found: dict[str, Catalog] = {}
    for key, settings in stack.settings.catalogs.items():
        stream = None
        if settings.from_.stream is not None:
            stream = cast("Stream", streams[settings.from_.stream])
        found[key] = Catalog(
            key,
            settings,
            DeliveryPlace(
                stack.naming,
                stack.where,
                _bucket(stack, settings.bucket),
                stack.key(Domain.DATA),
                stack.key(Domain.LOGS),
                stack.log_days,
            ),
            views={view: sql[shown.sql] for view, shown in settings.views.items()},
            source=stream.link("consume") if stream is not None else None,
            source_arn=stream.arn if stream is not None else None,
            after=after,
            opts=stack.child,
        )
    return found


def _queries(
    stack: StackContext, sql: Mapping[str, str], catalogs: Mapping[str, Catalog]
) -> dict[str, Workgroup]:
    found: dict[str, Workgroup] = {}
    for key, settings in stack.settings.queries.items():
        catalog = catalogs[settings.catalog]
        found[key] = Workgroup(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            key_arn=stack.key(Domain.DATA),
            database=catalog.name,
            records=catalog.bucket,
            prefixes=catalog.settings.read_prefixes,
            results=_bucket(stack, settings.results),
            saved={name: sql[path] for name, path in settings.saved.items()},
            after=(catalog.resource,),
            opts=stack.child,
        )
    return found


def _models(
    stack: StackContext, loaded: Loaded, secrets: Mapping[str, Secret]
) -> dict[str, LanguageModel]:
    found: dict[str, LanguageModel] = {}
    for key, settings in stack.settings.models.items():
        secret = secrets[settings.secret] if settings.secret is not None else None
        found[key] = LanguageModel(
            key,
            settings,
            stack.where,
            regions=_regions(loaded, key),
            secret=secret.link("read") if secret is not None else None,
            secret_arn=secret.arn if secret is not None else None,
        )
    return found


def _regions(loaded: Loaded, key: str) -> tuple[str, ...]:
    """Regions in which a model of Bedrock may be invoked; checks refuse a profile of none."""
    settings = loaded.settings.models[key]
    if settings.provider != "bedrock":
        return ()
    if settings.routed_profile_id is None:
        return (loaded.settings.region,)
    return settings.regions or loaded.context.models[settings.routed_profile_id]


def _bucket(stack: StackContext, key: str) -> TargetBucket:
    settings = stack.settings.buckets[key]
    name = bucket_name(key, settings, stack.naming)
    encrypted = settings.encrypted_by == "customerKey"
    return TargetBucket(
        name, bucket_arn(name, stack.where), stack.key(Domain.DATA) if encrypted else None
    )
