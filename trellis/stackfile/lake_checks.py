"""What only the whole can tell of catalogs, queries and models: what they read, put and ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.principals import account_of
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.settings import SystemSettings

MOST_SUBSCRIPTIONS = 2
"""Of one log group (CloudWatch Logs quota "Subscription filters", 2026-11)."""


ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "us": ("eu-", "ap-"),
    "eu": ("us-", "ap-"),
    "apac": ("us-", "eu-"),
    "jp": ("us-", "eu-"),
    "au": ("us-", "eu-"),
    "global": (),
}
"""Regions in which Bedrock has no profile of that part of the world ("Supported Regions and models
for inference profiles", Amazon Bedrock User Guide, from memory, 2026-12)."""


def stream_producers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Streams that name this account among the other ones."""
    for key, stream in settings.streams.items():
        for position, foreign in enumerate(stream.put_by):
            if account_of(foreign) == settings.account:
                yield (
                    ("streams", key, "putBy", position),
                    f"{foreign}, of this account",
                    "other accounts and their roles",
                    f"`uses: [{{stream: {key}, access: put}}]` for who puts records here",
                )


def catalog_places(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Catalogs over buckets that are none, are for logs, or hold another catalog's folder."""
    taken: dict[str, list[tuple[str, str]]] = {}
    for key, catalog in settings.catalogs.items():
        bucket = settings.buckets.get(catalog.bucket)
        path = ("catalogs", key, "bucket")
        if bucket is None:
            yield unknown(path, "bucket", catalog.bucket, settings.buckets)
        elif bucket.purpose == "logs":
            yield path, f"{catalog.bucket}, which is for access logs", "another bucket", ""
        folders = [(("catalogs", key, "prefix"), catalog.prefix)]
        folders += [
            (("catalogs", key, "crawlers", crawler, "prefix"), crawled.prefix)
            for crawler, crawled in catalog.crawlers.items()
        ]
        for where, own in folders:
            for other, prefix in taken.get(catalog.bucket, []):
                if prefix.startswith(own) or own.startswith(prefix):
                    found = f"{own} beside {prefix} of the catalog {other}"
                    yield where, found, "folders of which none holds another", ""
        taken.setdefault(catalog.bucket, []).extend((key, own) for _, own in folders)


def catalog_sources(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Catalogs whose records nothing that is there brings."""
    subscribers: dict[str, list[str]] = {}
    archive = settings.monitoring.archive
    if archive is not None:
        for log in settings.monitoring.logs if archive.logs is None else archive.logs:
            subscribers.setdefault(log, []).append("monitoring.archive")
    for key, catalog in settings.catalogs.items():
        stream = catalog.from_.stream
        if stream is not None and stream not in settings.streams:
            path = ("catalogs", key, "from", "stream")
            yield unknown(path, "stream", stream, settings.streams)
        for position, log in enumerate(catalog.from_.logs or ()):
            path = ("catalogs", key, "from", "logs", position)
            if log not in settings.monitoring.logs:
                yield unknown(path, "log under monitoring.logs", log, settings.monitoring.logs)
            subscribers.setdefault(log, []).append(f"catalogs.{key}")
            if len(subscribers[log]) > MOST_SUBSCRIPTIONS:
                found = f"{log}, which {', '.join(subscribers[log])} read"
                yield path, found, f"at most {MOST_SUBSCRIPTIONS} readers of a log group", ""


def query_places(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Workgroups over catalogs that are none, or whose answers would be read as records."""
    for key, query in settings.queries.items():
        catalog = settings.catalogs.get(query.catalog)
        if catalog is None:
            yield unknown(("queries", key, "catalog"), "catalog", query.catalog, settings.catalogs)
        path = ("queries", key, "results")
        bucket = settings.buckets.get(query.results)
        if bucket is None:
            yield unknown(path, "bucket", query.results, settings.buckets)
        elif bucket.encrypted_by != "customerKey":
            found = f"{query.results}, which S3's own key encrypts"
            yield path, found, "a bucket with `encryption: customerKey`", ""
        elif query.results in {other.bucket for other in settings.catalogs.values()}:
            found = f"{query.results}, which holds a catalog's records"
            yield path, found, "another bucket", "answers under a table would be read as records"


def model_providers(settings: SystemSettings, context: Context) -> Iterator[Complaint]:
    """Models whose key is no secret, or whose profile leads nobody knows where."""
    for key, model in settings.models.items():
        if model.secret is not None and model.secret not in settings.secrets:
            yield unknown(("models", key, "secret"), "secret", model.secret, settings.secrets)
        profile = model.routed_profile_id
        if profile is not None and model.regions is None and profile not in context.models:
            yield (
                ("models", key, "profile"),
                f"{profile}, which was not looked up yet",
                "a looked-up profile, or `regions` with those it routes to",
                "run `trellis lookup` with this stack's name",
            )
        elif model.profile is not None and settings.region.startswith(ELSEWHERE[model.profile]):
            yield (
                ("models", key, "profile"),
                f"the inference profile {model.profile}, asked from {settings.region}",
                "one of the region's own part of the world, or `global`",
                "Bedrock answers for a profile in the regions that it routes between",
            )


CHECKS = (
    stream_producers,
    catalog_places,
    catalog_sources,
    query_places,
    model_providers,
)
