"""The rows of Engify that functions and identities meet, asserted over its recording."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.components.small_systems import document
from trellis.planner.record import Recording

ENGIFY = "systems/engify"
PREFIX = "arn:aws:logs:us-east-1:123456789012:log-group:/engify/"

Recordings = Callable[..., Recording]


@pytest.fixture
def engify(recording_of: Recordings) -> Recording:
    return recording_of(ENGIFY, "prod", "deployed")


def statements(recording: Recording, name: str) -> list[dict[str, Any]]:
    return next(
        document(each)
        for each in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        if each.name == name
    )


def resources(found: list[dict[str, Any]], action: str) -> set[str]:
    said: set[str] = set()
    for each in found:
        actions = each["Action"] if isinstance(each["Action"], list) else [each["Action"]]
        if action in actions:
            whole = each["Resource"]
            said |= set(whole if isinstance(whole, list) else [whole])
    return said


def test_the_host_outside_is_known_by_issuer_audience_and_subject(engify: Recording):
    role = engify.one("aws:iam/role:Role", "host").inputs
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {
            "oidc.vercel.com/engify:aud": "https://vercel.com/engify",
            "oidc.vercel.com/engify:sub": "owner:engify:project:app:environment:production",
        }
    }
    provider = engify.one(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "baseline-oidc-vercel-com-engify"
    )
    assert provider.inputs["clientIdLists"] == ["https://vercel.com/engify"]


@pytest.mark.parametrize("who", ["host", "backend"])
def test_both_read_exactly_these_secrets_write_these_logs_and_put_these_metrics(
    engify: Recording, who: str
):
    found = statements(engify, who)
    secrets = {
        each.rpartition(":secret:")[2].rpartition("-")[0]
        for each in resources(found, "secretsmanager:GetSecretValue")
    }
    assert secrets == {
        f"engify/{name}"
        for name in ("mongodb-uri", "openai-api-key", "google-api-key", "sendgrid-api-key",
                     "cognito-client-secret", "jwt-secret")
    }  # fmt: skip
    written = {each for each in resources(found, "logs:PutLogEvents") if "/engify/" in each}
    assert written == {f"{PREFIX}{name}:*" for name in ("app", "audit", "security")}
    looked = resources(found, "logs:DescribeLogStreams")
    assert {each.removesuffix(":*") for each in looked} == {
        f"{PREFIX}{name}" for name in ("app", "audit", "security")
    }
    (metrics,) = [each for each in found if each["Action"] == "cloudwatch:PutMetricData"]
    assert metrics["Condition"] == {"StringEquals": {"cloudwatch:namespace": "Engify"}}
    actions = {
        action
        for each in found
        for action in (each["Action"] if isinstance(each["Action"], list) else [each["Action"]])
    }
    more = {"sqs:SendMessage", "kms:GenerateDataKey"} if who == "backend" else set()
    assert actions == {
        "cloudwatch:PutMetricData", "kms:Decrypt", "logs:CreateLogStream",
        "logs:DescribeLogStreams", "logs:PutLogEvents", "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue", *more,
    }  # fmt: skip


def test_there_are_no_users_and_no_access_keys(engify: Recording):
    assert not [
        each.type for each in engify if each.type.startswith(("aws:iam/user", "aws:iam/acc"))
    ]


def test_nothing_is_paid_for_in_a_network(engify: Recording):
    assert not [each.type for each in engify if each.type.startswith("aws:ec2/")]


def test_a_slow_hundredth_of_calls_is_told_on_light_traffic_too(engify: Recording):
    alarm = engify.one("aws:cloudwatch/metricAlarm:MetricAlarm", "api-response-time").inputs
    expression = next(
        each["expression"] for each in alarm["metricQueries"] if each.get("expression")
    )
    assert ">= 10," in expression
