"""The rows of the chat backend, asserted over the recordings of its three stacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.components.api.gateway import Gateway
from tests.components.small_systems import document
from tests.price.systems import priced
from tests.recordings import ROOT
from trellis.planner.record import Recorded, Recording, record
from trellis.price.budgets import verdicts

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
        resource.name: resource
        for resource in recording.of_type(FUNCTION)
        if "trellis:functions:Function" in resource.urn
    }


def policy(recording: Recording, name: str) -> list[dict[str, Any]]:
    return next(
        document(resource)
        for resource in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        if resource.name == name and "trellis:functions:Function" in resource.urn
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
            assert {answer.status for answer in answers} <= {401, 403, 429, 502}
            for element in (preflight, *answers):
                assert element.headers["Access-Control-Allow-Origin"] == PAGE


def test_only_signing_in_and_the_health_check_ask_for_no_token(chat: Recording):
    asked = {
        resource.name: resource.inputs["authorization"]
        for resource in chat.of_type("aws:apigateway/method:Method")
        if resource.inputs["httpMethod"] != "OPTIONS"
    }
    assert {name for name, authorization in asked.items() if authorization == "NONE"} == {
        "chat-POST/tokens",
        "chat-GET/health",
    }
    assert set(asked.values()) == {"NONE", "CUSTOM"}


def test_requests_are_limited_and_each_leaves_a_line(chat: Recording):
    given = chat.one("aws:apigateway/methodSettings:MethodSettings", "chat").inputs
    stage = chat.one("aws:apigateway/stage:Stage", "chat")
    settings = given["settings"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (100, 200)
    of_stage = (stage.inputs["restApi"], stage.inputs["stageName"], "*/*")
    assert (given["restApi"], given["stageName"], given["methodPath"]) == of_stage
    assert settings["dataTraceEnabled"] is False, "bodies hold what people write"
    lines = stage.inputs["accessLogSettings"]
    (group,) = [
        resource.inputs
        for resource in chat.of_type("aws:cloudwatch/logGroup:LogGroup")
        if resource.outputs["arn"] == lines["destinationArn"]
    ]
    assert group["kmsKeyId"] == chat.one("aws:kms/key:Key", "keys-logs").outputs["arn"]
    assert group["retentionInDays"]
    parsed = json.loads(lines["format"])
    assert {parsed[part] for part in ("ip", "method", "path", "status", "latencyMs")} == {
        "$context.identity.sourceIp", "$context.httpMethod", "$context.path", "$context.status",
        "$context.responseLatency",
    }  # fmt: skip
    role = chat.of_type("aws:apigateway/account:Account")
    assert len(role) == (1 if chat.stack == "prod" else 0)
    assert all(resource.urn in stage.dependencies for resource in role), "a stage can't log before"


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


def test_alarms_have_the_rows_numbers(chat: Recording):
    alarms = {resource.name: resource.inputs for resource in chat.of_type(ALARM)}
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


def test_shares_of_requests_are_taken_over_five_minutes(chat: Recording):
    alarms = {resource.name: resource.inputs for resource in chat.of_type(ALARM)}
    for name in ("api-chat-4xx", "api-chat-5xx"):
        queries = alarms[name]["metricQueries"]
        assert {query["metric"]["period"] for query in queries if query.get("metric")} == {300}


def test_alarms_tell_by_email_message_or_webhook_and_what_they_do_is_a_setting(
    recording_of: Recordings,
):
    """Who hears, of what, and what is silent are lines of the stack file."""
    subscribers = {
        "team": {"email": "chat-team@example.com"},
        "on-call": {"sms": "+14155550100", "hears": ["page"]},
        "hook": {"https": "https://hooks.example.com/chat"},
    }
    edited = record(
        ROOT / CHAT,
        "dev",
        "deployed",
        changes={
            ("monitoring", "subscribers"): subscribers,
            ("monitoring", "alarms"): {"api-chat-4xx": {"severity": "page", "threshold": 7}},
        },
    )
    subscribed = {
        (resource.inputs["topic"].rsplit("-", 1)[-1], resource.inputs["protocol"])
        for resource in edited.of_type("aws:sns/topicSubscription:TopicSubscription")
    }
    assert subscribed == {
        ("alerts", "email"), ("pages", "email"), ("pages", "sms"),
        ("alerts", "https"), ("pages", "https"),
    }  # fmt: skip
    paged = edited.one(ALARM, "api-chat-4xx").inputs
    assert paged["threshold"] == 7
    assert [action.rsplit("-", 1)[-1] for action in paged["alarmActions"]] == ["pages"]
    before = recording_of(CHAT, "dev", "deployed").one(ALARM, "api-chat-4xx").inputs
    assert [action.rsplit("-", 1)[-1] for action in before["alarmActions"]] == ["alerts"]


def test_the_trail_is_a_switch(recording_of: Recordings):
    trail = "aws:cloudtrail/trail:Trail"
    assert recording_of(CHAT, "prod", "deployed").of_type(trail)
    without = record(
        ROOT / CHAT, "prod", "deployed", changes={("baseline",): {"trail": {"enabled": False}}}
    )
    assert not without.of_type(trail)


@pytest.mark.long
def test_functions_may_stand_in_a_network(recording_of: Recordings):
    """With a network and without `subnets: none`, production places them in private subnets."""
    network = {
        "cidr": "10.0.0.0/16",
        "zones": 2,
        "nat": "single",
        "subnets": {"public": {}, "private": {}},
        "endpoints": ["dynamodb"],
    }
    changes: dict[Any, Any] = {("network",): network}
    changes |= {("functions", name, "subnets"): "private" for name in GROUPS}
    edited = record(ROOT / CHAT, "prod", "deployed", changes=changes)
    private = {
        resource.id
        for resource in edited.of_type("aws:ec2/subnet:Subnet")
        if resource.name.startswith("network-private")
    }
    groups: set[str] = set()
    for resource in own(edited).values():
        assert set(resource.inputs["vpcConfig"]["subnetIds"]) == private
        groups |= set(resource.inputs["vpcConfig"]["securityGroupIds"])
    assert len(groups) == len(GROUPS)


def test_the_dashboard_shows_requests_runs_and_capacity(chat: Recording):
    """Each by the metrics of this stack's own things: a title alone shows nothing."""
    shown = charts(chat)
    head = f"chat-backend-{chat.stack}"
    of_api = ("AWS/ApiGateway", f"{head}-chat")
    assert shown["chat: requests"] == {(*of_api, "Count")}
    assert shown["chat: errors"] == {(*of_api, "4XXError"), (*of_api, "5XXError")}
    assert shown["chat: latency"] == {(*of_api, "Latency")}
    for name in GROUPS:
        runs = ("AWS/Lambda", f"{head}-{name}")
        assert {(*runs, "Invocations"), (*runs, "Errors")} <= shown[f"{name}: runs and errors"]
        assert shown[f"{name}: duration"] == {(*runs, "Duration")}
        # What they take of the account's runs at once.
        assert shown[f"{name}: runs at once"] == {(*runs, "ConcurrentExecutions")}
    for label, name in TABLES.items():
        table = ("AWS/DynamoDB", f"{head}-{name}")
        for title, metric in (("capacity used", "Consumed{}CapacityUnits"),
                              ("throttles", "{}ThrottleEvents")):  # fmt: skip
            assert shown[f"table-{label}: {title}"] == {
                (*table, metric.format(way)) for way in ("Read", "Write")
            }


