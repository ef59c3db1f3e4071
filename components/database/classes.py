"""Instance classes: sizes, memory, the versions each needs, and how many connections it allows.

Dated 2026-11. Sources: "Supported DB engines for DB instance classes" and "Hardware specifications
for DB instance classes" (Amazon RDS and Aurora User Guides), "Maximum number of database
connections", "Maximum connections to an Aurora MySQL DB instance".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.database.engines import major_of, minor_of
from components.parts.model import FieldError

SERVERLESS = "db.serverless"
"""The class of an Aurora Serverless v2 instance."""

GIB = 1024**3
"""Bytes."""

ACU_GIB = 2
"""Memory of one Aurora capacity unit, GiB ("How Aurora Serverless v2 works", 2026-11)."""

_BURSTABLE_GIB = {
    "micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32,
}  # fmt: skip

_TO_16 = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
_TO_24 = (*_TO_16, "24xlarge")
_TO_32 = (*_TO_24, "32xlarge")
_TO_48 = (*_TO_24, "48xlarge")

_RDS = frozenset({"postgres", "mysql", "mariadb"})
_AURORA = frozenset({"aurora-postgresql", "aurora-mysql"})


@dataclass(frozen=True)
class Family:
    """Instance classes of one generation."""

    sizes: tuple[str, ...]
    gib_per_vcpu: int | None
    """Memory; None for the burstable ones, whose sizes have their own."""
    engines: frozenset[str] = _RDS
    oldest: Mapping[str, Mapping[str, tuple[int, ...]]] | None = None
    """By engine and major version, the oldest minor version; what is not named needs none: RDS's
    own engines run all that `engines` lets through on every class."""


FAMILIES: Mapping[str, Family] = {
    "t3": Family(tuple(_BURSTABLE_GIB), None),
    "t4g": Family(tuple(_BURSTABLE_GIB), None),
    "m5": Family(_TO_24, 4),
    "m6g": Family(_TO_16, 4),
    "m6i": Family(_TO_32, 4),
    "m7g": Family(_TO_16, 4),
    "m7i": Family(_TO_48, 4),
    "m8g": Family(_TO_48, 4),
    "r5": Family(_TO_24, 8, _RDS | _AURORA),
    "r6g": Family(_TO_16, 8, _RDS | _AURORA),
    "r6i": Family(_TO_32, 8, _RDS | _AURORA),
    "r7g": Family(
        _TO_16,
        8,
        _RDS | _AURORA,
        {
            "aurora-postgresql": {"14": (14, 7), "15": (15, 2)},
            "aurora-mysql": {"8.0": (3, 3, 1)},
        },
    ),
    "r7i": Family(
        _TO_48,
        8,
        _RDS | _AURORA,
        {
            "aurora-postgresql": {"14": (14, 9), "15": (15, 4), "16": (16, 1), "17": (17, 1)},
            "aurora-mysql": {"8.0": (3, 4, 0)},
        },
    ),
    "r8g": Family(
        _TO_48,
        8,
        _RDS | _AURORA,
        {
            "aurora-postgresql": {"14": (14, 12), "15": (15, 7), "16": (16, 3), "17": (17, 4)},
            "aurora-mysql": {"8.0": (3, 4, 4)},
        },
    ),
}
"""By family."""

_AURORA_BURSTABLE = ("medium", "large")
"""Sizes of t3 and t4g that Aurora still makes."""

RETIRED = frozenset({"t1", "t2", "m1", "m2", "m3", "m4", "r3", "r4", "x1", "x1e"})
"""Families that RDS no longer makes."""

_SMALL = frozenset({"db.t3.micro", "db.t3.small", "db.t4g.micro", "db.t4g.small"})
NO_INSIGHTS: Mapping[str, frozenset[str]] = {
    "mysql": _SMALL,
    "mariadb": _SMALL,
    "aurora-mysql": frozenset({"db.t3.medium", "db.t3.large"}),
}
"""Classes without Performance Insights, by engine ("Amazon RDS DB engine, Region, and instance
class support for Performance Insights", Amazon RDS and Aurora User Guides, 2026-11)."""

SERVERLESS_OLDEST: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "aurora-postgresql": {"14": (14, 3), "15": (15, 2), "16": (16, 1), "17": (17, 4)},
    "aurora-mysql": {"8.0": (3, 2, 0)},
}
"""Oldest versions with Serverless v2 ("Requirements and limitations for Aurora Serverless v2")."""

PAUSING_OLDEST: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "aurora-postgresql": {"14": (14, 12), "15": (15, 7), "16": (16, 3), "17": (17, 4)},
    "aurora-mysql": {"8.0": (3, 8, 0)},
}
"""Oldest versions that pause at zero capacity ("Scaling to Zero ACUs", 2026-11)."""


def check_class(engine: str, version: str, instance_class: str) -> None:
    """Refuse a class that the engine's version does not run on.

    Raises:
        ValueError: says which classes or versions there are.
    """
    if instance_class == SERVERLESS and engine in _AURORA:
        _check_version(engine, version, SERVERLESS_OLDEST.get(engine, {}), SERVERLESS)
        return
    family, size = _parts(instance_class)
    known = FAMILIES.get(family)
    if known is None or engine not in _engines(family):
        offered = sorted(other for other in FAMILIES if engine in _engines(other))
        raise ValueError(f"a class of db.{', db.'.join(offered)} for {engine}")
    sizes = sizes_of(engine, family)
    if size not in sizes:
        raise ValueError(f"db.{family} in a size of {', '.join(sizes)} for {engine}")
    _check_version(engine, version, (known.oldest or {}).get(engine, {}), instance_class)


