"""Buckets of a stack file, and who is let into them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pulumi

from components.bucket.bucket import Bucket, bucket_arn
from components.bucket.content import BucketContentError, BucketFile, bucket_files
from components.bucket.settings import BucketSettings
from components.bucket.trusts import access_logs, load_balancer_logs, log_exports, vended_logs
from components.contracts import AccountRegion, Arn, Domain, Trust
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.implied import LOG_DAYS
from trellis.stackfile.loading import Loaded
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.stack_context import StackContext


def make_buckets(stack: StackContext) -> dict[str, Bucket]:
    """The buckets, by the stack file's keys; a log bucket lets in whose logs it receives."""
    chosen = stack.settings.buckets
    buckets = {key: _make(stack, key, settings) for key, settings in chosen.items()}
    for log_key in sorted({_log_bucket(stack, key) or "" for key in buckets} - {""}):
        sources = [
            bucket_arn(bucket.name, stack.where)
            for key, bucket in buckets.items()
            if _log_bucket(stack, key) == log_key
        ]
        buckets[log_key].trust(access_logs(sources, stack.where))
    for key, bucket in buckets.items():
        bucket.trust(*_deliveries(chosen[key], stack.where))
    if buckets:
        pulumi.export("buckets", {key: bucket.name for key, bucket in buckets.items()})
    return buckets


def seal_buckets(
    buckets: Mapping[str, Bucket],
    receivers: Mapping[tuple[str, str], Arn],
    after: Sequence[pulumi.Resource],
) -> dict[str, pulumi.Resource]:
    """Make every bucket's policy and notifications, after everybody has asked for trust."""
    return {key: bucket.seal(receivers, after=after) for key, bucket in buckets.items()}


def seal_log_buckets(
    buckets: Mapping[str, Bucket], settings: SystemSettings
) -> dict[str, pulumi.Resource]:
    """Make the policies of log buckets first: who writes there tries it at once.

    Whom they let in follows from the stack file, so nothing that comes later is missing.
    """
    return {
        key: bucket.seal()
        for key, bucket in buckets.items()
        if key in settings.buckets and settings.buckets[key].purpose == "logs"
    }


def write_access_logs(
    stack: StackContext,
    buckets: Mapping[str, Bucket],
    log_policies: Mapping[str, pulumi.Resource],
) -> None:
    """Let buckets log their requests, once the log buckets let S3's logging in."""
    for key, bucket in buckets.items():
        log_key = _log_bucket(stack, key)
        if log_key is not None:
            receiving = buckets[log_key].resource.bucket
            bucket.write_access_logs(receiving, after=[log_policies[log_key]])


def _make(stack: StackContext, key: str, settings: BucketSettings) -> Bucket:
    copy_key = None
    if settings.replication is not None and settings.encrypted_by == "customerKey":
        copy_key = stack.key(Domain.DATA, settings.replication.region)
    return Bucket(
        key,
        settings,
        naming=stack.naming,
        where=stack.where,
        key_arn=stack.key(Domain.DATA),
        copy_key_arn=copy_key,
        copy_log_days=LOG_DAYS[stack.settings.profile],
        protect=stack.protect,
        seal_later=True,
        opts=stack.child,
    )


def _deliveries(settings: BucketSettings, where: AccountRegion) -> Iterator[Trust]:
    if "exports" in settings.receives:
        yield from log_exports(where)
    if "loadBalancers" in settings.receives:
        yield load_balancer_logs(where)
    if "deliveries" in settings.receives:
        yield from vended_logs(where)


def _log_bucket(stack: StackContext, key: str) -> str | None:
    """Key of the bucket that receives a bucket's access logs; a log bucket's own go nowhere.

    Logging a log bucket to itself makes a log of every log; the trail records who reads it.
    """
    buckets = stack.settings.buckets
    chosen = buckets[key].access_logs
    if chosen == "none" or buckets[key].purpose == "logs":
        return None
    if chosen is not None:
        return chosen
    return next((name for name, bucket in buckets.items() if bucket.purpose == "logs"), None)


def bucket_contents(loaded: Loaded) -> dict[str, tuple[BucketFile, ...]]:
    """What `up` puts into buckets, by key: read before anything is made.

    Raises:
        StackFileError: folders that can't be a bucket's content, all of them at once.
    """
    found: dict[str, tuple[BucketFile, ...]] = {}
    wrong: list[Complaint] = []
    for key, bucket in loaded.settings.buckets.items():
        if bucket.content is None:
            continue
        try:
            found[key] = bucket_files(loaded.folder / bucket.content.path, bucket.content.prefix)
        except BucketContentError as error:
            path = ("buckets", key, "content", "path")
            wrong.append((path, error.found, error.allowed, ""))
    if wrong:
        raise loaded.error(wrong)
    return found


def fill_buckets(
    buckets: Mapping[str, Bucket],
    contents: Mapping[str, tuple[BucketFile, ...]],
    policies: Mapping[str, pulumi.Resource],
) -> None:
    """Put what stands beside the stack file, once a bucket's policy is there."""
    for key, files in contents.items():
        buckets[key].fill(files, after=[policies[key]])
