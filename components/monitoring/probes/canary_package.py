"""The canary's deployment package."""

from __future__ import annotations

import hashlib
from pathlib import Path

from components.parts.package import beneath_here, write_package
from components.parts.sources import FUNCTIONS

SCRIPT = FUNCTIONS / "canary" / "heartbeat.js"

HANDLER = "heartbeat.handler"
FOLDER = "nodejs/node_modules"
"""Where Synthetics looks for a script ("Packaging your Node.js canary files", CloudWatch User
Guide, 2026-11)."""


def canary_package(build: Path | None = None) -> str:
    """The path of the zip, written now unless it is there already: relative where the program runs
    in the project's folder, as it does under Pulumi, because the path stands in the state.

    Raises:
        PackageError: it can't be written anywhere.
    """
    content = SCRIPT.read_bytes()
    name = f"canary-{hashlib.sha256(content).hexdigest()[:16]}.zip"
    return str(beneath_here(write_package(name, {f"{FOLDER}/{SCRIPT.name}": content}, build)))
