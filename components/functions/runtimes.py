"""Runtimes of Lambda that code in a folder can have, and how long AWS keeps each.

Dates and operating systems: "Lambda runtimes: Supported runtimes" (AWS Lambda Developer Guide,
2026-11). After its end a runtime gets no more patches; weeks later no function can be made or
updated with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Runtime:
    """One runtime."""

    language: Literal["python", "node"]
    version: str
    """Of the language, as in `3.13`."""
    ends: date
    """Last day AWS keeps it patched."""
    glibc: str
    """Of its operating system, as wheels name it: Amazon Linux 2 has 2.26, 2023 has 2.34."""


RUNTIMES: Mapping[str, Runtime] = {
    "python3.11": Runtime("python", "3.11", date(2027, 6, 30), "2_17"),
    "python3.12": Runtime("python", "3.12", date(2028, 10, 31), "2_28"),
    "python3.13": Runtime("python", "3.13", date(2029, 6, 30), "2_28"),
    "python3.14": Runtime("python", "3.14", date(2029, 6, 30), "2_28"),
    "nodejs22.x": Runtime("node", "22", date(2027, 4, 30), "2_28"),
    "nodejs24.x": Runtime("node", "24", date(2028, 4, 30), "2_28"),
}
"""By the name that AWS gives it. `glibc` is that of the newest wheel platform that the system
takes and uv knows."""

DEFAULT = "python3.13"

WARNED_DAYS = 180
"""Days before a runtime's end in which a plan says so."""
