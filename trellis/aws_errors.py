"""What AWS's errors say: their code, their message, and the kinds that everybody tells apart.

Source: "Common errors" of the services' API references, and "Error responses" of S3's, 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

REFUSALS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AllAccessDisabled",
        "AuthorizationError",
        "AuthorizationErrorException",
        "UnauthorizedOperation",
        "403",
    }
)
"""Codes of a caller who may not, as the services have them."""

THROTTLED = frozenset(
    {
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
    }
)
"""Codes of a caller who asks too often."""


def code_of(error: BaseException) -> str:
    """AWS's code of an error; empty where the call did not reach AWS."""
    return _field_of(error, "Code")


def message_of(error: BaseException) -> str:
    """AWS's message of an error; empty where it gave none."""
    return _field_of(error, "Message").strip()


def is_refusal(error: BaseException) -> bool:
    """Whether the caller lacks a permission."""
    return code_of(error) in REFUSALS


def is_throttling(error: BaseException) -> bool:
    """Whether the caller asks too often."""
    return code_of(error) in THROTTLED


def _field_of(error: BaseException, field: str) -> str:
    # botocore's ClientError, by what it carries: importing botocore takes longer than a plan of a
    # small stack.
    response = cast("Mapping[str, Any]", getattr(error, "response", None) or {})
    return str(response.get("Error", {}).get(field, ""))
