"""Servers that somebody used before: their secret's value, and statements as its client."""

from collections.abc import Callable
from typing import Any

from rotation_systems import System

NewSystem = Callable[[str], System]
POSTGRES = ("postgres", "newest postgres")


def spec(system: System) -> dict[str, Any]:
    return system.service.specs[system.secret]


def value(system: System) -> str:
    return system.service.value(system.secret)


def run_as_client(system: System, *statements: str) -> None:
    client = system.log_in(value(system))
    try:
        for statement in statements:
            client.connection.cursor().execute(statement)  # type: ignore[attr-defined]
    finally:
        client.close()
