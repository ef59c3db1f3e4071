"""What RDS and Aurora offer by engine: versions, families, logs, ports and forced TLS.

Dated 2026-11. Sources: "Release calendar for Amazon RDS for PostgreSQL", "Supported MySQL major
versions on Amazon RDS", "Supported MariaDB major versions on Amazon RDS" (each with the calendar of
minor versions), "Release calendars for Aurora PostgreSQL" and "Aurora MySQL". A major version past
standard support is billed as RDS Extended Support, by vCPU and hour: only who says so gets one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from components.parts.model import FieldError

EngineName = Literal["postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql"]


@dataclass(frozen=True)
class Engine:
    """One engine as RDS knows it."""

    title: str
    port: int
    """Where it listens unless told otherwise."""
    majors: Mapping[str, date]
    """Major version to the last day of its standard support."""
    version: str
    """Regular expression of a full version; its first group is the major version."""
    example: str
    """A full version, for messages."""
    family: str
    """Parameter group family, with `{}` for the major version."""
    logs: tuple[str, ...]
    """What can be exported to CloudWatch ("Publishing database logs to CloudWatch", 2026-11)."""
    main_logs: tuple[str, ...]
    """What is exported unless told otherwise: never statements, which may hold people's data."""
    tls: Mapping[str, str]
    """Parameters that refuse connections without TLS."""
    login: Literal["postgres", "mysql", "mariadb"]
    """How a client speaks to it."""
    extended_support: bool = True
    """Whether RDS could put it into paid extended support by itself."""
    extended: Mapping[str, date] = field(default_factory=dict[str, date])
    """Major versions past standard support, to the last day of paid extended support."""
    oldest: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    """By major version, the oldest minor one that RDS still makes; what is not named has none."""


_POSTGRES = {
    "14": date(2027, 2, 28),
    "15": date(2028, 2, 29),
    "16": date(2029, 2, 28),
    "17": date(2030, 2, 28),
}

_POSTGRES_EXTENDED = {
    "11": date(2027, 3, 31),
    "12": date(2028, 2, 29),
    "13": date(2029, 2, 28),
}

ENGINES: Mapping[str, Engine] = {
    "postgres": Engine(
        title="RDS for PostgreSQL",
        port=5432,
        majors={**_POSTGRES, "18": date(2031, 2, 28)},
        version=r"(\d+)(?:\.\d+)?(?:-R\d+)?",
        example="16.11",
        family="postgres{}",
        logs=("postgresql", "upgrade", "iam-db-auth-error"),
        main_logs=("postgresql", "upgrade"),
        tls={"rds.force_ssl": "1"},
        login="postgres",
        extended=_POSTGRES_EXTENDED,
        oldest={
            "14": (14, 20),
            "15": (15, 15),
            "16": (16, 11),
            "17": (17, 7),
            "18": (18, 1),
        },
    ),
    "mysql": Engine(
        title="RDS for MySQL",
        port=3306,
        majors={"8.4": date(2029, 7, 31)},
        version=r"(\d+\.\d+)(?:\.\d+)?",
        example="8.4.8",
        family="mysql{}",
        logs=("audit", "error", "general", "slowquery", "iam-db-auth-error"),
        main_logs=("error",),
        tls={"require_secure_transport": "1"},
        login="mysql",
        extended={"5.7": date(2027, 2, 28), "8.0": date(2029, 7, 31)},
        oldest={"8.4": (8, 4, 7)},
    ),
    "mariadb": Engine(
        title="RDS for MariaDB",
        port=3306,
        majors={
            "10.11": date(2028, 2, 16),
            "11.4": date(2029, 5, 29),
            "11.8": date(2028, 6, 4),
        },
        version=r"(\d+\.\d+)(?:\.\d+)?",
        example="11.4.10",
        family="mariadb{}",
        logs=("audit", "error", "general", "slowquery", "iam-db-auth-error"),
        main_logs=("error",),
        tls={"require_secure_transport": "1"},
        login="mariadb",
        extended_support=False,
        oldest={"10.11": (10, 11, 15), "11.4": (11, 4, 9), "11.8": (11, 8, 5)},
    ),
    "aurora-postgresql": Engine(
        title="Aurora PostgreSQL",
        port=5432,
        majors=_POSTGRES,
        version=r"(\d+)(?:\.\d+)?",
        example="16.9",
        family="aurora-postgresql{}",
        logs=("postgresql", "instance", "iam-db-auth-error"),
        main_logs=("postgresql",),
        tls={"rds.force_ssl": "1"},
        login="postgres",
        extended=_POSTGRES_EXTENDED,
    ),
    "aurora-mysql": Engine(
        title="Aurora MySQL",
        port=3306,
        majors={"8.0": date(2028, 4, 30)},
        version=r"(\d+\.\d+)(?:\.mysql_aurora\.\d+\.\d+\.\d+)?",
        example="8.0.mysql_aurora.3.08.2",
        family="aurora-mysql{}",
        logs=("audit", "error", "general", "slowquery", "instance", "iam-db-auth-error"),
        main_logs=("error",),
        tls={"require_secure_transport": "ON"},
        login="mysql",
        extended={"5.7": date(2027, 2, 28)},
    ),
}
"""By RDS's name of the engine."""

