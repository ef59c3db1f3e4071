"""Who may reach whom: requests on every resource of a system, and a walk over security groups."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.node.programs import iam_allows
from tests.systems import services as read
from trellis.planner.record import Recorded, Recording

GROUPS = {
    "aws:rds/instance:Instance": ("database", "RelationalDatabase", 5432),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("cache", "Cache", 6379),
}
"""What is reached over the network: kind, component and port."""


@dataclass(frozen=True)
class Ask:
    """One request of one role, and the pair it speaks of."""

    service: str
    role: str
    kind: str
    key: str
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


def resources(recording: Recording) -> Iterator[tuple[str, str, str, Sequence[str], str]]:
    """Everything that can be used: kind, key, role it matters to, actions, ARN to ask about.

    Secrets are read by the execution role, all else is done by the task role.
    """
    for resource in recording.of_type("aws:s3/bucket:Bucket"):
        arn = f"arn:aws:s3:::{resource.inputs['bucket']}/a/key"
        yield (
            "bucket",
            resource.name,
            "task",
            ("s3:PutObject", "s3:GetObject", "s3:DeleteObject"),
            arn,
        )
    for resource in recording.of_type("aws:dynamodb/table:Table"):
        yield (
            "table",
            resource.name,
            "task",
            ("dynamodb:GetItem", "dynamodb:PutItem"),
            _arn(resource),
        )
    for resource in recording.of_type("aws:sns/topic:Topic"):
        yield "topic", resource.name, "task", ("sns:Publish",), _arn(resource)
    for resource in recording.of_type("aws:sqs/queue:Queue"):
        yield (
            "queue",
            resource.name,
            "task",
            ("sqs:SendMessage", "sqs:ReceiveMessage"),
            _arn(resource),
        )
    for resource in recording.of_type("aws:secretsmanager/secret:Secret"):
        yield (
            "secret",
            resource.name,
            "execution",
            ("secretsmanager:GetSecretValue",),
            _arn(resource),
        )
        yield "secret", resource.name, "task", ("secretsmanager:GetSecretValue",), _arn(resource)
    for resource in recording.of_type("aws:rds/instance:Instance"):
        yield "database", resource.name, "task", ("rds:DescribeDBInstances",), _arn(resource)
    for resource in recording.of_type("aws:elasticache/replicationGroup:ReplicationGroup"):
        yield "cache", resource.name, "task", ("elasticache:Connect",), _arn(resource)
    for resource in recording.of_type("aws:ecr/repository:Repository"):
        yield "repository", resource.name, "execution", ("ecr:BatchGetImage",), _arn(resource)
        yield "repository", resource.name, "task", ("ecr:BatchGetImage",), _arn(resource)
    for resource in recording.of_type("aws:cloudwatch/logGroup:LogGroup"):
        arn = f"{_arn(resource)}:log-stream:x"
        yield "log", resource.inputs["name"], "execution", ("logs:PutLogEvents",), arn


def asks(recording: Recording, services: Sequence[str]) -> list[Ask]:
    """Every service with every resource, linked or not."""
    return [
        Ask(service, f"{service}-{role}", kind, key, action, arn)
        for service in services
        for kind, key, role, actions, arn in resources(recording)
        for action in actions
    ]


def decided(recording: Recording, wanted: Sequence[Ask]) -> list[bool]:
    """Whether each request is allowed, by an evaluator that is not ours (iam-simulate)."""
    cases = [
        {
            "account": recording.account,
            "action": ask.action,
            "resource": ask.resource,
            "context": dict(ask.context),
            "identity": [_document(recording, ask.role)],
        }
        for ask in wanted
    ]
    return iam_allows(cases)


def walk(recording: Recording, start: str) -> set[tuple[str, int]]:
    """Groups and ports that packets from a group get into: a way out there and a way in here."""
    inward = read.flows(recording, read.INGRESS)
    reached: set[tuple[str, int]] = set()
    for own, end, first, last in read.flows(recording, read.EGRESS):
        if own == start and (end, own, first, last) in inward:
            reached.add((end, first))
    return reached


def _document(recording: Recording, role: str) -> dict[str, Any]:
    """A role's policy. Encryption contexts are left out: the evaluator can't match their names.

    Without them more would be allowed, never less, so a refusal stands.
    """
    statements = read.statements(recording, role)
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    assert "Deny" not in text
    document = json.loads(text)
    for statement in document["Statement"]:
        for operator, keys in list(statement.get("Condition", {}).items()):
            kept = {k: v for k, v in keys.items() if not re.match("kms:EncryptionContext", k)}
            statement["Condition"][operator] = kept
            if not kept:
                del statement["Condition"][operator]
    if not document["Statement"]:
        document["Statement"] = [{"Effect": "Deny", "Action": "*", "Resource": "*"}]
    return document


def _arn(resource: Recorded) -> str:
    return str(resource.outputs["arn"])
