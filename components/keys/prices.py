"""What this package's resources cost.

Sources: "AWS Key Management Service pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import Charge, Free, Pricing, Row
from components.parts.spread import Spread

ROTATIONS_BILLED = 2
"""The first two rotations of a key each add its monthly price."""


def key(asked: Asked) -> Iterator[Pricing]:
    """A month of the key, more once it was rotated, and all requests."""
    rotates = bool(asked.get("enableKeyRotation", False))
    most = 1 + (ROTATIONS_BILLED if rotates else 0)
    cost = "1, and 1 more after each of two rotations" if rotates else "1 a month"
    why = asked.because(cost)
    yield Charge("awskms/key/month", "keys", Spread.of(1, 1, most), (why,))
    if asked.is_first:
        requests, reason = asked.plan.usage.of("keys", None, "requests")
        yield Charge("awskms/symmetric/request", "uses of all keys", requests, (reason,))


RULES: Mapping[str, Rule] = {
    "aws:kms/key:Key": key,
}


FREE: Mapping[str, Free] = {
    "aws:kms/alias:Alias": Free("a name of a key that is priced", "AWS KMS pricing, 2026-11"),
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("keys", "requests"): ((1e4, 1e5, 1e6), (1e5, 1e6, 5e6), (1e6, 5e6, 5e7)),
}  # fmt: skip
