"""What a pipeline that brings a site's content may do, decided by iam-simulate, not by us.

Every request is asked of the role of one site and repository, in a system of two such sites.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from components.sites.settings import ExternalSettings
from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.findings import Outcome
from policies.guardrails.iam.trust import oidc_trust
from tests.components.small_systems import ACCOUNT, document, small_system
from tests.node.programs import iam_allows
from trellis.planner.record import Recording

ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
"""Leaves it to the role's own policy, so that this alone is judged."""


@cache
def recorded() -> Recording:
    numbers = {
        "app": {},
        "docs": {},
        "numbered": {"ownerId": 4093, "repositoryId": 870215},
        "pinned": {"repositoryId": 651},
    }
    external = {
        key: {
            "domain": f"{key}.example.org",
            "content": {"external": {"repository": f"shop/{key}", "branch": "release", **ids}},
        }
        for key, ids in numbers.items()
    }
    return small_system(
        zones={"main": {"domain": "example.org"}},
        buckets={"receipts": {}},
        baseline={},
        sites=external,
    )


def arn(type_: str, name: str) -> str:
    return recorded().one(type_, name).outputs["arn"]


def bucket(key: str) -> str:
    return arn("aws:s3/bucket:Bucket", key)


def distribution(key: str) -> str:
    return arn("aws:cloudfront/distribution:Distribution", key)


def trust(site: str = "app") -> dict[str, Any]:
    return json.loads(
        recorded().one("aws:iam/role:Role", f"{site}-publisher").inputs["assumeRolePolicy"]
    )


def test_the_whole_trust_is_one_repository_and_branch():
    assert trust() == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": PROVIDER},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        f"{ISSUER}:aud": "sts.amazonaws.com",
                        f"{ISSUER}:sub": "repo:shop/app:ref:refs/heads/release",
                    }
                },
            }
        ],
    }


