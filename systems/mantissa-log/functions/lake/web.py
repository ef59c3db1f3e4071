"""What the functions of the API do alike: answers that the page that asked may read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any


def reply(
    status: int, body: Mapping[str, Any], default: Callable[[object], object] | None = None
) -> dict[str, Any]:
    """A response, as API Gateway's proxy integration takes it.

    Args:
        default: turns what JSON has no form for into what it has.
    """
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body, default=default),
    }


def readable(event: Mapping[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with the header by which a browser shows it to a page of `ALLOWED_ORIGINS`.

    API Gateway hands a function's headers on as they are, and answers preflights itself.
    """
    given = {name.lower(): text for name, text in (event.get("headers") or {}).items()}
    origin = given.get("origin", "")
    if origin in os.environ.get("ALLOWED_ORIGINS", "").split(","):
        answer["headers"] |= {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
    return answer
