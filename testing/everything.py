"""A system of every tier that has something to watch."""

from __future__ import annotations

import json
from pathlib import Path

from testing.samples import watched
from testing.small_systems import ACCOUNT, recorded_build
from trellis.planner.record import ProgramInput, Recording

EVERYTHING = watched()
"""Every tier that has something to watch, far from us-east-1, and a service that waits."""


def site_folder(folder: Path) -> Path:
    """The folder, with the content of the system's site in it; the system is recorded in there."""
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("hello")
    return folder


def record_everything() -> Recording:
    """The system, far from us-east-1, as deployed."""
    given = {"name": "shop", "environment": "dev", "account": ACCOUNT, **EVERYTHING}
    config = {
        "aws:region": "eu-west-1",
        **{
            f"trellis:{key}": value if isinstance(value, str) else json.dumps(value)
            for key, value in given.items()
        },
    }
    program = ProgramInput("shop", "dev", config)
    return recorded_build(program, "deployed")
