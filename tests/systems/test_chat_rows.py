"""The rows of the chat backend, asserted over the recordings of its three stacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.components.api.gateway import Gateway
from tests.components.small_systems import document
from trellis.planner.record import Recorded, Recording

CHAT = "systems/chat-backend"
PAGE = "https://chat.example.com"
FUNCTION = "aws:lambda/function:Function"
GROUPS = {"tokens", "sessions", "messages", "history", "health"}
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

Recordings = Callable[..., Recording]


@pytest.fixture(params=["dev", "staging", "prod"])
def chat(request: pytest.FixtureRequest, recording_of: Recordings) -> Recording:
    return recording_of(CHAT, request.param, "deployed")


def own(recording: Recording) -> dict[str, Recorded]:
    """The functions of the stack file, without Trellis's own."""
    return {
        each.name: each
        for each in recording.of_type(FUNCTION)
        if "trellis:functions:Function" in each.urn
    }


def policy(recording: Recording, name: str) -> list[dict[str, Any]]:
    return next(
        document(each)
        for each in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        if each.name == name and "trellis:functions:Function" in each.urn
    )


def test_the_api_answers_preflights_and_its_own_errors_to_the_page(chat: Recording):
    gateway = Gateway(chat, "chat")
    for path, methods in {
        "/tokens": ["POST"],
        "/sessions": ["POST"],
        "/sessions/1": ["GET", "DELETE"],
        "/sessions/1/messages": ["GET", "POST"],
        "/history": ["GET"],
        "/health": ["GET"],
    }.items():
        preflight = gateway.ask("OPTIONS", path, origin=PAGE, token=False)
        assert preflight.status == 204
        assert set(preflight.headers["Access-Control-Allow-Methods"].split(",")) == {
            *methods,
            "OPTIONS",
        }
        for method in methods:
            answers = [gateway.ask(method, path, origin=PAGE, throttled=True)]
            answers.append(gateway.ask(method, path, origin=PAGE, broken=True))
            if path not in ("/tokens", "/health"):
                answers.append(gateway.ask(method, path, origin=PAGE, token=False))
                answers.append(gateway.ask(method, path, origin=PAGE, allowed=False))
            assert {each.status for each in answers} <= {401, 403, 429, 502}
            for each in (preflight, *answers):
                assert each.headers["Access-Control-Allow-Origin"] == PAGE


def test_only_signing_in_and_the_health_check_ask_for_no_token(chat: Recording):
    asked = {
        each.name: each.inputs["authorization"]
        for each in chat.of_type("aws:apigateway/method:Method")
        if each.inputs["httpMethod"] != "OPTIONS"
    }
    assert {name for name, said in asked.items() if said == "NONE"} == {
        "chat-POST/tokens",
        "chat-GET/health",
    }
    assert set(asked.values()) == {"NONE", "CUSTOM"}


def test_requests_are_limited_and_each_leaves_a_line(chat: Recording):
    settings = chat.one("aws:apigateway/methodSettings:MethodSettings", "chat").inputs["settings"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (100, 200)
    stage = chat.one("aws:apigateway/stage:Stage", "chat").inputs
    assert stage["accessLogSettings"]["destinationArn"]
    role = chat.of_type("aws:apigateway/account:Account")
    assert len(role) == (1 if chat.stack == "prod" else 0)


def test_a_function_for_each_group_of_routes_with_a_role_log_and_dead_letters_of_its_own(
    chat: Recording,
):
    functions = own(chat)
    assert functions.keys() == GROUPS
    roles = {each.inputs["role"] for each in functions.values()}
    logs = {each.inputs["loggingConfig"]["logGroup"] for each in functions.values()}
    dead = {each.inputs["deadLetterConfig"]["targetArn"] for each in functions.values()}
    assert len(roles) == len(logs) == len(dead) == len(GROUPS)
    for each in functions.values():
        assert each.inputs["kmsKeyArn"].startswith("arn:aws:kms:")
        assert each.inputs["environment"]["variables"]


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
            each.partition(":table/")[2].removeprefix(head)
            for each in resources
            if ":table/" in each
        }
        assert {each.removesuffix("/index/UserSessionIndex") for each in found} == {
            each.removesuffix("/index/UserSessionIndex") for each in tables
        }, name
        if name == "history":
            assert found == tables
        read = {
            each.rpartition("/")[2].rpartition("-")[0] for each in resources if ":secret:" in each
        }
        assert read == secrets, name
        assert not any("*" in each for each in found)