def sizes_of(engine: str, family: str) -> tuple[str, ...]:
    """Sizes that the engine has of a family; none where it has none."""
    if engine not in _engines(family):
        return ()
    if engine in _AURORA and FAMILIES[family].gib_per_vcpu is None:
        return _AURORA_BURSTABLE
    return FAMILIES[family].sizes


def check_pausing(engine: str, version: str) -> None:
    """Refuse a version that can't pause at zero capacity.

    Raises:
        ValueError: says which version can.
    """
    _check_version(engine, version, PAUSING_OLDEST[engine], "a capacity of 0")


def memory_gib(instance_class: str) -> float:
    """Memory of a provisioned class, GiB."""
    family, size = _parts(instance_class)
    per_vcpu = FAMILIES[family].gib_per_vcpu
    if per_vcpu is None:
        return _BURSTABLE_GIB[size]
    return per_vcpu * _vcpus(size)


def has_insights(engine: str, instance_class: str) -> bool:
    """Whether Performance Insights works on the class."""
    return instance_class not in NO_INSIGHTS.get(engine, ())


def check_insights(engine: str, instance_class: str, *, on: bool) -> None:
    """Refuse insights on a class that has none.

    Raises:
        ValueError: says what to do.
    """
    if on and not has_insights(engine, instance_class):
        better = "a db.t4g" if engine == "aurora-mysql" else "a class from medium up"
        raise ValueError(
            f"`performanceInsights: {{enabled: false}}` with {instance_class}, or {better}: "
            f"{engine} has no insights on it"
        )


def max_connections(engine: str, memory: float) -> int:
    """Connections the engine's default parameter allows, about, on `memory` GiB.

    The formulas divide `DBInstanceClassMemory`, which is what the class has less what the system
    and RDS take; AWS gives no figure for that. A twentieth and 0.2 GiB agrees with what small and
    medium classes report. Aurora MySQL's are documented outright.
    """
    if engine == "aurora-mysql":
        return next(
            (count for gib, count in reversed(_AURORA_MYSQL_CONNECTIONS) if memory >= gib), 45
        )
    usable = max(memory * 0.95 - 0.2, 0.25) * GIB
    divisor, most = _CONNECTION_FORMULAS[engine]
    return int(min(usable / divisor, most))


_CONNECTION_FORMULAS = {
    "postgres": (9_531_392, 5_000),
    "aurora-postgresql": (9_531_392, 5_000),
    "mysql": (12_582_880, 100_000),
    "mariadb": (25_165_760, 12_000),
}
"""Bytes of memory a connection, and the most there are ("Maximum number of database connections",
Amazon RDS User Guide, 2026-11)."""

_AURORA_MYSQL_CONNECTIONS = (
    (2, 45), (4, 90), (8, 135), (16, 1000), (32, 2000), (64, 3000), (128, 4000), (256, 5000),
    (384, 6000), (768, 7000), (1536, 8000),
)  # fmt: skip
"""GiB of memory and connections ("Maximum connections to an Aurora MySQL DB instance", 2026-11)."""


SMALLEST_SERVERLESS_CONNECTIONS = 2_000
"""Connections a Serverless v2 instance allows at most where it may shrink to 0 or 0.5 units
("Maximum connections for Aurora Serverless v2", 2026-11)."""


def serverless_connections(engine: str, least: float, most: float) -> int:
    """Connections a Serverless v2 instance allows, which follow its largest capacity.

    Args:
        least, most: capacity units.
    """
    allowed = max_connections(engine, most * ACU_GIB)
    return min(allowed, SMALLEST_SERVERLESS_CONNECTIONS) if least <= 0.5 else allowed


def _parts(instance_class: str) -> tuple[str, str]:
    prefix, _, rest = instance_class.partition(".")
    family, _, size = rest.partition(".")
    if prefix != "db" or not family or not size:
        raise ValueError("a class such as db.t4g.medium")
    if family in RETIRED:
        raise ValueError(f"a current class: RDS no longer makes db.{family}")
    return family, size


def _engines(family: str) -> frozenset[str]:
    engines = FAMILIES[family].engines
    return engines | _AURORA if family in ("t3", "t4g") else engines


def _vcpus(size: str) -> int:
    """Virtual CPUs of a size ("Hardware specifications for DB instance classes", 2026-11)."""
    if size == "large":
        return 2
    return 4 * int(size.removesuffix("xlarge") or "1")


def _check_version(
    engine: str, version: str, oldest: Mapping[str, tuple[int, ...]], what: str
) -> None:
    minor = minor_of(engine, version)
    needed = oldest.get(major_of(engine, version))
    # A major version alone starts at RDS's default minor, which is newer than any of these.
    if minor is not None and needed is not None and minor < needed:
        text = ".".join(map(str, needed))
        if engine == "aurora-mysql":
            major, middle, patch = needed
            text = f"8.0.mysql_aurora.{major}.{middle:02}.{patch}"
        raise FieldError("version", f"{text} or later for {what}")
