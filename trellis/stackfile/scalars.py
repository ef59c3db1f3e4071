"""What an unquoted YAML scalar means to the engine, whose reader is go-yaml v3.

Sources: `gopkg.in/yaml.v3` 3.0.1 (resolve, decode) and the way Pulumi's workspace loader hands
configuration on, 3.259; a table of cases is compared through the engine in tests.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "null", "boolean", "integer", "float", "date"]
Value: TypeAlias = str | int | float | bool | None

_WORDS: dict[str, tuple[Kind, Value]] = {
    **dict.fromkeys(("true", "True", "TRUE"), ("boolean", True)),
    **dict.fromkeys(("false", "False", "FALSE"), ("boolean", False)),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), ("null", None)),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), ("float", float("nan"))),
    **dict.fromkeys((".inf", ".Inf", ".INF"), ("float", float("inf"))),
    **dict.fromkeys(("+.inf", "+.Inf", "+.INF"), ("float", float("inf"))),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), ("float", float("-inf"))),
}
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_POINT_FLOAT = re.compile(r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?")
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO](?P<oct>[0-7]+)"
    r"|0(?P<old>[0-7]+)|(?P<dec>0|[1-9][0-9]*))"
)
_BASES = {"hex": 16, "bin": 2, "oct": 8, "old": 8, "dec": 10}
_TIME = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"
    r"(?:(?P<sep>[Tt ])(?P<hour>\d\d?):(?P<minute>\d\d?):(?P<second>\d\d?)(?P<part>[.,]\d+)?"
    r"(?P<zone>Z|[-+]\d\d:\d\d)?)?"
)
_INT64 = range(-(2**63), 2**63)
_UINT64 = range(2**64)
_DIGITS = 64
"""Of the longest number of 64 bits, a binary one."""
_JSON_EXPONENT_FROM = 1e21
_JSON_EXPONENT_BELOW = 1e-6
"""Go's JSON encoder writes numbers outside with an exponent ("encoding/json", Marshal)."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar as the engine takes it."""

    kind: Kind
    value: Value
    raw: str
    """As written."""
    plain: bool
    """Written without quotes."""


class WrongTagError(ValueError):
    """A scalar with an explicit tag that its text can't have."""


def resolve(raw: str, *, plain: bool = True, tag: str | None = None) -> Scalar:
    """The value of a scalar.

    Args:
        raw: its text, unescaped.
        plain: whether it has no quotes and is no block scalar.
        tag: an explicit tag in full (`tag:yaml.org,2002:int`), or None.

    Raises:
        WrongTagError: the text can't be what the tag says.
    """
    wanted = None if tag in (None, "!") else tag.removeprefix("tag:yaml.org,2002:")
    if wanted == "binary":
        try:
            decoded = base64.b64decode(raw, validate=False).decode("utf-8", "replace")
        except binascii.Error:
            raise WrongTagError("base64 text") from None
        return Scalar("text", decoded, raw, plain=False)
    if wanted == "str" or (wanted is None and not plain):
        return Scalar("text", raw, raw, plain=False)
    if wanted is None:
        kind, value = _plain(raw)
        return Scalar(kind, value, raw, plain=True)
    kinds = {"null": "null", "bool": "boolean", "int": "integer", "float": "float",
             "timestamp": "date"}  # fmt: skip
    if wanted not in kinds:
        return Scalar("text", raw, raw, plain=False)
    kind, value = _plain(raw)
    if kinds[wanted] == "float" and kind == "integer":
        return Scalar("float", value, raw, plain=False)
    if kind != kinds[wanted]:
        raise WrongTagError(f"what !!{wanted} says")
    return Scalar(kind, value, raw, plain=True)


def key_text(scalar: Scalar) -> str:
    """The text a mapping key becomes: numbers and booleans are keys as the engine prints them."""
    if scalar.kind == "null":
        return "<nil>"
    if isinstance(scalar.value, bool):
        return "true" if scalar.value else "false"
    return str(scalar.value)


def iso(moment: str) -> str:
    """A date's text as Go's JSON has it (RFC 3339): so it comes out of Pulumi.yaml."""
    day, time, offset, _ = moment.split(" ")
    zone = "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}"
    return f"{day}T{time}{zone}"


def whole(value: int) -> int:
    """An integer inside a list or mapping: the engine keeps 64 bits with sign, else a double."""
    return value if value in _INT64 else int(Decimal(repr(float(value))))


def number_text(value: float) -> str:
    """A number as Go's JSON writes it: with an exponent only below 1e-6 and from 1e21."""
    text = repr(value)
    if "e-" not in text:
        return text
    if abs(value) < _JSON_EXPONENT_BELOW:
        return text.replace("e-0", "e-")
    return format(Decimal(text), "f")


def loses(scalar: Scalar) -> bool:
    """Whether the engine's text for an unquoted scalar differs from what was written."""
    if not scalar.plain or scalar.kind in ("text", "null"):
        return False
    return scalar.kind == "date" or key_text(scalar) != scalar.raw


def octal(scalar: Scalar) -> bool:
    """Whether a leading zero was dropped or made an unquoted number octal, as in `007`."""
    return (
        scalar.plain
        and scalar.kind in ("integer", "float")
        and re.match(r"[-+]?0[0-9_]", scalar.raw) is not None
    )


def _plain(raw: str) -> tuple[Kind, Value]:
    word = _WORDS.get(raw)
    if word is not None:
        return word
    first = raw[0]
    if first == ".":
        if _POINT_FLOAT.fullmatch(raw):
            return _float(raw.replace("_", ""), raw)
        return "text", raw
    if first not in "+-0123456789":
        return "text", raw
    when = _time(raw)
    if when is not None:
        return "date", when
    digits = raw.replace("_", "")
    number = _INTEGER.fullmatch(digits)
    if number:
        base = next(name for name in _BASES if number[name] is not None)
        significant = number[base].lstrip("0") or "0"
        # Python reads no more than 4300 digits, and 64 bits have at most 64.
        value = int(significant, _BASES[base]) if len(significant) <= _DIGITS else 2**_DIGITS
        value = -value if number["sign"] == "-" else value
        if value in _INT64 or (number["sign"] == "" and value in _UINT64):
            return "integer", value
    if _FLOAT.fullmatch(digits):
        return _float(digits, raw)
    return "text", raw


def _float(digits: str, raw: str) -> tuple[Kind, Value]:
    value = float(digits)
    if value in (float("inf"), float("-inf")):  # out of range: the engine keeps the text
        return "text", raw
    if value.is_integer() and abs(value) < _JSON_EXPONENT_FROM:
        return "float", int(Decimal(repr(value)))
    return "float", value


def _time(raw: str) -> str | None:
    """The text of a date or time as Go prints it, or None when it isn't one."""
    match = _TIME.fullmatch(raw) if raw[:4].isdigit() and raw[4:5] == "-" else None
    if match is None:
        return None
    separator, zone = match["sep"], match["zone"]
    if (zone is not None) != (separator in ("T", "t")):
        return None
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        return None
    part = (match["part"] or "").replace(",", ".").rstrip("0").rstrip(".")[:10]
    offset = (
        "+0000 UTC"
        if zone in (None, "Z", "+00:00", "-00:00")
        else (f"{zone.replace(':', '')} {zone.replace(':', '')}")
    )
    return f"{day.isoformat()} {hour:02}:{minute:02}:{second:02}{part} {offset}"
