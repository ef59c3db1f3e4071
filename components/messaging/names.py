"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

FIFO_STEM_NAME = Kind("fifo stem", 75, r"[A-Za-z0-9_-]+", "CreateQueue: QueueName, less .fifo")
