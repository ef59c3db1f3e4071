"""A site's release: puts what changed where CloudFront finds it, and takes away what left.

Invoked by `pulumi up`, synchronously, whenever a release's manifest changes, with the manifest
before beside it (Terraform's and Pulumi's `aws_lambda_invocation` with the lifecycle `CRUD`). The
files come in one archive in the site's own bucket; those whose marks changed are put, in an order
that breaks no open tab: everything but pages, pages, the index page. Then what only left pages
needed goes, CloudFront is told of every path that changed, and immutable files that left long ago
go. The one thing kept in the bucket is when those left. Every step is safe to repeat: run twice for
one change, it does the same again.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

import boto3
from botocore.config import Config

MOST_PATHS = 100
"""Changed paths from which on everything is invalidated instead: AWS gives a thousand a month for
nothing and counts `/*` as one ("Pay for file invalidation", CloudFront, 2026-11)."""

DELETED_AT_ONCE = 1000
"""Objects of one request ("DeleteObjects", Amazon S3 API Reference, 2026-11)."""

AT_ONCE = 32
"""Objects put at the same time."""

IN_ONE_PUT = 8 * 1024**2
"""Bytes up to which a file is put from memory, and above which in parts: boto3's threshold."""

MARK = 16
"""Hex digits of marks, as in components/sites/content.py."""


class Group(TypedDict):
    """Files with the same headers."""

    type: str
    cache: str
    immutable: bool
    """Whether their names change with their content."""
    marks: dict[str, str]
    """Of content, type and cache header, by object key."""


class Release(TypedDict):
    """What a site consists of, and where."""

    bucket: str
    distribution: str
    archive: str
    """Key of the archive that holds every file under its own key."""
    retired: str
    """Key of the list of when immutable files left."""
    keepDays: int
    index: str
    """Key of the page that comes last."""
    files: list[Group]


class Lifecycle(TypedDict):
    """What the provider adds."""

    action: Literal["create", "update", "delete"]
    prev_input: Release | None
    """The release before; None at first."""


class Request(Release):
    """The release that is to be live now."""

    tf: NotRequired[Lifecycle]


@dataclass(frozen=True)
class File:
    """One object."""

    mark: str
    content_type: str
    cache_control: str
    immutable: bool

    @property
    def page(self) -> bool:
        """Whether it names other files."""
        return self.content_type.startswith("text/html")


@dataclass(frozen=True)
class Step:
    """What one release asks for."""

    put: tuple[tuple[str, ...], ...]
    """Object keys, in groups of which each waits for the one before."""
    gone: tuple[str, ...]
    """Keys of files that are taken away at once: no tab asks for them by a lasting name."""
    paths: tuple[str, ...]
    """To invalidate."""
    old: tuple[str, ...]
    """Keys of immutable files that left long ago."""
    retired: Mapping[str, str]
    """When immutable files left that are kept for a while, by key: ISO 8601 in UTC."""


class KeptError(Exception):
    """S3 did not delete what it was told to."""


class ChangedError(Exception):
    """A file in the archive is not the one that was planned."""


def handle(
    request: Request,
    context: Any,
    *,
    s3: Any = None,
    cloudfront: Any = None,
    now: datetime | None = None,
) -> dict[str, int]:
    """Make a release live; returns how many objects were put, paths invalidated, objects deleted.

    Raises:
        ChangedError: the built folder changed while it was deployed; CloudFront was told nothing.
        KeptError: files could not be deleted.
    """
    lifecycle = request.get("tf")
    if lifecycle is not None and lifecycle["action"] == "delete":
        # The site itself goes, or somebody else fills it from now on.
        return {"put": 0, "invalidated": 0, "deleted": 0}
    store = s3 or boto3.client("s3", config=Config(max_pool_connections=AT_ONCE))
    retired = _retired(store, request["bucket"], request["retired"])
    step = plan(request, _before(request, lifecycle), retired, now or datetime.now(UTC))
    _put(store, request, step.put)
    _delete(store, request["bucket"], step.gone)
    if step.paths:
        (cloudfront or boto3.client("cloudfront")).create_invalidation(
            DistributionId=request["distribution"],
            InvalidationBatch={
                "Paths": {"Quantity": len(step.paths), "Items": list(step.paths)},
                # Not of the release: going back to one must invalidate again.
                "CallerReference": context.aws_request_id,
            },
        )
    _delete(store, request["bucket"], step.old)
    if step.retired != retired:
        store.put_object(
            Bucket=request["bucket"],
            Key=request["retired"],
            Body=json.dumps(step.retired, separators=(",", ":")).encode(),
            ContentType="application/json",
        )
    return {
        "put": sum(len(group) for group in step.put),
        "invalidated": len(step.paths),
        "deleted": len(step.gone) + len(step.old),
    }


