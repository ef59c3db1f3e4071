"""The secret rows of the systems, asserted over recordings of their stack files."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.components.small_systems import statement
from trellis.planner.record import Recording

SECRET = "aws:secretsmanager/secret:Secret"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
INVOCATION = "aws:lambda/invocation:Invocation"
KEY = "aws:kms/key:Key"

Recorded = Callable[..., Recording]


def names(recording: Recording) -> set[str]:
    return {resource.inputs["name"] for resource in recording.of_type(SECRET)}


def filled(recording: Recording) -> set[str]:
    """Secrets whose first value is made inside AWS."""
    return {
        resource.name
        for resource in recording.of_type(INVOCATION)
        if ":secrets:Secret$" in resource.urn
    }


def days(recording: Recording, name: str) -> int:
    return recording.one(ROTATION, name).inputs["rotationRules"]["automaticallyAfterDays"]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_clubapp_has_the_six_secrets_of_its_service(recording_of: Recorded, stack: str):
    recording = recording_of(".", stack)
    assert names(recording) >= {
        f"clubapp/{stack}/{name}"
        for name in ("rds", "redis", "jwt-secret", "stripe", "sendgrid", "sentry")
    }
    assert filled(recording) == {"rds", "redis", "jwt-secret"}
    rules = recording.one(ROTATION, "rds").inputs["rotationRules"]
    assert rules == {"automaticallyAfterDays": 30, "duration": "3h"}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_clubapps_database_secret_is_a_service_users_and_the_master_is_rdss(
    recording_of: Recorded, stack: str
):
    recording = recording_of(".", stack)
    function = recording.one("aws:lambda/function:Function", "database-main").inputs
    (spec,) = json.loads(function["environment"]["variables"]["ROTATION"]).values()
    instance = recording.one("aws:rds/instance:Instance", "main")
    assert spec["kind"] == "database"
    assert spec["user"] == "clubapp"
    assert spec["dbname"] == "postgres"
    assert spec["user"] != instance.inputs["username"]
    assert instance.inputs["manageMasterUserPassword"] is True


@pytest.mark.parametrize("stack", ["starter", "prod"])
def test_the_analyzers_secrets_have_their_paths_and_the_token_key_rotates_in_ninety_days(
    recording_of: Recorded, stack: str
):
    recording = recording_of("systems/afric-analyzer", stack)
    assert names(recording) >= {
        f"/siem/{stack}/{name}"
        for name in (
            "database-url",
            "redis-url",
            "jwt-secret",
            "smtp-credentials",
            "repo1-api-keys",
        )
    }
    assert days(recording, "jwt-secret") == 90
    assert filled(recording) == {"database-url", "redis-url", "jwt-secret"}


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_mantissas_secrets_are_set_by_an_operator_and_never_read_at_deployment(
    recording_of: Recorded, stack: str
):
    recording = recording_of("systems/mantissa-log", stack)
    assert names(recording) >= {
        f"mantissa-log/{stack}/{name}"
        for name in ("slack-webhook", "pagerduty-api-key", "model-api-key")
    }
    assert filled(recording) == set()


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_the_chats_secrets_are_under_a_customer_key_that_rotates_yearly(
    recording_of: Recorded, stack: str
):
    recording = recording_of("systems/chat-backend", stack)
    assert names(recording) >= {
        f"chat-backend/{stack}/{name}"
        for name in ("SalesforceCredentials", "OpenAICredentials", "JWTSecret")
    }
    assert filled(recording) == {"jwt-secret"}
    by_arn = {resource.outputs["arn"]: resource for resource in recording.of_type(KEY)}
    for resource in recording.of_type(SECRET):
        key = by_arn[resource.inputs["kmsKeyId"]]
        assert key.inputs["rotationPeriodInDays"] == 365
        through = statement(key, "AccountUsesThroughServices")["Condition"]["StringEquals"]
        assert "secretsmanager.us-east-1.amazonaws.com" in through["kms:ViaService"]


def test_engifys_secrets_have_its_names_and_the_token_keys_rotation_can_be_switched(
    recording_of: Recorded,
):
    recording = recording_of("systems/engify", "prod")
    assert names(recording) >= {
        f"engify/{name}"
        for name in (
            "mongodb-uri",
            "openai-api-key",
            "google-api-key",
            "sendgrid-api-key",
            "cognito-client-secret",
            "jwt-secret",
        )
    }
    assert days(recording, "jwt-secret") == 90


def test_a_development_secrets_name_can_be_used_again_at_once(recording_of: Recorded):
    development = recording_of(".", "dev").one(SECRET, "stripe")
    production = recording_of(".", "prod").one(SECRET, "stripe")
    assert development.inputs["recoveryWindowInDays"] == 0
    assert production.inputs["recoveryWindowInDays"] == 30
    assert production.protect
    assert not development.protect
