"""What this package's resources cost.

Sources: "Amazon SNS pricing", "Amazon SQS pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from components.parts.asked import Asked, Rule
from components.parts.charges import Charge, Free, NotPriced, Pricing, Row
from components.parts.spread import Spread

DELIVERIES = {
    "email": "email", "email-json": "email", "http": "http", "https": "http", "sqs": "sqs",
    "lambda": "lambda", "firehose": "firehose", "application": "mobilePush",
}  # fmt: skip
"""Protocols of subscriptions as price keys have them."""

IDLE_REQUESTS = Decimal(10_000)
"""Requests a month of a queue that nothing uses but failures: Trellis's own."""


def topic(asked: Asked) -> Iterator[Pricing]:
    """What is published."""
    messages, why = asked.used("topics", "messages")
    kind = "fifo" if asked.get("fifoTopic", False) else "standard"
    yield Charge(f"AmazonSNS/{kind}/publish/request", "messages published", messages, (why,))


def subscription(asked: Asked) -> Iterator[Pricing]:
    """Each message delivered, by where to."""
    protocol = str(asked.get("protocol", ""))
    if protocol == "sms":
        yield NotPriced(
            "text messages", "0.00645 and 0.0099 a message to the US were both seen, and carriers' "
            "fees come on top",
        )  # fmt: skip
        return
    if protocol not in DELIVERIES:
        yield NotPriced(f"deliveries to {protocol}", "no price of that protocol is in the data")
        return
    messages, why = asked.used("topics", "messages")
    key = f"AmazonSNS/delivery/{DELIVERIES[protocol]}/notification"
    yield Charge(key, f"deliveries to {protocol}", messages, (why,))


def queue(asked: Asked) -> Iterator[Pricing]:
    """Requests; of a queue for what was given up on, hardly any."""
    requests, why = asked.used("queues", "requests")
    if not asked.owner or asked.owner[0] != "queues" or asked.resource.name != asked.key:
        requests = Spread.of(0, IDLE_REQUESTS, IDLE_REQUESTS)
        why = asked.because("assumed of a queue that only takes what failed")
    kind = "fifo" if asked.get("fifoQueue", False) else "standard"
    yield Charge(f"AWSQueueService/{kind}/request", "queue requests", requests, (why,))


RULES: Mapping[str, Rule] = {
    "aws:sns/topic:Topic": topic,
    "aws:sns/topicSubscription:TopicSubscription": subscription,
    "aws:sqs/queue:Queue": queue,
}

_SQS = Free("a setting of a queue that is priced", "Amazon SQS pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:sns/topicPolicy:TopicPolicy": Free(
        "a setting of a topic that is priced", "Amazon SNS pricing, 2026-11"
    ),
    "aws:sqs/queuePolicy:QueuePolicy": _SQS,
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": _SQS,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("topics", "messages"): ((0, 1_000, 1e4), (100, 1e4, 1e5), (1e4, 1e6, 1e7)),
    ("queues", "requests"): ((1e5, 1e6, 3e6), (1e6, 3e6, 1e7), (3e6, 1e7, 1e8)),
}  # fmt: skip
