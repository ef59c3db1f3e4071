"""What this package's resources cost.

Sources: "Amazon Cognito pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import Charge, Free, Pricing, Row


def user_pool(asked: Asked) -> Iterator[Pricing]:
    """People who sign in, by the pool's plan."""
    users, why = asked.used("user_pools", "users")
    tier = str(asked.get("userPoolTier", "ESSENTIALS")).lower()
    reason = asked.because(f"the {tier} plan", "tier")
    yield Charge(f"AmazonCognito/{tier}/mau", "people who sign in", users, (why, reason))


RULES: Mapping[str, Rule] = {
    "aws:cognito/userPool:UserPool": user_pool,
}

FREE_COGNITO = Free("a part of a user pool that is priced", "Amazon Cognito pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:cognito/userPoolClient:UserPoolClient": FREE_COGNITO,
    "aws:cognito/userPoolDomain:UserPoolDomain": FREE_COGNITO,
    "aws:cognito/userGroup:UserGroup": FREE_COGNITO,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("user_pools", "users"): ((10, 100, 1_000), (100, 1_000, 10_000), (1_000, 10_000, 100_000)),
}  # fmt: skip
