"""After a site's upload: tells CloudFront what changed, and takes away what left long ago.

Invoked once by `pulumi up` for each release, synchronously. What the release consists of stands in
its manifest in the bucket; what the release before consisted of, in a state that this function
keeps beside it. Run twice for one release, it does nothing the second time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict, cast
from urllib.parse import quote

import boto3

MOST_PATHS = 100
"""Changed paths from which on everything is invalidated instead: AWS gives a thousand a month for
nothing and counts `/*` as one ("Pay for file invalidation", CloudFront, 2026-11)."""

DELETED_AT_ONCE = 1000
"""Objects of one request ("DeleteObjects", Amazon S3 API Reference, 2026-11)."""


class Request(TypedDict):
    """Which release."""

    release: str
    """SHA-256 of the manifest, hex."""


class Manifest(TypedDict):
    """Digests by object key."""

    immutable: dict[str, str]
    mutable: dict[str, str]


class State(TypedDict):
    """What was live after the last run."""

    release: str
    manifest: Manifest
    retired: dict[str, str]
    """When an immutable file left, by key: ISO 8601 in UTC."""


class OvertakenError(Exception):
    """Another deployment has uploaded its manifest since: that one will say what changed."""


@dataclass(frozen=True)
class Step:
    """What one release asks for."""

    paths: tuple[str, ...]
    """To invalidate."""
    delete: tuple[str, ...]
    """Object keys."""
    state: State


def handle(
    request: Request,
    context: Any,
    *,
    s3: Any = None,
    cloudfront: Any = None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Make a release known; returns how many paths were invalidated and objects deleted.

    Raises:
        OvertakenError: the bucket's manifest is not that of the request.
    """
    store = s3 or boto3.client("s3")
    bucket, state_key = os.environ["BUCKET"], os.environ["STATE"]
    text = store.get_object(Bucket=bucket, Key=os.environ["MANIFEST"])["Body"].read()
    if hashlib.sha256(text).hexdigest() != request["release"]:
        raise OvertakenError("another deployment has uploaded its manifest since")
    before = _state(store, bucket, state_key)
    step = plan(
        request["release"],
        cast("Manifest", json.loads(text)),
        before,
        now or datetime.now(UTC),
        int(os.environ["KEEP_DAYS"]),
    )
    if step.paths:
        (cloudfront or boto3.client("cloudfront")).create_invalidation(
            DistributionId=os.environ["DISTRIBUTION"],
            InvalidationBatch={
                "Paths": {"Quantity": len(step.paths), "Items": list(step.paths)},
                # Not the release: going back to one must invalidate again.
                "CallerReference": context.aws_request_id,
            },
        )
    for start in range(0, len(step.delete), DELETED_AT_ONCE):
        keys = [{"Key": key} for key in step.delete[start : start + DELETED_AT_ONCE]]
        store.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
    store.put_object(
        Bucket=bucket,
        Key=state_key,
        Body=json.dumps(step.state, separators=(",", ":")).encode(),
        ContentType="application/json",
    )
    return {"invalidated": len(step.paths), "deleted": len(step.delete)}


def plan(
    release: str, manifest: Manifest, before: State | None, now: datetime, keep_days: int
) -> Step:
    """What has to be done for a release; linear in its files."""
    if before is None:
        return Step((), (), {"release": release, "manifest": manifest, "retired": {}})
    was = before["manifest"]
    # What is new was never cached, but for a 404 that ends within seconds.
    changed = [
        key
        for kind in (was["mutable"], was["immutable"])
        for key, digest in kind.items()
        if _differs(key, digest, manifest, kind is was["immutable"])
    ]
    paths = tuple(sorted(f"/{quote(key)}" for key in changed))
    retired = {
        **{key: now.isoformat() for key in was["immutable"]},
        **before["retired"],
    }
    current = {**manifest["immutable"], **manifest["mutable"]}
    retired = {key: since for key, since in retired.items() if key not in current}
    limit = now - timedelta(days=keep_days)
    old = tuple(sorted(key for key, at in retired.items() if datetime.fromisoformat(at) < limit))
    kept = {key: since for key, since in retired.items() if key not in set(old)}
    return Step(
        ("/*",) if len(paths) > MOST_PATHS else paths,
        old,
        {"release": release, "manifest": manifest, "retired": kept},
    )


def _differs(key: str, digest: str, manifest: Manifest, immutable: bool) -> bool:
    """Whether what is cached under a key is wrong now; an immutable file that left is not."""
    new = manifest["mutable"].get(key) or manifest["immutable"].get(key)
    return new != digest and not (new is None and immutable)


def _state(store: Any, bucket: str, key: str) -> State | None:
    try:
        body: bytes = store.get_object(Bucket=bucket, Key=key)["Body"].read()
    except store.exceptions.NoSuchKey:
        return None
    found: Mapping[str, Any] = json.loads(body)
    return cast("State", found)
