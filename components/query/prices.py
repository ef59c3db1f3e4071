"""What this package's resources cost.

Sources: "Amazon Athena Pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import Charge, Free, Pricing, Row


def workgroup(asked: Asked) -> Iterator[Pricing]:
    """What queries scan."""
    terabytes, why = asked.used("queries", "scanned_tb")
    yield Charge("AmazonAthena/sql/tb", "scanned by queries", terabytes, (why,))


RULES: Mapping[str, Rule] = {
    "aws:athena/workgroup:Workgroup": workgroup,
}


FREE: Mapping[str, Free] = {
    "aws:athena/namedQuery:NamedQuery": Free(
        "queries are priced with their workgroup", "Amazon Athena Pricing, 2026-11"
    ),
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("queries", "scanned_tb"): ((0, 0.05, 0.5), (0.05, 0.5, 5), (0.5, 5, 50)),
}  # fmt: skip
