"""Documents written to slip past the analysis: each looks bound, and is not."""

from __future__ import annotations

import pytest
from statements import (
    ACCOUNT,
    OTHER_ACCOUNT,
    allow,
    deny,
    document,
    outcome,
    permissions,
    resource_policy,
    trusting,
)

from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.escalation import (
    Account,
    AccountRole,
    find_escalations,
    find_role_chains,
)
from policies.guardrails.iam.exposure import exfiltration
from policies.guardrails.iam.findings import Outcome
from policies.guardrails.iam.permissions import Permissions, Verdict, role_policies
from policies.guardrails.iam.resource_policies import (
    cross_account_write,
    foreign_access,
    public_access,
)
from policies.guardrails.iam.trust import (
    anonymous_trust,
    confused_deputy,
    cross_account_trust,
    oidc_trust,
    unbound_services,
)
from policies.guardrails.unknown import UNKNOWN

FAIL, PASS, DOUBT = Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN
OWN = f"arn:aws:iam::{ACCOUNT}:root"
OTHER = f"arn:aws:iam::{OTHER_ACCOUNT}:root"
ANYONE = {"AWS": "*"}


# Who may assume a role.


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"sts:ExternalId": "agreed-word"}},
        {"StringEquals": {"sts:RoleSessionName": "deploy"}},
        {"StringEquals": {"aws:PrincipalTag/team": "blue"}},
        {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
        {"StringLike": {"aws:PrincipalAccount": "1*"}},
        {"StringLike": {"aws:SourceVpc": "vpc-*"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-abc123"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-root/*"}},
        {"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}},
        {"StringLike": {"aws:userid": "AROA*:deploy"}},
        {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}},
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        {"Bool": {"aws:PrincipalIsAWSService": "false"}},
    ],
)
def test_a_role_for_anyone_stays_one_under_a_condition_that_anyone_meets(condition):
    assert outcome(anonymous_trust(trusting(ANYONE, condition))) is FAIL


