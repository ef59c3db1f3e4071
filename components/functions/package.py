"""A function's zip: built when the engine runs, once for each digest of what it is made from.

Same input, same bytes: entries are sorted, times and permissions are fixed, and nothing is
compressed, because deflate's output differs between zlib versions. It is written beside its place
and renamed, so that the engine never reads half of it.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from components.functions.dependencies import installed
from components.functions.sources import UNZIPPED_BYTES, CodeError, Sources, too_large

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell."""

READ_AND_RUN = 0o100555 << 16
"""Permissions of every file: Lambda runs as a user of its own, and binaries of wheels run."""

DIRECT_BYTES = 52_428_800
"""Of a zip that Lambda takes without a bucket, 50 MiB ("Lambda quotas", 2026-11)."""


def package_path(sources: Sources, project: Path) -> Path:
    """Where the zip is, or will be: known before it is built."""
    return project / "build" / "functions" / sources.key / f"{sources.digest[:16]}.zip"


def build_package(sources: Sources, project: Path, *, through_bucket: bool) -> Path:
    """The zip, built now unless it is there.

    Args:
        through_bucket: whether it reaches Lambda by way of a bucket.

    Raises:
        CodeError: something can't be installed, or all of it is more than Lambda takes.
    """
    package = package_path(sources, project)
    if not package.exists():
        package.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="trellis-") as folder:
            content: dict[str, bytes | Path] = {**installed(sources, Path(folder))}
            content |= sources.files
            check_size(content)
            write(package, content)
    check_direct(package, through_bucket=through_bucket)
    return package


def check_size(content: Mapping[str, bytes | Path]) -> None:
    """Refuse more than Lambda unpacks.

    Raises:
        CodeError: says how much there is.
    """
    total = sum(
        data.stat().st_size if isinstance(data, Path) else len(data) for data in content.values()
    )
    if total > UNZIPPED_BYTES:
        raise too_large("lock", "code and packages", total)


def check_direct(package: Path, *, through_bucket: bool) -> None:
    """Refuse a zip that Lambda takes from a bucket only.

    Raises:
        CodeError: there is none.
    """
    size = package.stat().st_size
    if size > DIRECT_BYTES and not through_bucket:
        raise CodeError(
            "bucket",
            f"a zip of {size / 2**20:.1f} MiB",
            f"{DIRECT_BYTES // 2**20} MiB, or a bucket that it goes through",
            "name one: `code: {bucket: KEY}`",
        )


def write(package: Path, content: Mapping[str, bytes | Path]) -> None:
    """Write the zip beside its place, and then rename it; interrupted, it leaves nothing."""
    descriptor, name = tempfile.mkstemp(dir=package.parent, prefix=package.stem)
    unfinished = Path(name)
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as zip_,
        ):
            for entry_name, data in sorted(content.items()):
                entry = zipfile.ZipInfo(entry_name, EPOCH)
                entry.create_system = 3  # Unix, wherever this runs: how to read the permissions
                entry.external_attr = READ_AND_RUN
                zip_.writestr(entry, data.read_bytes() if isinstance(data, Path) else data)
        unfinished.chmod(0o644)
        unfinished.replace(package)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
