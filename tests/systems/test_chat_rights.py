"""The chat backend's rows about roles, keys and secrets, asserted over its recordings."""

from __future__ import annotations

from tests.systems.chat_backend import GROUPS, own, policy
from trellis.planner.record import Recording


def test_a_function_for_each_group_of_routes_with_a_role_log_and_dead_letters_of_its_own(
    chat: Recording,
):
    functions = own(chat)
    assert functions.keys() == GROUPS
    roles = {resource.inputs["role"] for resource in functions.values()}
    logs = {resource.inputs["loggingConfig"]["logGroup"] for resource in functions.values()}
    dead = {resource.inputs["deadLetterConfig"]["targetArn"] for resource in functions.values()}
    assert len(roles) == len(logs) == len(dead) == len(GROUPS)
    key = chat.one("aws:kms/key:Key", "keys-secrets")
    assert key.inputs["rotationPeriodInDays"] == 365
    for resource in functions.values():
        assert resource.inputs["kmsKeyArn"] == key.outputs["arn"]
        assert resource.inputs["environment"]["variables"]


def test_each_function_reaches_exactly_its_tables_indexes_and_secrets(chat: Recording):
    head = f"chat-backend-{chat.stack}-"
    wanted = {
        "tokens": (set(), {"SalesforceCredentials", "JWTSecret"}),
        "sessions": ({"SessionTable"}, set()),
        "messages": (
            {"SessionTable", "CacheTable", "ChatHistoryTable"},
            {"OpenAICredentials"},
        ),
        "history": ({"ChatHistoryTable", "ChatHistoryTable/index/UserSessionIndex"}, set()),
        "health": (set(), set()),
    }
    for name, (tables, secrets) in wanted.items():
        resources = [
            str(resource)
            for statement in policy(chat, name)
            for resource in (
                statement["Resource"]
                if isinstance(statement["Resource"], list)
                else [statement["Resource"]]
            )
        ]
        found = {
            resource.partition(":table/")[2].removeprefix(head)
            for resource in resources
            if ":table/" in resource
        }
        assert {element.removesuffix("/index/UserSessionIndex") for element in found} == {
            table.removesuffix("/index/UserSessionIndex") for table in tables
        }, name
        if name == "history":
            assert found == tables
        read = {
            resource.rpartition("/")[2].rpartition("-")[0]
            for resource in resources
            if ":secret:" in resource
        }
        assert read == secrets, name
        assert not any("*" in element for element in found)


KEYS = {
    "tokens": {("secrets", "secretsmanager")},
    "sessions": {("data", "dynamodb")},
    "messages": {("data", "dynamodb"), ("secrets", "secretsmanager")},
    "history": {("data", "dynamodb")},
    "health": set[tuple[str, str]](),
}
"""Which key each function uses, and by way of which service; all keep dead letters by SQS."""


def test_keys_are_used_by_way_of_the_services_only(chat: Recording):
    keys = {
        resource.outputs["arn"]: resource.name.removeprefix("keys-")
        for resource in chat.of_type("aws:kms/key:Key")
    }
    for name, wanted in KEYS.items():
        found: set[tuple[str, str]] = set()
        for statement in policy(chat, name):
            actions = statement["Action"]
            for action in [actions] if isinstance(actions, str) else actions:
                if action.startswith("kms:"):
                    assert action in ("kms:Decrypt", "kms:GenerateDataKey"), name
                    equals = statement["Condition"]["StringEquals"]
                    service = equals["kms:ViaService"].removesuffix(".us-east-1.amazonaws.com")
                    found.add((keys[statement["Resource"]], service))
                    if service == "secretsmanager":
                        assert equals["kms:EncryptionContext:SecretARN"].startswith("arn:"), name
        assert found == wanted | {("messages", "sqs")}, name


def test_no_value_of_a_secret_is_recorded_and_the_tokens_secret_is_made_inside_aws(
    chat: Recording,
):
    assert not chat.of_type("aws:secretsmanager/secretVersion:SecretVersion")
    made = chat.one("aws:secretsmanager/secret:Secret", "jwt-secret").inputs
    assert made["name"] == f"chat-backend/{chat.stack}/JWTSecret"
    assert chat.of_type("aws:lambda/invocation:Invocation")
    key = chat.one("aws:kms/key:Key", "keys-secrets")
    assert key.inputs["enableKeyRotation"] is True
