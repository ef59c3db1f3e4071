"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

BUCKET_NAME = Kind(
    "bucket",
    63,
    r"(?!xn--|sthree-|amzn-s3-demo-|(?:\d+\.){3}\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)",
    "General purpose bucket naming rules",
    lower=True,
)
