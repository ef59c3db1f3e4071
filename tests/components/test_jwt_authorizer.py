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
from botocore.exceptions import ClientError, EndpointConnectionError
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


class Troubled:
    """Secrets Manager that gives no answer but an error."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.exceptions = boto3.client("secretsmanager").exceptions

    def get_secret_value(self, **_given: Any) -> Any:
        raise self._error


def refusal(code: str) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no"}}
    return ClientError(answer, "GetSecretValue")


PASSING = (
    refusal("ThrottlingException"),
    refusal("InternalServiceError"),
    EndpointConnectionError(endpoint_url="https://secretsmanager.us-east-1.amazonaws.com"),
)


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("trouble", PASSING, ids=lambda one: type(one).__name__)
def test_a_value_that_was_read_serves_on_while_secrets_manager_cannot_be_asked(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
):
    event = {"version": "2.0", "identitySource": [f"Bearer {fresh()}"], "routeArn": ARN}
    started = time.monotonic()
    handle(event, None)
    later = started + handler.KEPT_SECONDS + 60
    monkeypatch.setattr(handler.time, "monotonic", lambda: later)
    assert handle(event, None, secrets=Troubled(trouble))["isAuthorized"] is True
    wrong = {**event, "identitySource": ["Bearer no"]}
    assert handle(wrong, None, secrets=Troubled(trouble)) == {"isAuthorized": False}
    much_later = later + handler.STALE_SECONDS
    monkeypatch.setattr(handler.time, "monotonic", lambda: much_later)
    with pytest.raises(type(trouble)):
        handle(event, None, secrets=Troubled(trouble))


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("code", sorted(handler.MEANT))
def test_a_value_that_may_not_be_read_any_more_serves_no_longer(
    code: str, monkeypatch: pytest.MonkeyPatch
):
    event = {"version": "2.0", "identitySource": [f"Bearer {fresh()}"], "routeArn": ARN}
    started = time.monotonic()
    handle(event, None)
    monkeypatch.setattr(handler.time, "monotonic", lambda: started + handler.KEPT_SECONDS + 60)
    with pytest.raises(ClientError, match=code):
        handle(event, None, secrets=Troubled(refusal(code)))


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("trouble", PASSING, ids=lambda one: type(one).__name__)
def test_without_any_value_nobody_is_let_in_and_nobody_told_that_a_token_is_bad(
    trouble: Exception,
):
    event = {"authorizationToken": f"Bearer {fresh()}", "methodArn": ARN}
    with pytest.raises(type(trouble)):
        handle(event, None, secrets=Troubled(trouble))
