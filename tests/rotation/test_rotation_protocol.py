"""The four steps and the first value, on a random secret: no server, Secrets Manager by moto."""

import json
import logging
from collections.abc import Callable
from typing import Any

import botocore.endpoint
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ConnectTimeoutError
from rotation_crashes import Crash, Outbound
from rotation_secrets import SecretsService

from functions.rotation import handler
from functions.rotation.errors import RotationError
from functions.rotation.handler import respond
from functions.rotation.protocol import STEPS, first_version

pytestmark = pytest.mark.long

RANDOM: dict[str, object] = {"kind": "random", "length": 40}


@pytest.fixture
def secret(service: SecretsService) -> str:
    return service.make_empty("clubapp/dev/jwt-secret", RANDOM)


def test_the_first_value_is_made_and_only_its_version_is_told(
    service: SecretsService, secret: str
) -> None:
    version = service.initialize(secret)
    assert service.labels(secret) == {"AWSCURRENT": version}
    assert len(service.value(secret)) == 40
    assert service.value(secret) not in version


def test_initializing_again_changes_nothing(service: SecretsService, secret: str) -> None:
    version = service.initialize(secret)
    value = service.value(secret)
    assert service.initialize(secret) == version
    assert service.value(secret) == value
    token = service.rotate(secret)
    assert service.initialize(secret) == token
    assert len(service.all_values(secret)) == 2


def test_two_first_invocations_at_once_agree_on_one_value(
    service: SecretsService, secret: str, outbound: Outbound
) -> None:
    """The SDK repeats a synchronous invocation that timed out while the first still runs."""
    others: list[str] = []
    put = outbound.call

    def racing(name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if name == "SecretsManager.put_secret_value" and not others:
            others.append("under way")
            others[0] = service.initialize(secret)
        return put(name, function, *args, **kwargs)

    outbound.call = racing  # type: ignore[method-assign]
    mine = service.initialize(secret)
    assert mine == others[0] == first_version(secret)
    assert len(service.all_values(secret)) == 1
    assert service.labels(secret) == {"AWSCURRENT": mine}


def test_a_rotation_moves_every_label_and_leaves_none_behind(
    service: SecretsService, secret: str
) -> None:
    first = service.initialize(secret)
    old = service.value(secret)
    token = service.rotate(secret)
    assert service.labels(secret) == {"AWSCURRENT": token, "AWSPREVIOUS": first}
    assert service.value(secret, "AWSPREVIOUS") == old
    assert service.value(secret) != old


def test_fifty_rotations_leave_two_labelled_versions_and_fifty_one_values(
    service: SecretsService, secret: str
) -> None:
    service.initialize(secret)
    for _ in range(50):
        former = service.value(secret)
        service.rotate(secret)
        assert service.value(secret, "AWSPREVIOUS") == former
    assert set(service.labels(secret)) == {"AWSCURRENT", "AWSPREVIOUS"}
    assert len(set(service.all_values(secret))) == 51


@pytest.mark.parametrize("resume_all", [False, True])
def test_a_rotation_that_crashes_at_any_call_ends_as_if_it_had_not(
    resume_all: bool, service: SecretsService, secret: str, outbound: Outbound
) -> None:
    service.initialize(secret)
    service.rotate(secret)
    calls = outbound.count(lambda: service.rotate(secret))
    crashes = 0
    for position in range(1, calls + 1):
        for when in ("before", "after"):
            live, token = service.value(secret), service.start(secret)
            step = ""
            with outbound.crashing(position, when):
                try:
                    for step in STEPS:
                        service.step(secret, token, step)
                except Crash:
                    crashes += 1
            proposed = service.all_values(secret)[-1]
            assert service.value(secret) in (live, proposed)
            service.run(secret, token, begin=STEPS[0] if resume_all else step)
            assert service.labels(secret)["AWSCURRENT"] == token
            assert set(service.labels(secret)) == {"AWSCURRENT", "AWSPREVIOUS"}
            assert service.value(secret, "AWSPREVIOUS") == live
            assert service.value(secret) != live
    assert crashes == 2 * calls > 20


def test_a_first_value_that_crashes_at_any_call_is_made_by_the_next_invocation(
    service: SecretsService, outbound: Outbound
) -> None:
    calls = outbound.count(lambda: service.initialize(service.make_empty("count", RANDOM)))
    for position in range(1, calls + 1):
        for when in ("before", "after"):
            arn = service.make_empty(f"{position}/{when}", RANDOM)
            with outbound.crashing(position, when), pytest.raises(Crash):
                service.initialize(arn)
            version = service.initialize(arn)
            assert service.labels(arn) == {"AWSCURRENT": version}
            assert len(service.all_values(arn)) == 1


def test_repeating_any_step_changes_nothing(service: SecretsService, secret: str) -> None:
    service.initialize(secret)
    token = service.start(secret)
    for step in STEPS:
        service.step(secret, token, step)
        before = (service.all_values(secret), service.labels(secret))
        for earlier in STEPS[: STEPS.index(step) + 1]:
            service.step(secret, token, earlier)
        assert (service.all_values(secret), service.labels(secret)) == before


def test_enabling_rotation_tests_the_value_there_is(service: SecretsService, secret: str) -> None:
    service.initialize(secret)
    value = service.value(secret)
    token = service.start(secret)
    service.step(secret, token, "testSecret")
    assert service.value(secret) == value


def test_a_secret_nobody_configured_is_refused_before_any_call(
    service: SecretsService, outbound: Outbound
) -> None:
    arn = service.make_empty("unknown", RANDOM)
    del service.specs[arn]
    token = service.start(arn)
    for act in (lambda: service.initialize(arn), lambda: service.step(arn, token, "createSecret")):
        with pytest.raises(RotationError, match="is not one of this function's"):
            act()
    assert outbound.names == []


def test_a_secret_whose_rotation_is_disabled_is_refused(
    service: SecretsService, secret: str
) -> None:
    service.initialize(secret)
    token = service.start(secret)
    service.disable_rotation(secret)
    with pytest.raises(RotationError, match="not enabled"):
        service.step(secret, token, "createSecret")


def test_a_version_without_the_pending_label_is_refused(
    service: SecretsService, secret: str
) -> None:
    first = service.initialize(secret)
    service.rotate(secret)
    with pytest.raises(RotationError, match="not labelled AWSPENDING"):
        service.step(secret, first, "setSecret")
    with pytest.raises(RotationError, match="has no version"):
        service.step(secret, "00000000-0000-0000-0000-000000000000", "createSecret")


@pytest.mark.parametrize("step", ["setSecret", "finishSecret"])
def test_a_version_without_a_value_is_neither_set_nor_finished(
    step: str, service: SecretsService, secret: str
) -> None:
    first = service.initialize(secret)
    token = service.start(secret)
    with pytest.raises(RotationError, match="has no value"):
        service.step(secret, token, step)
    assert service.labels(secret)["AWSCURRENT"] == first


def test_a_value_that_does_not_fit_the_configuration_is_not_promoted(
    service: SecretsService, secret: str
) -> None:
    service.initialize(secret)
    token = service.start(secret)
    service.client.put_secret_value(
        SecretId=secret, ClientRequestToken=token, SecretString="x", VersionStages=["AWSPENDING"]
    )
    with pytest.raises(RotationError, match="not 40 of the configured characters"):
        service.run(secret, token)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"action": "destroy", "secret": "arn"},
        {"action": "initialize"},
        {"Step": "createSecret", "SecretId": "arn"},
        {"Step": "createSecret", "SecretId": 7, "ClientRequestToken": "t"},
    ],
)
def test_an_event_that_is_not_understood_is_refused_with_what_is_allowed(
    event: dict[str, object], service: SecretsService
) -> None:
    with pytest.raises(RotationError, match="allowed is"):
        respond(event, service.outside())