EXTENDED_SUPPORT_OFF = "open-source-rds-extended-support-disabled"
"""RDS upgrades the major version at the end of standard support rather than bill for more."""

EXTENDED_SUPPORT_ON = "open-source-rds-extended-support"
"""RDS keeps the major version, and bills for it from the end of standard support on."""

RESERVED_USERS = frozenset(
    {"postgres", "admin", "mysql", "root", "sa", "rdsadmin", "rds_superuser", "rdsrepladmin",
     "rds_replication", "rdstopmgr", "mariadb", "public", "user"}
)  # fmt: skip
"""Names that an engine keeps for itself, or that everybody guesses ("CreateDBInstance:
MasterUsername", Amazon RDS API Reference; FSBP RDS.24 and RDS.25, 2026-11)."""


def lifecycle_support(engine: Engine, *, extended: bool) -> str | None:
    """What RDS shall do at the end of standard support; None for engines without paid support."""
    if not engine.extended_support:
        return None
    return EXTENDED_SUPPORT_ON if extended else EXTENDED_SUPPORT_OFF


def major_of(engine: str, version: str) -> str:
    """The major version, as parameter group families name it.

    Raises:
        ValueError: the engine has no such version; says which there are.
    """
    known = ENGINES[engine]
    found = re.fullmatch(known.version, version)
    allowed = ", ".join(f'"{major}"' for major in known.majors)
    if found is None:
        raise FieldError(
            "version", f'{allowed}, or one of their minor versions such as "{known.example}"'
        )
    if found[1] not in {*known.majors, *known.extended}:
        raise FieldError(
            "version",
            f"{allowed} or one of their minor versions: what {known.title} supports without "
            "paid extended support (2026-11)",
        )
    return found[1]


def minor_of(engine: str, version: str) -> tuple[int, ...] | None:
    """The full version as numbers; None where only the major version is given."""
    if version == major_of(engine, version):
        return None
    upstream = re.split(r"\.mysql_aurora\.|-R", version)
    text = upstream[1] if ".mysql_aurora." in version else upstream[0]
    return tuple(int(part) for part in text.split("."))


def check_support(engine: str, version: str, *, extended: bool) -> None:
    """Refuse a major version past standard support, unless paid support is asked for.

    Raises:
        ValueError: says which ones are under standard support.
    """
    known = ENGINES[engine]
    until = known.extended.get(major_of(engine, version))
    if until is not None and not extended:
        allowed = ", ".join(f'"{major}"' for major in known.majors)
        raise FieldError(
            "version",
            f"{allowed} or one of their minor versions: what {known.title} supports without "
            f"paid extended support (2026-11). `extendedSupport: true` pays for it until {until}",
        )


def check_minor(engine: str, version: str) -> None:
    """Refuse a minor version past its standard support: RDS makes no new server of it.

    Raises:
        ValueError: says which one is the oldest.
    """
    major, minor = major_of(engine, version), minor_of(engine, version)
    oldest = ENGINES[engine].oldest.get(major)
    if minor is not None and oldest is not None and minor < oldest:
        text = ".".join(map(str, oldest))
        raise FieldError(
            "version",
            f'"{major}", or a minor version from "{text}" up: {ENGINES[engine].title} makes none '
            "that is older (2026-11)",
        )


def family_of(engine: str, version: str) -> str:
    """Parameter group family of a version."""
    return ENGINES[engine].family.format(major_of(engine, version))
