"""The log archive: lines of log groups go to a bucket through Firehose, as they come.

CloudWatch sends them gzipped, several to a record. Firehose unpacks each record, ends it with a
newline and packs whole objects anew, so that an object is one gzip of JSON lines; without the
unpacking it would be a gzip of gzips that no query engine reads. Records keep the names of their
group and stream, and times ("Decompress CloudWatch Logs in Firehose", Amazon Data Firehose
Developer Guide, 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Grant, WidgetSpec
from components.monitoring.logs.archive_alarms import (
    WatchedArchive,
    archive_alarms,
    archive_widgets,
)
from components.monitoring.logs.archive_settings import ArchiveSettings
from components.naming import Kind, Naming
from components.parts.log_group import log_group
from components.parts.log_subscription import LinesTo, subscribe
from components.parts.role import granted_role
from components.parts.target_bucket import TargetBucket, put_grants
from components.tags import name_tag

PREFIX, FAILED_PREFIX = "log-groups/", "log-groups-failed/"
"""Where the bucket has them, and what could not be unpacked or delivered."""

DAY = "!{timestamp:yyyy/MM/dd}/"
"""Firehose's own namespace, in UTC ("Custom prefixes for Amazon S3 objects", 2026-11)."""

ERROR_STREAM = "delivery"

PROCESSORS: Any = [
    {
        "type": "Decompression",
        "parameters": [{"parameter_name": "CompressionFormat", "parameter_value": "GZIP"}],
    },
    {"type": "AppendDelimiterToRecord"},
]
"""Unpack each record, then end it with a newline."""


class LogArchive(pulumi.ComponentResource):
    """The delivery stream of a system's log lines. See the module's text for what it promises.

    Made in two steps, because it is watched like everything else before the log groups that
    monitoring makes are there: the constructor makes the stream, `subscribe` what feeds it.
    """

    def __init__(
        self,
        name: str,
        settings: ArchiveSettings,
        groups: Mapping[str, str],
        bucket: TargetBucket,
        *,
        naming: Naming,
        where: AccountRegion,
        log_key_arn: Arn,
        log_days: int,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the stream, its role and the log of what goes wrong.

        Args:
            name: Pulumi name; the prefix of every child's.
            groups: names of the log groups that will feed it, by a stable label.
            log_key_arn: encrypts what waits in the stream, and that log.
            log_days: days that log is kept.
        """
        super().__init__("trellis:monitoring:LogArchive", name, None, opts)
        self._key = name
        self._settings = settings
        self._groups = groups
        self._naming = naming
        self._where = where
        self._physical_name = naming.of(Kind.DELIVERY_STREAM, name)
        self._child = pulumi.ResourceOptions(parent=self)
        self._log_name = f"/aws/kinesisfirehose/{self._physical_name}"
        self._stream = self._create_stream(bucket, log_key_arn, log_days)
        self.register_outputs({"stream": self._physical_name})

    @property
    def name(self) -> str:
        """Firehose's name of the delivery stream."""
        return self._physical_name

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN of the delivery stream."""
        return self._stream.arn

    @property
    def resource(self) -> aws.kinesis.FirehoseDeliveryStream:
        """The delivery stream."""
        return self._stream

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Lines that wait, puts that fail, and subscriptions that can't send."""
        return archive_alarms(self._watched())

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """How much comes, and how long it waits."""
        return archive_widgets(self._watched())

    def subscribe(self, created: Mapping[str, pulumi.Input[str]]) -> None:
        """Let every group send its lines: one of the two subscriptions that a group may have.

        Args:
            created: names by label, known once the groups are there.
        """
        to = LinesTo(
            self._physical_name,
            self._where.arn("firehose", f"deliverystream/{self._physical_name}"),
            self._stream.arn,
            "Lets CloudWatch Logs send lines to the log archive",
        )
        groups = {label: created[label] for label in self._groups}
        subscribe(self._key, to, groups, naming=self._naming, where=self._where, parent=self)

    def _watched(self) -> WatchedArchive:
        return WatchedArchive(
            self._key,
            self._physical_name,
            self._log_name,
            self._settings.buffer_seconds,
            self._groups,
        )

    def _create_stream(
        self, bucket: TargetBucket, log_key_arn: Arn, log_days: int
    ) -> aws.kinesis.FirehoseDeliveryStream:
        log = log_group(
            self._key,
            physical_name=self._log_name,
            retention_days=log_days,
            key_arn=log_key_arn,
            opts=self._child,
        )
        errors = aws.cloudwatch.LogStream(
            self._key, name=ERROR_STREAM, log_group_name=log.name, opts=self._child
        )
        role, allowed = granted_role(
            self._key,
            physical_name=self._naming.of(Kind.ROLE, self._key),
            description="Puts log lines into the log bucket",
            service="firehose.amazonaws.com",
            conditions={"StringEquals": {"sts:ExternalId": self._where.account}},
            grants=_delivery_grants(bucket, self._log_name, self._where),
            opts=self._child,
        )
        return aws.kinesis.FirehoseDeliveryStream(
            self._key,
            name=self._physical_name,
            destination="extended_s3",
            server_side_encryption={
                "enabled": True,
                "key_type": "CUSTOMER_MANAGED_CMK",
                "key_arn": log_key_arn,
            },
            extended_s3_configuration={
                "role_arn": role.arn,
                "bucket_arn": bucket.arn,
                "prefix": PREFIX + DAY,
                "error_output_prefix": FAILED_PREFIX + "!{firehose:error-output-type}/" + DAY,
                "buffering_interval": self._settings.buffer_seconds,
                "buffering_size": self._settings.buffer_mib,
                "compression_format": "GZIP",
                "file_extension": ".jsonl.gz",
                "processing_configuration": {"enabled": True, "processors": PROCESSORS},
                "cloudwatch_logging_options": {
                    "enabled": True,
                    "log_group_name": log.name,
                    "log_stream_name": errors.name,
                },
            },
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*allowed]),
        )


def _delivery_grants(bucket: TargetBucket, log_name: str, where: AccountRegion) -> list[Grant]:
    """What Firehose does in the bucket ("Grant Firehose access to an Amazon S3 destination",
    2026-11), less reading: what is archived is not read back."""
    return [
        *put_grants(bucket, (PREFIX, FAILED_PREFIX), where, "s3:AbortMultipartUpload"),
        Grant(
            "FindBucket",
            ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
            (bucket.arn,),
        ),
        Grant(
            "TellErrors",
            ("logs:PutLogEvents",),
            (where.arn("logs", f"log-group:{log_name}:log-stream:{ERROR_STREAM}"),),
        ),
    ]
