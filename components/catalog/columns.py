"""Types of columns: as Hive (Glue, Firehose) writes them, and as Presto (Athena's views) does.

Source: "Data types in Amazon Athena", Athena User Guide, 2026-11.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

PRESTO = {
    "boolean": "boolean",
    "tinyint": "tinyint",
    "smallint": "smallint",
    "int": "integer",
    "bigint": "bigint",
    "double": "double",
    "float": "real",
    "string": "varchar",
    "date": "date",
    "timestamp": "timestamp(3)",
    "binary": "varbinary",
}
"""Presto's name by Hive's, of what has no parts."""

_WORD = re.compile(r"[a-z_][a-z0-9_]*")
_DECIMAL = re.compile(r"decimal\(([1-9][0-9]?),([0-9]{1,2})\)")
DECIMAL_DIGITS = 38


class ColumnTypeError(ValueError):
    """A type that Hive does not have; says what is allowed."""


def column_type(text: str) -> str:
    """The type itself, without blanks.

    Raises:
        ColumnTypeError: Hive has no such type.
    """
    packed = text.replace(" ", "")
    rest, _ = _parsed(packed)
    if rest:
        raise _refused(text)
    return packed


ColumnType = Annotated[str, AfterValidator(column_type)]
"""A type of Hive: `string`, `bigint`, `timestamp`, `decimal(12,2)`, `array<string>`,
`map<string,string>`, `struct<name:string,size:int>`."""


def presto(text: str) -> str:
    """Presto's name of a type of Hive: `array<int>` is `array(integer)`."""
    return _parsed(text)[1]


def _parsed(text: str) -> tuple[str, str]:
    """What follows the first type in `text`, and Presto's name of it."""
    for outer, arguments in (("array", 1), ("map", 2)):
        if text.startswith(f"{outer}<"):
            rest, found = text[len(outer) :], list[str]()
            for position in range(arguments):
                rest, inner = _parsed(_after(rest, "<" if position == 0 else ","))
                found.append(inner)
            return _after(rest, ">"), f"{outer}({', '.join(found)})"
    if text.startswith("struct<"):
        return _struct(text[len("struct") :])
    decimal = _DECIMAL.match(text)
    if decimal:
        digits, scale = int(decimal[1]), int(decimal[2])
        if digits > DECIMAL_DIGITS or scale > digits:
            raise _refused(text)
        return text[decimal.end() :], f"decimal({digits},{scale})"
    word = _WORD.match(text)
    if word is None or word[0] not in PRESTO:
        raise _refused(text)
    return text[word.end() :], PRESTO[word[0]]


def _struct(rest: str) -> tuple[str, str]:
    fields: list[str] = []
    rest = _after(rest, "<")
    while True:
        name = _WORD.match(rest)
        if name is None:
            raise _refused(rest)
        rest, inner = _parsed(_after(rest[name.end() :], ":"))
        fields.append(f"{name[0]} {inner}")
        if not rest.startswith(","):
            return _after(rest, ">"), f"row({', '.join(fields)})"
        rest = rest[1:]


def _after(text: str, mark: str) -> str:
    if not text.startswith(mark):
        raise _refused(text or f"nothing where {mark} belongs")
    return text[1:]


def _refused(text: str) -> ColumnTypeError:
    simple = ", ".join(PRESTO)
    return ColumnTypeError(
        f"a type of Hive: {simple}, decimal(digits,scale), array<type>, map<type,type> or "
        f"struct<name:type>; found {text}"
    )
