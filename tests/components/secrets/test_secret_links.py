"""What links of secrets bring, and which secrets are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from components.contracts import AccountRegion, Link
from components.naming import Naming
from components.secrets.secret import Secret
from components.secrets.settings import SecretSettings
from functions.rotation.cache_credentials import propose
from functions.rotation.configuration import VARIABLE, CacheTokenSpec, CacheUserSpec, spec_of
from tests.components.secrets.small_secrets import FUNCTION, rotation_of
from tests.components.small_systems import (
    ACCOUNT,
    DATABASE,
    NETWORK,
    small_system,
)
from trellis.planner.record import ProgramInput, Recorded, record_program
from trellis.stackfile.problems import StackFileError

SETTINGS: TypeAdapter[Any] = TypeAdapter(SecretSettings)


def secret(**given: Any) -> Any:
    return SETTINGS.validate_json(json.dumps(given))


def linked(kind: dict[str, Any], *args: Any) -> Link:
    found: list[Link] = []

    def program() -> None:
        made = Secret(
            "rds",
            secret(**kind),
            naming=Naming("shop", "dev"),
            where=AccountRegion(ACCOUNT, "us-east-1"),
            key_arn="arn:aws:kms:us-east-1:123456789012:key/1",
        )
        found.append(made.link("read", *args))

    record_program(program, ProgramInput("shop", "dev", {"aws:region": "us-east-1"}))
    return found[0]


def test_a_value_that_the_task_gets_at_start_gives_its_code_no_right_to_read_it():
    link = linked({"kind": "credentials", "database": "main"}, "DATABASE_URL")
    (reference,) = link.secrets
    assert (reference.environment, reference.json_key) == ("DATABASE_URL", "url")
    assert reference.rotates
    assert not reference.given
    assert link.grants == ()
    assert link.environment == {}


def test_code_that_reads_for_itself_gets_the_arn_and_the_right():
    link = linked({})
    assert link.secrets == ()
    assert list(link.environment) == ["RDS_SECRET_ARN"]
    assert [grant.sid for grant in link.grants] == ["ReadSecretRds", "KeyOfSecretRds"]


def test_an_operator_is_told_which_values_are_theirs():
    (reference,) = linked({}, "STRIPE_SECRET_KEY").secrets
    assert reference.given
    assert reference.ready is None
    assert reference.json_key is None


@pytest.mark.parametrize(
    "given",
    [
        {"value": "hunter2"},
        {"kind": "given", "rotation": {"everyDays": 1}},
        {"kind": "generated", "length": 31},
        {"kind": "generated", "value": "hunter2"},
        {"kind": "credentials"},
        {"kind": "credentials", "database": "main", "cache": "main"},
        {"kind": "credentials", "database": "main", "cacheUser": "app"},
        {"kind": "credentials", "database": "main", "user": "App"},
        {"kind": "credentials", "database": "main", "user": "a" * 27},
        {"kind": "credentials", "database": "main", "password": "hunter2"},
        {"kind": "credentials", "cache": "main", "cacheAccess": "off"},
        {"kind": "credentials", "database": "main", "rotation": {"windowHours": 25}},
        {"recoveryDays": 3},
        {"name": "a b"},
        {"name": "{who}/key"},
    ],
)
def test_a_secret_that_cannot_be_is_refused(given: dict[str, Any]):
    with pytest.raises(ValidationError):
        secret(**given)


@pytest.mark.parametrize(
    ("tiers", "message"),
    [
        (
            {
                "secrets": {"a": {"kind": "credentials", "database": "mian"}},
                "network": NETWORK,
                "databases": {"main": DATABASE},
            },
            "did you mean `main`",
        ),
        ({"secrets": {"a": {"kind": "credentials", "cache": "main"}}}, "credentials without"),
        ({"secrets": {"a": {"name": "one"}, "b": {"name": "one"}}}, "another: a has it"),
        (
            {
                "secrets": {"a": {"kind": "credentials", "database": "main"}},
                "databases": {"main": DATABASE},
                "network": {**NETWORK, "nat": "none", "endpoints": ["s3"]},
            },
            "secretsmanager in `network.endpoints`",
        ),
        (
            {"secrets": {f"s{n}": {"kind": "generated"} for n in range(14)}},
            "at most 13",
        ),
        (
            {
                "secrets": {"a": {"kind": "credentials", "database": "main"}},
                "databases": {
                    "main": {
                        **DATABASE,
                        "proxy": {},
                        "iamAuthentication": True,
                        "iamUsers": ["robot"],
                    }
                },
                "network": NETWORK,
            },
            "whose proxy lets in IAM users only",
        ),
    ],
)
def test_what_only_the_whole_can_tell_is_told_before_anything_is_made(
    tiers: dict[str, Any], message: str
):
    with pytest.raises(StackFileError, match=message):
        small_system(**tiers)


def test_thirteen_random_secrets_fit_their_functions_environment():
    recording = small_system(secrets={f"s{n}": {"kind": "generated"} for n in range(13)})
    function: Recorded = recording.one(FUNCTION, "random")
    variables = function.inputs["environment"]["variables"]
    assert len(json.dumps(variables)) < 4096


def test_the_longest_users_fit_their_functions_environment():
    """As many of one proxied database as the check lets through, each as long as can be."""
    query = "sslmode=verify-full&sslrootcert=/" + "x" * 117
    credentials = {"kind": "credentials", "database": "main", "urlQuery": query}
    recording = small_system(
        network=NETWORK,
        databases={"main": {**DATABASE, "proxy": {}}},
        secrets={f"s{n}": {**credentials, "user": "u" * 25 + str(n)} for n in range(5)},
    )
    variables = recording.one(FUNCTION, "database-main").inputs["environment"]["variables"]
    assert len(json.dumps(variables)) < 4096
    with pytest.raises(StackFileError, match="at most 5"):
        small_system(
            network=NETWORK,
            databases={"main": {**DATABASE, "proxy": {}}},
            secrets={f"s{n}": credentials for n in range(6)},
        )


def test_a_connection_string_ends_as_the_stack_file_says():
    query = "sslmode=verify-full&sslrootcert=/etc/ssl/rds-ca.pem"
    recording = small_system(
        network=NETWORK,
        databases={"main": DATABASE},
        secrets={"rds": {"kind": "credentials", "database": "main", "urlQuery": query}},
    )
    (spec,) = rotation_of(recording, "database-main").values()
    assert spec["urlQuery"] == query
    assert "clientHost" not in spec


@pytest.mark.parametrize("authentication", ["user", "token"])
def test_a_caches_connection_string_ends_as_the_stack_file_says(authentication: str):
    """Celery refuses a `rediss://` that doesn't say whether certificates are asked for."""
    query = "ssl_cert_reqs=required"
    recording = small_system(
        network=NETWORK,
        caches={"main": {"authentication": authentication}},
        secrets={"broker": {"kind": "credentials", "cache": "main", "urlQuery": query}},
    )
    (spec,) = rotation_of(recording, "cache-main").values()
    assert spec["urlQuery"] == query
    known = {"arn": {**spec, "host": "cache.example", "userId": "app", "user": "app"}}
    if authentication == "token":
        known["arn"] = {k: v for k, v in known["arn"].items() if k not in ("userId", "user")}
    read = spec_of("arn", {VARIABLE: json.dumps(known)})
    assert isinstance(read, CacheUserSpec | CacheTokenSpec)
    written = json.loads(propose(read, "app"))
    assert written["url"].endswith(f":6379/0?{query}")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"database": "main", "urlQuery": "sslmode=prefer"}, "without sslmode=prefer"),
        ({"database": "main", "urlQuery": "a=1&ssl-mode=DISABLED"}, "without ssl-mode"),
        ({"database": "main", "urlQuery": "?a=1 b"}, "pattern"),
    ],
)
def test_a_connection_string_never_falls_back_to_clear_text(given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        secret(kind="credentials", **given)
