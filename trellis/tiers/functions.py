"""Functions of a stack file: their code, what they use, and what calls them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pulumi
import pulumi_aws as aws
from pulumi.runtime import mocks, settings

from components.bucket.bucket import Bucket
from components.contracts import Domain, Grant, NetworkNeeds, SubnetTier, Trust
from components.functions import triggers
from components.functions.function import Function, function_name
from components.functions.lambda_function import Code
from components.functions.package import build_package, package_path
from components.functions.runtimes import RUNTIMES, WARNED_DAYS
from components.functions.settings import CodeSettings, FunctionSettings
from components.functions.sources import CodeError, Sources, read_sources
from components.functions.trigger_settings import TriggerSettings
from components.messaging.queue import Queue
from components.messaging.settings import visibility_problem
from components.messaging.topic import Topic
from components.monitoring.logs.logs import group_name
from components.services.repository import ImageRepository
from components.stream.stream import Stream
from components.table.table import Table
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.function_checks import endpoints_of, is_closed
from trellis.stackfile.loading import Loaded
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.images import ask_digest
from trellis.tiers.stack_context import StackContext
from trellis.tiers.uses import Producers

PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
"""What Lambda pulls an image with ("Create a Lambda function using a container image", 2026-11)."""


def function_needs(settings: SystemSettings) -> NetworkNeeds:
    """Endpoints of functions in the network that have no other way to what they use."""
    network, found = settings.network, NetworkNeeds()
    if network is None:
        return found
    for function in settings.functions.values():
        closed = is_closed(network, function)
        kinds = {use.kind for use in function.uses}
        found |= NetworkNeeds(
            gateway_endpoints=frozenset({"s3"} if closed and "bucket" in kinds else ()),
            interface_endpoints=endpoints_of(function) if closed else frozenset(),
        )
    return found


def packages(loaded: Loaded) -> dict[str, Path]:
    """The zip of every function with a folder, built where an engine runs, by key.

    Without an engine nothing is built: its path names what it would be made from.

    Raises:
        StackFileError: folders that can't become functions, all of them at once.
    """
    found: dict[str, Path] = {}
    wrong: list[Complaint] = []
    for key, function in loaded.settings.functions.items():
        if function.code is None:
            continue
        try:
            sources = read_sources(key, function, loaded.folder)
            found[key] = _package(sources, function, loaded.folder)
        except CodeError as error:
            path = ("functions", key, "code", error.field)
            wrong.append((path, error.found, error.allowed, error.hint))
    if wrong:
        raise loaded.error(wrong)
    _warn_of_ends(loaded.settings.functions, datetime.now(UTC).date())
    return found


def _package(sources: Sources, function: FunctionSettings, folder: Path) -> Path:
    through_bucket = function.code is not None and function.code.bucket is not None
    if isinstance(settings.get_monitor(), mocks.MockMonitor):
        package = package_path(sources, folder)
    else:
        package = build_package(sources, folder, through_bucket=through_bucket)
    # From the program's folder, so that plans of two machines say the same.
    return Path(os.path.relpath(package))


def _warn_of_ends(functions: Mapping[str, FunctionSettings], today: date) -> None:
    for key, function in functions.items():
        if function.code is None:
            continue
        ends = RUNTIMES[function.runtime_name].ends
        if ends - timedelta(days=WARNED_DAYS) <= today:
            pulumi.log.warn(
                f"function {key}: AWS keeps {function.runtime_name} patched until {ends}; "
                "choose a newer `runtime`"
            )


@dataclass(frozen=True)
class Callers:
    """What may call functions: everything of the stack file that tells of something."""

    queues: Mapping[str, Queue]
    tables: Mapping[str, Table]
    streams: Mapping[str, pulumi.ComponentResource]
    topics: Mapping[str, Topic]
    buckets: Mapping[str, Bucket]


def warn_of_visibility(settings: SystemSettings) -> None:
    """Tell of queues that hide a message for less than six times what its function may take."""
    for key, function in settings.functions.items():
        for name, trigger in function.triggers.items():
            queue = settings.queues.get(trigger.queue or "")
            wrong = queue and visibility_problem(queue, function.timeout, function=True)
            if wrong:
                pulumi.log.warn(
                    f"functions.{key}.triggers.{name}: queue {trigger.queue} has {wrong}"
                )


def make_functions(stack: StackContext) -> dict[str, Function]:
    """Every function without its code: others can name it from here on."""
    warn_of_visibility(stack.settings)
    made: dict[str, Function] = {}
    for key, function in stack.settings.functions.items():
        made[key] = Function(
            key,
            function,
            naming=stack.naming,
            where=stack.where,
            placement=stack.placements[SubnetTier(function.subnets)]
            if function.subnets != "none"
            else None,
            environment_key_arn=stack.key(Domain.SECRETS),
            log_key_arn=stack.key(Domain.LOGS),
            message_key_arn=stack.key(Domain.MESSAGES),
            opts=stack.child,
        )
    return made


def run_functions(
    stack: StackContext,
    context: Context,
    functions: Mapping[str, Function],
    zips: Mapping[str, Path],
    producers: Producers,
    callers: Callers,
    repositories: Mapping[str, ImageRepository],
    *,
    provider: pulumi.ProviderResource,
) -> None:
    """Make the functions themselves, each after those whose URL it is told, and their callers.

    Raises:
        ValueError: an environment or a policy is longer than AWS takes.
    """
    policies = _let_functions_pull(stack, repositories)
    for key in in_order(stack.settings.functions):
        function, function_settings = functions[key], stack.settings.functions[key]
        links = producers.links(function_settings.uses)
        polled = {
            name: _source(trigger, callers)
            for name, trigger in function_settings.triggers.items()
            if triggers.polls(trigger)
        }
        grants = [grant for source in polled.values() for grant in source.grants]
        code = (
            _image(context, key, function_settings, repositories, policies, provider)
            if function_settings.code is None
            else _zip(stack, key, function_settings.code, zips[key], callers.buckets)
        )
        function.run(code, links, grants=_distinct(grants, links))
        for name, trigger in function_settings.triggers.items():
            _connect(stack, function, name, trigger, callers, polled)
    if functions:
        pulumi.export("functions", {key: made.created_arn for key, made in functions.items()})


def in_order(functions: Mapping[str, FunctionSettings]) -> list[str]:
    """Keys, each after the functions whose URL it is told; checks refuse circles of those."""
    found: dict[str, None] = {}

    def add(key: str, above: tuple[str, ...] = ()) -> None:
        if key in found or key in above:
            return
        for use in functions[key].uses:
            called = use.function or ""
            if called in functions and functions[called].url:
                add(called, (*above, key))
        found[key] = None

    for key in functions:
        add(key)
    return list(found)


def _distinct(grants: Sequence[Grant], links: Sequence[Any]) -> list[Grant]:
    """Grants of what is polled, once each, without those that the links have already."""
    taken = {grant.sid for link in links for grant in link.grants}
    return list({grant.sid: grant for grant in grants if grant.sid not in taken}.values())


def _source(trigger: TriggerSettings, callers: Callers) -> triggers.Source:
    if trigger.queue is not None:
        queue = callers.queues[trigger.queue]
        return triggers.Source(queue.created_arn, queue.link("consume").grants)
    if trigger.stream is not None:
        stream = cast("Stream", callers.streams[trigger.stream])
        return triggers.Source(stream.read_arn(trigger.consumer), stream.link("consume").grants)
    table = callers.tables[str(trigger.table)]
    listing = triggers.list_streams(f"table-{trigger.table}", table.arn)
    return triggers.Source(table.stream_arn, (*table.link("stream").grants, listing))


def _connect(
    stack: StackContext,
    function: Function,
    name: str,
    trigger: TriggerSettings,
    callers: Callers,
    polled: Mapping[str, triggers.Source],
) -> None:
    match trigger.kind:
        case "queue":
            triggers.follow_queue(function, name, trigger, polled[name])
        case "table" | "stream":
            triggers.follow_changes(function, name, trigger, polled[name])
        case "topic":
            arn = callers.topics[str(trigger.topic)].created_arn
            triggers.hear_topic(function, name, trigger, arn)
        case "bucket":
            bucket = callers.buckets[str(trigger.bucket)]
            bucket.notify(
                triggers.hear_bucket(function, name, trigger, bucket.arn, stack.where.account)
            )
        case "event":
            triggers.hear_events(function, name, trigger, stack.naming, stack.where)
        case "schedule":
            triggers.on_schedule(function, name, trigger, stack.naming, stack.where)
        case _:
            return  # a log group is made by monitoring, which comes last: see `follow_logs`


def follow_logs(
    stack: StackContext,
    functions: Mapping[str, Function],
    groups: Mapping[str, aws.cloudwatch.LogGroup],
) -> None:
    """Let the functions hear the application's own log groups, once those are made."""
    for key, function in functions.items():
        for name, trigger in stack.settings.functions[key].triggers.items():
            if trigger.logs is None:
                continue
            physical = group_name(stack.settings.monitoring.logs[trigger.logs], stack.naming)
            arn = stack.where.arn("logs", f"log-group:{physical}")
            triggers.hear_logs(function, name, trigger, groups[trigger.logs], arn, stack.where)


