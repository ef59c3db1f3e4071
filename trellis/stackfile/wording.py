"""Says in plain words what was found and what is allowed."""

from __future__ import annotations

import json
from typing import Any

from components.parts.regions import REGION_FORM
from trellis.stackfile.scalars import Scalar as Written
from trellis.stackfile.shape import Choice, ListOf, MapOf, Object, Scalar, Shape
from trellis.stackfile.tree import is_list, is_mapping

LONGEST = 60
"""Characters of a value that an error shows."""

MANY = 14
"""Keys of a mapping that an error lists."""


FORMS = {
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$": "a name of lower-case letters, digits and single hyphens",
    r"^((services|jobs)\.)?[a-z][a-z0-9]*(-[a-z0-9]+)*$": (
        "a name of lower-case letters, digits and single hyphens, alone or after `services.` or "
        "`jobs.`"
    ),
    r"^\d{12}$": "twelve digits in quotes",
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": "a UUID in lower case",
    REGION_FORM: "a region, as in us-east-1",
    r"^[a-z]{2}(-[a-z]+)+-\d[a-h]$": "a zone, as in us-east-1a",
    r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$": "an address, as in team@example.com",
    r"^\+[1-9]\d{6,14}$": "a telephone number, as in +14155550100",
    r"^[a-z0-9.-]+\.[a-z]{2,}$": "a host, as in www.example.com",
    r"^[^$]+$": "text without $",
    r"^[^\r\n]*$": "text on one line",
    r"^(cron\(.+\)|rate\(.+\)|at\(.+\))$": (
        "a schedule, as in rate(5 minutes), cron(0 2 * * ? *) or at(2027-03-31T18:00:00)"
    ),
    r"^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d{1,2})?|p100)$": (
        "Average, Sum, Minimum, Maximum, SampleCount or a percentile, as in p99"
    ),
    r"^/(([\w.~:-]+|\{[A-Za-z]\w*\+?\})(/([\w.~:-]+|\{[A-Za-z]\w*\+?\}))*)?$": (
        "a path whose parameters are letters, digits and underscores, as in /items/{itemId}"
    ),
    r"^https?://[a-z0-9.-]+(:\d{1,5})?$": "an origin without a path, as in https://www.example.com",
    r"^([A-Za-z0-9_-]+/)*$": "folders, each ended by a slash, as in rules/2027/",
    r"^([A-Za-z0-9_-]+/)+$": "folders, each ended by a slash, as in records/2027/",
    r"^(\.[A-Za-z_][A-Za-z0-9_]*)+$": "a path in the record, as in .log_type",
    r"^[\w./-]+\.[A-Za-z_$][\w$]*$": "a file and its function, as in app.handle",
    (
        r"^https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])"
        r"(/[\w.~-]+)*/?$"
    ): "an HTTPS address without a port, as in https://oidc.example.com/team",
    (
        r"^(ForAllValues:|ForAnyValue:)?(String(Not)?Equals(IgnoreCase)?|String(Not)?Like"
        r"|(Numeric|Date)((Not)?Equals|(Less|Greater)Than(Equals)?)|Bool|BinaryEquals"
        r"|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$"
    ): "a condition operator of IAM, as in StringEquals or ForAnyValue:StringLike",
}
"""Patterns that words say better; any other is shown as it is."""


def found(value: Any, written: Written | None = None) -> str:
    """A value as an error shows it; lists and mappings by what they are, not what they hold."""
    if value is None:
        return "nothing (null)"
    if is_mapping(value):
        return f"a mapping of {listed(value)}" if value else "an empty mapping"
    if is_list(value):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        number = json.dumps(value)
        if written is not None and written.plain and written.raw != number:
            return f"{_cut(written.raw)} (the number {_cut(number)})"
        return f"the number {_cut(number)}"
    return f'"{_cut(value)}"'


def listed(words: Any) -> str:
    """Some words, at most `MANY` of them."""
    every = [str(word) for word in words]
    rest = f" and {len(every) - MANY} more" if len(every) > MANY else ""
    return ", ".join(every[:MANY]) + rest


def described(shape: Shape, *, brief: bool = False) -> str:
    """What a shape allows. `brief` leaves out what a list or mapping holds."""
    if isinstance(shape, Choice):
        texts = (described(option, brief=brief) for _, option in shape.options)
        return ", or ".join(dict.fromkeys(texts))
    if isinstance(shape, ListOf):
        many = _size(shape.shortest, shape.longest, "item")
        each_one = "" if brief else f", each {described(shape.element, brief=True)}"
        return f"a list{f' of {many}' if many else ''}{each_one}"
    if isinstance(shape, MapOf):
        keys = described(shape.key, brief=True)
        value = "" if brief else f" to {described(shape.value, brief=True)}"
        many = _size(shape.shortest, shape.longest, "key")
        size = f"; {many}" if many else ""
        return f"a mapping{size}" if brief else f"a mapping of {keys}{value}{size}"
    if isinstance(shape, Object):
        return "a mapping" if brief or not shape.fields else f"a mapping of {listed(shape.fields)}"
    return _scalar(shape)


def _scalar(shape: Scalar) -> str:
    if shape.kind == "choice":
        words = [word if isinstance(word, str) else json.dumps(word) for word in shape.choices]
        return words[0] if len(words) == 1 else "one of " + ", ".join(words)
    if shape.kind in ("integer", "number"):
        word = "a whole number" if shape.kind == "integer" else "a number"
        return word + _range(shape)
    if shape.kind == "text":
        many = _size(shape.shortest, shape.longest, "character")
        if not shape.pattern:
            return f"text of {many}" if many else "text"
        form = FORMS.get(shape.pattern, f"text of the form {shape.pattern}")
        return f"{form}, {many}" if many else form
    return {
        "boolean": "true or false",
        "date": 'a date in quotes, as in "2027-03-31"',
        "anything": "any value",
    }[shape.kind]


def _range(shape: Scalar) -> str:
    least, most = shape.least, shape.most
    if shape.above:
        return f" above {least}" + (f", at most {most}" if most is not None else "")
    if least is not None and most is not None:
        return f" from {least} to {most}"
    if least is not None:
        return f" of at least {least}"
    return f" of at most {most}" if most is not None else ""


def _size(shortest: int | None, longest: int | None, thing: str) -> str:
    if shortest and longest is not None:
        return f"{shortest} to {longest} {thing}s"
    if shortest:
        return f"at least {shortest} {thing}{'s' if shortest > 1 else ''}"
    return f"at most {longest} {thing}{'s' if longest != 1 else ''}" if longest is not None else ""


def _cut(text: str) -> str:
    text = text.replace("\n", "\\n")
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
