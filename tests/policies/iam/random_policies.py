"""Random role policies and requests, for the comparison with another evaluator."""

from __future__ import annotations

from random import Random

ACCOUNT = "123456789012"
REQUESTS = (
    ("s3:GetObject", "arn:aws:s3:::alpha/reports/one.csv"),
    ("s3:PutObject", "arn:aws:s3:::alpha/two.csv"),
    ("s3:GetObject", "arn:aws:s3:::beta/reports/one.csv"),
    ("s3:ListBucket", "arn:aws:s3:::alpha"),
    ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"),
    ("sqs:ReceiveMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:orders-dead"),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/users"),
    ("dynamodb:PutItem", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/user-logs"),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/shop-task"),
)
ACTIONS = (
    "*",
    "s3:*",
    "s3:Get*",
    "s3:?etObject",
    "S3:putobject",
    "s3:List*",
    "sqs:*Message",
    "sqs:SendMessage",
    "dynamodb:*Item",
    "dynamodb:GetItem",
    "iam:Pass*",
    "iam:*",
)
RESOURCES = (
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::alpha",
    "arn:aws:s3:::alpha/*",
    "arn:aws:s3:::alpha/reports/*",
    "arn:aws:s3:::*/reports/*",
    "arn:aws:s3:::?eta/*",
    f"arn:aws:sqs:*:{ACCOUNT}:orders",
    f"arn:aws:sqs:us-east-1:{ACCOUNT}:*",
    "arn:aws:sqs:*:*:orders*",
    f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/user*",
    f"arn:aws:dynamodb:*:{ACCOUNT}:table/users",
    f"arn:aws:iam::{ACCOUNT}:role/shop-*",
    f"arn:aws:iam::{ACCOUNT}:role/shop-task",
    "arn:aws:iam::*:role/*",
)
CONDITIONS = (
    {"StringEquals": {"aws:PrincipalTag/team": ["blue", "green"]}},
    {"StringLike": {"aws:PrincipalTag/team": "b*"}},
    {"StringNotEquals": {"aws:PrincipalTag/team": "blue"}},
    {"StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "BLUE"}},
    {"Bool": {"aws:ViaAWSService": "true"}},
    {"StringEquals": {"aws:PrincipalTag/team": "red"}, "Bool": {"aws:ViaAWSService": "false"}},
)
CONTEXTS = tuple(
    {"aws:PrincipalTag/team": team, "aws:ViaAWSService": via}
    for team in ("blue", "red")
    for via in ("true", "false")
)


def _some(random: Random, values: tuple[str, ...]) -> str | list[str]:
    count = random.choice((1, 1, 2, 3))
    return random.choice(values) if count == 1 else random.sample(values, count)


def _statement(random: Random, allow: float, conditions: float) -> dict[str, object]:
    statement: dict[str, object] = {"Effect": "Allow" if random.random() < allow else "Deny"}
    negated = random.random() < 0.2
    statement["NotAction" if negated else "Action"] = _some(random, ACTIONS[negated:])
    negated = random.random() < 0.25
    statement["NotResource" if negated else "Resource"] = _some(random, RESOURCES[negated:])
    if random.random() < conditions:
        statement["Condition"] = random.choice(CONDITIONS)
    return statement


def random_document(random: Random, allow: float, conditions: float) -> dict[str, object]:
    count = random.choice((1, 1, 2, 3))
    statements = [_statement(random, allow, conditions) for _ in range(count)]
    return {"Version": "2012-10-17", "Statement": statements}


def random_case(random: Random, conditions: float = 0.3) -> dict[str, object]:
    """One role (policies, maybe a boundary) and one request with its context."""
    action, resource = random.choice(REQUESTS)
    bounded = random.random() < 0.3
    return {
        "account": ACCOUNT,
        "action": action,
        "resource": resource,
        "context": random.choice(CONTEXTS),
        "identity": [
            random_document(random, 0.85, conditions) for _ in range(random.choice((1, 2)))
        ],
        "boundary": random_document(random, 0.9, conditions) if bounded else None,
    }
