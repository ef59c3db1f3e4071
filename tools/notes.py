"""`python -m tools.notes VERSION`: what the changelog says of one version, for its release."""

from __future__ import annotations

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def notes(changelog: str, version: str) -> str:
    """The part of the changelog that is headed by a version.

    Raises:
        ValueError: there is none, it is empty, or it is headed as not released.
    """
    parts = re.split(r"^## (.+)\n", changelog, flags=re.MULTILINE)
    headed = dict(zip(parts[1::2], parts[2::2], strict=True))
    for heading, text in headed.items():
        if heading.split()[0] == version:
            if "unreleased" in heading.lower():
                raise ValueError(f"the changelog heads {version} as unreleased: name its day")
            if not text.strip():
                raise ValueError(f"the changelog says nothing of {version}")
            return text.strip() + "\n"
    raise ValueError(f"the changelog has no {version}; it has {', '.join(headed)}")


if __name__ == "__main__":
    try:
        print(notes(CHANGELOG.read_text("utf-8"), sys.argv[1]), end="")
    except (IndexError, ValueError) as error:
        sys.exit(f"notes: {error or 'name a version'}")
