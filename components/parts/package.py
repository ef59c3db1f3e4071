"""A function's deployment package: one zip, the same bytes wherever it is built.

Entries are sorted, times and permissions are fixed, and nothing is compressed, because deflate's
output differs between zlib versions.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pulumi

from components.parts.sources import CHECKOUT
from components.parts.whole_file import write_whole

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell."""

READ_ONLY_FILE = 0o100444 << 16
"""Permissions of an entry: Lambda runs as a user of its own and needs to read only."""


class PackageError(pulumi.RunError):
    """The package cannot be built or written here; the text says what to do."""


def write_package(name: str, content: Mapping[str, bytes], build: Path | None = None) -> Path:
    """The path of a zip, written now unless it is there already.

    Args:
        name: of the file. It carries a digest of the content, so one that is there is right.
        content: bytes by path inside the zip.
        build: the folder for it. Left out: `build/` of the checkout or of the folder that the
            program runs in; where nothing can be written there, the user's cache.

    Raises:
        PackageError: no folder could be written to; nothing is left behind.
    """
    first: OSError | None = None
    for folder in _folders() if build is None else (build,):
        package = folder / name
        try:
            if not package.is_file():
                folder.mkdir(parents=True, exist_ok=True)
                write_whole(package, _zip(content))
        except OSError as error:
            first = first or error
        else:
            return package
    reason = first.strerror if first is not None else "no folder to write to"
    raise PackageError(f"{name} can't be written to {build or _beside()}: {reason}")


def beneath_here(package: Path) -> Path:
    """The path as the state keeps it: relative where the package is beneath the folder that the
    program runs in, because another checkout is no other package."""
    here = Path.cwd()
    return package.relative_to(here) if package.is_relative_to(here) else package


def _beside() -> Path:
    return (CHECKOUT or Path.cwd()) / "build"


def _folders() -> Iterator[Path]:
    yield _beside()
    cache = os.environ.get("XDG_CACHE_HOME")
    if cache or "HOME" in os.environ:
        yield Path(cache or Path(os.environ["HOME"]) / ".cache") / "trellis"
    yield Path(tempfile.mkdtemp(prefix="trellis-"))


def _zip(content: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for path, data in sorted(content.items()):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.create_system = 3  # Unix, wherever this runs: it says how to read permissions
            entry.external_attr = READ_ONLY_FILE
            archive.writestr(entry, data)
    return whole.getvalue()
