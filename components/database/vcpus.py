"""Virtual CPUs of database instance classes, which some prices are by.

Source: "Hardware specifications for DB instance classes" (Amazon RDS User Guide), 2026-11.
"""

from __future__ import annotations

import re

SMALL = 2
"""Of burstable classes up to `large`, and of every `large`."""

_TIMES = re.compile(r"db\.[a-z0-9-]+\.(?P<times>\d*)xlarge")


def vcpus(instance_class: str) -> int | None:
    """Virtual CPUs of a class such as `db.m6g.2xlarge`; None for one that has no fixed number."""
    found = _TIMES.fullmatch(instance_class)
    if found is not None:
        return 4 * int(found["times"] or "1")
    small = re.fullmatch(r"db\.[a-z0-9-]+\.(micro|small|medium|large)", instance_class)
    return SMALL if small is not None else None
