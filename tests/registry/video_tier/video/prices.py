"""What this package's resources cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import Charge, Pricing, Row


def video(asked: Asked) -> Iterator[Pricing]:
    """What cameras send."""
    gb, why = asked.used("videos", "in_gb")
    yield Charge("AmazonKinesisVideo/in/gb", "pictures put", gb, (why,))


RULES: Mapping[str, Rule] = {"aws:kinesis/videoStream:VideoStream": video}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("videos", "in_gb"): ((1, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
}
