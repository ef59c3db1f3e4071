"""Files beside the stack file that stand in a bucket: configuration under version control.

Each file is one object, so that a deployment puts and deletes exactly what changed. A bucket with
many files is a site's: see `sites`.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

MOST_FILES = 200
"""Each is a resource of its own."""

MOST_BYTES = 50 * 1024**2
"""Of all files together, which every deployment reads."""

LONGEST_KEY = 1024
"""Bytes of UTF-8 ("Naming Amazon S3 objects", 2026-11)."""

BINARY = "application/octet-stream"


class BucketContentError(Exception):
    """A folder that can't be a bucket's content: what was found, and what is allowed."""

    def __init__(self, found: str, allowed: str) -> None:
        super().__init__(f"found {found}; allowed is {allowed}")
        self.found = found
        self.allowed = allowed


@dataclass(frozen=True)
class BucketFile:
    """One object."""

    key: str
    source: Path
    digest: str
    """SHA-256 of the content, hex."""


def bucket_files(folder: Path, prefix: str) -> tuple[BucketFile, ...]:
    """The files of a folder by key, hidden ones left out.

    Raises:
        BucketContentError: there is no such folder, nothing in it, or too much.
    """
    if not folder.is_dir():
        raise BucketContentError(f"{folder}, which is no folder", "a folder beside Pulumi.yaml")
    found: list[BucketFile] = []
    size = 0
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if not path.is_file() or any(part.startswith(".") for part in relative.parts):
            continue
        key = f"{prefix}{relative.as_posix()}"
        if len(key.encode()) > LONGEST_KEY:
            raise BucketContentError(
                f"a key of {len(key.encode())} bytes", f"at most {LONGEST_KEY}"
            )
        content = path.read_bytes()
        size += len(content)
        found.append(BucketFile(key, path, hashlib.sha256(content).hexdigest()))
    if not found:
        raise BucketContentError(f"{folder}, which is empty", "a folder with files")
    if len(found) > MOST_FILES or size > MOST_BYTES:
        raise BucketContentError(
            f"{len(found)} files of {size} bytes", f"at most {MOST_FILES} of {MOST_BYTES} in all"
        )
    return tuple(found)


def put_files(
    name: str,
    bucket: aws.s3.Bucket,
    files: Sequence[BucketFile],
    opts: pulumi.ResourceOptions,
) -> None:
    """An object a file, named by the bucket's key and its own.

    Args:
        opts: the parent, and what must be there before the first object.
    """
    for file in files:
        kind, _ = mimetypes.guess_type(file.key)
        aws.s3.BucketObjectv2(
            f"{name}-{file.key}",
            bucket=bucket.bucket,
            key=file.key,
            source=pulumi.FileAsset(str(file.source)),
            # The digest that S3 itself knows, the entity tag, is none with a customer key.
            source_hash=file.digest,
            content_type=kind or BINARY,
            # An object takes ten tags, a stack may have more; its bucket has them all.
            override_provider={"default_tags": {"tags": {}}},
            opts=opts,
        )
