"""The role of a pipeline that copies a site's content by itself, from one repository and branch."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.parts.json_text import json_text
from components.parts.key_grant import WRITE, key_grant
from components.parts.policy_document import identity_document
from components.parts.token_trust import GITHUB, github_claims, token_trust
from components.sites.settings import ExternalSettings
from components.tags import name_tag


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
    role = aws.iam.Role(
        f"{name}-publisher",
        name=physical_name,
        description=f"{settings.repository} publishes {name}",
        assume_role_policy=json_text(
            token_trust(
                where,
                GITHUB,
                github_claims(
                    settings.repository,
                    settings.owner_id,
                    settings.repository_id,
                    f"ref:refs/heads/{settings.branch}",
                ),
            )
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
