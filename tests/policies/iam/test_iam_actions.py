"""What the service authorization reference is asked, through the pinned package."""

from __future__ import annotations

import pytest

from policies.guardrails.iam.actions import (
    Level,
    condition_keys,
    expand,
    lookup,
    misspelling,
    resource_type,
)


def test_an_action_is_found_in_any_case():
    action = lookup("S3:putbucketpolicy")
    assert action is not None
    assert action.name == "s3:PutBucketPolicy"
    assert action.level is Level.PERMISSIONS


def test_a_wildcard_expands_to_what_exists():
    names = {action.name for action in expand("sqs:*Message*")}
    assert {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"} <= names
    assert "sqs:CreateQueue" not in names
    assert expand("*:CreateQueue") != ()
    assert len(expand("*")) > 15_000


@pytest.mark.parametrize(
    ("pattern", "nearest"),
    [
        ("s3:GetObjekt", "s3:GetObject"),
        ("dynamo:GetItem", "dynamodb:GetItem"),
        ("secretmanager:GetSecretValue", "secretsmanager:GetSecretValue"),
        ("sqs:SendMesage*", "sqs:SendMessage"),
    ],
)
def test_a_typing_error_names_what_was_meant(pattern, nearest):
    wrong = misspelling(pattern)
    assert wrong is not None
    assert nearest in wrong.nearest


@pytest.mark.parametrize("pattern", ["*", "s3:*", "s3:Get*", "ecs:RunTask", "s*:Get*"])
def test_what_matches_something_is_no_typing_error(pattern):
    assert misspelling(pattern) is None


@pytest.mark.parametrize(
    ("action", "narrowable"),
    [
        ("s3:GetObject", True),
        ("s3:ListBucket", True),
        ("kms:Decrypt", True),
        ("iam:PassRole", True),
        ("ec2:DescribeInstances", False),
        ("ecr:GetAuthorizationToken", False),
        ("cloudwatch:PutMetricData", False),
        ("xray:PutTraceSegments", False),
        ("secretsmanager:ListSecrets", False),
        ("ssmmessages:CreateControlChannel", False),
    ],
)
def test_an_action_can_be_narrowed_if_its_request_names_a_resource(action, narrowable):
    found = lookup(action)
    assert found is not None
    assert found.can_be_narrowed is narrowable


def test_condition_keys_and_resource_types_are_known():
    assert "ecs:cluster" in condition_keys("ecs")
    assert condition_keys("nosuchservice") == frozenset()
    table = resource_type("dynamodb", "table")
    assert table is not None
    assert table.arn.endswith("table/${TableName}")
    assert resource_type("dynamodb", "chair") is None
