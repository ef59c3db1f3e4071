"""A work queue with its dead-letter queue: encrypted, TLS only, sent to by whom it names.

Builds the SQS queue, its dead-letter queue that takes messages from this queue only, and, when
sealed, the queue's policy. Promises: messages at rest are under a customer key; a message that
can't be processed is kept for a person to look at, and an alarm tells of it.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Grant, Link, WidgetSpec
from components.messaging.backlog import queue_alarms, queue_widgets
from components.messaging.names import FIFO_STEM_NAME
from components.messaging.settings import QueueSettings
from components.messaging.trusting import Trusting
from components.messaging.trusts import SEND, publisher_trust, tls_only
from components.naming import Kind, Naming
from components.parts.access import sid_part
from components.parts.key_grant import READ, WRITE, key_grant
from components.parts.offer import Offer
from components.parts.policy_document import resource_document
from components.parts.sealing import Seal
from components.tags import name_tag

DAY = 86_400
"""Seconds."""

KIB = 1024
"""Bytes."""

ACCESS: dict[str, tuple[str, ...]] = {
    "send": ("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"),
    "consume": (
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
    ),
}
"""Actions by access; the batch calls need no others ("Amazon SQS API permissions", 2026-11)."""

OFFER = Offer[QueueSettings](
    kind="queue",
    accesses=tuple(ACCESS),
    variables={"url": "SQS_{KEY}_QUEUE_URL"},
    interface="sqs",
)


def queue_grants(
    key: str, access: str, arn: Arn, key_arn: Arn | None, where: AccountRegion
) -> tuple[Grant, ...]:
    """Statements of one access to a queue, and to the customer key that encrypts it, if any."""
    sid = sid_part(f"queue-{key}")
    grants = [Grant(f"{access.capitalize()}{sid}", ACCESS[access], (arn,))]
    if key_arn is not None:
        actions = WRITE if access == "send" else READ
        # One sid an access, because a service may both send and consume.
        key_sid = f"KeyOf{sid}To{access.capitalize()}"
        grants.append(key_grant(key_sid, key_arn, actions, "sqs", where))
    return tuple(grants)


class Queue(Trusting, pulumi.ComponentResource):
    """One SQS queue. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: QueueSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        key_arn: Arn | None,
        seal_later: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the queues.

        Args:
            name: the stack file's key.
            seal_later: whether `seal` is called when others have asked for trust; else the policy
                is made at once, so that nothing is ever without one.
        """
        super().__init__("trellis:messaging:Queue", name, None, opts)
        self._key = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._key_arn = key_arn
        self._child = pulumi.ResourceOptions(parent=self)
        self._physical_name = queue_name(name, settings, naming)
        self._dead_name = queue_name(f"{name}-dead-letters", settings, naming)
        self._trusts = [
            publisher_trust(publisher, where, SEND) for publisher in settings.publishers
        ]
        self._seal = Seal(f"queue {name}")
        self._dead_letters = self._create_dead_letters()
        self._queue = self._create_queue()
        self.register_outputs({"arn": self._queue.arn, "url": self._queue.url})
        if not seal_later:
            self.seal()

    @property
    def resource(self) -> aws.sqs.Queue:
        """The queue."""
        return self._queue

    @property
    def arn(self) -> Arn:
        """ARN, known before the queue is made."""
        return self._where.arn("sqs", self._physical_name)

    @property
    def created_arn(self) -> pulumi.Output[str]:
        """The same ARN, known once the queue exists: for whoever must come after it."""
        return self._queue.arn

    @property
    def url(self) -> pulumi.Output[str]:
        """Where messages are sent and received."""
        return self._queue.url

    def seal(self) -> aws.sqs.QueuePolicy:
        """Make the queues' policies, once, after everybody has asked for trust.

        Raises:
            SealedError: they are made.
        """
        self._seal.close()
        if self._dead_letters is not None:
            aws.sqs.QueuePolicy(
                f"{self._key}-dead-letters",
                queue_url=self._dead_letters.url,
                policy=resource_document(
                    self._where.arn("sqs", self._dead_name), [tls_only("sqs:*")]
                ),
                opts=self._child,
            )
        return aws.sqs.QueuePolicy(
            self._key,
            queue_url=self._queue.url,
            policy=resource_document(self.arn, [tls_only("sqs:*"), *self._trusts]),
            opts=self._child,
        )

    def link(self, access: str | None = None) -> Link:
        """What a sender or consumer needs.

        Raises:
            UnknownAccessError: `access` is neither `send` nor `consume`.
        """
        access = OFFER.chosen(self._key, self._settings, access)
        grants = queue_grants(self._key, access, self.arn, self._key_arn, self._where)
        return Link(
            producer=f"queue-{self._key}",
            access=access,
            grants=grants,
            environment=OFFER.environment(self._key, self._settings, {"url": self._queue.url}),
            depends_on=(self._queue,),
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Dead letters, and messages that wait too long."""
        oldest = self._settings.oldest_message_minutes
        return queue_alarms(
            self._key,
            self._physical_name,
            self._dead_name if self._dead_letters else None,
            None if oldest == "none" else oldest,
        )

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Depth, age and dead letters."""
        return queue_widgets(
            self._key, self._physical_name, self._dead_name if self._dead_letters else None
        )

    def _create_dead_letters(self) -> aws.sqs.Queue | None:
        settings = self._settings
        if settings.dead_letters == "none":
            return None
        queue = aws.sqs.Queue(
            f"{self._key}-dead-letters",
            name=self._dead_name,
            fifo_queue=settings.fifo or None,
            message_retention_seconds=settings.dead_letters.retention_days * DAY,
            max_message_size=settings.max_message_kib * KIB,
            kms_master_key_id=self._key_arn,
            sqs_managed_sse_enabled=True if self._key_arn is None else None,
            tags=name_tag(self._dead_name),
            opts=self._child,
        )
        aws.sqs.RedriveAllowPolicy(
            f"{self._key}-dead-letters",
            queue_url=queue.url,
            redrive_allow_policy=pulumi.Output.json_dumps(
                {"redrivePermission": "byQueue", "sourceQueueArns": [self.arn]}
            ),
            opts=self._child,
        )
        return queue

    def _create_queue(self) -> aws.sqs.Queue:
        settings = self._settings
        redrive = None
        if settings.dead_letters != "none":
            redrive = pulumi.Output.json_dumps(
                {
                    "deadLetterTargetArn": self._where.arn("sqs", self._dead_name),
                    "maxReceiveCount": settings.dead_letters.max_receives,
                }
            )
        return aws.sqs.Queue(
            self._key,
            name=self._physical_name,
            fifo_queue=settings.fifo or None,
            content_based_deduplication=True if settings.fifo else None,
            visibility_timeout_seconds=settings.visibility_seconds,
            message_retention_seconds=settings.retention_days * DAY,
            delay_seconds=settings.delay_seconds,
            receive_wait_time_seconds=settings.wait_seconds,
            max_message_size=settings.max_message_kib * KIB,
            redrive_policy=redrive,
            kms_master_key_id=self._key_arn,
            sqs_managed_sse_enabled=True if self._key_arn is None else None,
            tags=name_tag(self._physical_name),
            # The redrive policy names it by its early ARN, and SQS wants it to exist.
            opts=pulumi.ResourceOptions(parent=self, depends_on=self._dead_letters),
        )


def queue_name(key: str, settings: QueueSettings, naming: Naming) -> str:
    """The physical name, known from the settings alone; a FIFO one ends in `.fifo`."""
    if not settings.fifo or naming.is_given(Kind.QUEUE, key):
        return naming.of(Kind.QUEUE, key)
    return naming.of(FIFO_STEM_NAME, key) + ".fifo"
