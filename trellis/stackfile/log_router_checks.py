"""Log routers: what only the whole can tell, as whether what they call may be called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.uses import UseSettings
from components.services.task.settings import TaskSettings
from trellis.registry import OFFERS, producers
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.room_checks import is_closed
from trellis.stackfile.service_checks import tasks_of
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.variables import variables_of

_STREAM = ("stream", ("put",), "kinesis:PutRecords")
_FIREHOSE = ("catalog", ("put",), "firehose:PutRecordBatch")
_LOGS = ("logs", ("write",), "logs:PutLogEvents")

GRANTED: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "kinesis": _STREAM,
    "kinesis_streams": _STREAM,
    "firehose": _FIREHOSE,
    "kinesis_firehose": _FIREHOSE,
    "s3": ("bucket", ("write", "readWrite"), "s3:PutObject"),
    "cloudwatch": _LOGS,
    "cloudwatch_logs": _LOGS,
}
"""Outputs in AWS: the `uses:` line that lets a task send there, and the action that it takes
("Amazon Kinesis Data Streams", "Amazon Kinesis Data Firehose", "Amazon S3", "Amazon CloudWatch",
outputs of the Fluent Bit Manual, 2026-11)."""


def granted(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """An output in AWS that the task may not write to: every record would be lost."""
    for path, task in tasks_of(settings).items():
        router = task.log_router
        if router is None or router.output not in GRANTED:
            continue
        kind, accesses, action = GRANTED[router.output]
        if not any(_lets(use, kind, accesses, action) for use in task.uses):
            yield (
                (*path, "logRouter", "options"),
                f"the output {router.output}, and nothing that lets the task write there",
                f"`uses: [{{{kind}: KEY, access: {accesses[0]}}}]` with it, or a `grant` of "
                f"{action}",
                "what the router may not send is lost",
            )


def _lets(use: UseSettings, kind: str, accesses: tuple[str, ...], action: str) -> bool:
    if use.link is not None:  # what the program's own links bring is known to it
        return True
    if use.grant is not None:
        service = action.partition(":")[0]
        return any(a in (action, f"{service}:*", f"{service}:Put*") for a in use.grant.actions)
    return use.kind == kind and (use.access or OFFERS[kind].default) in accesses


def let_out(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """An output's host that the task may not call."""
    network = settings.network
    for path, task in tasks_of(settings).items():
        router = task.log_router
        if router is None or network is None or not is_closed(network, task):
            continue
        for name, value in router.options.items():
            if name.lower() != "host":
                continue
            if value not in {use.address for use in task.uses}:
                yield (
                    (*path, "logRouter", "options", name),
                    f"{value}, which the task may not call",
                    f"`uses: [{{address: {value}, port: 443}}]`, or `internet: true` with a way "
                    "out",
                    "what the router can't send is lost",
                )


def variables(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Variables of a router that its task has not, and secret options that are no secrets."""
    for path, task in tasks_of(settings).items():
        if task.log_router is None or any(use.link is not None for use in task.uses):
            continue
        secret = _secrets(task, settings)
        for name, wanted in task.log_router.secret_options.items():
            if wanted not in secret:
                place = (*path, "logRouter", "secretOptions", name)
                yield unknown(place, "secret variable", wanted, secret)
        there = [*task.environment, *_brought(task, settings)]
        for position, wanted in enumerate(task.log_router.variables):
            if wanted not in there:
                yield unknown(
                    (*path, "logRouter", "variables", position), "variable", wanted, there
                )


def _brought(task: TaskSettings, settings: SystemSettings) -> list[str]:
    return [
        name
        for use in task.uses
        if not use.is_elsewhere and use.key in producers(settings, use.kind)
        for name in variables_of(use, settings)
    ]


def _secrets(task: TaskSettings, settings: SystemSettings) -> list[str]:
    """Variables that come out of secrets and parameters."""
    return [
        name
        for use in task.uses
        if use.kind in ("secret", "parameter")
        and (use.is_elsewhere or use.key in producers(settings, use.kind))
        for name in variables_of(use, settings)
    ]


CHECKS = (granted, let_out, variables)