def test_an_unknown_step_is_refused(service: SecretsService, secret: str) -> None:
    token = service.start(secret)
    with pytest.raises(RotationError, match="createSecret, setSecret, testSecret, finishSecret"):
        service.step(secret, token, "deleteSecret")


def test_a_throttled_call_is_repeated_with_growing_pauses(
    service: SecretsService, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(botocore.endpoint.time, "sleep", pauses.append)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    client = handler._secrets_manager()
    throttled = 0

    def throttle(request: Any, **_: Any) -> AWSResponse | None:
        nonlocal throttled
        if throttled == 3:
            return None
        throttled += 1
        body = json.dumps({"__type": "ThrottlingException", "message": "Rate exceeded"}).encode()
        return AWSResponse(
            request.url, 400, {"content-type": "application/x-amz-json-1.1"}, _Raw(body)
        )

    client.meta.events.register_first("before-send.secrets-manager", throttle)
    service.client = client
    service.initialize(secret)
    assert throttled == 3
    assert len(pauses) == 3
    assert service.value(secret)


class _Raw:
    """What AWSResponse reads a body from."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]


def test_the_lambda_entry_reads_its_environment_and_makes_its_own_clients(
    service: SecretsService, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("ROTATION", json.dumps(service.specs))
    answer = handler.handle({"action": "initialize", "secret": secret}, None)
    assert answer == {"versionId": service.labels(secret)["AWSCURRENT"]}


def test_a_network_without_a_path_to_aws_is_named(
    service: SecretsService, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unreachable:
        def describe_secret(self, **_: str) -> None:
            raise ConnectTimeoutError(endpoint_url="https://secretsmanager")

    service.wrap = lambda _client: Unreachable()
    with pytest.raises(RotationError, match="No path to AWS"):
        service.initialize(secret)


def test_a_missing_permission_is_named(service: SecretsService, secret: str) -> None:
    text = (
        "User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: "
        f"secretsmanager:DescribeSecret on resource: {secret} because no policy allows it"
    )

    class Denying:
        def describe_secret(self, **_: str) -> None:
            raise ClientError(
                {"Error": {"Code": "AccessDeniedException", "Message": text}}, "DescribeSecret"
            )

    service.wrap = lambda _client: Denying()
    with pytest.raises(RotationError) as failure:
        service.initialize(secret)
    assert f"secretsmanager:DescribeSecret on resource: {secret}" in str(failure.value)


def test_no_random_value_is_logged_or_told(
    service: SecretsService, secret: str, caplog: pytest.LogCaptureFixture, outbound: Outbound
) -> None:
    caplog.set_level(logging.INFO)
    answers = [service.initialize(secret)]
    calls = outbound.count(lambda: service.rotate(secret))
    outbound.crash_with = lambda _name: ValueError(" ".join(service.all_values(secret)))
    for position in range(1, calls + 1):
        token = service.start(secret)
        with outbound.crashing(position, "after"), pytest.raises(RotationError) as failure:
            service.run(secret, token)
        answers.append(f"{failure.value} {failure.value!r}")
        assert failure.value.__context__ is None
        service.run(secret, token)
    everything = "\n".join([*answers, caplog.text])
    assert secret in everything
    assert len(service.all_values(secret)) > calls
    assert not [value for value in service.all_values(secret) if value in everything]
