"""What a person says of topics and queues."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.adoption import AdoptableByName
from components.parts.model import ENCRYPTED, Confidential, Key, Keyed, Settings
from components.parts.reference import Reference

VISIBILITY_SECONDS = (0, 43_200)
"""Seconds, least and most ("SetQueueAttributes", Amazon SQS API Reference, 2026-11)."""

RETENTION_DAYS = (1, 14)
"""Days a message is kept; AWS takes a minute to 14 days (same page)."""

Publisher = Literal[
    "alarms", "rules", "buckets", "mail", "budgets", "costAnomalies", "databases", "backups"
]  # fmt: skip
"""AWS services of this account that may publish."""


def _named_in_order(settings: AdoptableByName, *, fifo: bool) -> None:
    """Refuse a whole name that AWS would not take for the order that is asked for."""
    name = settings.physical_name
    if name is not None and name.endswith(".fifo") != fifo:
        raise ValueError(f"`physicalName` that ends in .fifo with `fifo: true`; found {name}")


class SubscriptionSettings(Keyed):
    """Who hears of what a topic says."""

    protocol: Literal["email", "sms", "https", "queue"]
    """How messages are delivered."""
    to: Annotated[str, Confidential(), Reference(beside="protocol", parts=(("queue", "queues"),))]
    """Address, telephone number (+14155550100), https:// address, or key of a queue here; `secure:`
    where a webhook's address is a secret itself."""
    filter: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(
        default_factory=dict[str, tuple[str, ...]]
    )
    """Message attributes and the values that pass; everything passes when empty."""
    raw: bool = False
    """Without SNS's envelope; only `https` and `queue`."""

    @model_validator(mode="after")
    def _address_fits_protocol(self) -> SubscriptionSettings:
        fits = {
            "email": "@" in self.to,
            "sms": self.to.startswith("+") and self.to[1:].isdigit(),
            "https": self.to.startswith("https://"),
            "queue": True,
        }
        if self.to == ENCRYPTED and self.protocol == "https":
            fits["https"] = True
        if not fits[self.protocol]:
            raise ValueError(
                "`to`: an address for email, +14155550100 for sms, https://... for https"
            )
        if self.raw and self.protocol not in {"https", "queue"}:
            raise ValueError("`raw` with https or queue, and only there")
        return self


class TopicSettings(AdoptableByName):
    """An SNS topic: encrypted, TLS only, published to by whom it names."""

    display_name: (
        Annotated[str, StringConstraints(pattern=r"^[^\r\n]*$", max_length=100)] | None
    ) = None
    """Sender shown in email and SMS."""
    fifo: bool = False
    """In order, once each; to queues only. Changing it makes a new topic."""
    publishers: tuple[Publisher, ...] = ()
    """AWS services that may publish beside whoever `uses` the topic."""
    subscriptions: dict[Key, SubscriptionSettings] = Field(
        default_factory=dict[str, SubscriptionSettings]
    )
    """Receivers by a name of your choice."""

    @model_validator(mode="after")
    def _ordered_topics_feed_queues(self) -> TopicSettings:
        _named_in_order(self, fifo=self.fifo)
        if self.fifo and any(s.protocol != "queue" for s in self.subscriptions.values()):
            raise ValueError("only `queue` subscriptions on a fifo topic")
        seen: dict[tuple[str, str], str] = {}
        for name, subscription in self.subscriptions.items():
            if subscription.to == ENCRYPTED:
                continue  # what it is, nobody sees here
            first = seen.setdefault((subscription.protocol, subscription.to), name)
            if first != name:
                raise ValueError(
                    f"each receiver once: `subscriptions` {first} and {name} have the same `to`"
                )
        if self.fifo and self.publishers:
            raise ValueError("no `publishers` on a fifo topic: AWS services can't publish to one")
        return self


class DeadLetterSettings(Settings):
    """Where messages go that nobody could process."""

    max_receives: int = Field(default=5, ge=1, le=1000)
    """Times a message is received before it goes there."""
    retention_days: int = Field(default=14, ge=RETENTION_DAYS[0], le=RETENTION_DAYS[1])
    """How many days a failed message is kept."""


class QueueSettings(AdoptableByName):
    """An SQS queue with its dead-letter queue."""

    fifo: bool = False
    """In order, once each. Changing it makes a new queue."""
    visibility_seconds: int = Field(default=60, ge=VISIBILITY_SECONDS[0], le=VISIBILITY_SECONDS[1])
    """How long a received message is hidden: at least as long as its consumer takes."""
    retention_days: int = Field(default=4, ge=RETENTION_DAYS[0], le=RETENTION_DAYS[1])
    """How many days a message that nobody takes is kept."""
    delay_seconds: int = Field(default=0, ge=0, le=900)
    """How long a new message waits before it can be received."""
    wait_seconds: int = Field(default=20, ge=0, le=20)
    """How long a receive waits for a message (long polling)."""
    max_message_kib: int = Field(default=256, ge=1, le=1024)
    """KiB of the largest message."""
    dead_letters: DeadLetterSettings | Literal["none"] = Field(default_factory=DeadLetterSettings)
    """Or `none`: a message that can't be processed then comes back until it expires."""
    oldest_message_minutes: Annotated[int, Field(ge=1, le=20_160)] | Literal["none"] = 15
    """An alarm tells when a message has waited longer; `none` for no alarm."""
    publishers: tuple[Literal["buckets", "rules"], ...] = ()
    """AWS services that may send beside whoever `uses` the queue; topics say so themselves."""

    @model_validator(mode="after")
    def _in_order_from_whom_can(self) -> QueueSettings:
        _named_in_order(self, fifo=self.fifo)
        if self.fifo and "buckets" in self.publishers:
            raise ValueError(
                "no `buckets` in `publishers` of a fifo queue: S3 sends events to standard queues "
                "only; from a standard queue or an EventBridge rule they can go on"
            )
        return self

    @model_validator(mode="after")
    def _dead_letters_outlive(self) -> QueueSettings:
        dead = self.dead_letters
        if dead != "none" and dead.retention_days < self.retention_days:
            raise ValueError(
                f"`deadLetters: {{retentionDays: {self.retention_days}}}` or more: a message "
                "keeps the age it had, so it would expire on arrival"
            )
        return self


LAMBDA_VISIBILITY_FACTOR = 6
"""A queue's visibility over its function's timeout ("Configuring an Amazon SQS event source",
AWS Lambda Developer Guide, 2026-11)."""


def visibility_problem(
    settings: QueueSettings, consumer_seconds: int, *, function: bool
) -> str | None:
    """What is wrong with a queue's visibility for a consumer that takes so long, or None.

    Args:
        consumer_seconds: the function's timeout, or the longest a task works on one message.
        function: whether Lambda polls the queue: it retries inside the window and asks for more.
    """
    least = consumer_seconds * (LAMBDA_VISIBILITY_FACTOR if function else 1)
    if settings.visibility_seconds >= least:
        return None
    why = f"{LAMBDA_VISIBILITY_FACTOR} times the function's timeout" if function else "its time"
    return (
        f"visibilitySeconds of {least} or more ({why} of {consumer_seconds} s): a message that "
        "shows up again while it is worked on is worked on twice"
    )
