"""The role of a pipeline that copies a site's content by itself, from one repository and branch."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.parts.json_text import json_text
from components.parts.key_grant import WRITE, key_grant
from components.parts.policy_document import VERSION, identity_document
from components.sites.settings import ExternalSettings
from components.tags import name_tag

GITHUB = "token.actions.githubusercontent.com"
"""Issuer of GitHub's tokens ("Configuring OpenID Connect in Amazon Web Services", GitHub Docs,
2026-11). The account has one provider of that name, which the baseline makes."""


def publisher_role(
    name: str,
    settings: ExternalSettings,
    *,
    naming: Naming,
    where: AccountRegion,
    bucket_arn: Arn,
    key_arn: Arn | None,
    distribution_arn: Arn,
    opts: pulumi.ResourceOptions,
) -> aws.iam.Role:
    """Make the role: it may fill this bucket and invalidate this distribution, and nothing else."""
    physical_name = naming.of(Kind.ROLE, "site", name, "publisher")
    provider = where.arn("iam", f"oidc-provider/{GITHUB}", regional=False)
    role = aws.iam.Role(
        f"{name}-publisher",
        name=physical_name,
        description=f"{settings.repository} publishes {name}",
        assume_role_policy=json_text(
            {
                "Version": VERSION,
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Federated": provider},
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": {"StringEquals": _claims(settings)},
                    }
                ],
            }
        ),
        tags=name_tag(physical_name),
        opts=opts,
    )
    grants = [
        Grant("SeeWhatIsThere", ("s3:ListBucket",), (bucket_arn,)),
        Grant(
            "Publish",
            ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            (pulumi.Output.concat(bucket_arn, "/*"),)
            if not isinstance(bucket_arn, str)
            else (f"{bucket_arn}/*",),
        ),
        # A pipeline waits for its invalidation before it says that it is done.
        Grant(
            "Invalidate",
            ("cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"),
            (distribution_arn,),
        ),
    ]
    if key_arn is not None:
        grants.append(key_grant("UseTheKey", key_arn, WRITE, "s3", where))
    aws.iam.RolePolicy(
        f"{name}-publisher",
        name="grants",
        role=role.name,
        policy=identity_document(grants),
        opts=pulumi.ResourceOptions(parent=role),
    )
    return role


def _claims(settings: ExternalSettings) -> dict[str, str]:
    """The claims that a token must carry, each exactly so."""
    repository = settings.repository
    if settings.owner_id is not None:
        owner, name = repository.split("/")
        repository = f"{owner}@{settings.owner_id}/{name}@{settings.repository_id}"
    claims = {
        f"{GITHUB}:aud": "sts.amazonaws.com",
        f"{GITHUB}:sub": f"repo:{repository}:ref:refs/heads/{settings.branch}",
    }
    if settings.repository_id is not None:
        # STS compares it since 2026-01; a name can change hands, the number can't.
        claims[f"{GITHUB}:repository_id"] = str(settings.repository_id)
    return claims
