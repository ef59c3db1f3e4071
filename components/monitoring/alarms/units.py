"""In what unit an alarm's threshold is, as far as the name of what it looks at says so."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from components.contracts import AlarmSpec

PERCENT = re.compile(r"\b[\w.]*(?:Utilization|Percent(?:age)?)(?:\.\w+)*")
"""How AWS names what it measures in percent, and the counters of Performance Insights."""

BYTES = re.compile(r"\bFree(?:StorageSpace|ableMemory)\b")
"""What RDS measures in bytes ("Amazon CloudWatch metrics for Amazon RDS", 2026-11)."""

LEAST_BYTES = 1_048_576
"""A mebibyte: a smaller threshold of a server's memory or disk is meant as a percentage."""


@dataclass(frozen=True)
class Measured:
    """What an alarm looks at, and which thresholds mean something for it."""

    metric: str
    least: float
    most: float
    unit: str
    """In words."""

    def may_be(self, threshold: float) -> bool:
        """Whether a threshold is in this unit."""
        return self.least <= threshold <= self.most


def unit_of(spec: AlarmSpec) -> Measured | None:
    """What is compared with the threshold; None where the name does not say its unit.

    A volume that grows is watched by the share in use, one that doesn't by the bytes that are free,
    so a threshold that was right before `maxGiB` came never fires after it.
    """
    names = " ".join(metric.name or metric.expression or "" for metric in spec.metrics)
    percent, size = PERCENT.search(names), BYTES.search(names)
    if percent is not None:
        return Measured(percent[0], 0, 100, "a percentage, 0 to 100")
    if size is not None:
        unit = f"an amount of bytes, {LEAST_BYTES} or more"
        return Measured(size[0], LEAST_BYTES, math.inf, unit)
    return None