def test_keys_are_used_by_way_of_the_services_only(chat: Recording):
    for name in GROUPS:
        for statement in policy(chat, name):
            actions = statement["Action"]
            for action in [actions] if isinstance(actions, str) else actions:
                if action.startswith("kms:"):
                    assert "kms:ViaService" in statement["Condition"]["StringEquals"], name


def test_no_value_of_a_secret_is_recorded_and_the_tokens_secret_is_made_inside_aws(
    chat: Recording,
):
    assert not chat.of_type("aws:secretsmanager/secretVersion:SecretVersion")
    made = chat.one("aws:secretsmanager/secret:Secret", "jwt-secret").inputs
    assert made["name"] == f"chat-backend/{chat.stack}/JWTSecret"
    assert chat.of_type("aws:lambda/invocation:Invocation")
    key = chat.one("aws:kms/key:Key", "keys-secrets")
    assert key.inputs["enableKeyRotation"] is True


def test_alarms_have_the_rows_numbers(chat: Recording):
    alarms = {each.name: each.inputs for each in chat.of_type(ALARM)}
    assert alarms["api-chat-4xx"]["threshold"] == 5
    assert alarms["api-chat-5xx"]["threshold"] == 0.1
    latency = alarms["api-chat-latency"]
    assert (latency["threshold"], latency["comparisonOperator"]) == (
        500,
        "GreaterThanOrEqualToThreshold",
    )
    assert latency["extendedStatistic"] == "p99"
    for name in GROUPS:
        errors = alarms[f"function-{name}-errors"]
        assert errors["threshold"] == 0
        assert (errors["datapointsToAlarm"], errors["evaluationPeriods"]) == (2, 3)


def test_the_dashboard_shows_requests_runs_and_capacity(chat: Recording):
    bodies = [
        each.inputs["dashboardBody"] for each in chat.of_type("aws:cloudwatch/dashboard:Dashboard")
    ]
    titles = {
        widget["properties"].get("title", "")
        for body in bodies
        for widget in json.loads(body)["widgets"]
    }
    wanted = {"chat: requests", "chat: errors", "chat: latency"}
    wanted |= {f"{name}: {what}" for name in GROUPS for what in ("runs and errors", "duration")}
    assert wanted <= titles
    assert any("SessionTable" in body or "session" in body for body in bodies)


def test_nothing_is_paid_for_in_a_network(chat: Recording):
    assert not chat.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert not chat.of_type("aws:ec2/natGateway:NatGateway")
    assert all("vpcConfig" not in each.inputs for each in own(chat).values())


def test_a_plan_builds_nothing(chat: Recording):
    root = Path(__file__).resolve().parents[2]
    for each in own(chat).values():
        assert each.inputs["code"].kind
    assert not (root / CHAT / "build").exists()


def test_dev_may_go_whole_and_prod_is_kept(recording_of: Recordings):
    dev = recording_of(CHAT, "dev", "deployed")
    assert not [each.name for each in dev if each.protect]
    logs = {
        each.inputs["retentionInDays"] for each in dev.of_type("aws:cloudwatch/logGroup:LogGroup")
    }
    assert max(logs) <= 30
    prod = recording_of(CHAT, "prod", "deployed")
    assert all(each.protect for each in prod.of_type("aws:dynamodb/table:Table"))
    groups = prod.of_type("aws:cloudwatch/logGroup:LogGroup")
    assert min(each.inputs["retentionInDays"] for each in groups) >= 365
    assert prod.of_type("aws:cloudtrail/trail:Trail")


def test_what_it_costs_is_tagged_and_budgeted(chat: Recording):
    tags = own(chat)["sessions"].outputs["tagsAll"]
    assert {"Environment", "CostCenter"} <= tags.keys()
    assert chat.of_type("aws:budgets/budget:Budget")