def plan(
    release: Release, before: Release | None, retired: Mapping[str, str], now: datetime
) -> Step:
    """What has to be done for a release; linear in its files."""
    new, old = files(release), files(before) if before is not None else {}
    changed = [key for key, file in new.items() if key not in old or old[key].mark != file.mark]
    left = dict(retired)
    for key, file in old.items():
        if file.immutable:
            left.setdefault(key, now.isoformat())
    left = {key: since for key, since in left.items() if key not in new}
    limit = now - timedelta(days=release["keepDays"])
    ended = {key for key, since in left.items() if datetime.fromisoformat(since) < limit}
    # Nobody knows what was there before, if it was not this that filled the bucket.
    paths = ("/*",) if before is None else _changed(new, old)
    return Step(
        put=_phases(changed, new, release["index"]),
        gone=tuple(sorted(k for k, file in old.items() if k not in new and not file.immutable)),
        paths=("/*",) if len(paths) > MOST_PATHS else paths,
        old=tuple(sorted(ended)),
        retired={key: since for key, since in left.items() if key not in ended},
    )


def files(release: Release) -> dict[str, File]:
    """The files of a release by key."""
    return {
        key: File(mark, group["type"], group["cache"], group["immutable"])
        for group in release["files"]
        for key, mark in group["marks"].items()
    }


def _before(request: Request, lifecycle: Lifecycle | None) -> Release | None:
    """The release before, if it stood in the same bucket."""
    before = lifecycle["prev_input"] if lifecycle is not None else None
    return before if before is not None and before["bucket"] == request["bucket"] else None


def _phases(
    keys: Iterable[str], new: Mapping[str, File], index: str
) -> tuple[tuple[str, ...], ...]:
    """Nothing comes before what it names."""
    phases: tuple[list[str], list[str], list[str]] = ([], [], [])
    for key in sorted(keys):
        phases[0 if not new[key].page else 2 if key == index else 1].append(key)
    return tuple(tuple(phase) for phase in phases if phase)


def _changed(new: Mapping[str, File], old: Mapping[str, File]) -> tuple[str, ...]:
    """Paths of which CloudFront may hold what is wrong now.

    What is new was never kept, but for a 404 that ends within seconds; an immutable file that left
    is still right.
    """
    wrong = [
        key
        for key, file in old.items()
        if (new[key].mark != file.mark if key in new else not file.immutable)
    ]
    return tuple(sorted(f"/{quote(key)}" for key in wrong))


def _put(store: Any, request: Request, phases: tuple[tuple[str, ...], ...]) -> None:
    if not phases:
        return
    there = files(request)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "content.zip"
        store.download_file(request["bucket"], request["archive"], str(path))
        with zipfile.ZipFile(path) as archive, ThreadPoolExecutor(AT_ONCE) as at_once:
            for keys in phases:

                def put(key: str) -> None:
                    _put_one(store, request["bucket"], key, there[key], archive)

                # Whatever fails is raised here, before the next phase.
                list(at_once.map(put, keys))


def _put_one(store: Any, bucket: str, key: str, file: File, archive: zipfile.ZipFile) -> None:
    try:
        small = archive.getinfo(key).file_size <= IN_ONE_PUT
    except KeyError:
        raise ChangedError(f"{key} is not in the archive; deploy again") from None
    with archive.open(key) as content:
        _check(key, file, _digest(content))
    headers = {"ContentType": file.content_type, "CacheControl": file.cache_control}
    with archive.open(key) as content:
        if small:
            store.put_object(Bucket=bucket, Key=key, Body=content.read(), **headers)
        else:
            store.upload_fileobj(content, bucket, key, ExtraArgs=headers)


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(IN_ONE_PUT):
        digest.update(block)
    return digest.hexdigest()


def _check(key: str, file: File, digest: str) -> None:
    said = f"{digest} {file.content_type} {file.cache_control}"
    if hashlib.sha256(said.encode()).hexdigest()[:MARK] != file.mark:
        raise ChangedError(f"{key} changed while the site was deployed; deploy again")


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
