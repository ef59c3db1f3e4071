"""What only the whole can tell of functions: where they stand, what they use, what calls them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from components.contracts import SubnetTier
from components.functions.settings import FunctionSettings
from components.functions.trigger_settings import TriggerSettings
from components.monitoring.logs.filter_pattern import whole_pattern
from components.network.settings import NetworkSettings
from components.parts.object_events import common, keys_overlap
from components.parts.variable import variable
from trellis.registry import OFFERS
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.data_checks import no_subnets, subnets_found
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings

SUBSCRIPTIONS = 2
"""Subscription filters of a log group ("CloudWatch Logs quotas", 2026-11)."""

UNRESERVED = 100
"""Runs at once that no function may reserve ("Configuring reserved concurrency", AWS Lambda
Developer Guide, 2026-11)."""


def is_closed(network: NetworkSettings, function: FunctionSettings) -> bool:
    """Whether a function in the network reaches AWS by private paths only."""
    if not function.in_network:
        return False
    no_way_out = not network.has_egress(SubnetTier(function.subnets))
    return no_way_out or not function.internet


def endpoints_of(function: FunctionSettings) -> frozenset[str]:
    """Interface endpoints without which its code can't do its work; Lambda itself keeps its log."""
    offers = [OFFERS[use.kind] for use in function.uses if use.kind in OFFERS]
    found = {offer.interface or "" for offer in offers} - {""}
    return frozenset({*found, *({"xray"} if function.tracing == "active" else ())})


def places(settings: SystemSettings, context: Context) -> Iterator[Complaint]:
    """Functions in a network that is not there, or outside one that they need."""
    network = settings.network
    found = subnets_found(settings, context)
    for key, function in settings.functions.items():
        path: KeyPath = ("functions", key, "subnets")
        if not function.in_network:
            yield from _unreachable(key, function)
        elif network is None:
            yield (
                path,
                f"{function.subnets} subnets, and no network",
                "a `network`, or `subnets: none`",
                "a function needs a network only to reach databases and caches in it",
            )
        elif found is not None and function.subnets not in found:
            yield no_subnets(path, (function.subnets,), found)
        elif network.existing is None and network.from_ is None:
            there = [tier.value for tier in network.subnets]
            if function.subnets not in there:
                yield unknown(path, "kind of subnets", function.subnets, there)
        elif function.subnets == "isolated" and network.from_ is not None:
            yield unknown(path, "kind of subnets", function.subnets, ["private"])


def _unreachable(key: str, function: FunctionSettings) -> Iterator[Complaint]:
    for position, use in enumerate(function.uses):
        if use.kind in OFFERS and OFFERS[use.kind].listens and use.service is None:
            yield (
                ("functions", key, "uses", position, use.kind),
                f"{use.kind} {use.key}, which is in the network, and a function that is not",
                "`subnets: private`",
                f"set functions.{key}.subnets: private",
            )


