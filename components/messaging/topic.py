"""A notification topic: encrypted, TLS only, published to by exactly whom it names.

Builds the SNS topic, its subscriptions, and, when sealed, its policy. Promises: messages at rest
are under a customer key; signatures are SHA-256 (`SignatureVersion` 2); AWS services publish only
on behalf of this account's resources; the account's principals publish by their own policies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    Grant,
    Link,
    MetricQuery,
    Severity,
)
from components.messaging.names import FIFO_STEM_NAME
from components.messaging.settings import TopicSettings
from components.messaging.trusting import Trusting
from components.messaging.trusts import PUBLISH, publisher_trust, tls_only
from components.naming import Kind, Naming
from components.parts.access import sid_part
from components.parts.key_grant import WRITE, key_grant
from components.parts.offer import Offer
from components.parts.policy_document import resource_document
from components.parts.sealing import Seal
from components.tags import name_tag

OFFER = Offer[TopicSettings](
    kind="topic",
    accesses=("publish",),
    default="publish",
    variables={"arn": "SNS_{KEY}_TOPIC_ARN"},
    interface="sns",
)


def topic_grants(
    key: str, arn: Arn, key_arn: Arn | None, where: AccountRegion
) -> tuple[Grant, ...]:
    """Publish to a topic, and use the customer key that encrypts it, if any."""
    sid = sid_part(f"topic-{key}")
    publish = Grant(f"PublishTo{sid}", (PUBLISH,), (arn,))
    if key_arn is None:
        return (publish,)
    return (publish, key_grant(f"KeyOf{sid}", key_arn, WRITE, "sns", where))


class Topic(Trusting, pulumi.ComponentResource):
    """One SNS topic. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: TopicSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        key_arn: Arn | None,
        queue_arns: Mapping[str, Arn] | None = None,
        region: str | None = None,
        seal_later: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the topic and its subscriptions.

        Args:
            name: the stack file's key.
            where: the account and region it stands in.
            queue_arns: ARNs of this system's queues by key, for `queue` subscriptions.
            region: that of `where`, if it is not the provider's.
            seal_later: whether `seal` is called when others have asked for trust; else the policy
                is made at once, so that nothing is ever without one.
        """
        super().__init__("trellis:messaging:Topic", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._key_arn = key_arn
        self._region = region
        self._child = pulumi.ResourceOptions(parent=self)
        self._physical_name = topic_name(name, settings, naming)
        self._trusts = [
            publisher_trust(publisher, where, PUBLISH) for publisher in settings.publishers
        ]
        self._seal = Seal(f"topic {name}")
        self._topic = self._create_topic()
        self._create_subscriptions(queue_arns or {})
        self.register_outputs({"arn": self._topic.arn})
        if not seal_later:
            self.seal()

    @property
    def resource(self) -> aws.sns.Topic:
        """The topic."""
        return self._topic

    @property
    def arn(self) -> Arn:
        """ARN, known before the topic is made."""
        return self._where.arn("sns", self._physical_name)

    @property
    def created_arn(self) -> pulumi.Output[str]:
        """The same ARN, known once the topic exists: for whoever must come after it."""
        return self._topic.arn

    def seal(self) -> aws.sns.TopicPolicy:
        """Make the topic's policy, once, after everybody has asked for trust.

        Raises:
            SealedError: it is made.
        """
        self._seal.close()
        return aws.sns.TopicPolicy(
            self._key,
            arn=self._topic.arn,
            policy=resource_document(self.arn, [tls_only(PUBLISH), *self._trusts]),
            region=self._region,
            opts=self._child,
        )

    def link(self, access: str | None = None) -> Link:
        """What a publisher needs.

        Raises:
            UnknownAccessError: `access` is not `publish`.
        """
        access = OFFER.chosen(self._key, self._settings, access)
        return Link(
            producer=f"topic-{self._key}",
            access=access,
            grants=topic_grants(self._key, self.arn, self._key_arn, self._where),
            environment=OFFER.environment(self._key, self._settings, {"arn": self.arn}),
            depends_on=(self._topic,),
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Tell when messages don't reach their subscribers."""
        return (
            AlarmSpec(
                name=f"{self._key}-undelivered",
                title=f"Topic {self._key}: messages not delivered",
                meaning="Subscribers refused messages or could not be reached.",
                action="Look at the subscription's endpoint: an address that bounces, a webhook "
                "that answers with an error, a queue whose policy or key does not let SNS in.",
                severity=Severity.NOTIFY,
                metrics=(
                    MetricQuery(
                        id="failed",
                        namespace="AWS/SNS",
                        name="NumberOfNotificationsFailed",
                        dimensions={"TopicName": self._physical_name},
                        statistic="Sum",
                        period=300,
                    ),
                ),
                threshold=0,
                comparison="GreaterThanThreshold",
                evaluation_periods=3,
                datapoints_to_alarm=2,
                missing_data="notBreaching",
                parent=f"topic-{self._key}",
                region=self._region,
            ),
        )

    def _create_topic(self) -> aws.sns.Topic:
        fifo = self._settings.fifo
        return aws.sns.Topic(
            self._key,
            name=self._physical_name,
            display_name=self._settings.display_name,
            fifo_topic=fifo or None,
            content_based_deduplication=True if fifo else None,
            kms_master_key_id=self._key_arn,
            signature_version=2,
            region=self._region,
            tags=name_tag(self._physical_name),
            opts=self._child,
        )

    def _create_subscriptions(self, queue_arns: Mapping[str, Arn]) -> None:
        for key, subscription in self._settings.subscriptions.items():
            aws.sns.TopicSubscription(
                f"{self._key}-{key}",
                topic=self._topic.arn,
                protocol="sqs" if subscription.protocol == "queue" else subscription.protocol,
                # A webhook's address is often all that keeps others from calling it.
                endpoint=queue_arns[subscription.to]
                if subscription.protocol == "queue"
                else pulumi.Output.secret(subscription.to)
                if subscription.protocol == "https"
                else subscription.to,
                filter_policy=json.dumps(
                    {name: list(values) for name, values in subscription.filter.items()},
                    sort_keys=True,
                )
                if subscription.filter
                else None,
                raw_message_delivery=subscription.raw or None,
                region=self._region,
                opts=self._child,
            )


def topic_name(key: str, settings: TopicSettings, naming: Naming) -> str:
    """The physical name, known from the settings alone; a FIFO one ends in `.fifo`."""
    if not settings.fifo or naming.is_given(Kind.TOPIC, key):
        return naming.of(Kind.TOPIC, key)
    return naming.of(FIFO_STEM_NAME, key) + ".fifo"
