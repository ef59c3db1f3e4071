"""Trust in tokens that another issuer signs (OpenID Connect), and the subjects of GitHub's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.contracts import AccountRegion
from components.parts.policy_document import VERSION

GITHUB = "token.actions.githubusercontent.com"
"""Issuer of GitHub's tokens ("Configuring OpenID Connect in Amazon Web Services", GitHub Docs,
2026-11)."""

AUDIENCE = "sts.amazonaws.com"


def token_trust(
    where: AccountRegion, provider: str, claims: Mapping[str, str | Sequence[str]]
) -> dict[str, Any]:
    """Who brings a token of this issuer with exactly these claims may assume the role.

    Keys carry the provider's host and path ("Available keys for AWS OIDC federation", IAM User
    Guide, 2026-11).

    Args:
        provider: host and path of the issuer, as IAM names it; the account has one of that name.
        claims: a list where each of several values is taken.
    """
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {
                    "Federated": where.arn("iam", f"oidc-provider/{provider}", regional=False)
                },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {f"{provider}:{claim}": text for claim, text in claims.items()}
                },
            }
        ],
    }


def github_claims(
    repository: str, owner_id: int | None, repository_id: int | None, subject: str
) -> dict[str, str]:
    """The claims that a token of a repository's workflow must carry, each exactly so.

    Args:
        repository: `owner/name`.
        owner_id: with `repository_id` for repositories whose subjects carry both numbers.
        subject: what follows, as in `ref:refs/heads/main` or `environment:production`.
    """
    if owner_id is not None:
        owner, name = repository.split("/")
        repository = f"{owner}@{owner_id}/{name}@{repository_id}"
    claims = {"aud": AUDIENCE, "sub": f"repo:{repository}:{subject}"}
    if repository_id is not None:
        # STS compares it since 2026-01; a name can change hands, the number can't.
        claims["repository_id"] = str(repository_id)
    return claims