@pytest.mark.parametrize(
    "condition",
    [
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abc123/r-root/*"}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/deploy-*"}},
        {"StringLike": {"aws:userid": "AROAEXAMPLEID12345678:*"}},
    ],
)
def test_a_pattern_that_fixes_who_it_is_binds(condition):
    assert outcome(anonymous_trust(trusting(ANYONE, condition))) is PASS


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"sts:ExternalId": "${aws:PrincipalTag/word}"}},
        {"StringEquals": {"sts:ExternalId": ""}},
        {"ForAllValues:StringEquals": {"sts:ExternalId": "9f1c"}},
        {"Null": {"sts:ExternalId": "false"}},
    ],
)
def test_another_account_cannot_choose_its_own_external_id(condition):
    assert outcome(cross_account_trust(trusting({"AWS": OTHER}, condition), ACCOUNT)) is FAIL


def test_the_unique_id_of_somebody_deleted_may_be_of_any_account():
    trust = trusting({"AWS": "AROAEXAMPLEID12345678"})
    assert outcome(cross_account_trust(trust, ACCOUNT)) is DOUBT


# Services and their sources.


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnNotLike": {"aws:SourceArn": f"arn:aws:scheduler:us-east-1:{ACCOUNT}:*"}},
        {"ArnLikeIfExists": {"aws:SourceArn": f"arn:aws:scheduler:us-east-1:{ACCOUNT}:*"}},
        {"ForAllValues:ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:us-east-1:{ACCOUNT}:*"}},
        {"Null": {"aws:SourceArn": "false"}},
        {
            "ArnLike": {
                "aws:SourceArn": [
                    f"arn:aws:scheduler:us-east-1:{ACCOUNT}:*",
                    "arn:aws:scheduler:*:*:*",
                ]
            }
        },
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
        {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}},
        {"StringEquals": {"sts:ExternalId": ACCOUNT}},
    ],
)
def test_a_service_is_not_bound_by_a_source_that_it_may_leave_out_or_choose(condition):
    trust = trusting({"Service": "scheduler.amazonaws.com"}, condition)
    assert outcome(confused_deputy(trust)) is FAIL


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"sts:ExternalId": ACCOUNT}}, PASS),
        ({"StringEquals": {"sts:ExternalId": UNKNOWN}}, DOUBT),
        ({"StringLike": {"sts:ExternalId": "*"}}, FAIL),
        ({"StringEqualsIfExists": {"sts:ExternalId": ACCOUNT}}, FAIL),
        (None, FAIL),
    ],
)
def test_firehose_is_bound_by_the_account_that_it_sends_as_external_id(condition, expected):
    trust = trusting({"Service": "firehose.amazonaws.com"}, condition)
    assert outcome(confused_deputy(trust)) is expected


def test_beside_firehose_another_service_is_not_bound_by_it():
    both = {"Service": ["firehose.amazonaws.com", "scheduler.amazonaws.com"]}
    trust = trusting(both, {"StringEquals": {"sts:ExternalId": ACCOUNT}})
    assert outcome(confused_deputy(trust)) is FAIL


# Identities from outside.

GITHUB = "token.actions.githubusercontent.com"
PROVIDER = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"}
AUDIENCE = {f"{GITHUB}:aud": "sts.amazonaws.com"}
WEB = "sts:AssumeRoleWithWebIdentity"


@pytest.mark.parametrize(
    "subject",
    [
        {"StringEquals": {f"{GITHUB}:sub": f"${{{GITHUB}:sub}}"}},
        {"StringLike": {f"{GITHUB}:sub": "repo:*/shop:ref:refs/heads/main"}},
        {"StringLike": {f"{GITHUB}:sub": "repo:acme/shop:?*"}},
        {"StringLike": {f"{GITHUB}:sub": ["repo:acme/shop:ref:refs/heads/main", "*"]}},
        {"ForAllValues:StringLike": {f"{GITHUB}:sub": "repo:acme/shop:ref:refs/heads/main"}},
        {"StringLikeIfExists": {f"{GITHUB}:sub": "repo:acme/shop:ref:refs/heads/main"}},
        {"StringEquals": {f"{GITHUB}:repository": "acme/shop"}},
        {"StringEquals": {f"{GITHUB}:actor": "octocat"}},
    ],
)
def test_a_token_of_a_stranger_is_not_kept_out_by_half_a_subject(subject):
    condition = {**subject, "StringEquals": {**subject.get("StringEquals", {}), **AUDIENCE}}
    assert outcome(oidc_trust(trusting(PROVIDER, condition, WEB))) is FAIL


def test_those_who_did_not_sign_in_are_strangers():
    pool = "cognito-identity.amazonaws.com"
    guests = {
        "StringEquals": {f"{pool}:aud": "us-east-1:pool"},
        "ForAnyValue:StringLike": {f"{pool}:amr": "unauthenticated"},
    }
    assert outcome(oidc_trust(trusting({"Federated": pool}, guests, WEB))) is FAIL


# What a role may do.


