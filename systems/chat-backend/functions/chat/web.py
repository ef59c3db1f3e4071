"""What every function of the API does alike: answers, requests, secrets that are kept a while."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
from typing import Any

import boto3

KEPT_SECONDS = 300
"""How long a secret's value is used before it is asked for again: rotation needs no deployment."""

_kept: dict[str, tuple[float, str]] = {}


def answer(status: int, body: Any, event: dict[str, Any] | None = None) -> dict[str, Any]:
    """A response of the API, which the page that asked may read."""
    origins = os.environ.get("ALLOWED_ORIGINS", "").split(",")
    headers = {name.lower(): text for name, text in ((event or {}).get("headers") or {}).items()}
    origin = headers.get("origin", "")
    allowed = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin in origins else {}
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", **allowed},
        "body": json.dumps(body, default=str),
    }


def body_of(event: dict[str, Any]) -> dict[str, Any]:
    """The request's body; API Gateway has checked it."""
    found: dict[str, Any] = json.loads(event.get("body") or "{}")
    return found


def user_of(event: dict[str, Any]) -> str:
    """Whose token it was: the authorizer says so."""
    return str(event["requestContext"]["authorizer"]["sub"])


def table(variable: str) -> Any:
    """The table whose name a variable has."""
    return boto3.resource("dynamodb").Table(os.environ[variable])


def secret(variable: str) -> str:
    """The value of a secret whose ARN a variable has."""
    arn = os.environ[variable]
    until, value = _kept.get(arn, (0.0, ""))
    if time.monotonic() >= until:
        client = boto3.client("secretsmanager")
        value = client.get_secret_value(SecretId=arn)["SecretString"]
        _kept[arn] = (time.monotonic() + KEPT_SECONDS, value)
    return value


def signed(claims: dict[str, Any], key: str) -> str:
    """A token (JWT, RFC 7519) with these claims, signed with HS256."""
    header = _part({"alg": "HS256", "typ": "JWT"})
    text = f"{header}.{_part(claims)}"
    return f"{text}.{_plain(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest())}"


def _part(value: dict[str, Any]) -> str:
    return _plain(json.dumps(value, separators=(",", ":")).encode())


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
