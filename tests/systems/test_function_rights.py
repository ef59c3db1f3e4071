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

from tests.conftest import STACKS
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
    session, cache, history = (f"{head}{name}Table" for name in ("Session", "Cache", "ChatHistory"))
    held = f"chat-backend/{stack}/"
    return {
        "tokens": {
            ("secretsmanager:GetSecretValue", secret(f"{held}SalesforceCredentials")),
            ("secretsmanager:GetSecretValue", secret(f"{held}JWTSecret")),
        },
        "sessions": {(f"dynamodb:{name}Item", session) for name in ("Put", "Get", "Delete")},
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
    for resource in recording.of_type("aws:iam/rolePolicy:RolePolicy"):
        owner = next((kind for kind in OWNERS if kind in resource.urn), None)
        if owner is not None and not resource.name.endswith("-schedule"):
            # What AWS makes up of a secret's ARN is other in every recording.
            text = re.sub(r"(:secret:[\w/-]+)-\w{6}\b", r"\1-SECRET", resource.inputs["policy"])
            found.setdefault(resource.name, []).append(json.loads(text))
    return found


EVERY = [
    (project.removeprefix("systems/"), stack)
    for project, stack in STACKS
    if project.removeprefix("systems/") in SYSTEMS
]
"""Each stack of the systems that have functions or identities."""


@pytest.mark.parametrize(("system", "stack"), EVERY)
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
    wrong = [
        request for request, verdict in zip(asked, allowed, strict=True) if request[2] != verdict
    ]
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


# What services ask of the keys, with the rights of who calls them: role and key decide together.


KeyCall = tuple[str, str, tuple[tuple[str, str], ...]]
"""An action, the kind of key it is asked of, and the request's context."""

WRITES = ("Put", "Update", "Delete", "Send", "Batch")

KEY_OF = {"dynamodb": "data", "s3": "data", "sqs": "messages", "secretsmanager": "secrets"}
"""Which key a service's things are under."""

CONTEXT, CARRIED = "kms:EncryptionContext:", "aws:PrincipalTag/"
"""iam-simulate leaves out context keys that end in a name of the caller's with a colon before it;
under a name that it carries the same values are compared."""

NEVER = ("kms:Encrypt", "kms:ReEncryptFrom", "kms:CreateGrant", "kms:DescribeKey",
         "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion")  # fmt: skip


def key_calls(call: Call) -> set[KeyCall]:
    """What a service asks KMS as it answers one call.

    Sources: "Encryption at rest" of DynamoDB and SQS, "Bucket keys" of S3, "Secret encryption and
    decryption" of Secrets Manager (their developer guides, 2026-11).
    """
    action, resource = call
    service, _, operation = action.partition(":")
    if service not in KEY_OF or not operation.startswith((*WRITES, "Get", "Query", "Scan",
                                                          "Receive")):  # fmt: skip
        return set()
    if operation in ("GetBucketLocation", "GetQueueAttributes"):
        return set()
    context = {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}
    if service == "secretsmanager":
        context["kms:EncryptionContext:SecretARN"] = resource
    if service == "s3":
        # With a bucket key, the bucket's ARN stands for those of its objects.
        context["kms:EncryptionContext:aws:s3:arn"] = resource.partition("/")[0]
    asked = ["kms:Decrypt"]
    if operation.startswith(WRITES):
        asked.append("kms:GenerateDataKey")
    return {(request, KEY_OF[service], tuple(sorted(context.items()))) for request in asked}


def failed_events(name: str, recording: Recording) -> set[KeyCall]:
    """A function's failed events go to its queue by its role; an identity has none."""
    is_function = any(
        resource.name == name and "trellis:functions:Function" in resource.urn
        for resource in recording.of_type("aws:lambda/function:Function")
    )
    return key_calls(("sqs:SendMessage", "")) if is_function else set()


@pytest.mark.parametrize(("system", "stack"), EVERY)
def test_keys_open_what_the_code_calls_by_its_service_and_nothing_else(
    recording_of: Recordings, system: str, stack: str
):
    recording = recording_of(f"systems/{system}", stack, "deployed")
    wanted = {
        name: {element for call in calls for element in key_calls(call)}
        | failed_events(name, recording)
        for name, calls in SYSTEMS[system](stack).items()
    }
    found = policies(recording)
    keys = {
        resource.name.removeprefix("keys-"): resource
        for resource in recording.of_type("aws:kms/key:Key")
    }
    everything = {call for calls in wanted.values() for call in calls}
    # By hand, by another service, of another secret or bucket, and what no service needs.
    wrong: set[KeyCall] = set()
    for action, kind, context in everything:
        narrowed = dict(context)
        wrong.add((action, kind, ()))
        wrong.add((action, kind, (("kms:ViaService", "rds.us-east-1.amazonaws.com"),)))
        wrong |= {(element, kind, context) for element in NEVER}
        for name in ("kms:EncryptionContext:SecretARN", "kms:EncryptionContext:aws:s3:arn"):
            if name in narrowed:
                other = {**narrowed, name: f"{narrowed[name]}-other"}
                wrong.add((action, kind, tuple(sorted(other.items()))))
        wrong |= {(action, other, context) for other in keys if other != kind}
    asked = [
        (name, call, call in own)
        for name, own in wanted.items()
        for call in sorted(everything | wrong)
        if call in own or not spare_key(system, name, call)
    ]
    cases = [
        {
            "account": ACCOUNT,
            "action": action,
            "resource": keys[kind].outputs["arn"],
            "context": {**dict(context), "kms:CallerAccount": ACCOUNT},
            "identity": found[name],
            "resourcePolicy": json.loads(keys[kind].inputs["policy"]),
        }
        for name, (action, kind, context), _ in asked
    ]
    allowed = iam_allows(json.loads(json.dumps(cases).replace(CONTEXT, CARRIED)))
    different = [
        request for request, verdict in zip(asked, allowed, strict=True) if request[2] != verdict
    ]
    assert not different


def spare_key(system: str, name: str, call: KeyCall) -> bool:
    """Rights that come with writing what is encrypted: S3 reads back what it wrote in parts."""
    context = dict(call[2])
    return (
        system == "mantissa-log"
        and name in ("detection-engine", "llm-query")
        and call[0] == "kms:Decrypt"
        and context.get("kms:EncryptionContext:aws:s3:arn", "").endswith("-query-results")
    )