@pytest.mark.parametrize(
    "statement",
    [
        allow("iam:*", Condition={"StringEquals": {"aws:ResourceAccount": ACCOUNT}}),
        allow("iam:*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abc123"}}),
        allow("iam:*", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}}),
        {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:Put*", "NotResource": "arn:aws:iam::*:role/admin"},
        allow("IAM:pUTrOLEpOLICY", f"arn:aws:iam::{ACCOUNT}:role/*"),
        allow("i*m:PutRolePolicy"),
        allow("*:PutRolePolicy"),
    ],
)
def test_a_role_that_may_write_policies_can_escalate_however_that_is_said(statement):
    assert outcome(find_escalations(permissions(statement))) is FAIL


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        (deny("iam:*"), PASS),
        ({"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}, PASS),
        (deny("iam:PutRolePolicy", "arn:aws:iam::*:role/admin"), FAIL),
        (deny("iam:PutRolePolicy", ["arn:aws:iam::*:role/admin", "arn:aws:iam::*:*"]), PASS),
        (deny("iam:Get*"), FAIL),
        (deny("iam:*", Condition={"Bool": {"aws:SecureTransport": "false"}}), FAIL),
        (deny("iam:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}), DOUBT),
        (deny("iam:*", Condition={"StringEquals": {"aws:ResourceAccount": OTHER_ACCOUNT}}), DOUBT),
        (deny("iam:*", Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::1:x"}}), DOUBT),
    ],
)
def test_a_denial_counts_as_far_as_it_reaches(refused, expected):
    asked = permissions(allow("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/*"), refused)
    assert outcome(find_escalations(asked)) is expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (allow("s3:*"), PASS),
        (allow("*"), FAIL),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, PASS),
        (allow("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/app-one"), PASS),
    ],
)
def test_a_boundary_ends_what_lies_outside_of_it(limit, expected):
    boundary = parse(document(limit), "boundary", Kind.IDENTITY)
    asked = permissions(allow("iam:PutRolePolicy"), boundary=boundary)
    assert outcome(find_escalations(asked)) is expected


def test_what_is_split_over_two_policies_of_a_role_counts_together():
    halves = {
        "pass": document(allow("iam:PassRole")),
        "run": document(allow(["lambda:CreateFunction", "lambda:InvokeFunction"])),
    }
    whole = role_policies(halves)
    assert outcome(find_escalations(Permissions(whole))) is FAIL
    for name, half_document in halves.items():
        half = Permissions(role_policies({name: half_document}))
        assert outcome(find_escalations(half)) is PASS


def test_data_that_only_the_own_account_may_read_is_still_all_of_it():
    own = allow("s3:GetObject", Condition={"StringEquals": {"aws:ResourceAccount": ACCOUNT}})
    assert outcome(exfiltration(permissions(own))) is FAIL
    named = allow("s3:GetObject", "arn:aws:s3:::shop/*")
    assert outcome(exfiltration(permissions(named))) is PASS


def test_one_of_several_resources_is_enough():
    both = permissions(allow("s3:GetObject", ["arn:aws:s3:::shop/*", "arn:aws:s3:::mail/*"]))
    for name in ("shop", "mail"):
        assert both.can("s3:GetObject", f"arn:aws:s3:::{name}/a").verdict is Verdict.ALLOWED
    assert both.can("s3:GetObject", "arn:aws:s3:::other/a").verdict is Verdict.DENIED


# From role to role.

START, ADMIN = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("start", "admin"))


def chain(trust, *statements):
    roles = {
        START: AccountRole(
            role_policies({"own": document(*statements)}),
            trusting({"Service": "ecs-tasks.amazonaws.com"}),
        ),
        ADMIN: AccountRole(role_policies({"all": document(allow("*"))}), trust),
    }
    return outcome(find_role_chains(Account(roles))[START])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, FAIL),
        ({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, FAIL),
        ({"StringEquals": {"aws:PrincipalAccount": OTHER_ACCOUNT}}, PASS),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/st*"}}, FAIL),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/ci*"}}, PASS),
        ({"StringEquals": {"sts:ExternalId": "agreed-word"}}, FAIL),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-abc123"}}, DOUBT),
        ({"StringEquals": {"aws:PrincipalTag/team": "blue"}}, PASS),
    ],
)
def test_a_trust_that_the_role_meets_lets_it_in(condition, expected):
    trust = trusting({"AWS": OWN}, condition)
    assert chain(trust, allow("sts:AssumeRole", ADMIN)) is expected


def test_a_chain_that_is_refused_sometimes_is_not_told_to_be_safe():
    sometimes = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
    refused = deny("sts:AssumeRole", ADMIN, Condition=sometimes)
    assert chain(trusting({"AWS": OWN}), allow("sts:AssumeRole", ADMIN), refused) is DOUBT
    always = deny("sts:AssumeRole", ADMIN)
    assert chain(trusting({"AWS": OWN}), allow("sts:AssumeRole", ADMIN), always) is PASS


