"""What tests of releases share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from functions.site_content.handler import Release

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BUCKET = "shop-site"
PAGE, SCRIPT = "text/html; charset=utf-8", "text/javascript; charset=utf-8"


def release(immutable: dict[str, str], mutable: dict[str, str]) -> Release:
    """A release by marks; what ends in .html is a page."""
    groups = [
        (SCRIPT, True, immutable),
        (PAGE, False, {key: mark for key, mark in mutable.items() if key.endswith(".html")}),
        ("text/plain", False, {k: mark for k, mark in mutable.items() if not k.endswith(".html")}),
    ]
    return whole(
        [
            {"type": kind, "cache": "no-cache", "immutable": lasting, "marks": marks}
            for kind, lasting, marks in groups
            if marks
        ]
    )


def whole(files: Any, bucket: str = BUCKET, distribution: str = "E1") -> Release:
    """What the component writes around the files."""
    return {
        "bucket": bucket,
        "distribution": distribution,
        "archive": "_trellis/content.zip",
        "retired": "_trellis/retired.json",
        "keepDays": 30,
        "index": "index.html",
        "files": files,
    }


IMMUTABLE = {"assets/a-1.js": "1", "assets/b-1.js": "1"}
MUTABLE = {"index.html": "1", "r.txt": "1"}
BEFORE = release(IMMUTABLE, MUTABLE)
