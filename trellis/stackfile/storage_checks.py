"""What only the whole can tell of buckets, topics and queues: receivers, logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from components.naming import IllegalNameError
from trellis.registry import EXISTING, NAMED, TIERS, camel, things
from trellis.stackfile.adopting import naming_of
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.implied import implied, implied_buckets
from trellis.stackfile.settings import SystemSettings


def access_log_buckets(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """`accessLogs` names no bucket, a bucket whose purpose is not `logs`, or is ambiguous."""
    logs = [key for key, bucket in settings.buckets.items() if bucket.purpose == "logs"]
    for key, bucket in settings.buckets.items():
        path = ("buckets", key, "accessLogs")
        chosen = bucket.access_logs
        if bucket.purpose == "logs":
            if chosen not in {None, "none"}:
                yield (
                    path,
                    f"accessLogs of a log bucket: {chosen}",
                    "none of its own",
                    ("a log of a log bucket grows by itself"),
                )
        elif chosen is None and len(logs) > 1:
            yield path, f"{len(logs)} buckets with purpose logs", f"one of {', '.join(logs)}", ""
        elif chosen not in {None, "none"} and chosen not in logs:
            yield unknown(path, "bucket with purpose logs", str(chosen), logs)


def buckets_of_others(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A bucket under the key of one that another part makes."""
    for key, (part, _bucket) in implied_buckets(settings).items():
        if key in settings.buckets:
            yield ("buckets", key), f"a bucket {key}", "another key", f"`{part}` makes it"


def recorded_calls(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A trail of what is done with buckets and tables that are not there."""
    baseline = settings.baseline
    if baseline is None:
        return
    for part, named, there in (
        ("bucket", baseline.trail.buckets, settings.buckets),
        ("table", baseline.trail.tables, settings.tables),
    ):
        for position, key in enumerate(named):
            if key not in there:
                yield unknown(("baseline", "trail", f"{part}s", position), part, key, there)


def bucket_receivers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A notification to nobody, or to a topic or queue that S3 can't send to."""
    offered = {"topic": settings.topics, "queue": settings.queues}
    for key, bucket in settings.buckets.items():
        for label, notification in bucket.notifications.items():
            path = ("buckets", key, "notifications", label, "name")
            there = offered[notification.to]
            if notification.name not in there:
                yield unknown(path, notification.to, notification.name, there)
            elif there[notification.name].fifo:
                yield (
                    path,
                    f"{notification.to} {notification.name}, which is fifo",
                    "one that is not",
                    ("S3 sends to none in order"),
                )


def topic_receivers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A subscription of a queue that is none, or that can't take what the topic sends."""
    for key, topic in settings.topics.items():
        for label, subscription in topic.subscriptions.items():
            if subscription.protocol != "queue":
                continue
            path = ("topics", key, "subscriptions", label, "to")
            queue = settings.queues.get(subscription.to)
            if queue is None:
                yield unknown(path, "queue", subscription.to, settings.queues)
            elif queue.fifo and not topic.fifo:
                yield (
                    path,
                    f"queue {subscription.to}, which is fifo",
                    "one that is not",
                    ("a standard topic can't send in order"),
                )


def twice_under_one_key(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A thing that is there already under the key of one that is made: a line would mean either."""
    fields = [field for field, existing in EXISTING.items() if not existing.offer.part]
    for field in (*fields, *NAMED):
        made: Mapping[str, object] = getattr(implied(settings), field)
        for key in getattr(settings.existing, field):
            if key in made:
                found = f"{key}, which `{camel(field)}` makes"
                yield (
                    ("existing", camel(field), key),
                    found,
                    "another key",
                    "a key names one of the two",
                )


def of_others_made_here(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A thing under `existing` that the stack file makes itself, by its whole name."""
    naming = naming_of(settings)
    for field in ("buckets", "tables", "topics", "queues", "secrets", "repositories"):
        made: dict[str, str] = {}
        for thing, key, value in things(settings, TIERS[field]):
            for _what, name_of, _setting, _scope in TIERS[field].names(key, value, naming):
                with suppress(IllegalNameError):
                    made.setdefault(name_of(), ".".join(map(str, thing)))
        for key, there in getattr(settings.existing, field).items():
            arn, name = getattr(there, "arn", None), getattr(there, "name", None)
            if arn is not None:
                name = _name_in(arn, settings)
            if name in made:
                yield (
                    ("existing", camel(field), key),
                    f"{name}, which {made[name]} makes",
                    "what somebody else made",
                    f"name {made[name]} instead",
                )


def _name_in(arn: str, settings: SystemSettings) -> str | None:
    """The name of a thing of this account and region; nothing of one elsewhere."""
    _arn, _partition, service, region, account, *rest = arn.split(":")
    if (region, account) != (settings.region, settings.account):
        return None
    name = rest[-1] if service in ("sns", "sqs") else ":".join(rest)
    if service in ("dynamodb", "ecr"):
        return name.partition("/")[2]
    # A secret's ARN ends in six characters that AWS adds to its name.
    return name.removeprefix("secret:")[:-7] if service == "secretsmanager" else name


CHECKS = (
    twice_under_one_key,
    of_others_made_here,
    buckets_of_others,
    access_log_buckets,
    recorded_calls,
    bucket_receivers,
    topic_receivers,
)
