"""Firehose's prefixes and Athena's partition projection, worked out by what AWS documents.

Written against "Custom prefixes for Amazon S3 objects" (Amazon Data Firehose) and "Supported types
for partition projection" (Athena User Guide), 2026-11, and nothing of the component.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

JAVA = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H"}
"""Letters of Java's DateTimeFormatter. `YYYY` would be a week-based year, so it is not here."""

NOW = re.compile(r"\s*NOW\s*(?:([+-])\s*([0-9]+)\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?)?\s*")


def folder_of(prefix: str, keys: Mapping[str, str], arrived: datetime, zone: str) -> str:
    """The folder that Firehose puts an object into."""
    local = arrived.astimezone(ZoneInfo(zone))

    def value(match: re.Match[str]) -> str:
        namespace, _, argument = match[1].partition(":")
        if namespace == "partitionKeyFromQuery":
            return keys[argument]
        assert namespace == "timestamp"
        return local.strftime(_strftime(argument))

    return re.sub(r"!\{([^}]*)\}", value, prefix)


def partitions(parameters: Mapping[str, str], column: str, now: datetime) -> Iterator[str]:
    """The folders that Athena looks into for every partition of a table, now."""
    assert parameters["projection.enabled"] == "true"
    own = f"projection.{column}"
    assert parameters[f"{own}.type"] == "date"
    format_ = _strftime(parameters[f"{own}.format"])
    first, last = (_moment(text, format_, now) for text in parameters[f"{own}.range"].split(","))
    unit = parameters[f"{own}.interval.unit"]
    step = (
        int(parameters[f"{own}.interval"])
        * {
            "DAYS": timedelta(days=1),
            "HOURS": timedelta(hours=1),
        }[unit]
    )
    while first <= last:
        yield parameters["storage.location.template"].replace(
            f"${{{column}}}", first.strftime(format_)
        )
        first += step


def _moment(text: str, format_: str, now: datetime) -> datetime:
    match = NOW.fullmatch(text)
    if match is None:
        return datetime.strptime(text.strip(), format_).replace(tzinfo=UTC)
    found = now.astimezone(UTC)
    if match[1]:
        assert match[3] in {"DAY", "HOUR"}
        amount = timedelta(**{f"{match[3].lower()}s": int(match[2])})
        found += amount if match[1] == "+" else -amount
    # A date is rendered in the column's format, so what is finer does not count.
    return datetime.strptime(found.strftime(format_), format_).replace(tzinfo=UTC)


def _strftime(pattern: str) -> str:
    def word(match: re.Match[str]) -> str:
        return JAVA[match[0]]

    return re.sub(r"[A-Za-z]+", word, pattern)
