"""The authorizer that ships with Trellis: which tokens it lets through, and which it does not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.jwt_authorizer import handler
from functions.jwt_authorizer.handler import RefusedError, UnauthorizedError, check, handle

KEY, OLD = b"k" * 48, b"o" * 48
NOW = 1_800_000_000.0
CLAIMS = {"sub": "user-1", "exp": NOW + 600, "iss": "chat", "aud": ["chat", "other"]}
ARN = "arn:aws:execute-api:us-east-1:123456789012:abc/live/GET/sessions"


def part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(claims: dict[str, Any] | None = None, key: bytes = KEY, **header: Any) -> str:
    text = f"{part({'alg': 'HS256', 'typ': 'JWT', **header})}.{part(claims or CLAIMS)}"
    algorithm = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}.get(
        str(header.get("alg")), hashlib.sha256
    )
    return f"{text}.{part(hmac.new(key, text.encode(), algorithm).digest())}"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    handler._kept.clear()
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("ISSUER", "chat")
    monkeypatch.setenv("AUDIENCE", "chat")


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_a_good_token_tells_its_claims(algorithm: str):
    assert check(token(alg=algorithm), [KEY], NOW)["sub"] == "user-1"


def test_a_token_of_the_value_before_the_last_rotation_is_good():
    assert check(token(key=OLD), [KEY, OLD], NOW)["sub"] == "user-1"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a.b",
        "....",
        token(key=b"x" * 48),
        token(alg="none"),
        token(alg="RS256"),
        token(alg="HS256", crit=["exp"]),
        token()[:-2],
        token().rpartition(".")[0] + ".",
        token({**CLAIMS, "exp": NOW - 61}),
        token({key: value for key, value in CLAIMS.items() if key != "exp"}),
        token({**CLAIMS, "exp": True}),
        token({**CLAIMS, "exp": "later"}),
        token({**CLAIMS, "nbf": NOW + 61}),
        token({**CLAIMS, "iss": "another"}),
        token({**CLAIMS, "aud": "another"}),
        token({**CLAIMS, "aud": []}),
        f"{part([1])}.{part(CLAIMS)}.{part(b'x')}",
        token({**CLAIMS, "much": "x" * 9000}),
    ],
)
def test_any_other_token_is_refused(bad: str):
    with pytest.raises(RefusedError):
        check(bad, [KEY, OLD], NOW)


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("secretsmanager")
        made = client.create_secret(Name="jwt", SecretString=OLD.decode())
        client.put_secret_value(SecretId=made["ARN"], SecretString=KEY.decode())
        monkeypatch.setenv("SECRET_ARN", made["ARN"])
        yield client


def fresh(key: bytes = KEY) -> str:
    return token({**CLAIMS, "exp": time.time() + 600}, key)


@pytest.mark.usefixtures("secret")
def test_a_rest_api_gets_a_policy_for_the_stage_and_401_for_another_token():
    answer = handle({"authorizationToken": f"Bearer {fresh()}", "methodArn": ARN}, None)
    assert answer["principalId"] == "user-1"
    (statement,) = answer["policyDocument"]["Statement"]
    assert statement["Resource"] == "arn:aws:execute-api:us-east-1:123456789012:abc/live/*"
    assert answer["context"]["iss"] == "chat"
    with pytest.raises(UnauthorizedError, match=r"^Unauthorized$"):
        handle({"authorizationToken": "Bearer no", "methodArn": ARN}, None)


@pytest.mark.usefixtures("secret")
def test_an_http_api_gets_yes_or_no():
    event = {"version": "2.0", "identitySource": [f"Bearer {fresh(OLD)}"], "routeArn": ARN}
    assert handle(event, None)["isAuthorized"] is True
    assert handle({**event, "identitySource": ["Bearer no"]}, None) == {"isAuthorized": False}


def test_the_value_is_kept_and_one_too_short_is_refused(
    secret: Any, monkeypatch: pytest.MonkeyPatch
):
    handle({"authorizationToken": fresh(), "methodArn": ARN}, None)
    secret.delete_secret(SecretId="jwt", ForceDeleteWithoutRecovery=True)
    handle({"authorizationToken": fresh(), "methodArn": ARN}, None)
    short = secret.create_secret(Name="short", SecretString="abc")
    monkeypatch.setenv("SECRET_ARN", short["ARN"])
    with pytest.raises(ValueError, match="3 bytes"):
        handle({"authorizationToken": fresh(), "methodArn": ARN}, None)
