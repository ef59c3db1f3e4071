"""Who may assume a role."""

from __future__ import annotations

import pytest
from statements import ACCOUNT, OTHER_ACCOUNT, document, outcome, trusting

from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.findings import Outcome
from policies.guardrails.iam.trust import (
    admits_role,
    admits_service,
    anonymous_trust,
    confused_deputy,
    cross_account_trust,
    oidc_trust,
)
from policies.guardrails.unknown import UNKNOWN, Tri

FAIL, PASS, DOUBT = Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
OTHER = f"arn:aws:iam::{OTHER_ACCOUNT}:root"


def equals(**pairs):
    return {"StringEquals": {key.replace("_", ":"): value for key, value in pairs.items()}}


@pytest.mark.parametrize(
    ("principal", "condition", "expected"),
    [
        ("*", None, FAIL),
        ({"AWS": "*"}, None, FAIL),
        ({"AWS": "arn:aws:iam::*:root"}, None, FAIL),
        ({"AWS": [ROOT, "*"]}, None, FAIL),
        ({"Service": "lambda.amazonaws.com"}, None, PASS),
        ({"AWS": ROOT}, None, PASS),
        ("*", equals(aws_PrincipalOrgID="o-abc123"), PASS),
        ("*", {"StringLike": {"aws:PrincipalOrgID": "*"}}, FAIL),
        ("*", {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-abc123"}}, FAIL),
        ("*", {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc123"}}, FAIL),
        ("*", {"Null": {"aws:PrincipalOrgID": "false"}}, FAIL),
        ("*", {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, FAIL),
        ("*", {"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}, FAIL),
        ("*", {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, PASS),
        ("*", equals(aws_PrincipalOrgID=UNKNOWN), DOUBT),
        ("*", UNKNOWN, DOUBT),
        (UNKNOWN, None, DOUBT),
        ({"AWS": [UNKNOWN]}, None, DOUBT),
        ({"Service": [UNKNOWN]}, None, PASS),
    ],
)
def test_anyone_may_not_assume_a_role(principal, condition, expected):
    assert outcome(anonymous_trust(trusting(principal, condition))) is expected


def test_everyone_but_some_is_anyone():
    statement = {"Effect": "Allow", "NotPrincipal": {"AWS": ROOT}, "Action": "sts:AssumeRole"}
    trust = parse(document(statement), "trust", Kind.TRUST)
    assert outcome(anonymous_trust(trust)) is FAIL
    denied = parse(document({**statement, "Effect": "Deny"}), "trust", Kind.TRUST)
    assert outcome(anonymous_trust(denied)) is PASS


@pytest.mark.parametrize(
    ("principal", "condition", "expected"),
    [
        ({"AWS": ROOT}, None, PASS),
        ({"AWS": ACCOUNT}, None, PASS),
        ({"AWS": OTHER}, None, FAIL),
        ({"AWS": OTHER_ACCOUNT}, None, FAIL),
        ({"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:role/ci"}, None, FAIL),
        ({"AWS": OTHER}, equals(sts_ExternalId="9f1c"), PASS),
        ({"AWS": OTHER}, equals(aws_PrincipalOrgID="o-abc123"), PASS),
        ({"AWS": OTHER}, {"StringLike": {"sts:ExternalId": "*"}}, FAIL),
        ({"AWS": OTHER}, {"StringEqualsIfExists": {"sts:ExternalId": "9f1c"}}, FAIL),
        ({"AWS": OTHER}, equals(sts_ExternalId=UNKNOWN), DOUBT),
        ({"AWS": [UNKNOWN]}, None, DOUBT),
        ({"Service": "ecs-tasks.amazonaws.com"}, None, PASS),
    ],
)
def test_another_account_needs_an_external_id_or_the_organisation(principal, condition, expected):
    assert outcome(cross_account_trust(trusting(principal, condition), ACCOUNT)) is expected


def test_an_unknown_account_of_its_own_leaves_a_foreign_principal_unknown():
    assert outcome(cross_account_trust(trusting({"AWS": OTHER}), UNKNOWN)) is DOUBT
    trusted = cross_account_trust(trusting({"AWS": OTHER}), ACCOUNT, [OTHER_ACCOUNT])
    assert outcome(trusted) is PASS


@pytest.mark.parametrize(
    ("service", "condition", "expected"),
    [
        ("scheduler.amazonaws.com", None, FAIL),
        ("vpc-flow-logs.amazonaws.com", None, FAIL),
        ("logs.us-east-1.amazonaws.com", None, FAIL),
        ("scheduler.amazonaws.com", equals(aws_SourceAccount=ACCOUNT), PASS),
        (
            "scheduler.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:us-east-1:{ACCOUNT}:*"}},
            PASS,
        ),
        (
            "scheduler.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": "arn:aws:scheduler:*:*:*"}},
            FAIL,
        ),
        ("scheduler.amazonaws.com", {"StringLike": {"aws:SourceAccount": "*"}}, FAIL),
        ("scheduler.amazonaws.com", equals(aws_SourceAccount=UNKNOWN), DOUBT),
        ("lambda.amazonaws.com", None, PASS),
        ("ecs-tasks.amazonaws.com", None, PASS),
        ("ec2.amazonaws.com", None, PASS),
        (UNKNOWN, None, DOUBT),
    ],
)
def test_a_service_is_bound_to_its_source(service, condition, expected):
    assert outcome(confused_deputy(trusting({"Service": [service]}, condition))) is expected


def test_which_services_need_no_source_can_be_given():
    trust = trusting({"Service": "lambda.amazonaws.com"})
    assert outcome(confused_deputy(trust, not_applicable=())) is FAIL


GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
EXACT = {
    "StringEquals": {
        f"{GITHUB}:sub": "repo:acme/shop:environment:prod",
        f"{GITHUB}:aud": "sts.amazonaws.com",
    }
}


def oidc(condition, provider=PROVIDER):
    return trusting({"Federated": provider}, condition, "sts:AssumeRoleWithWebIdentity")


@pytest.mark.parametrize(
    "subject", ["repo:acme/shop:environment:prod", "repo:acme@123/shop@4567:environment:prod"]
)
@pytest.mark.parametrize("also", [{}, {f"{GITHUB}:repository_id": "4567"}])
def test_exact_subject_and_audience_pass(subject, also):
    exact = {**EXACT["StringEquals"], f"{GITHUB}:sub": subject, **also}
    assert outcome(oidc_trust(oidc({"StringEquals": exact}))) is PASS


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
        {"StringEquals": {f"{GITHUB}:sub": "repo:acme/shop:environment:prod"}},
        {
            "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{GITHUB}:sub": "repo:acme/*"},
        },
        {
            "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{GITHUB}:sub": "repo:acme@*/shop@*:ref:refs/heads/main"},
        },
        {
            # The number of a repository alone says nothing of its branches and pull requests.
            "StringEquals": {
                f"{GITHUB}:aud": "sts.amazonaws.com",
                f"{GITHUB}:repository_id": "4567",
            },
        },
        {
            "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
            "ForAllValues:StringEquals": {f"{GITHUB}:sub": ["repo:acme/shop:ref:main"]},
        },
        {
            "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
            "StringEqualsIfExists": {f"{GITHUB}:sub": "repo:acme/shop:ref:main"},
        },
        {
            "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
            "StringNotEquals": {f"{GITHUB}:sub": "repo:acme/shop:ref:main"},
        },
        {"StringEquals": {"gitlab.com:sub": "project_path:a/b", "gitlab.com:aud": "x"}},
    ],
)
def test_a_subject_or_audience_that_is_not_exact_fails(condition):
    assert outcome(oidc_trust(oidc(condition))) is FAIL


