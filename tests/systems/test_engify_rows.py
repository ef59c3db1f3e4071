"""The rows of Engify that functions and identities meet, asserted over its recording."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.components.small_systems import document
from tests.price.systems import priced
from tests.recordings import ROOT
from trellis.planner.record import Recording, record

ENGIFY = "systems/engify"
PREFIX = "arn:aws:logs:us-east-1:123456789012:log-group:/engify/"

Recordings = Callable[..., Recording]


@pytest.fixture
def engify(recording_of: Recordings) -> Recording:
    return recording_of(ENGIFY, "prod", "deployed")


def statements(recording: Recording, name: str) -> list[dict[str, Any]]:
    return next(
        document(resource)
        for resource in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        if resource.name == name
    )


def resources(found: list[dict[str, Any]], action: str) -> set[str]:
    answer: set[str] = set()
    for statement in found:
        actions = (
            statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        )
        if action in actions:
            whole = statement["Resource"]
            answer |= set(whole if isinstance(whole, list) else [whole])
    return answer


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
        resource.rpartition(":secret:")[2].rpartition("-")[0]
        for resource in resources(found, "secretsmanager:GetSecretValue")
    }
    assert secrets == {
        f"engify/{name}"
        for name in ("mongodb-uri", "openai-api-key", "google-api-key", "sendgrid-api-key",
                     "cognito-client-secret", "jwt-secret")
    }  # fmt: skip
    written = {
        resource for resource in resources(found, "logs:PutLogEvents") if "/engify/" in resource
    }
    assert written == {f"{PREFIX}{name}:*" for name in ("app", "audit", "security")}
    looked = resources(found, "logs:DescribeLogStreams")
    assert {element.removesuffix(":*") for element in looked} == {
        f"{PREFIX}{name}" for name in ("app", "audit", "security")
    }
    (metrics,) = [
        statement for statement in found if statement["Action"] == "cloudwatch:PutMetricData"
    ]
    assert metrics["Condition"] == {"StringEquals": {"cloudwatch:namespace": "Engify"}}
    actions = {
        action
        for statement in found
        for action in (
            statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        )
    }
    more = {"sqs:SendMessage", "kms:GenerateDataKey"} if who == "backend" else set()
    assert actions == {
        "cloudwatch:PutMetricData", "kms:Decrypt", "logs:CreateLogStream",
        "logs:DescribeLogStreams", "logs:PutLogEvents", "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue", *more,
    }  # fmt: skip


@pytest.mark.parametrize("who", ["host", "backend"])
def test_keys_open_these_secrets_and_the_functions_own_dead_letters_and_nothing_else(
    engify: Recording, who: str
):
    keys = {
        resource.name: resource.outputs["arn"] for resource in engify.of_type("aws:kms/key:Key")
    }
    found = statements(engify, who)
    opened: set[str] = set()
    for statement in found:
        if "kms:Decrypt" not in statement["Action"]:
            continue
        equals = statement["Condition"]["StringEquals"]
        if equals["kms:ViaService"] == "secretsmanager.us-east-1.amazonaws.com":
            assert (statement["Action"], statement["Resource"]) == (
                "kms:Decrypt",
                keys["keys-secrets"],
            )
            opened.add(equals["kms:EncryptionContext:SecretARN"])
        else:
            assert (who, equals) == ("backend", {"kms:ViaService": "sqs.us-east-1.amazonaws.com"})
            assert statement["Resource"] == keys["keys-messages"]
    assert opened == resources(found, "secretsmanager:GetSecretValue")
    assert resources(found, "sqs:SendMessage") == (
        {"arn:aws:sqs:us-east-1:123456789012:engify-prod-backend-failed-events"}
        if who == "backend"
        else set()
    )


def test_there_are_no_users_and_no_access_keys(engify: Recording):
    """And no role that anybody but AWS's services and the host's tokens takes."""
    assert not [
        resource.type
        for resource in engify
        if resource.type.startswith(
            ("aws:iam/user", "aws:iam/acc", "aws:iam/group", "aws:iam/serviceSpecific")
        )
    ]
    provider = engify.one(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "baseline-oidc-vercel-com-engify"
    )
    for role in engify.of_type("aws:iam/role:Role"):
        for statement in json.loads(role.inputs["assumeRolePolicy"])["Statement"]:
            (kind,) = statement["Principal"]
            taken = statement["Principal"][kind]
            if role.name == "host":
                assert (kind, taken) == ("Federated", provider.outputs["arn"])
                assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
            else:
                assert kind == "Service", role.name
                assert str(taken).endswith(".amazonaws.com"), role.name


def test_nothing_is_paid_for_in_a_network(engify: Recording):
    assert not [resource.type for resource in engify if resource.type.startswith("aws:ec2/")]


def test_a_slow_hundredth_of_calls_is_told_on_light_traffic_too(engify: Recording):
    """Ten calls in five minutes are enough; fewer say nothing, and tell nobody."""
    alarm = engify.one("aws:cloudwatch/metricAlarm:MetricAlarm", "api-response-time").inputs
    queries = {query["id"]: query for query in alarm["metricQueries"]}
    (looked,) = [query for query in queries.values() if query.get("returnData")]
    matched = re.fullmatch(r"IF\((\w+) >= (\d+), (\w+), 0\)", looked["expression"])
    assert matched is not None, looked["expression"]
    samples, least, value = matched.groups()
    assert int(least) == 10
    for name, statistic in ((samples, "SampleCount"), (value, "p99")):
        metric = queries[name]["metric"]
        assert (metric["metricName"], metric["stat"], metric["period"]) == (
            "API.ResponseTime", statistic, 300,
        )  # fmt: skip
    assert alarm["datapointsToAlarm"] <= alarm["evaluationPeriods"] == 2
    assert alarm["treatMissingData"] == "notBreaching"


METRICS = {
    "API.Requests": "Count", "API.ResponseTime": "Milliseconds", "API.ErrorRate": "Percent",
    "AI.TokensUsed": "Count", "AI.Cost": "None", "Users.Active": "Count",
    "Prompts.Executed": "Count",
}  # fmt: skip
"""Names and units of the row."""

ALARMS = {
    "api-error-rate": ("API.ErrorRate", "Engify", 5, 300),
    "api-response-time": ("API.ResponseTime", "Engify", 5000, 300),
    "ai-cost": ("AI.Cost", "Engify", 100, 86_400),
    "function-errors": ("Errors", "AWS/Lambda", 10, 60),
}
"""Metric, namespace, threshold and seconds of the row."""


def measured(alarm: Any) -> dict[str, Any]:
    """The metric that an alarm looks at, said directly or within an expression."""
    within = [query["metric"] for query in alarm.get("metricQueries") or () if query.get("metric")]
    return next((element for element in within if element["stat"] != "SampleCount"), None) or alarm


@pytest.mark.parametrize("name", ALARMS)
def test_each_alarm_of_the_row_has_its_number_and_tells_by_email_and_message(
    engify: Recording, name: str
):
    alarm = engify.one("aws:cloudwatch/metricAlarm:MetricAlarm", name).inputs
    seen = measured(alarm)
    metric = seen.get("metricName")
    assert (metric, seen["namespace"], alarm["threshold"], seen["period"]) == ALARMS[name]
    assert alarm["comparisonOperator"] == "GreaterThanThreshold"
    statistic = seen.get("stat") or alarm.get("statistic")
    assert statistic == {"API.ErrorRate": "Average", "API.ResponseTime": "p99"}.get(metric, "Sum")
    (topic,) = alarm["alarmActions"]
    protocols = {
        resource.inputs["protocol"]
        for resource in engify.of_type("aws:sns/topicSubscription:TopicSubscription")
        if resource.inputs["topic"] == topic
    }
    assert protocols == {"email", "sms"}


def test_every_metric_of_the_row_is_declared_with_its_unit_and_is_shown(engify: Recording):
    settings = priced(ENGIFY, "prod").resolution.settings
    assert settings is not None
    application = settings.monitoring.metrics["application"]
    assert application.namespace == "Engify"
    assert {metric.name: metric.unit for metric in application.metrics.values()} == METRICS
    shown = engify.one("aws:cloudwatch/dashboard:Dashboard", "application").inputs["dashboardBody"]
    for name in METRICS:
        assert f'["Engify","{name}"' in shown, name


def test_the_trail_tells_who_read_which_secret_and_is_a_switch(engify: Recording):
    (trail,) = engify.of_type("aws:cloudtrail/trail:Trail")
    assert trail.inputs["isMultiRegionTrail"] is True
    selectors = trail.inputs["advancedEventSelectors"]
    fields = [
        {element["field"]: element.get("equals") for element in selector["fieldSelectors"]}
        for selector in selectors
    ]
    # GetSecretValue is a management event that reads, so both kinds are kept.
    assert {"eventCategory": ["Management"]} in fields
    without = record(
        ROOT / ENGIFY, "prod", "deployed", changes={("baseline",): {"trail": {"enabled": False}}}
    )
    assert not without.of_type("aws:cloudtrail/trail:Trail")


def test_the_token_secrets_rotation_is_a_switch(engify: Recording):
    rotation = "aws:secretsmanager/secretRotation:SecretRotation"
    assert (
        engify.one(rotation, "jwt-secret").inputs["rotationRules"]["automaticallyAfterDays"] == 90
    )
    without = record(
        ROOT / ENGIFY, "prod", "deployed", changes={("secrets", "jwt-secret", "rotation"): "none"}
    )
    assert not without.of_type(rotation)


def test_an_existing_user_pool_is_referred_to_by_its_id():
    pool = "us-east-1_AbCdEfGhI"
    uses = [{"users": "users"}, {"secret": "mongodb-uri"}]
    edited = record(
        ROOT / ENGIFY,
        "prod",
        "deployed",
        changes={
            ("userPools",): {"users": {"existing": pool}},
            ("identities", "host", "uses"): uses,
        },
    )
    assert not edited.of_type("aws:cognito/userPool:UserPool")
    found = statements(edited, "host")
    assert resources(found, "cognito-idp:AdminGetUser") == {
        f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool}"
    }


@pytest.mark.long
def test_a_task_has_room_beside_the_function_with_the_same_rights(engify: Recording):
    """Fargate later on: a service with the very lines of the function has the same statements."""
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:" + "0" * 64
    network = {
        "cidr": "10.0.0.0/16",
        "zones": 2,
        "nat": "single",
        "subnets": {"public": {}, "private": {}},
    }
    settings = priced(ENGIFY, "prod").resolution.settings
    assert settings is not None
    uses = [
        use.model_dump(by_alias=True, exclude_unset=True)
        for use in settings.functions["backend"].uses
    ]
    edited = record(
        ROOT / ENGIFY,
        "prod",
        "deployed",
        changes={
            ("network",): network,
            ("services",): {"app": {"image": {"uri": image}, "uses": uses}},
        },
    )
    task = next(
        document(resource)
        for resource in edited.of_type("aws:iam/rolePolicy:RolePolicy")
        if resource.name.startswith("app")
        and "secretsmanager:GetSecretValue" in resource.inputs["policy"]
    )
    for action in ("secretsmanager:GetSecretValue", "logs:PutLogEvents"):
        wanted = resources(statements(engify, "host"), action)
        found = {resource for resource in resources(task, action) if "/ecs/" not in resource}
        assert {plain(element) for element in found} == {plain(element) for element in wanted}


def plain(arn: str) -> str:
    """An ARN without what AWS makes up at a secret's end."""
    return arn.rpartition("-")[0] if ":secret:" in arn else arn


LINES = {
    "secrets": (2, 5),
    "logs": (5, 10),
    "metrics": (5, 15),
    "alarms": (0, 2),
    "total": (12, 32),
}
"""US dollars a month, as the document has them."""


def test_the_price_is_within_the_documents_lines():
    """At list prices, for the use that the stack file states."""
    estimate = priced(ENGIFY, "prod").estimate
    spent = {name: Decimal(0) for name in LINES}
    for owner, line in estimate.single_lines:
        expected = line.usd.expected
        spent["total"] += expected
        what = line.charge.what
        if owner[0] == "secrets" or what == "reads of all secrets":
            spent["secrets"] += expected
        if what in ("logs written", "logs kept"):
            spent["logs"] += expected
        if what in ("metrics of one's own", "dashboards"):
            spent["metrics"] += expected
        if what == "alarms, by metric":
            spent["alarms"] += expected
    for name, (least, most) in LINES.items():
        assert least <= spent[name] <= most, (name, spent[name])