TABLES = {"session": "SessionTable", "cache": "CacheTable", "chat-history": "ChatHistoryTable"}
"""Physical names of the tables by their keys."""


def charts(recording: Recording) -> dict[str, set[tuple[str, str, str]]]:
    """Namespace, first dimension and name of the metrics of each chart, by its title."""
    return {
        widget["properties"].get("title", ""): {
            (metric[0], metric[3], metric[1])
            for metric in widget["properties"].get("metrics", ())
            if len(metric) > 3
        }
        for resource in recording.of_type("aws:cloudwatch/dashboard:Dashboard")
        for widget in json.loads(resource.inputs["dashboardBody"])["widgets"]
    }


def test_nothing_is_paid_for_in_a_network(chat: Recording):
    assert not chat.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert not chat.of_type("aws:ec2/natGateway:NatGateway")
    assert all("vpcConfig" not in resource.inputs for resource in own(chat).values())


def test_a_plan_builds_nothing(chat: Recording):
    root = Path(__file__).resolve().parents[2]
    for resource in own(chat).values():
        assert resource.inputs["code"].kind
    assert not (root / CHAT / "build").exists()


def test_dev_may_go_whole_and_prod_is_kept(recording_of: Recordings):
    dev = recording_of(CHAT, "dev", "deployed")
    assert not [element.name for element in dev if element.protect or element.retain_on_delete]
    # AWS's own protection would stop it too.
    for resource in dev:
        assert not resource.inputs.get("deletionProtectionEnabled"), resource.urn
        assert resource.inputs.get("deletionProtection") in (None, False, "INACTIVE"), resource.urn
    logs = {
        resource.inputs["retentionInDays"]
        for resource in dev.of_type("aws:cloudwatch/logGroup:LogGroup")
    }
    assert max(logs) <= 30
    prod = recording_of(CHAT, "prod", "deployed")
    assert all(resource.protect for resource in prod.of_type("aws:dynamodb/table:Table"))
    groups = prod.of_type("aws:cloudwatch/logGroup:LogGroup")
    assert min(resource.inputs["retentionInDays"] for resource in groups) >= 365
    assert prod.of_type("aws:cloudtrail/trail:Trail")


def test_staging_is_as_prod_but_for_what_the_account_has_once(recording_of: Recordings):
    staging, prod = (
        {
            (resource.type, resource.name): resource
            for resource in recording_of(CHAT, stack, "deployed")
            if not any(part in resource.urn for part in ("trellis:baseline", "-logs", "audit-"))
        }
        for stack in ("staging", "prod")
    )
    assert staging.keys() == prod.keys()
    assert {key for key, element in staging.items() if element.protect} == {
        key for key, element in prod.items() if element.protect
    }


def test_what_it_costs_is_tagged_budgeted_and_told_and_the_budget_holds(chat: Recording):
    for resource in chat:
        if "tagsAll" in resource.outputs:
            assert resource.outputs["tagsAll"]["Environment"] == chat.stack, resource.urn
            assert resource.outputs["tagsAll"]["CostCenter"] == "chat", resource.urn
    (budget,) = chat.of_type("aws:budgets/budget:Budget")
    assert {
        notification["notificationType"] for notification in budget.inputs["notifications"]
    } == {
        "ACTUAL",
        "FORECASTED",
    }
    (found,) = verdicts(chat, priced(CHAT, chat.stack).estimate.usd, datetime.now(UTC).date())
    assert not found.fires_at_once, found.text
