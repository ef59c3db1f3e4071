"""The table rows of the chat backend and Mantissa Log, asserted over their stack files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trellis.planner.record import Recording

TABLE = "aws:dynamodb/table:Table"
CHAT = "systems/chat-backend"
MANTISSA = "systems/mantissa-log"

Recordings = Callable[..., Recording]


@pytest.fixture(params=["dev", "staging", "prod"])
def environment(request: pytest.FixtureRequest) -> str:
    return request.param


def test_sessions_go_when_they_expire(recording_of: Recordings, environment: str):
    inputs = recording_of(CHAT, environment).one(TABLE, "session").inputs
    assert inputs["name"] == f"chat-backend-{environment}-SessionTable"
    assert inputs["hashKey"] == "sessionId"
    assert inputs["ttl"] == {"attributeName": "expiresAt", "enabled": True}


def test_cached_answers_go_when_their_time_is_up(recording_of: Recordings, environment: str):
    inputs = recording_of(CHAT, environment).one(TABLE, "cache").inputs
    assert inputs["name"] == f"chat-backend-{environment}-CacheTable"
    assert inputs["hashKey"] == "key"
    assert inputs["ttl"] == {"attributeName": "ttl", "enabled": True}


def test_history_is_found_by_session_and_by_user(recording_of: Recordings, environment: str):
    inputs = recording_of(CHAT, environment).one(TABLE, "chat-history").inputs
    assert inputs["name"] == f"chat-backend-{environment}-ChatHistoryTable"
    assert (inputs["hashKey"], inputs["rangeKey"]) == ("sessionId", "timestamp")
    (index,) = inputs["globalSecondaryIndexes"]
    assert (index["name"], index["hashKey"]) == ("UserSessionIndex", "userId")


def test_every_chat_table_is_on_demand_on_the_customer_key_and_recoverable(
    recording_of: Recordings, environment: str
):
    tables = recording_of(CHAT, environment).of_type(TABLE)
    assert len(tables) == 3
    for resource in tables:
        assert resource.inputs["billingMode"] == "PAY_PER_REQUEST"
        assert resource.inputs["serverSideEncryption"]["kmsKeyArn"].startswith("arn:aws:kms:")
        assert resource.inputs["pointInTimeRecovery"]["enabled"] is True


def test_dev_may_be_deleted_whole_and_prod_may_not(recording_of: Recordings):
    for resource in recording_of(CHAT, "dev").of_type(TABLE):
        assert resource.inputs["deletionProtectionEnabled"] is False
        assert not resource.protect
    for resource in recording_of(CHAT, "prod").of_type(TABLE):
        assert resource.inputs["deletionProtectionEnabled"] is True
        assert resource.protect


def test_alert_state_is_on_demand_recoverable_and_forgets(
    recording_of: Recordings, environment: str
):
    inputs = recording_of(MANTISSA, environment).one(TABLE, "alerts").inputs
    assert inputs["name"] == f"mantissa-log-{environment}-alerts"
    assert inputs["billingMode"] == "PAY_PER_REQUEST"
    assert inputs["ttl"]["enabled"] is True
    assert inputs["pointInTimeRecovery"]["enabled"] is True
    assert inputs["serverSideEncryption"]["kmsKeyArn"].startswith("arn:aws:kms:")


def test_production_backs_every_table_up(recording_of: Recordings):
    for project in (CHAT, MANTISSA):
        recording = recording_of(project, "prod")
        covered = recording.one("aws:backup/selection:Selection", "backups").inputs["resources"]
        assert sorted(covered) == sorted(
            resource.outputs["arn"] for resource in recording.of_type(TABLE)
        )