def test_a_role_passed_to_a_service_that_runs_code_is_reached():
    run = allow(["ecs:RegisterTaskDefinition", "ecs:RunTask"])
    trust = trusting({"Service": "ecs-tasks.amazonaws.com"})
    assert chain(trust, allow("iam:PassRole", ADMIN), run) is FAIL
    to_another = {"StringEquals": {"iam:PassedToService": "monitoring.rds.amazonaws.com"}}
    assert chain(trust, allow("iam:PassRole", ADMIN, Condition=to_another), run) is PASS


# Resource policies.


def admits(principal, **more):
    return resource_policy(allow("s3:GetObject", "*", Principal=principal, **more))


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:SourceVpce": "vpce-*"}},
        {"StringLike": {"aws:SourceAccount": "*1234*"}},
        {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
        {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
        {"StringEquals": {"sns:Protocol": "https"}},
        {"StringEquals": {"s3:prefix": "public/"}},
        {"StringEquals": {"aws:PrincipalType": "AssumedRole"}},
        {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
    ],
)
def test_a_resource_is_public_under_a_condition_that_anyone_meets(condition):
    assert outcome(public_access(admits(ANYONE, Condition=condition))) is FAIL


def test_a_denial_for_everyone_and_somebody_shields_as_one_for_everyone_does():
    strangers = {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc123"}}
    shield = deny("s3:*", "*", Principal={"AWS": [OWN, "*"]}, Condition=strangers)
    public = allow("s3:GetObject", "*", Principal="*")
    assert outcome(public_access(resource_policy(public, shield))) is PASS
    named = deny("s3:*", "*", Principal={"AWS": OWN}, Condition=strangers)
    assert outcome(public_access(resource_policy(public, named))) is FAIL


def test_a_denial_of_named_actions_does_not_shield_all_actions_but_some():
    strangers = {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc123"}}
    shield = deny("s3:GetObject", "*", Principal="*", Condition=strangers)
    public = {"Effect": "Allow", "Principal": "*", "NotAction": "s3:PutObject", "Resource": "*"}
    assert outcome(public_access(resource_policy(public, shield))) is FAIL


def test_another_account_is_found_beside_the_own_one_and_behind_a_service():
    both = admits({"AWS": [OWN, OTHER], "Service": "ecs.amazonaws.com"})
    assert outcome(foreign_access(both, ACCOUNT)) is FAIL
    assert outcome(foreign_access(both, ACCOUNT, [OTHER_ACCOUNT])) is PASS
    assert outcome(foreign_access(both, UNKNOWN)) is DOUBT
    wide = admits({"AWS": OTHER}, Condition={"StringLike": {"aws:PrincipalOrgID": "o-*"}})
    assert outcome(foreign_access(wide, ACCOUNT)) is FAIL
    own = admits({"AWS": OTHER}, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abc"}})
    assert outcome(foreign_access(own, ACCOUNT)) is PASS


def test_the_accounts_from_which_aws_writes_load_balancers_logs_are_no_strangers():
    logs = admits({"AWS": "arn:aws:iam::127311923021:root"})
    assert outcome(foreign_access(logs, ACCOUNT)) is PASS
    assert outcome(cross_account_write(logs, ACCOUNT)) is PASS


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, FAIL),
        ({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, PASS),
        ({"StringLike": {"aws:SourceAccount": "*"}}, FAIL),
        ({"Bool": {"aws:SecureTransport": "true"}}, FAIL),
        ({"StringEquals": {"aws:SourceAccount": UNKNOWN}}, DOUBT),
        (UNKNOWN, DOUBT),
    ],
)
def test_a_service_acts_on_a_resource_for_a_named_source(condition, expected):
    more = {} if condition is None else {"Condition": condition}
    found = unbound_services(admits({"Service": "sns.amazonaws.com"}, **more))
    assert outcome(found) is expected