def test_a_pattern_operator_without_a_wildcard_is_exact():
    condition = {
        "StringLike": {f"{GITHUB}:sub": "repo:acme/shop:ref:refs/heads/main"},
        "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
    }
    assert outcome(oidc_trust(oidc(condition))) is PASS


@pytest.mark.parametrize("name", ["gitlab.com", "oidc.vercel.com/acme", "oidc.circleci.com/org/1"])
def test_other_providers_are_held_to_their_own_claims(name):
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{name}"
    exact = {"StringEquals": {f"{name}:sub": "one", f"{name}:aud": "two"}}
    assert outcome(oidc_trust(oidc(exact, provider))) is PASS
    assert outcome(oidc_trust(oidc(EXACT, provider))) is FAIL


def test_every_statement_must_pin_them():
    exact, loose = oidc(EXACT), oidc(None)
    both = type(exact)("trust", exact.statements + loose.statements)
    assert outcome(oidc_trust(both)) is FAIL


def test_saml_and_cognito_are_held_to_their_own_keys():
    saml = f"arn:aws:iam::{ACCOUNT}:saml-provider/okta"
    signin = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    assert outcome(oidc_trust(oidc(signin, saml))) is PASS
    assert outcome(oidc_trust(oidc(None, saml))) is FAIL
    pool = "cognito-identity.amazonaws.com"
    signed_in = {
        "StringEquals": {f"{pool}:aud": "us-east-1:pool"},
        "ForAnyValue:StringLike": {f"{pool}:amr": "authenticated"},
    }
    assert outcome(oidc_trust(oidc(signed_in, pool))) is PASS
    guests = {"StringEquals": {f"{pool}:aud": "us-east-1:pool"}}
    assert outcome(oidc_trust(oidc(guests, pool))) is FAIL


def test_unknown_claims_and_providers_are_unknown():
    unknown_sub = {"StringEquals": {**EXACT["StringEquals"], f"{GITHUB}:sub": UNKNOWN}}
    assert outcome(oidc_trust(oidc(unknown_sub))) is DOUBT
    assert outcome(oidc_trust(oidc(UNKNOWN))) is DOUBT
    assert outcome(oidc_trust(oidc(EXACT, UNKNOWN))) is DOUBT


def test_who_is_admitted_is_told():
    role = f"arn:aws:iam::{ACCOUNT}:role/one"
    assert admits_role(trusting({"AWS": role}), role) is Tri.YES
    assert admits_role(trusting({"AWS": ROOT}), role) is Tri.YES
    assert admits_role(trusting({"AWS": OTHER}), role) is Tri.NO
    assert admits_role(trusting({"AWS": [UNKNOWN]}), role) is Tri.UNKNOWN
    assert admits_role(trusting({"Service": "ec2.amazonaws.com"}), role) is Tri.NO
    but = {"Effect": "Allow", "Action": "sts:AssumeRole", "NotPrincipal": {"AWS": role}}
    excepted = parse(document(but), "trust", Kind.TRUST)
    assert admits_role(excepted, role) is Tri.NO
    assert admits_role(excepted, f"{role}-more") is Tri.YES
    tagged = trusting({"AWS": role}, {"StringEquals": {"aws:PrincipalTag/team": "blue"}})
    assert admits_role(tagged, role) is Tri.NO
    assert admits_service(trusting({"Service": "ec2.amazonaws.com"}), "ec2.amazonaws.com") is (
        Tri.YES
    )
    assert admits_service(trusting({"AWS": ROOT}), "ec2.amazonaws.com") is Tri.NO
    assert admits_service(trusting({"Service": [UNKNOWN]}), "ec2.amazonaws.com") is Tri.UNKNOWN
    assert admits_service(trusting(UNKNOWN), "ec2.amazonaws.com") is Tri.UNKNOWN
