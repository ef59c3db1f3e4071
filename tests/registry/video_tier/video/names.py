"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

VIDEO_NAME = Kind(
    "video stream", 256, r"[a-zA-Z0-9_.-]+", "CreateStream (Kinesis Video): StreamName"
)
