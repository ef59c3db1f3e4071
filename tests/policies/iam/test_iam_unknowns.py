"""A value made unknown never turns a failure into a pass, nor a pass into a failure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from statements import ACCOUNT, OTHER_ACCOUNT, allow, deny, document, outcome

from policies.guardrails.iam import exposure, resource_policies, trust
from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.escalation import find_escalations
from policies.guardrails.iam.findings import Outcome
from policies.guardrails.iam.permissions import Permissions, role_policies
from policies.guardrails.unknown import UNKNOWN

BUCKET = "arn:aws:s3:::shop"
GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
PASSING = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
SECURE = {"Bool": {"aws:SecureTransport": "true"}}

IDENTITY = (
    document(allow("*")),
    document(allow(["s3:*", "kms:Decrypt"]), allow("iam:CreateAccesKey", BUCKET)),
    document(allow("iam:PutRolePolicy", Condition=SECURE), deny("iam:PutRolePolicy", BUCKET)),
    document(
        allow("iam:PassRole", Condition=PASSING),
        allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
    ),
    document({"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "NotResource": [BUCKET]}),
    document(
        allow(["s3:GetObject", "secretsmanager:GetSecretValue"]),
        deny(["s3:GetObject", "secretsmanager:*"]),
    ),
    document(allow(["s3:GetObject"], [f"{BUCKET}/*"]), allow(["ec2:DescribeVpcs"])),
    document(
        allow(["kms:PutKeyPolicy", "ssm:StartSession"]),
        {"Effect": "Deny", "Action": "*", "NotResource": [f"{BUCKET}/*"]},
    ),
)


def principal(who, action="sts:AssumeRole", **more):
    return {"Effect": "Allow", "Principal": who, "Action": action, **more}


TRUST = (
    document(principal("*")),
    document(principal({"AWS": ["*", f"arn:aws:iam::{OTHER_ACCOUNT}:root"]})),
    document(principal({"Service": ["scheduler.amazonaws.com", "ec2.amazonaws.com"]})),
    document(
        principal({"AWS": OTHER_ACCOUNT}, Condition={"StringEquals": {"sts:ExternalId": "9f1c"}}),
        principal("*", Condition={"StringEquals": {"aws:PrincipalOrgID": ["o-abc"]}}),
    ),
    document(
        principal(
            {"Federated": PROVIDER},
            "sts:AssumeRoleWithWebIdentity",
            Condition={
                "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
                "StringLike": {f"{GITHUB}:sub": ["repo:acme/*", "repo:acme/shop:ref:main"]},
            },
        )
    ),
    document(
        principal(
            {"Federated": [PROVIDER]},
            ["sts:AssumeRoleWithWebIdentity"],
            Condition={"StringEquals": {f"{GITHUB}:aud": ["a"], f"{GITHUB}:sub": ["repo:b/c"]}},
        )
    ),
)

_RESOURCE = [BUCKET, f"{BUCKET}/*"]
_PLAINTEXT = {"Bool": {"aws:SecureTransport": "false"}}
RESOURCE = (
    document(principal("*", "s3:GetObject", Resource=f"{BUCKET}/*")),
    document(principal({"AWS": [OTHER_ACCOUNT]}, ["s3:PutObject"], Resource=[f"{BUCKET}/*"])),
    document(
        {**principal("*", "s3:*", Resource=_RESOURCE, Condition=_PLAINTEXT), "Effect": "Deny"}
    ),
    document(
        principal("*", ["s3:GetObject"], Resource=[f"{BUCKET}/*"]),
        {
            **principal("*", "s3:*", Resource=_RESOURCE),
            "Effect": "Deny",
            "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}},
        },
    ),
)

OF_ROLES = {
    "escalation": find_escalations,
    "full administrator": exposure.full_administrator,
    "exfiltration": exposure.exfiltration,
    "credentials": exposure.credentials_exposure,
    "resource exposure": exposure.resource_exposure,
}
OF_DOCUMENTS = {
    (Kind.IDENTITY, "everything"): exposure.allows_everything,
    (Kind.IDENTITY, "service wildcard"): exposure.service_wildcards,
    (Kind.IDENTITY, "wildcard resource"): exposure.wildcard_resources,
    (Kind.IDENTITY, "unknown action"): exposure.unknown_actions,
    (Kind.IDENTITY, "decrypt"): resource_policies.decrypt_on_all_keys,
    (Kind.TRUST, "anonymous"): trust.anonymous_trust,
    (Kind.TRUST, "foreign"): lambda read: trust.cross_account_trust(read, ACCOUNT),
    (Kind.TRUST, "deputy"): trust.confused_deputy,
    (Kind.TRUST, "oidc"): trust.oidc_trust,
    (Kind.RESOURCE, "public"): resource_policies.public_access,
    (Kind.RESOURCE, "write"): lambda read: resource_policies.cross_account_write(read, ACCOUNT),
    (Kind.RESOURCE, "tls"): lambda read: resource_policies.tls_only(read, "s3", BUCKET),
}
DOCUMENTS = {Kind.IDENTITY: IDENTITY, Kind.TRUST: TRUST, Kind.RESOURCE: RESOURCE}


def with_one_unknown(value: object) -> Iterator[object]:
    """The value with each of its parts, at every depth, replaced by UNKNOWN in turn."""
    yield UNKNOWN
    if isinstance(value, dict):
        for key, element in value.items():
            for made in with_one_unknown(element):
                yield {**value, key: made}
    elif isinstance(value, list):
        for index, element in enumerate(value):
            for made in with_one_unknown(element):
                yield [*value[:index], made, *value[index + 1 :]]


def role(raw: object) -> Permissions:
    return Permissions(role_policies({"inline": raw}))


@pytest.mark.parametrize("check", OF_ROLES)
def test_a_roles_finding_stays_or_becomes_unknown(check):
    analysis, seen = OF_ROLES[check], set[Outcome]()
    for raw in IDENTITY:
        before = outcome(analysis(role(raw)))
        seen.add(before)
        for partly in with_one_unknown(raw):
            after = outcome(analysis(role(partly)))
            assert after in (before, Outcome.UNKNOWN), (before, partly)
    assert seen == {Outcome.PASS, Outcome.FAIL}


@pytest.mark.parametrize(("kind", "check"), OF_DOCUMENTS)
def test_a_documents_finding_stays_or_becomes_unknown(kind, check):
    analysis, seen = OF_DOCUMENTS[kind, check], set[Outcome]()
    for raw in DOCUMENTS[kind]:
        before = outcome(analysis(parse(raw, "policy", kind)))
        seen.add(before)
        for partly in with_one_unknown(raw):
            after = outcome(analysis(parse(partly, "policy", kind)))
            assert after in (before, Outcome.UNKNOWN), (before, partly)
    assert seen == {Outcome.PASS, Outcome.FAIL}


def test_a_wholly_unknown_document_is_unknown_to_every_analysis():
    for analysis in OF_ROLES.values():
        assert outcome(analysis(role(UNKNOWN))) is Outcome.UNKNOWN
    for (kind, _), analysis in OF_DOCUMENTS.items():
        assert outcome(analysis(parse(UNKNOWN, "policy", kind))) is Outcome.UNKNOWN
