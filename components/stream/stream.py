"""The stream component: a Kinesis data stream and its consumers with enhanced fan-out.

Builds the stream, one registration for each of `consumers`, and a policy where other accounts put
records.

Promises:
- Encrypted with the customer key from its first record; links use the key for this stream only.
- Capacity, retention and consumers change in place.
- A reader that falls behind is told while its records are still there.

Numbers: "Amazon Kinesis Data Streams Developer Guide", 2026-11.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Link, WidgetSpec
from components.naming import Naming
from components.parts.policy_document import resource_document
from components.stream.alarms import stream_alarms, stream_widgets
from components.stream.links import stream_link
from components.stream.settings import ShardsSettings, StreamSettings
from components.stream.sharing import put_trusts
from components.stream.stream_name import stream_name
from components.tags import name_tag


class Stream(pulumi.ComponentResource):
    """One stream. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: StreamSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        key_arn: Arn,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the stream.

        Args:
            name: key in the stack file: Pulumi name, and the prefix of every child's.
            key_arn: customer key of the stream's records.
            protect: whether the stream survives a mistaken deletion.
        """
        super().__init__("trellis:stream:Stream", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._key_arn = key_arn
        self._physical_name = stream_name(name, settings, naming)
        self._stream = self._create_stream(protect)
        self._consumers = self._create_consumers()
        self._create_policy()
        self.register_outputs({"name": self._physical_name})

    @property
    def name(self) -> str:
        """Kinesis' name of the stream, known before it is made."""
        return self._physical_name

    @property
    def arn(self) -> Arn:
        """ARN of the stream, known before it is made."""
        return self._where.arn("kinesis", f"stream/{self._physical_name}")

    def read_arn(self, consumer: str | None = None) -> pulumi.Output[str]:
        """What a function follows, known once it exists: one of its consumers, or the stream."""
        return self._consumers[consumer].arn if consumer is not None else self._stream.arn

    @property
    def resource(self) -> aws.kinesis.Stream:
        """The stream."""
        return self._stream

    def link(self, access: str | None = None) -> Link:
        """What a producer or consumer needs.

        Raises:
            UnknownAccessError: `access` is neither `put` nor `consume`.
        """
        return stream_link(
            self._key,
            self._settings,
            access,
            stream_name=self._physical_name,
            arn=self.arn,
            consumer_arns=tuple(consumer.arn for consumer in self._consumers.values()),
            key_arn=self._key_arn,
            where=self._where,
            stream=self._stream,
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Refused reads and writes, and readers that fall behind."""
        minutes = self._settings.behind_minutes
        return stream_alarms(
            self._key,
            self._physical_name,
            self._settings.consumers,
            None if minutes == "none" else minutes,
        )

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """What comes in, how far readers are behind, and what was refused."""
        return stream_widgets(self._key, self._physical_name)

    def _create_stream(self, protect: bool) -> aws.kinesis.Stream:
        capacity = self._settings.capacity
        by_shard = isinstance(capacity, ShardsSettings)
        return aws.kinesis.Stream(
            self._key,
            name=self._physical_name,
            stream_mode_details=aws.kinesis.StreamStreamModeDetailsArgs(
                stream_mode="PROVISIONED" if by_shard else "ON_DEMAND"
            ),
            shard_count=capacity.shards if isinstance(capacity, ShardsSettings) else None,
            retention_period=self._settings.retention_hours,
            encryption_type="KMS",
            kms_key_id=self._key_arn,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(parent=self, protect=protect, retain_on_delete=protect),
        )

    def _create_consumers(self) -> dict[str, aws.kinesis.StreamConsumer]:
        return {
            consumer: aws.kinesis.StreamConsumer(
                f"{self._key}-{consumer}",
                name=consumer,
                stream_arn=self._stream.arn,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for consumer in self._settings.consumers
        }

    def _create_policy(self) -> None:
        trusts = put_trusts(self._key, self._settings, self._where)
        if trusts:
            aws.kinesis.ResourcePolicy(
                self._key,
                resource_arn=self._stream.arn,
                policy=resource_document(self.arn, trusts),
                opts=pulumi.ResourceOptions(parent=self),
            )
