"""What the roles of the systems' functions and identities allow, decided by iam-simulate.

For each: every call that its code makes is allowed; what the others call, what no code calls, and
the same calls on a neighbour's things are not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.node.programs import iam_allows
from trellis.planner.record import Recording

pytestmark = pytest.mark.node

ACCOUNT = "123456789012"
HERE = f"us-east-1:{ACCOUNT}"
OWNERS = ("trellis:functions:Function", "trellis:identities:Identity")
PROFILE = f"arn:aws:bedrock:{HERE}:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0"

Call = tuple[str, str]
"""An action and the ARN it is asked for; `SECRET` ends stand for what AWS makes up."""

Recordings = Callable[..., Recording]


def athena(stack: str) -> set[Call]:
    """What a query takes: the calls of `athena.py`, and Athena's own with the caller's rights."""
    group = f"arn:aws:athena:{HERE}:workgroup/mantissa-log-{stack}-main"
    database = f"mantissa_log_{stack}_lake"
    return {
        ("athena:StartQueryExecution", group),
        ("athena:GetQueryExecution", group),
        ("athena:GetQueryResults", group),
        ("athena:StopQueryExecution", group),
        ("glue:GetTable", f"arn:aws:glue:{HERE}:table/{database}/cloudtrail"),
        ("glue:GetDatabase", f"arn:aws:glue:{HERE}:database/{database}"),
        ("s3:GetObject", f"arn:aws:s3:::mantissa-log-{stack}-logs/logs/cloudtrail/x.parquet"),
        ("s3:ListBucket", f"arn:aws:s3:::mantissa-log-{stack}-logs"),
        ("s3:PutObject", f"arn:aws:s3:::mantissa-log-{stack}-query-results/"
                         f"mantissa-log-{stack}-main/x.csv"),
        ("s3:GetBucketLocation", f"arn:aws:s3:::mantissa-log-{stack}-query-results"),
    }  # fmt: skip


def mantissa(stack: str) -> dict[str, set[Call]]:
    alerts = f"arn:aws:dynamodb:{HERE}:table/mantissa-log-{stack}-alerts"
    queue = f"arn:aws:sqs:{HERE}:mantissa-log-{stack}-detections"
    rules = f"arn:aws:s3:::mantissa-log-{stack}-configuration"
    return {
        "detection-engine": athena(stack)
        | {
            ("s3:ListBucket", rules),
            ("s3:GetObject", f"{rules}/rules/root-used.json"),
            ("dynamodb:PutItem", alerts),
            ("dynamodb:UpdateItem", alerts),
            ("sqs:SendMessage", queue),
        },
        "llm-query": athena(stack)
        | {
            ("glue:GetTables", f"arn:aws:glue:{HERE}:database/mantissa_log_{stack}_lake"),
            ("bedrock:InvokeModel", PROFILE),
        },
        "alert-router": {
            ("sqs:ReceiveMessage", queue),
            ("sqs:DeleteMessage", queue),
            ("sqs:GetQueueAttributes", queue),
            ("secretsmanager:GetSecretValue", secret(f"mantissa-log/{stack}/slack-webhook")),
            ("secretsmanager:GetSecretValue", secret(f"mantissa-log/{stack}/pagerduty-api-key")),
        },
        "api-alerts": {
            ("dynamodb:Scan", alerts),
            ("dynamodb:GetItem", alerts),
            ("dynamodb:UpdateItem", alerts),
        },
    }


def chat(stack: str) -> dict[str, set[Call]]:
    head = f"arn:aws:dynamodb:{HERE}:table/chat-backend-{stack}-"
    session, cache, history = (f"{head}{each}Table" for each in ("Session", "Cache", "ChatHistory"))
    held = f"chat-backend/{stack}/"
    return {
        "tokens": {
            ("secretsmanager:GetSecretValue", secret(f"{held}SalesforceCredentials")),
            ("secretsmanager:GetSecretValue", secret(f"{held}JWTSecret")),
        },
        "sessions": {(f"dynamodb:{each}Item", session) for each in ("Put", "Get", "Delete")},
        "messages": {
            ("dynamodb:GetItem", session),
            ("dynamodb:GetItem", cache),
            ("dynamodb:PutItem", cache),
            ("dynamodb:PutItem", history),
            ("secretsmanager:GetSecretValue", secret(f"{held}OpenAICredentials")),
        },
        "history": {
            ("dynamodb:Query", history),
            ("dynamodb:Query", f"{history}/index/UserSessionIndex"),
        },
        "health": set(),
    }


def engify(_: str) -> dict[str, set[Call]]:
    group = f"arn:aws:logs:{HERE}:log-group:/engify/"
    names = ("mongodb-uri", "openai-api-key", "google-api-key", "sendgrid-api-key",
             "cognito-client-secret", "jwt-secret")  # fmt: skip
    both = {("secretsmanager:GetSecretValue", secret(f"engify/{name}")) for name in names}
    for name in ("app", "audit", "security"):
        both |= {
            ("logs:CreateLogStream", f"{group}{name}:log-stream:one"),
            ("logs:PutLogEvents", f"{group}{name}:log-stream:one"),
            ("logs:DescribeLogStreams", f"{group}{name}:*"),
        }
    return {"host": both, "backend": both}


def secret(name: str) -> str:
    return f"arn:aws:secretsmanager:{HERE}:secret:{name}-SECRET"


NOBODY: set[Call] = {
    ("secretsmanager:PutSecretValue", secret("engify/jwt-secret")),
    ("secretsmanager:GetSecretValue", secret("engify/other")),
    ("secretsmanager:GetSecretValue", secret("mantissa-log/prod/model-api-key")),
    ("logs:CreateLogGroup", f"arn:aws:logs:{HERE}:log-group:/engify/new:*"),
    ("logs:DeleteLogGroup", f"arn:aws:logs:{HERE}:log-group:/engify/audit:*"),
    ("glue:UpdateTable", f"arn:aws:glue:{HERE}:table/mantissa_log_prod_lake/cloudtrail"),
    ("s3:DeleteObject", "arn:aws:s3:::mantissa-log-prod-logs/logs/cloudtrail/x.parquet"),
    ("s3:PutObject", "arn:aws:s3:::mantissa-log-prod-configuration/rules/root-used.json"),
    ("s3:GetObject", "arn:aws:s3:::mantissa-log-prod-logs/logs-failed/x"),
    ("dynamodb:DeleteTable", f"arn:aws:dynamodb:{HERE}:table/mantissa-log-prod-alerts"),
    ("athena:StartQueryExecution", f"arn:aws:athena:{HERE}:workgroup/primary"),
    ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-"
                            "4-5-20250929-v1:0"),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/any"),
    ("kms:Decrypt", f"arn:aws:kms:{HERE}:key/587d841d-dcc6-4bc2-abc2-e7a4fc708422"),
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/any"),
    ("lambda:InvokeFunction", f"arn:aws:lambda:{HERE}:function:chat-backend-prod-tokens"),
}  # fmt: skip
"""What no code of theirs calls: writing what is read, what is beside, keys and roles themselves."""


SYSTEMS: dict[str, Callable[[str], dict[str, set[Call]]]] = {
    "mantissa-log": mantissa,
    "chat-backend": chat,
    "engify": engify,
}


def policies(recording: Recording) -> dict[str, list[dict[str, Any]]]:
    """The role's policies of every function and identity, by its key."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in recording.of_type("aws:iam/rolePolicy:RolePolicy"):
        owner = next((kind for kind in OWNERS if kind in each.urn), None)
        if owner is not None and not each.name.endswith("-schedule"):
            # What AWS makes up of a secret's ARN is other in every recording.
            text = re.sub(r"(:secret:[\w/-]+)-\w{6}\b", r"\1-SECRET", each.inputs["policy"])
            found.setdefault(each.name, []).append(json.loads(text))
    return found


