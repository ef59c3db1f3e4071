"""The canary's deployment package: one zip, the same bytes wherever it is built."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = PROJECT / "functions" / "canary" / "heartbeat.js"
BUILD = PROJECT / "build"

HANDLER = "heartbeat.handler"
FOLDER = "nodejs/node_modules"
"""Where Synthetics looks for a script ("Packaging your Node.js canary files", CloudWatch User
Guide, 2026-11)."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell."""

READ_ONLY_FILE = 0o100444 << 16
"""Permissions of the entry, as a zip keeps them."""


def canary_package(build: Path = BUILD) -> str:
    """The path of the zip, built now unless `build` has the one of this content already.

    Relative where the program runs in the project's folder, as it does under Pulumi: the path
    stands in the state, and another checkout is no other canary.
    """
    content = SCRIPT.read_bytes()
    package = build / f"canary-{hashlib.sha256(content).hexdigest()[:16]}.zip"
    if not package.exists():
        build.mkdir(parents=True, exist_ok=True)
        _write(package, content)
    return str(package.relative_to(PROJECT) if _is_beneath_here(package) else package)


def _is_beneath_here(package: Path) -> bool:
    return Path.cwd() == PROJECT and package.is_relative_to(PROJECT)


def _write(package: Path, content: bytes) -> None:
    """Write it whole or not at all: two programs may do so at once."""
    entry = zipfile.ZipInfo(f"{FOLDER}/{SCRIPT.name}", EPOCH)
    entry.external_attr = READ_ONLY_FILE
    entry.create_system = 3  # Unix, whatever system it is built on
    # Stored, because deflate's output differs between zlib versions.
    with (
        tempfile.NamedTemporaryFile(dir=package.parent, delete=False) as part,
        zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive,
    ):
        archive.writestr(entry, content)
    Path(part.name).replace(package)
