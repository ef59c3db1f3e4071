"""Checks tokens (JWT, RFC 7519) that were signed with a secret of AWS Secrets Manager.

Environment: SECRET_ARN; FIELD, ISSUER and AUDIENCE where they are asked for. The value that
rotation replaced stays good until the next one, so nobody is signed out by it. Values are kept for
five minutes. A token is good if HS256, HS384 or HS512 signed it, it has not ended (`exp`, which it
must have), has begun (`nbf`), and says the issuer and audience that are asked for.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import boto3
from botocore.exceptions import BotoCoreError, ClientError

DIGESTS = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
"""By the algorithm that a token's header names (RFC 7518, section 3.2)."""

KEPT_SECONDS = 300
STALE_SECONDS = 900
"""For so long after that, the kept values serve while Secrets Manager can't be asked."""

MEANT = frozenset({"AccessDeniedException", "DecryptionFailure", "ResourceNotFoundException"})
"""Refusals that somebody's change makes, after which no kept value serves."""

LEEWAY_SECONDS = 60
"""By which clocks may differ."""

STAGES = ("AWSCURRENT", "AWSPREVIOUS")
LONGEST_TOKEN = 8_192
"""Characters: API Gateway takes headers of 10,240 bytes in all."""

LEAST_BYTES = 32
"""Of a key (RFC 7518, section 3.2: as long as the digest or longer)."""

_kept: dict[str, tuple[float, tuple[bytes, ...]]] = {}


class RefusedError(Exception):
    """The token is not good; says why, for the log."""


class UnauthorizedError(Exception):
    """What API Gateway answers 401 to, by its text: `Unauthorized`."""


def handle(event: Mapping[str, Any], _context: Any, *, secrets: Any = None) -> dict[str, Any]:
    """Answer an authorizer's request, of a REST API or of an HTTP API (format 2.0).

    Raises:
        UnauthorizedError: a REST API's token is not good.
    """
    simple = event.get("version") == "2.0"
    try:
        claims = check(_token(event), values(secrets), time.time())
    except RefusedError as reason:
        print(json.dumps({"refused": str(reason)}))
        if simple:
            return {"isAuthorized": False}
        raise UnauthorizedError("Unauthorized") from None
    context = {
        name: str(value)
        for name, value in claims.items()
        if isinstance(value, (str, int, float, bool))
    }
    if simple:
        return {"isAuthorized": True, "context": context}
    # The answer is kept for the token, whatever it asks for next: it opens the whole stage.
    api, stage = str(event["methodArn"]).split("/")[:2]
    statement = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": f"{api}/{stage}/*",
    }
    return {
        "principalId": str(claims.get("sub", "unknown")),
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }


def check(token: str, keys: Sequence[bytes], now: float) -> dict[str, Any]:
    """The claims of a good token.

    Args:
        now: seconds since 1970.

    Raises:
        RefusedError: it is not good.
    """
    parts = token.split(".")
    if len(token) > LONGEST_TOKEN or len(parts) != 3:
        raise RefusedError("no token")
    header, claims = _object(parts[0]), _object(parts[1])
    digest = DIGESTS.get(str(header.get("alg")))
    if digest is None or "crit" in header:
        raise RefusedError("another algorithm")
    signed, signature = f"{parts[0]}.{parts[1]}".encode(), _decoded(parts[2])
    # All are compared, so that the time it takes does not tell which one it was.
    good = [hmac.compare_digest(hmac.digest(key, signed, digest), signature) for key in keys]
    if not any(good):
        raise RefusedError("another signature")
    _check_times(claims, now)
    issuer, audience = os.environ.get("ISSUER"), os.environ.get("AUDIENCE")
    if issuer and claims.get("iss") != issuer:
        raise RefusedError("another issuer")
    meant: Any = claims.get("aud", [])
    if audience and audience not in ([meant] if isinstance(meant, str) else meant):
        raise RefusedError("another audience")
    return claims


def values(secrets: Any = None) -> tuple[bytes, ...]:
    """The secret's current value, and the one before where there is one.

    Args:
        secrets: client of Secrets Manager.

    Raises:
        ValueError: a value is too short to sign with.
    """
    arn = os.environ["SECRET_ARN"]
    until, kept = _kept.get(arn, (0.0, ()))
    if time.monotonic() < until:
        return kept
    try:
        found = tuple(_read(secrets or boto3.client("secretsmanager"), arn))
    except (BotoCoreError, ClientError) as error:
        if not kept or time.monotonic() >= until + STALE_SECONDS or _is_meant(error):
            raise
        return kept
    _kept[arn] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def _read(client: Any, arn: str) -> Iterator[bytes]:
    for stage in STAGES:
        try:
            answer = client.get_secret_value(SecretId=arn, VersionStage=stage)
        except client.exceptions.ResourceNotFoundException:
            if stage == "AWSCURRENT":
                raise
            continue
        yield _key(answer["SecretString"])


def _is_meant(error: BotoCoreError | ClientError) -> bool:
    return isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") in MEANT


def _key(text: str) -> bytes:
    field = os.environ.get("FIELD")
    value = str(json.loads(text)[field] if field else text).encode()
    if len(value) < LEAST_BYTES:
        raise ValueError(f"the secret has {len(value)} bytes; a key has {LEAST_BYTES} or more")
    return value


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    ends, begins = claims.get("exp"), claims.get("nbf", 0)
    if not _is_time(ends) or not _is_time(begins):
        raise RefusedError("no end, or a time that is none")
    if now >= float(cast("float", ends)) + LEEWAY_SECONDS:
        raise RefusedError("ended")
    if now < float(begins) - LEEWAY_SECONDS:
        raise RefusedError("not begun")


def _is_time(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _token(event: Mapping[str, Any]) -> str:
    said = event.get("authorizationToken") or (event.get("identitySource") or [""])[0]
    scheme, _, token = str(said).strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else scheme


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_decoded(part))
    except ValueError:
        raise RefusedError("no JSON") from None
    if not isinstance(found, dict):
        raise RefusedError("no object")
    return cast("dict[str, Any]", found)


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise RefusedError("no base64") from None
