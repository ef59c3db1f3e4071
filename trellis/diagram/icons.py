"""A person's own copy of AWS's icons, taken as they are: not one is brought, redrawn or coloured.

AWS gives them under CC BY-ND 2.0 ("AWS Architecture Icons"); they are put in whole, as images.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from trellis.diagram.graph import KINDS
from trellis.stackfile.problems import Problem, StackFileError
from trellis.stackfile.suggesting import did_you_mean

NAMES: Mapping[str, str] = {kind: shown.icon for kind, shown in KINDS.items() if shown.icon}
"""What files are called in AWS's own package and in copies of it, by kind of thing."""

MEDIA = {".svg": "image/svg+xml", ".png": "image/png"}
MOST_BYTES = 200_000


def icons(folder: Path) -> dict[str, str]:
    """`data:` addresses by kind of thing; kinds that have no file are not in it.

    Raises:
        StackFileError: the folder is none, or has not one icon in it.
    """
    files = sorted(
        (file for file in folder.rglob("*") if file.suffix.lower() in MEDIA and file.is_file()),
        key=lambda file: (file.suffix.lower() != ".svg", len(file.name), str(file)),
    )
    found: dict[str, str] = {}
    for kind, pattern in NAMES.items():
        for file in files:
            if re.search(pattern, file.stem, re.IGNORECASE) and file.stat().st_size <= MOST_BYTES:
                data = base64.b64encode(file.read_bytes()).decode()
                found[kind] = f"data:{MEDIA[file.suffix.lower()]};base64,{data}"
                break
    if not found:
        beside = [entry.name for entry in folder.parent.iterdir()] if folder.parent.is_dir() else []
        raise StackFileError(
            [
                Problem(
                    (),
                    f"no icon of AWS in {folder}",
                    "a folder with AWS's Architecture Icons as SVG or PNG, by their own names",
                    did_you_mean(folder.name, beside),
                )
            ],
            subject="--icons has",
        )
    return found
