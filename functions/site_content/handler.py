"""After a site's upload: tells CloudFront what changed, and takes away what left long ago.

Invoked by `pulumi up`, synchronously, whenever a release's manifest changes, with the manifest
before beside it (Terraform's and Pulumi's `aws_lambda_invocation` with the lifecycle `CRUD`). The
one thing kept in the bucket is when immutable files left, written only as one leaves or goes. Run
twice for one change, it invalidates twice and does nothing else again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

import boto3

MOST_PATHS = 100
"""Changed paths from which on everything is invalidated instead: AWS gives a thousand a month for
nothing and counts `/*` as one ("Pay for file invalidation", CloudFront, 2026-11)."""

DELETED_AT_ONCE = 1000
"""Objects of one request ("DeleteObjects", Amazon S3 API Reference, 2026-11)."""


class Manifest(TypedDict):
    """What a release consists of: marks of content, type and cache header, by object key."""

    immutable: dict[str, str]
    """Files whose names change with their content."""
    mutable: dict[str, str]


class Lifecycle(TypedDict):
    """What the provider adds."""

    action: Literal["create", "update", "delete"]
    prev_input: Manifest | None
    """The manifest before; None at first."""


class Request(Manifest):
    """The release that is live now."""

    tf: NotRequired[Lifecycle]


@dataclass(frozen=True)
class Step:
    """What one release asks for."""

    paths: tuple[str, ...]
    """To invalidate."""
    delete: tuple[str, ...]
    """Object keys."""
    retired: Mapping[str, str]
    """When immutable files left that are kept for a while, by key: ISO 8601 in UTC."""


class KeptError(Exception):
    """S3 did not delete what it was told to."""


def handle(
    request: Request,
    context: Any,
    *,
    s3: Any = None,
    cloudfront: Any = None,
    now: datetime | None = None,
) -> dict[str, int]:
    """Make a release known; returns how many paths were invalidated and objects deleted.

    Raises:
        KeptError: old files could not be deleted.
    """
    lifecycle = request.get("tf")
    if lifecycle is not None and lifecycle["action"] == "delete":
        # The site itself goes, or somebody else fills it from now on.
        return {"invalidated": 0, "deleted": 0}
    store = s3 or boto3.client("s3")
    bucket, key = os.environ["BUCKET"], os.environ["RETIRED"]
    retired = _retired(store, bucket, key)
    step = plan(
        request,
        lifecycle["prev_input"] if lifecycle is not None else None,
        retired,
        now or datetime.now(UTC),
        int(os.environ["KEEP_DAYS"]),
    )
    if step.paths:
        (cloudfront or boto3.client("cloudfront")).create_invalidation(
            DistributionId=os.environ["DISTRIBUTION"],
            InvalidationBatch={
                "Paths": {"Quantity": len(step.paths), "Items": list(step.paths)},
                # Not of the release: going back to one must invalidate again.
                "CallerReference": context.aws_request_id,
            },
        )
    _delete(store, bucket, step.delete)
    if step.retired != retired:
        store.put_object(
            Bucket=bucket,
            Key=key,
            Body=json.dumps(step.retired, separators=(",", ":")).encode(),
            ContentType="application/json",
        )
    return {"invalidated": len(step.paths), "deleted": len(step.delete)}


def plan(
    manifest: Manifest,
    before: Manifest | None,
    retired: Mapping[str, str],
    now: datetime,
    keep_days: int,
) -> Step:
    """What has to be done for a release; linear in its files."""
    left = dict(retired)
    if before is None:
        # Nobody knows what was there before, if it was not this that filled the bucket.
        paths: tuple[str, ...] = ("/*",)
    else:
        paths = _changed(manifest, before)
        for key in before["immutable"]:
            left.setdefault(key, now.isoformat())
    current = manifest["immutable"].keys() | manifest["mutable"].keys()
    left = {key: since for key, since in left.items() if key not in current}
    limit = now - timedelta(days=keep_days)
    old = {key for key, since in left.items() if datetime.fromisoformat(since) < limit}
    return Step(
        ("/*",) if len(paths) > MOST_PATHS else paths,
        tuple(sorted(old)),
        {key: since for key, since in left.items() if key not in old},
    )


def _changed(manifest: Manifest, before: Manifest) -> tuple[str, ...]:
    """Paths of which CloudFront may hold what is wrong now.

    What is new was never kept, but for a 404 that ends within seconds; an immutable file that left
    is still right.
    """
    new = {**manifest["immutable"], **manifest["mutable"]}
    wrong = [key for key, mark in before["mutable"].items() if new.get(key) != mark]
    wrong += [key for key, mark in before["immutable"].items() if new.get(key, mark) != mark]
    return tuple(sorted(f"/{quote(key)}" for key in wrong))


def _retired(store: Any, bucket: str, key: str) -> dict[str, str]:
    try:
        body: bytes = store.get_object(Bucket=bucket, Key=key)["Body"].read()
    except store.exceptions.NoSuchKey:
        return {}
    found: dict[str, str] = json.loads(body)
    return found


def _delete(store: Any, bucket: str, keys: tuple[str, ...]) -> None:
    for start in range(0, len(keys), DELETED_AT_ONCE):
        some = [{"Key": key} for key in keys[start : start + DELETED_AT_ONCE]]
        done = store.delete_objects(Bucket=bucket, Delete={"Objects": some, "Quiet": True})
        if done.get("Errors"):
            first = done["Errors"][0]
            raise KeptError(f"{first['Key']}: {first.get('Message', first.get('Code'))}")
