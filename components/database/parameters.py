"""Parameters of a database: names, formulas, and which take effect without a restart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import StringConstraints

from components.database.engines import ENGINES

ParameterName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=255)]
"""As in `log_statement` or `rds.force_ssl`."""
ParameterValue = str | int | float
"""Text, a number, or a formula such as `{DBInstanceClassMemory/32768}`."""

FORMULA_VARIABLES = frozenset(
    {"AllocatedStorage", "DBInstanceClassMemory", "DBInstanceVCPU", "EndPointPort",
     "TrueIfReplica"}
)  # fmt: skip
FORMULA_FUNCTIONS = frozenset({"GREATEST", "LEAST", "SUM", "log", "IF"})
"""What a formula may say ("Specifying DB parameters", Amazon RDS User Guide, 2026-11)."""

DYNAMIC = frozenset(
    {
        # PostgreSQL
        "rds.force_ssl", "ssl_min_protocol_version", "ssl_max_protocol_version", "log_statement",
        "log_min_duration_statement", "log_connections", "log_disconnections", "log_lock_waits",
        "log_temp_files", "log_autovacuum_min_duration", "effective_cache_size", "work_mem",
        "maintenance_work_mem", "statement_timeout", "lock_timeout", "random_page_cost",
        "idle_in_transaction_session_timeout", "idle_session_timeout", "timezone",
        "default_statistics_target", "rds.force_autovacuum_logging_level", "search_path",
        "max_parallel_workers", "max_parallel_workers_per_gather", "track_io_timing",
        # MySQL and MariaDB
        "require_secure_transport", "long_query_time", "slow_query_log",
        "general_log", "log_output", "max_connections", "wait_timeout", "interactive_timeout",
        "innodb_buffer_pool_size", "innodb_lock_wait_timeout", "character_set_server",
        "collation_server", "time_zone", "sql_mode", "max_allowed_packet", "event_scheduler",
    }
)  # fmt: skip
"""Parameters that RDS changes while the server runs; every other one waits for the next restart,
which is always allowed ("Working with parameters on your RDS for PostgreSQL DB instance" and
"Parameters for MySQL", 2026-11)."""

_STATIC_ON_POSTGRES = frozenset({"max_connections"})


@dataclass(frozen=True)
class Parameter:
    """One parameter as a group takes it."""

    name: str
    value: str
    apply: Literal["immediate", "pending-reboot"]


def parameters_of(engine: str, own: Mapping[str, ParameterValue]) -> tuple[Parameter, ...]:
    """The parameters of a group, by name: forced TLS, then what a person says.

    Raises:
        ValueError: a value is not allowed.
    """
    forced = ENGINES[engine].tls
    for name, value in own.items():
        if name in forced and str(value).lower() not in ("1", "on"):
            raise ValueError(f"`{name}` on: connections without TLS are always refused")
        _check_formula(name, str(value))
    merged = {**forced, **{name: _text(value) for name, value in own.items()}}
    return tuple(Parameter(name, merged[name], _apply(engine, name)) for name in sorted(merged))


def _apply(engine: str, name: str) -> Literal["immediate", "pending-reboot"]:
    static = ENGINES[engine].login == "postgres" and name in _STATIC_ON_POSTGRES
    return "immediate" if name in DYNAMIC and not static else "pending-reboot"


def _text(value: ParameterValue) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _check_formula(name: str, value: str) -> None:
    """A light check: braces close, and every word is one that formulas have."""
    for formula in re.findall(r"\{[^{}]*\}?|\}", value):
        if not re.fullmatch(r"\{[^{}]+\}", formula):
            raise ValueError(
                f"`{name}` with its braces closed, as in {{DBInstanceClassMemory/32768}}"
            )
        for word in re.findall(r"[A-Za-z_]+", formula):
            if word not in FORMULA_VARIABLES | FORMULA_FUNCTIONS:
                known = ", ".join(sorted(FORMULA_VARIABLES))
                raise ValueError(f"`{name}` with a formula of {known}; found {word}")
