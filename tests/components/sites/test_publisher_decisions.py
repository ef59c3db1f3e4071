"""What a pipeline that brings a site's content may do, decided by iam-simulate, not by us.

Every request is asked of the role of one site and repository, in a system of two such sites.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

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
    external = {
        key: {
            "domain": f"{key}.example.org",
            "content": {"external": {"repository": f"shop/{key}", "branch": "release"}},
        }
        for key in ("app", "docs")
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


def trust() -> dict[str, Any]:
    return json.loads(
        recorded().one("aws:iam/role:Role", "app-publisher").inputs["assumeRolePolicy"]
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
    key, logs = (arn("aws:kms/key:Key", f"keys-{each}") for each in ("data", "logs"))
    through_s3 = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
    allowed: list[tuple[str, str, dict[str, str]]] = [
        *((f"s3:{each}Object", f"{app}/assets/a.js", {}) for each in ("Get", "Put", "Delete")),
        ("s3:ListBucket", app, {}),
        ("cloudfront:CreateInvalidation", distribution("app"), {}),
        ("cloudfront:GetInvalidation", distribution("app"), {}),
        ("kms:GenerateDataKey", key, through_s3),
        ("kms:Decrypt", key, through_s3),
    ]
    denied: list[tuple[str, str, dict[str, str]]] = [
        *(
            (f"s3:{each}Object", f"{other}/index.html", {})
            for each in ("Get", "Put", "Delete")
            for other in (docs, receipts, f"{app}-2")
        ),
        ("s3:ListBucket", docs, {}),
        ("s3:ListBucket", f"{app}-2", {}),
        *(
            (f"s3:{each}", app, {})
            for each in (
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


KNOWN_ISSUER = "accounts.google.com"
"""iam-simulate knows claims of the issuers that AWS lists by name; it stands in for GitHub's."""


@pytest.mark.node
def test_only_tokens_of_that_repository_and_branch_for_sts_are_believed():
    right = {"aud": "sts.amazonaws.com", "sub": "repo:shop/app:ref:refs/heads/release"}
    wrong: list[dict[str, str]] = [
        {**right, "sub": "repo:shop/app:ref:refs/heads/main"},
        {**right, "sub": "repo:shop/app:ref:refs/heads/release-2"},
        {**right, "sub": "repo:shop/app:ref:refs/tags/release"},
        {**right, "sub": "repo:shop/app:pull_request"},
        {**right, "sub": "repo:shop/app:environment:release"},
        {**right, "sub": "repo:shop/docs:ref:refs/heads/release"},
        {**right, "sub": "repo:SHOP/app:ref:refs/heads/release"},
        {**right, "sub": "repo:other/app:ref:refs/heads/release"},
        {**right, "aud": "https://github.com/shop"},
        {"sub": right["sub"]},
        {"aud": right["aud"]},
        {},
    ]
    document_ = json.loads(json.dumps(trust()).replace(f"{ISSUER}:", f"{KNOWN_ISSUER}:"))
    verdicts = iam_allows(
        [
            {
                "account": ACCOUNT,
                "principal": PROVIDER,
                "action": "sts:AssumeRoleWithWebIdentity",
                "resource": arn("aws:iam/role:Role", "app-publisher"),
                "context": {f"{KNOWN_ISSUER}:{claim}": text for claim, text in claims.items()},
                "identity": [],
                "resourcePolicy": document_,
            }
            for claims in (right, *wrong)
        ]
    )
    assert verdicts == [True, *[False] * len(wrong)]
