"""The log archive of a system and its canaries: what feeds them, and where they put things."""

from __future__ import annotations

from collections.abc import Mapping

from components.bucket.bucket import Bucket
from components.contracts import Domain
from components.monitoring.logs.archive import LogArchive
from components.monitoring.logs.logs import group_name
from components.monitoring.monitoring import Monitoring
from components.monitoring.probes.canary import Canary
from components.parts.target_bucket import TargetBucket
from components.services.job import Job
from components.services.service import Service
from trellis.tiers.services import Running
from trellis.tiers.stack_context import StackContext


def make_log_archive(
    stack: StackContext, buckets: Mapping[str, Bucket], running: Running | None
) -> LogArchive | None:
    """The delivery stream, which nothing feeds yet; None where the stack file wants none."""
    archive = stack.settings.monitoring.archive
    if archive is None:
        return None
    tasks = {label: task.log_group_name for label, task in _tasks(stack, running).items()}
    logs = {
        f"log-{key}": group_name(stack.settings.monitoring.logs[key], stack.naming)
        for key in _logs(stack)
    }
    return LogArchive(
        "log-archive",
        archive,
        {**tasks, **logs},
        _target(stack, archive.bucket, buckets),
        naming=stack.naming,
        where=stack.where,
        log_key_arn=stack.key(Domain.LOGS),
        log_days=stack.log_days,
        opts=stack.child,
    )


def feed(
    stack: StackContext, archive: LogArchive | None, running: Running | None, monitoring: Monitoring
) -> None:
    """Subscribe the log groups, once they are there."""
    if archive is None:
        return
    tasks = {label: task.log_group.name for label, task in _tasks(stack, running).items()}
    logs = {f"log-{key}": monitoring.log_groups[key].name for key in _logs(stack)}
    archive.subscribe({**tasks, **logs})


def make_canaries(stack: StackContext, buckets: Mapping[str, Bucket]) -> list[Canary]:
    """Those of the stack file."""
    return [
        Canary(
            key,
            canary,
            _target(stack, canary.artifacts, buckets),
            naming=stack.naming,
            where=stack.where,
            log_key_arn=stack.key(Domain.LOGS),
            log_days=stack.log_days,
            opts=stack.child,
        )
        for key, canary in stack.settings.monitoring.canaries.items()
    ]


def _tasks(stack: StackContext, running: Running | None) -> dict[str, Service | Job]:
    archive = stack.settings.monitoring.archive
    if running is None or archive is None or not archive.tasks:
        return {}
    return {
        **{f"service-{key}": service for key, service in running.services.items()},
        **{f"job-{key}": job for key, job in running.jobs.items()},
    }


def _logs(stack: StackContext) -> tuple[str, ...]:
    monitoring = stack.settings.monitoring
    if monitoring.archive is None:
        return ()
    return tuple(monitoring.logs) if monitoring.archive.logs is None else monitoring.archive.logs


def _target(stack: StackContext, key: str, buckets: Mapping[str, Bucket]) -> TargetBucket:
    bucket = buckets[key]
    encrypted = stack.settings.buckets[key].encrypted_by == "customerKey"
    return TargetBucket(bucket.name, bucket.arn, stack.key(Domain.DATA) if encrypted else None)
