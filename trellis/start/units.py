"""Words of other tools in Trellis's units: durations, schedules, sizes, commands, keys."""

from __future__ import annotations

import math
import re
import shlex
from typing import Any

from components.services.task.fargate import MEMORY_MIB

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|us|ns)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgb]?)i?b?", re.IGNORECASE)
_MIB = {"": 1 / 1_048_576, "b": 1 / 1_048_576, "k": 1 / 1024, "m": 1, "g": 1024}
_NAMED = {
    "@yearly": "cron(0 0 1 1 ? *)",
    "@annually": "cron(0 0 1 1 ? *)",
    "@monthly": "cron(0 0 1 * ? *)",
    "@weekly": "cron(0 0 ? * SUN *)",
    "@daily": "cron(0 0 * * ? *)",
    "@midnight": "cron(0 0 * * ? *)",
    "@hourly": "cron(0 * * * ? *)",
}
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def seconds(given: Any) -> float | None:
    """Seconds of a duration as Go writes it (`1m30s`), or of a number; None where it is none."""
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return float(given)
    parts = _PART.findall(str(given))
    if not parts or "".join(number + unit for number, unit in parts) != str(given):
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def mebibytes(given: Any) -> int | None:
    """MiB of a size as Docker writes it (`512M`, `1.5g`); None where it is none."""
    match = _SIZE.fullmatch(str(given).strip())
    return math.ceil(float(match[1]) * _MIB[match[2].lower()]) if match else None


def size(cpu: float, memory: float) -> tuple[int, int]:
    """The smallest size of a Fargate task with so much: CPU units and MiB."""
    fitting = [
        (units, mib)
        for units, sizes in sorted(MEMORY_MIB.items())
        for mib in sorted(sizes)
        if units >= cpu and mib >= memory
    ]
    most = max(MEMORY_MIB)
    return min(fitting, default=(most, max(MEMORY_MIB[most])))


def words(given: Any) -> list[str]:
    """A command as a list."""
    return [str(word) for word in given] if isinstance(given, list) else shlex.split(str(given))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def shell(given: Any) -> str:
    """The command of a health check, as a shell takes it."""
    parts = [str(word) for word in given] if isinstance(given, list) else ["CMD-SHELL", str(given)]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if parts and parts[0] == "CMD-SHELL":
        return " ".join(parts[1:])
    return shlex.join(parts[1:] if parts and parts[0] == "CMD" else parts)


def schedule(given: str) -> str | None:
    """A schedule as AWS writes it, of `@daily`, `@every 1h`, five fields of cron, or AWS's own.

    None where AWS has none: both a day of the month and of the week, parts of a minute.
    """
    given = given.strip()
    if given.startswith(("rate(", "cron(")):
        return given
    if given in _NAMED:
        return _NAMED[given]
    if given.startswith("@every "):
        every = seconds(given.removeprefix("@every ").strip())
        return _rate(every) if every is not None else None
    return _cron(given.split())


def _rate(every: float) -> str | None:
    for name, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if every >= length and every % length == 0:
            count = int(every // length)
            return f"rate({count} {name}{'' if count == 1 else 's'})"
    return None


def _cron(fields: list[str]) -> str | None:
    if len(fields) != 5:
        return None
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        return None
    if weekday == "*":
        return f"cron({minute} {hour} {day} {month} ? *)"
    named = re.sub(r"(?<![/#\w])[0-7](?!\w)", lambda match: _DAYS[int(match[0])], weekday)
    return f"cron({minute} {hour} ? {month} {named} *)"


def key_of(name: str) -> str:
    """A key of the stack file from another tool's name: lower case, digits, single hyphens.

    >>> key_of("My_API.v2")
    'my-api-v2'
    """
    found = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:32].strip("-")
    return found if found[:1].isalpha() else f"a-{found}"[:32].strip("-")