def test_the_whole_permission_is_one_bucket_one_distribution_and_the_key_through_s3():
    assert document(recorded().one("aws:iam/rolePolicy:RolePolicy", "app-publisher")) == [
        {
            "Sid": "SeeWhatIsThere",
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": bucket("site-app"),
        },
        {
            "Sid": "Publish",
            "Effect": "Allow",
            "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            "Resource": f"{bucket('site-app')}/*",
        },
        {
            "Sid": "Invalidate",
            "Effect": "Allow",
            "Action": [
                "cloudfront:CreateInvalidation",
                "cloudfront:GetInvalidation",
            ],
            "Resource": distribution("app"),
        },
        {
            "Sid": "UseTheKey",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": arn("aws:kms/key:Key", "keys-data"),
            "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
        },
    ]


@pytest.mark.node
def test_a_pipeline_fills_its_own_bucket_tells_its_own_distribution_and_nothing_else():
    app, docs, receipts = (bucket(key) for key in ("site-app", "site-docs", "receipts"))
    key, logs = (arn("aws:kms/key:Key", f"keys-{name}") for name in ("data", "logs"))
    through_s3 = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
    allowed: list[tuple[str, str, dict[str, str]]] = [
        *((f"s3:{name}Object", f"{app}/assets/a.js", {}) for name in ("Get", "Put", "Delete")),
        ("s3:ListBucket", app, {}),
        ("cloudfront:CreateInvalidation", distribution("app"), {}),
        ("cloudfront:GetInvalidation", distribution("app"), {}),
        ("kms:GenerateDataKey", key, through_s3),
        ("kms:Decrypt", key, through_s3),
    ]
    denied: list[tuple[str, str, dict[str, str]]] = [
        *(
            (f"s3:{name}Object", f"{other}/index.html", {})
            for name in ("Get", "Put", "Delete")
            for other in (docs, receipts, f"{app}-2")
        ),
        ("s3:ListBucket", docs, {}),
        ("s3:ListBucket", f"{app}-2", {}),
        *(
            (f"s3:{name}", app, {})
            for name in (
                "DeleteBucket",
                "GetBucketPolicy",
                "PutBucketPolicy",
                "PutBucketVersioning",
                "PutLifecycleConfiguration",
                "PutBucketPublicAccessBlock",
            )
        ),
        ("s3:DeleteObjectVersion", f"{app}/index.html", {}),
        ("s3:PutObjectAcl", f"{app}/index.html", {}),
        ("cloudfront:CreateInvalidation", distribution("docs"), {}),
        ("cloudfront:UpdateDistribution", distribution("app"), {}),
        ("cloudfront:GetDistributionConfig", distribution("app"), {}),
        ("kms:Decrypt", key, {}),
        ("kms:Decrypt", key, {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}),
        ("kms:Decrypt", key, {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}),
        ("kms:Decrypt", logs, through_s3),
        ("kms:CreateGrant", key, through_s3),
        ("iam:PassRole", arn("aws:iam/role:Role", "app-publisher"), {}),
        ("sts:AssumeRole", arn("aws:iam/role:Role", "docs-publisher"), {}),
    ]
    policy = {
        "Version": "2012-10-17",
        "Statement": document(recorded().one("aws:iam/rolePolicy:RolePolicy", "app-publisher")),
    }
    verdicts = iam_allows(
        [
            {
                "account": ACCOUNT,
                "action": action,
                "resource": resource,
                "context": context,
                "identity": [policy],
                "resourcePolicy": KEY_POLICY if ":kms:" in resource else None,
            }
            for action, resource, context in (*allowed, *denied)
        ]
    )
    wanted = [True] * len(allowed) + [False] * len(denied)
    asked = zip((*allowed, *denied), verdicts, wanted, strict=True)
    assert [ask for ask, found, right in asked if found is not right] == []


STAND_IN = {"aud": "aud", "sub": "sub", "repository_id": "oaud"}
KNOWN_ISSUER = "accounts.google.com"
"""iam-simulate knows some claims of the issuers that AWS lists by name; they stand in for
GitHub's."""

NAMED = "repo:shop/{site}:ref:refs/heads/release"
NUMBERED = "repo:shop@4093/numbered@870215:ref:refs/heads/release"
RIGHT: dict[str, list[dict[str, str]]] = {
    # A repository that GitHub names with numbers sends its number in a claim of its own, too.
    "app": [
        {"sub": NAMED.format(site="app")},
        {"sub": NAMED.format(site="app"), "repository_id": "12"},
    ],
    "numbered": [{"sub": NUMBERED, "repository_id": "870215"}],
    "pinned": [{"sub": NAMED.format(site="pinned"), "repository_id": "651"}],
}
"""Claims of tokens that a site's role believes."""


def believed(site: str, tokens: Sequence[Mapping[str, str]]) -> list[bool]:
    text = json.dumps(trust(site))
    for claim, known in STAND_IN.items():
        text = text.replace(f"{ISSUER}:{claim}", f"{KNOWN_ISSUER}:{known}")
    assert ISSUER + ":" not in text
    return iam_allows(
        [
            {
                "account": ACCOUNT,
                "principal": PROVIDER,
                "action": "sts:AssumeRoleWithWebIdentity",
                "resource": arn("aws:iam/role:Role", f"{site}-publisher"),
                "context": {
                    f"{KNOWN_ISSUER}:{STAND_IN[claim]}": text for claim, text in claims.items()
                },
                "identity": [],
                "resourcePolicy": json.loads(text),
            }
            for claims in tokens
        ]
    )


@pytest.mark.node
@pytest.mark.parametrize("site", RIGHT)
def test_only_tokens_of_that_repository_and_branch_for_sts_are_believed(site: str):
    right = [{"aud": "sts.amazonaws.com", **claims} for claims in RIGHT[site]]
    named = NAMED.format(site=site)
    subjects = [
        "repo:shop/{site}:ref:refs/heads/main",
        "repo:shop/{site}:ref:refs/heads/release-2",
        "repo:shop/{site}:ref:refs/tags/release",
        "repo:shop/{site}:pull_request",
        "repo:shop/{site}:environment:release",
        "repo:shop/docs:ref:refs/heads/release",
        "repo:SHOP/{site}:ref:refs/heads/release",
        "repo:other/{site}:ref:refs/heads/release",
        "repo:shop@1/{site}@12:ref:refs/heads/release",
        "repo:shop@4093/{site}@87021:ref:refs/heads/release",
        "repo:shop@409/{site}@870215:ref:refs/heads/release",
        "repo:shop@4093/{site}@870215:ref:refs/heads/main",
        "repo:other@4093/{site}@870215:ref:refs/heads/release",
        *([named] if site == "numbered" else [NUMBERED]),
    ]
    wrong: list[dict[str, str]] = [
        *({**right[0], "sub": subject.format(site=site)} for subject in subjects),
        {**right[0], "aud": "https://github.com/shop"},
        *({k: v for k, v in right[0].items() if k != claim} for claim in right[0]),
        {},
    ]
    if "repository_id" in right[0]:
        wrong += [{**right[0], "repository_id": number} for number in ("1", "8702151", "6510")]
    verdicts = believed(site, [*right, *wrong])
    tokens = zip([*right, *wrong], verdicts, strict=True)
    assert [token for token, yes in tokens if yes] == right


def test_a_number_of_the_owner_alone_is_refused():
    with pytest.raises(ValidationError, match="both numbers or neither"):
        ExternalSettings(repository="shop/app", owner_id=4093)


@pytest.mark.parametrize("site", ["app", "numbered", "pinned"])
def test_the_policy_pack_finds_every_form_of_the_trust_exact(site: str):
    found = oidc_trust(parse(json.dumps(trust(site)), "trust", Kind.TRUST))
    assert {finding.outcome for finding in found} == {Outcome.PASS}
