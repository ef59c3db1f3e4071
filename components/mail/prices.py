"""What this package's resources cost.

Sources: "Amazon SES pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import Charge, Free, Pricing, Row


def mail(asked: Asked) -> Iterator[Pricing]:
    """Messages sent."""
    messages, why = asked.used("mail", "messages")
    yield Charge("AmazonSES/outbound/email", "mail sent", messages, (why,))


RULES: Mapping[str, Rule] = {
    "aws:sesv2/emailIdentity:EmailIdentity": mail,
}

_SES = Free("mail itself is priced", "Amazon SES pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:sesv2/configurationSet:ConfigurationSet": _SES,
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": _SES,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("mail", "messages"): ((0, 1_000, 1e4), (1_000, 1e4, 1e5), (1e4, 1e5, 1e6)),
}  # fmt: skip
