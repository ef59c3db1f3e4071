"""What this invocation read or made, so that no error text can carry it out.

A failed invocation's error text lands in CloudWatch Logs and, for the synchronous first value,
in Pulumi's output. Texts written by others (AWS, OpenSSL) pass through here first.
"""

import json
from typing import cast
from urllib.parse import quote

MASK = "***"
SECRET_FIELDS = ("password", "url")


class Redaction:
    """The values seen since the invocation began."""

    def __init__(self) -> None:
        self._values: set[str] = set()

    def remember(self, value: str) -> None:
        """Remember a secret value, and, when it is JSON, the fields of it that are secret."""
        self._values.add(value)
        try:
            fields: object = json.loads(value)
        except ValueError:
            return
        if isinstance(fields, dict):
            held = cast("dict[str, object]", fields)
            self._values.update(str(held[name]) for name in SECRET_FIELDS if held.get(name))

    def clean(self, text: str) -> str:
        """`text` with every remembered value, plain or percent-encoded, masked."""
        spellings = {form for value in self._values for form in (value, quote(value, safe=""))}
        for spelling in sorted(spellings, key=len, reverse=True):
            text = text.replace(spelling, MASK)
        return text