def uses(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """What a function can't be given as a task is: values of secrets, names inside a cluster."""
    for key, function in settings.functions.items():
        for position, use in enumerate(function.uses):
            path: KeyPath = ("functions", key, "uses", position)
            if use.kind in ("secret", "parameter") and use.as_ is not None:
                (name,) = OFFERS[use.kind].variables.values()
                yield (
                    (*path, "as"),
                    f"the value of {use.kind} {use.key} in an environment variable",
                    f"no `as`: Lambda has no variable that is read from a {use.kind}, and a plain "
                    "one would stand in the state",
                    f"the code reads it by {name.replace('{KEY}', variable(use.key))}, and keeps "
                    "it some minutes",
                )
            elif use.as_ is not None and len(use.as_) < 2:
                yield (*path, "as"), use.as_, "two characters or more, for Lambda", ""
            if use.service is not None:
                yield (
                    (*path, "service"),
                    f"service {use.service}, whose name only tasks of the cluster can resolve",
                    "an address of the service: one of its `routes`",
                    "put its address into `environment`",
                )
            reserved = function.concurrency.reserved if function.concurrency else None
            if use.pool is not None and reserved is None:
                yield (
                    (*path, "pool"),
                    f"{use.pool} connections for each of any number of runs",
                    "`concurrency.reserved` with `pool`",
                    "each run at once has a pool of its own",
                )


def ways_out(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A function that can't reach what it uses: no NAT and no endpoint."""
    network = settings.network
    if network is None or network.endpoints == "auto":
        return
    if network.existing is not None or network.from_ is not None:
        return
    for key, function in settings.functions.items():
        if not is_closed(network, function):
            continue
        missing = endpoints_of(function) - set(network.endpoints)
        if missing:
            yield (
                ("functions", key),
                f"no way to {', '.join(sorted(missing))}: no NAT gateway that it may use, and no "
                "endpoint",
                "`network.endpoints: auto`, or a list that has them",
                "without them its calls wait until they time out",
            )


def urls(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Functions that are each told the URL of the other: neither can be made first."""
    calls: dict[str, list[str]] = {
        key: [
            use.function
            for use in function.uses
            if use.function is not None
            and use.function in settings.functions
            and settings.functions[use.function].url
        ]
        for key, function in settings.functions.items()
    }
    for key in settings.functions:
        for position, use in enumerate(settings.functions[key].uses):
            if use.function in calls[key] and _leads_to(str(use.function), key, calls):
                yield (
                    ("functions", key, "uses", position, "function"),
                    f"a circle: {key} is told the URL of {use.function}, and that one waits for "
                    f"{key}",
                    "functions with a URL that do not wait for each other",
                    "without `url`, two functions may call each other by name",
                )


def _leads_to(start: str, end: str, calls: Mapping[str, list[str]]) -> bool:
    left, seen = [start], set[str]()
    while left:
        here = left.pop()
        if here == end:
            return True
        if here in seen:
            continue
        seen.add(here)
        left.extend(calls.get(here, []))
    return False


def reserved(settings: SystemSettings, context: Context) -> Iterator[Complaint]:
    """More runs at once than the account has to give away."""
    if context.concurrency is None:
        return
    most, taken = max(0, context.concurrency - UNRESERVED), 0
    for key, function in settings.functions.items():
        own = function.concurrency.reserved if function.concurrency is not None else None
        taken += own or 0
        if own is not None and taken > most:
            yield (
                ("functions", key, "concurrency", "reserved"),
                f"{own}, with which this stack's functions reserve {taken} of the "
                f"{context.concurrency} runs at once that the account has",
                f"{most} in all: AWS keeps {UNRESERVED} for functions that reserve none",
                "ask AWS for more (quota L-B99A9384 of Lambda), then `trellis lookup` again",
            )


def code(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A zip through a bucket that is none."""
    for key, function in settings.functions.items():
        bucket = function.code.bucket if function.code is not None else None
        if bucket is not None and bucket not in settings.buckets:
            yield unknown(("functions", key, "code", "bucket"), "bucket", bucket, settings.buckets)
        repository = function.image.repository if function.image is not None else None
        if repository in settings.existing.repositories:
            yield (
                ("functions", key, "image", "repository"),
                f"{repository}, one of `existing.repositories`",
                "one of `repositories`, whose policy lets Lambda pull, or `image.uri` with its "
                "digest",
                "the repository's owner has to let Lambda pull: its policy is not made here",
            )
        elif repository is not None and repository not in settings.repositories:
            yield (
                ("functions", key, "image", "repository"),
                f"repository {repository}, which the stack file does not have",
                "one of `repositories`: it is made first, an image is pushed, then the function "
                "is added",
                f"add repositories: {{{repository}: {{}}}}",
            )


def triggers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Something that is not there, or that can't call a function."""
    for path, function, trigger in _triggers(settings):
        kinds = {
            "queue": settings.queues,
            "table": settings.tables,
            "stream": settings.streams,
            "topic": settings.topics,
            "bucket": settings.buckets,
            "logs": settings.monitoring.logs,
        }
        if trigger.kind in kinds:
            named = str(getattr(trigger, trigger.kind))
            if named not in kinds[trigger.kind]:
                what = "log group" if trigger.kind == "logs" else trigger.kind
                yield unknown((*path, trigger.kind), what, named, kinds[trigger.kind])
                continue
        yield from _fitting(settings, path, function, trigger)


def _fitting(
    settings: SystemSettings, path: KeyPath, function: FunctionSettings, trigger: TriggerSettings
) -> Iterator[Complaint]:
    if trigger.table is not None and settings.tables[trigger.table].stream is None:
        yield (
            (*path, "table"),
            f"table {trigger.table}, whose changes nobody can follow",
            "a table with a `stream`",
            f"set tables.{trigger.table}.stream: both",
        )
    if trigger.stream is not None:
        stream = settings.streams[trigger.stream]
        if trigger.consumer is not None and trigger.consumer not in stream.consumers:
            yield unknown((*path, "consumer"), "consumer", trigger.consumer, stream.consumers)
        if trigger.oldest_hours > stream.retention_hours:
            yield (
                (*path, "oldestHours"),
                f"{trigger.oldest_hours} of a stream that keeps records for "
                f"{stream.retention_hours} hours",
                f"{stream.retention_hours} at most",
                "what is older is gone",
            )
    if trigger.topic is not None and settings.topics[trigger.topic].fifo:
        yield (
            (*path, "topic"),
            f"topic {trigger.topic}, which is fifo",
            "a topic that is not: only queues hear one",
            "let a fifo queue hear it, and the function follow the queue",
        )
    if trigger.queue is not None:
        queue = settings.queues[trigger.queue]
        if queue.visibility_seconds < function.timeout:
            yield (
                (*path, "queue"),
                f"queue {trigger.queue}, which hides a message for {queue.visibility_seconds} s, "
                f"and a function that may take {function.timeout} s",
                "a queue that hides it at least as long: AWS refuses another; six times as long "
                "is advised",
                f"set queues.{trigger.queue}.visibilitySeconds: {6 * function.timeout}",
            )
        if queue.fifo and trigger.window_seconds:
            yield (*path, "windowSeconds"), "a window of a fifo queue", "none", ""
        if queue.fifo and (trigger.batch or 1) > 10:
            yield (*path, "batch"), f"{trigger.batch} of a fifo queue", "10 at most", ""
    yield from _heard(settings, path, function, trigger)


def _heard(
    settings: SystemSettings, path: KeyPath, function: FunctionSettings, trigger: TriggerSettings
) -> Iterator[Complaint]:
    """Buckets and log groups that can't tell a function."""
    if trigger.bucket is not None and settings.buckets[trigger.bucket].purpose == "logs":
        yield (
            (*path, "bucket"),
            f"bucket {trigger.bucket}, which is for logs",
            "a bucket for data, or `event` with the bucket's `events: true`",
            "EventBridge tells of what is delivered there",
        )
    if trigger.logs is not None:
        try:
            whole_pattern(trigger.pattern)
        except ValueError as error:
            yield (*path, "pattern"), f'"{trigger.pattern}"', str(error), ""
    if trigger.logs is not None and any(use.logs == trigger.logs for use in function.uses):
        yield (
            (*path, "logs"),
            f"log group {trigger.logs}, which the function writes itself",
            "another log group",
            "each line that it writes would call it again",
        )


def objects(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two that a bucket would tell of one event: S3 refuses that."""
    receivers_of: dict[
        str, list[tuple[KeyPath, tuple[str, ...], tuple[str | None, str | None]]]
    ] = {}
    for key, bucket in settings.buckets.items():
        for name, notification in bucket.notifications.items():
            place: KeyPath = ("buckets", key, "notifications", name)
            receivers_of.setdefault(key, []).append(
                (place, notification.events, (notification.prefix, notification.suffix))
            )
    for path, _function, trigger in _triggers(settings):
        if trigger.bucket is not None:
            ends = (trigger.prefix, trigger.suffix)
            receivers_of.setdefault(trigger.bucket, []).append((path, trigger.events, ends))
    for receivers in receivers_of.values():
        for (first, asked, ends), (path, events, other) in combinations(receivers, 2):
            event = common(asked, events)
            if path[0] == "functions" and event is not None and keys_overlap(ends, other):
                yield (
                    path,
                    f"{event} of objects that {'.'.join(map(str, first))} is told of too",
                    "one receiver for an object's event",
                    "tell them apart by `prefix` or `suffix`, or let a topic tell both",
                )


def subscriptions(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """More that hear a log group than AWS lets."""
    archive = settings.monitoring.archive
    for key in settings.monitoring.logs:
        heard = [path for path, _f, trigger in _triggers(settings) if trigger.logs == key]
        most = SUBSCRIPTIONS - (1 if archive is not None else 0)
        for path in heard[most:]:
            yield (
                (*path, "logs"),
                f"{len(heard)} functions that hear log group {key}",
                f"at most {most}" + (" beside the archive" if archive is not None else ""),
                "CloudWatch Logs takes two subscriptions of a group",
            )


def _triggers(
    settings: SystemSettings,
) -> Iterator[tuple[KeyPath, FunctionSettings, TriggerSettings]]:
    for key, function in settings.functions.items():
        for name, trigger in function.triggers.items():
            yield ("functions", key, "triggers", name), function, trigger


def layers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A layer of another region, or one in two versions, which Lambda does not take."""
    for key, function in settings.functions.items():
        seen: dict[str, str] = {}
        for position, arn in enumerate(function.layers):
            layer, version = arn.rsplit(":", 1)
            if seen.setdefault(layer, version) != version:
                yield (
                    ("functions", key, "layers", position),
                    f"version {version} of a layer that is there in version {seen[layer]}",
                    "each layer once",
                    "",
                )
            region = arn.split(":")[3]
            if region != settings.region:
                yield (
                    ("functions", key, "layers", position),
                    f"a layer of {region}",
                    f"one of {settings.region}, where the function is",
                    "",
                )


CHECKS = (layers, places, uses, ways_out, urls, reserved, code, triggers, objects, subscriptions)