@pytest.mark.parametrize(
    ("system", "stack"),
    [("mantissa-log", "dev"), ("mantissa-log", "prod"), ("chat-backend", "prod"),
     ("engify", "prod")],
)  # fmt: skip
def test_roles_allow_what_the_code_calls_and_nothing_else(
    recording_of: Recordings, system: str, stack: str
):
    wanted = SYSTEMS[system](stack)
    found = policies(recording_of(f"systems/{system}", stack, "deployed"))
    assert found.keys() == wanted.keys()
    neighbour = "staging" if stack == "prod" else "prod"
    others = {call for calls in SYSTEMS[system](neighbour).values() for call in calls}
    everything = NOBODY | {call for calls in wanted.values() for call in calls}
    everything |= others if system != "engify" else set()
    asked = [
        (name, call, call in calls)
        for name, calls in wanted.items()
        for call in sorted(everything)
        # A part of the query's own rights that the code does not use, or a profile of both stacks.
        if call in calls or call not in spare(system, name, stack)
    ]
    allowed = iam_allows(
        [
            {
                "account": ACCOUNT,
                "action": action,
                "resource": resource,
                "context": {},
                "identity": found[name],
            }
            for name, (action, resource), _ in asked
        ]
    )
    wrong = [each for each, verdict in zip(asked, allowed, strict=True) if each[2] != verdict]
    assert not wrong


def spare(system: str, name: str, stack: str) -> set[Call]:
    """Rights that come with a kind of access, though this code does without."""
    if system == "mantissa-log":
        alerts = f"arn:aws:dynamodb:{HERE}:table/mantissa-log-{stack}-alerts"
        queue = f"arn:aws:sqs:{HERE}:mantissa-log-{stack}-detections"
        database = f"arn:aws:glue:{HERE}:database/mantissa_log_{stack}_lake"
        return {
            "detection-engine": {("sqs:GetQueueAttributes", queue), ("glue:GetTables", database)},
            "api-alerts": {("dynamodb:PutItem", alerts)},
        }.get(name, set())
    return set()


def test_metrics_are_put_in_engifys_namespace_only(recording_of: Recordings):
    found = policies(recording_of("systems/engify", "prod", "deployed"))
    cases = [
        {
            "account": ACCOUNT,
            "action": "cloudwatch:PutMetricData",
            "resource": "*",
            "context": {"cloudwatch:namespace": namespace},
            "identity": found[name],
        }
        for name in ("host", "backend")
        for namespace in ("Engify", "AWS/Lambda")
    ]
    assert iam_allows(cases) == [True, False, True, False]
