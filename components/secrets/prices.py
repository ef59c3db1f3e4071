"""What this package's resources cost.

Sources: "AWS Secrets Manager pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import Charge, Free, Pricing, Row
from components.parts.spread import Spread


def secret(asked: Asked) -> Iterator[Pricing]:
    """A month of the secret, and reads of all of them."""
    why = asked.because("a secret")
    copies = 1 + len(asked.get("replicas") or ())
    yield Charge("AWSSecretsManager/secret/month", "secrets", Spread.flat(copies), (why,))
    if asked.is_first:
        reads, reason = asked.plan.usage.of("secrets", None, "requests")
        key_ = "AWSSecretsManager/api/request"
        yield Charge(key_, "reads of all secrets", reads, (reason,), owner=("secrets",))


RULES: Mapping[str, Rule] = {
    "aws:secretsmanager/secret:Secret": secret,
}


FREE: Mapping[str, Free] = {
    "aws:secretsmanager/secretRotation:SecretRotation": Free(
        "the function that rotates is priced", "AWS Secrets Manager pricing, 2026-11"
    ),
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("secrets", "requests"): ((1_000, 1e4, 1e5), (1e4, 1e5, 5e5), (1e5, 5e5, 2e6)),
}  # fmt: skip