def _zip(
    stack: StackContext,
    key: str,
    settings: CodeSettings,
    package: Path,
    buckets: Mapping[str, Bucket],
) -> Code:
    if settings.bucket is None:
        return Code(archive=pulumi.FileArchive(str(package)))
    return _in_bucket(stack, key, package, buckets[settings.bucket])


def _in_bucket(stack: StackContext, key: str, package: Path, bucket: Bucket) -> Code:
    """The zip by way of a bucket; its name has its digest, so a new one is another object."""
    uploaded = aws.s3.BucketObjectv2(
        f"{key}-code",
        bucket=bucket.resource.bucket,
        key=f"functions/{key}/{package.name}",
        source=pulumi.FileAsset(str(package)),
        opts=stack.child,
    )
    return Code(bucket=uploaded.bucket, object_key=uploaded.key)


def _image(
    context: Context,
    key: str,
    function: FunctionSettings,
    repositories: Mapping[str, ImageRepository],
    policies: Mapping[str, pulumi.Resource],
    provider: pulumi.ProviderResource,
) -> Code:
    image = function.image
    if image is None:
        raise ValueError(f"function {key} has neither folder nor image")
    if image.uri is not None:
        return Code(image=image.uri)
    repository = repositories[str(image.repository)]
    name = repository.name
    digest = image.digest
    if digest is None:
        known = context.digest(f"{name}:{image.tag}")
        digest = known or ask_digest(name, str(image.tag), provider)
    if digest is None:
        raise pulumi.RunError(
            f"functions.{key}.image: no image {name}:{image.tag}; allowed: one that is there. Make "
            "the repository first (`repositories`), push the image, then add the function"
        )
    return Code(
        image=pulumi.Output.concat(repository.url, "@", digest),
        after=tuple(
            policies[repository] for repository in [str(image.repository)] if repository in policies
        ),
    )


def _let_functions_pull(
    stack: StackContext, repositories: Mapping[str, ImageRepository]
) -> dict[str, pulumi.Resource]:
    """Let Lambda pull the functions' images, and make the repositories' policies.

    Returns:
        The policies by repository: Lambda tries at once whether it may pull.
    """
    pulled: dict[str, list[str]] = {}
    for key, function in stack.settings.functions.items():
        if function.image is not None and function.image.repository is not None:
            name = function_name(key, function, stack.naming)
            pulled.setdefault(function.image.repository, []).append(name)
    for repository, names in pulled.items():
        arns = [stack.where.arn("lambda", f"function:{name}") for name in sorted(names)]
        repositories[repository].trust(
            Trust(
                "FunctionsPull",
                {"Service": ("lambda.amazonaws.com",)},
                PULL,
                {
                    "StringEquals": {"aws:SourceAccount": stack.where.account},
                    "ArnLike": {"aws:SourceArn": arns},
                },
            )
        )
    sealed = {key: repository.seal() for key, repository in repositories.items()}
    return {key: policy for key, policy in sealed.items() if policy is not None}
