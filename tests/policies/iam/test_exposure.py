"""What policies give away: everything, services, wildcards, data, credentials, resources."""

from __future__ import annotations

import pytest
from statements import allow, deny, identity, outcome, permissions

from policies.guardrails.iam.actions import lookup
from policies.guardrails.iam.exposure import (
    CREDENTIALS,
    EXFILTRATION,
    allows_everything,
    credentials_exposure,
    exfiltration,
    full_administrator,
    managed_administrators,
    resource_exposure,
    service_wildcards,
    unknown_actions,
    wildcard_resources,
)
from policies.guardrails.iam.findings import Outcome
from policies.guardrails.unknown import UNKNOWN

FAIL, PASS, DOUBT = Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN
BUCKET = "arn:aws:s3:::shop/*"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("*"), FAIL),
        (allow("*:*"), FAIL),
        (allow(["s3:GetObject", "*"], ["*", BUCKET]), FAIL),
        (allow("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}), FAIL),
        (allow("*", BUCKET), PASS),
        (allow("s3:*"), PASS),
        (deny("*"), PASS),
        (allow(UNKNOWN), DOUBT),
        (allow("*", UNKNOWN), DOUBT),
        (UNKNOWN, DOUBT),
        ({**allow("*"), "Effect": UNKNOWN}, DOUBT),
    ],
)
def test_everything_on_everything_is_an_administrator(statement, expected):
    assert outcome(allows_everything(identity(statement))) is expected


def test_a_role_is_an_administrator_by_any_of_its_policies():
    asked = permissions(
        allow("sqs:SendMessage"), managed=["arn:aws:iam::aws:policy/AdministratorAccess"]
    )
    found = full_administrator(asked)
    assert outcome(found) is FAIL
    assert found[0].locations[0].policy == "AdministratorAccess"
    assert outcome(full_administrator(permissions(allow("sqs:SendMessage")))) is PASS


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("s3:*", BUCKET), FAIL),
        (allow("*", BUCKET), FAIL),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": BUCKET}, FAIL),
        (allow(["s3:Get*", "s3:List*"], BUCKET), PASS),
        ({"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}, PASS),
        (allow(["s3:GetObject", UNKNOWN]), DOUBT),
    ],
)
def test_a_whole_service_is_too_much(statement, expected):
    assert outcome(service_wildcards(identity(statement))) is expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("s3:GetObject"), FAIL),
        (allow(["ec2:DescribeInstances", "kms:Decrypt"]), FAIL),
        (allow("sqs:Send*"), FAIL),
        ({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": BUCKET}, FAIL),
        (allow(["ec2:Describe*", "ecr:GetAuthorizationToken", "xray:PutTraceSegments"]), PASS),
        (allow("cloudwatch:PutMetricData"), PASS),
        (allow("s3:GetObject", BUCKET), PASS),
        (allow("ecs:RunTask", Condition={"ArnEquals": {"ecs:cluster": "arn:aws:ecs:x"}}), PASS),
        (allow("s3:GetObject", Condition={"Bool": {"aws:SecureTransport": "true"}}), FAIL),
        (deny("s3:GetObject"), PASS),
        (allow(UNKNOWN), DOUBT),
        (allow("s3:GetObject", UNKNOWN), DOUBT),
        (allow("s3:GetObject", Condition=UNKNOWN), DOUBT),
        (allow(["s3:GetObject", UNKNOWN]), FAIL),
    ],
)
def test_all_resources_only_for_actions_that_know_none(statement, expected):
    found = wildcard_resources(identity(statement))
    assert outcome(found) is expected
    assert all("UNKNOWN" not in finding.reason for finding in found)


def test_a_wildcard_resource_names_the_actions_to_narrow():
    (finding,) = wildcard_resources(identity(allow(["sqs:SendMessage", "ec2:DescribeVpcs"])))
    assert "sqs:SendMessage" in finding.reason
    assert "ec2:DescribeVpcs" not in finding.reason


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("s3:GetObjekt"), FAIL),
        (allow("sq:SendMessage"), FAIL),
        ({"Effect": "Deny", "NotAction": "s3:GetObjekt", "Resource": "*"}, FAIL),
        (allow(["s3:getobject", "s3:Get*", "*"]), PASS),
        (allow([UNKNOWN]), DOUBT),
        (allow(["s3:GetObjekt", UNKNOWN]), FAIL),
    ],
)
def test_a_misspelt_action_is_found(statement, expected):
    assert outcome(unknown_actions(identity(statement))) is expected


def test_a_misspelt_action_says_what_was_meant():
    (finding,) = unknown_actions(identity(allow("secretsmanager:GetSecretValu")))
    assert "secretsmanager:GetSecretValue" in finding.reason


def test_a_managed_administrator_is_known_by_name():
    lambda_role = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    assert outcome(managed_administrators([lambda_role])) is PASS
    assert outcome(managed_administrators([lambda_role, UNKNOWN])) is DOUBT
    admin = "arn:aws:iam::aws:policy/PowerUserAccess"
    assert outcome(managed_administrators([UNKNOWN, admin])) is FAIL


def test_the_lists_name_only_actions_that_exist():
    assert [name for name in (*EXFILTRATION, *CREDENTIALS) if lookup(name) is None] == []


@pytest.mark.parametrize(
    ("analysis", "action", "exact"),
    [
        (exfiltration, "s3:GetObject", BUCKET),
        (exfiltration, "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:one-x"),
        (credentials_exposure, "iam:CreateAccessKey", "arn:aws:iam::*:user/one"),
        (credentials_exposure, "rds-db:connect", "arn:aws:rds-db:*:*:dbuser:db-1/app"),
        (resource_exposure, "s3:PutBucketPolicy", "arn:aws:s3:::shop"),
        (resource_exposure, "kms:PutKeyPolicy", "arn:aws:kms:us-east-1:123456789012:key/1"),
    ],
)
def test_what_gives_data_credentials_or_resources_away_must_be_bounded(analysis, action, exact):
    assert outcome(analysis(permissions(allow(action)))) is FAIL
    assert outcome(analysis(permissions(allow(action.replace(":", ":*"))))) is FAIL
    assert outcome(analysis(permissions(allow(action, exact)))) is PASS
    assert outcome(analysis(permissions(allow(action), deny(action)))) is PASS
    assert outcome(analysis(permissions(allow(action, UNKNOWN)))) is DOUBT
    assert outcome(analysis(permissions(allow(UNKNOWN)))) is DOUBT
    assert outcome(analysis(permissions(allow("sqs:SendMessage")))) is PASS
    condition = {"StringEquals": {"aws:ResourceTag/Project": "shop"}}
    assert outcome(analysis(permissions(allow(action, Condition=condition)))) is PASS


def test_exceptions_are_read_as_everything_else():
    rest = {"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}
    checks = [finding.reason for finding in resource_exposure(permissions(rest))]
    assert any("kms:PutKeyPolicy" in reason for reason in checks)
    reasons = [finding.reason for finding in exfiltration(permissions(rest))]
    assert not any("s3:GetObject " in reason for reason in reasons)
