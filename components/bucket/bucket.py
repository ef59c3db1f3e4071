"""A bucket and everything S3 keeps beside it, as one component.

Builds the bucket; its public-access block, ownership, encryption, versioning and lifecycle; and as
asked access logging, CORS, object lock, Intelligent-Tiering, a copy in another region; and, when
sealed, its notifications and its one policy.

Promises:
- Nothing public, no access lists, TLS only, encrypted under the customer key by one data key a
  bucket (a log bucket under S3's own: log delivery takes no other).
- Unfinished uploads end; replaced versions end unless the stack file says otherwise.
- Its ARN and name are known before it is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket import companions
from components.bucket.alarms import FILTER, request_alarms
from components.bucket.content import BucketFile, put_files
from components.bucket.links import OFFER, bucket_link, environment_file_link
from components.bucket.names import BUCKET_NAME
from components.bucket.replication import copy_abroad, replicate
from components.bucket.settings import BucketSettings, NotificationSettings
from components.bucket.size import size_widgets
from components.bucket.trusts import tls_only
from components.contracts import AccountRegion, AlarmSpec, Arn, Link, Trust, WidgetSpec
from components.naming import Naming
from components.parts.notified import NotifiedFunction
from components.parts.policy_document import resource_document
from components.parts.sealing import Seal
from components.tags import name_tag


class Bucket(pulumi.ComponentResource):
    """One bucket. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: BucketSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        key_arn: Arn | None,
        copy_key_arn: Arn | None = None,
        copy_log_days: int = 365,
        protect: bool = True,
        seal_later: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the bucket.

        Args:
            name: the stack file's key.
            key_arn: the data key; used unless the settings say S3's own.
            copy_key_arn: the data key in the region of the copy.
            copy_log_days: how long the access log of the copy is kept.
            seal_later: whether `seal` is called when others have asked for trust; else the policy
                is made at once, so that nothing is ever without one.

        Raises:
            ValueError: it tells receivers, whose ARNs only `seal` is given.
        """
        if settings.notifications and not seal_later:
            raise ValueError(
                f"bucket {name} has `notifications`: make it with seal_later=True, and give "
                "`seal` the ARNs of the receivers"
            )
        super().__init__("trellis:bucket:Bucket", name, None, opts)
        self._key = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._kept = protect
        self._key_arn = key_arn if settings.encrypted_by == "customerKey" else None
        self._copy_key_arn = copy_key_arn if self._key_arn is not None else None
        self._copy_log_days = None if settings.access_logs == "none" else copy_log_days
        self._child = pulumi.ResourceOptions(parent=self)
        self._physical_name = bucket_name(name, settings, naming)
        self._trusts: list[Trust] = []
        self._seal = Seal(f"bucket {name}")
        self._notified: list[NotifiedFunction] = []

        self._bucket = self._create_bucket()
        self._block = companions.guard(name, self._bucket, None, self._child)
        companions.encryption(name, self._bucket, self._key_arn, None, self._child)
        after_versioning = self._child
        if settings.versioned:
            versioning = companions.versioning(name, self._bucket, None, self._child)
            after_versioning = pulumi.ResourceOptions(parent=self, depends_on=[versioning])
        companions.lifecycle(name, self._bucket, settings, None, after_versioning)
        self._create_extras(after_versioning)
        if settings.replication is not None:
            self._create_copy(after_versioning)
        self.register_outputs({"arn": self._bucket.arn, "name": self._bucket.bucket})
        if not seal_later:
            self.seal()

    @property
    def name(self) -> str:
        """The bucket's name, known before it is made."""
        return self._physical_name

    @property
    def arn(self) -> str:
        """ARN, known before the bucket is made."""
        return bucket_arn(self._physical_name, self._where)

    @property
    def resource(self) -> aws.s3.Bucket:
        """The bucket itself, for whoever must come after it."""
        return self._bucket

    @property
    def regional_domain_name(self) -> pulumi.Output[str]:
        """What a CloudFront origin names."""
        return self._bucket.bucket_regional_domain_name

    @property
    def versioned(self) -> bool:
        """Whether old versions are kept."""
        return self._settings.versioned

    def trust(self, *trusts: Trust) -> None:
        """Let somebody else in; before `seal`. Asking twice for the same changes nothing.

        Raises:
            SealedError: the policy is made.
        """
        self._seal.must_be_open()
        self._trusts.extend(trust for trust in trusts if trust not in self._trusts)

    def notify(self, function: NotifiedFunction) -> None:
        """Tell a function of its objects; before `seal`.

        Raises:
            SealedError: the policy is made.
        """
        self._seal.must_be_open()
        self._notified.append(function)

    def seal(
        self,
        receivers: Mapping[tuple[str, str], Arn] | None = None,
        *,
        after: Sequence[pulumi.Resource] = (),
    ) -> aws.s3.BucketPolicy:
        """Make the policy, once, after everybody has asked for trust; then the notifications.

        Args:
            receivers: ARNs by kind (`topic`, `queue`) and key.
            after: policies of topics and queues: S3 tries them at once.

        Raises:
            SealedError: it is made.
        """
        self._seal.close()
        policy = aws.s3.BucketPolicy(
            self._key,
            bucket=self._bucket.id,
            policy=resource_document(self.arn, [tls_only(), *self._trusts]),
            # S3 refuses the two changes at one time.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._block]),
        )
        if self._settings.notifications or self._settings.events or self._notified:
            self._create_notifications(receivers or {}, after)
        return policy

    def link(self, access: str | None = None) -> Link:
        """What a consumer needs.

        Raises:
            UnknownAccessError: `access` is not one of `OBJECTS`.
        """
        return bucket_link(
            OFFER,
            self._key,
            self._settings,
            access,
            name=self._physical_name,
            arn=self.arn,
            key_arn=self._key_arn,
            where=self._where,
            depends_on=(self._bucket,),
        )

    def environment_file(self, file: str) -> Link:
        """What a task needs to read its variables from an object as it starts."""
        return environment_file_link(
            self._key, file, arn=self.arn, key_arn=self._key_arn, depends_on=(self._bucket,)
        )

    def fill(self, files: Sequence[BucketFile], *, after: Sequence[pulumi.Resource] = ()) -> None:
        """Put files that stand beside the stack file.

        Args:
            after: what must be there before the first object, as the bucket's policy.
        """
        opts = pulumi.ResourceOptions(parent=self, depends_on=[*after])
        put_files(self._key, self._bucket, files, opts)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Size and number of objects, which S3 reports once a day."""
        return size_widgets(self._key, self._physical_name)

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Unusual and failed requests, where `requestMetrics` has them measured."""
        if not self._settings.request_metrics:
            return ()
        return request_alarms(self._key, self._physical_name)

    def _create_bucket(self) -> aws.s3.Bucket:
        return aws.s3.Bucket(
            self._key,
            bucket=self._physical_name,
            force_destroy=self._settings.empty_on_delete,
            tags=name_tag(self._physical_name, self._settings.tags),
            opts=pulumi.ResourceOptions(
                parent=self, protect=self._kept, retain_on_delete=self._kept
            ),
        )

    def write_access_logs(
        self, log_bucket: pulumi.Input[str], *, after: Sequence[pulumi.Resource]
    ) -> None:
        """Put the log of its requests into another bucket.

        Args:
            log_bucket: its name, as AWS has it.
            after: the other bucket's policy: S3 refuses a bucket that doesn't let its logging in
                ("PutBucketLogging", InvalidTargetBucketForLogging; seen in moto 5.2.5, 2026-11).
        """
        opts = pulumi.ResourceOptions(parent=self, depends_on=[*after])
        companions.logging(self._key, self._bucket, log_bucket, self._physical_name, None, opts)

    def _create_extras(self, after_versioning: pulumi.ResourceOptions) -> None:
        settings = self._settings
        if settings.cors:
            aws.s3.BucketCorsConfiguration(
                self._key,
                bucket=self._bucket.id,
                cors_rules=[
                    {
                        "allowed_origins": list(rule.origins),
                        "allowed_methods": list(rule.methods),
                        "allowed_headers": list(rule.headers),
                        "expose_headers": list(rule.expose),
                        "max_age_seconds": rule.max_age_seconds,
                    }
                    for rule in settings.cors
                ],
                opts=self._child,
            )
        if settings.request_metrics:
            aws.s3.BucketMetric(self._key, bucket=self._bucket.id, name=FILTER, opts=self._child)
        if settings.object_lock is not None:
            # Not `object_lock_enabled` on the bucket: that would replace one which exists, and S3
            # turns the lock on in place ("Configuring S3 Object Lock", 2026-11).
            aws.s3.BucketObjectLockConfiguration(
                self._key,
                bucket=self._bucket.id,
                rule={
                    "default_retention": {
                        "mode": settings.object_lock.mode.upper(),
                        "days": settings.object_lock.days,
                    }
                },
                opts=after_versioning,
            )
        if settings.intelligent_tiering is not None:
            tiers = {
                "ARCHIVE_ACCESS": settings.intelligent_tiering.archive_after_days,
                "DEEP_ARCHIVE_ACCESS": settings.intelligent_tiering.deep_archive_after_days,
            }
            aws.s3.BucketIntelligentTieringConfiguration(
                self._key,
                bucket=self._bucket.id,
                name="everything",
                tierings=[
                    {"access_tier": tier, "days": days}
                    for tier, days in tiers.items()
                    if days is not None
                ],
                opts=self._child,
            )

    def _create_copy(self, after_versioning: pulumi.ResourceOptions) -> None:
        to = self._settings.replication
        if to is None:
            return
        copy_name, role, copy_versioning = copy_abroad(
            self._key,
            self._settings,
            to,
            naming=self._naming,
            where=self._where,
            physical_name=self._physical_name,
            key_arn=self._key_arn,
            copy_key_arn=self._copy_key_arn,
            log_days=self._copy_log_days,
            protect=self._kept,
            opts=self._child,
        )
        replicate(
            self._key,
            self._bucket,
            to,
            copy_arn=bucket_arn(copy_name, self._where),
            role=role,
            encrypted=self._key_arn is not None,
            copy_key_arn=self._copy_key_arn,
            opts=pulumi.ResourceOptions.merge(
                after_versioning, pulumi.ResourceOptions(depends_on=[copy_versioning])
            ),
        )

    def _create_notifications(
        self, receivers: Mapping[tuple[str, str], Arn], after: Sequence[pulumi.Resource]
    ) -> None:
        asked = self._settings.notifications

        def configured(kind: str, arn_field: str) -> list[Any] | None:
            chosen = {key: notified for key, notified in asked.items() if notified.to == kind}
            return [
                {arn_field: receivers[kind, notified.name], **_filter(key, notified)}
                for key, notified in sorted(chosen.items())
            ] or None

        aws.s3.BucketNotification(
            self._key,
            bucket=self._bucket.id,
            eventbridge=self._settings.events or None,
            topics=configured("topic", "topic_arn"),
            queues=configured("queue", "queue_arn"),
            lambda_functions=[
                {
                    "id": function.key,
                    "lambda_function_arn": function.arn,
                    "events": list(function.events),
                    "filter_prefix": function.prefix,
                    "filter_suffix": function.suffix,
                }
                for function in sorted(self._notified, key=lambda function: function.key)
            ]
            or None,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[
                    *after,
                    *(waited for function in self._notified for waited in function.after),
                ],
            ),
        )


def _filter(key: str, notified: NotificationSettings) -> dict[str, Any]:
    return {
        "id": key,
        "events": list(notified.events),
        "filter_prefix": notified.prefix,
        "filter_suffix": notified.suffix,
    }


def bucket_name(key: str, settings: BucketSettings, naming: Naming) -> str:
    """The physical name, known from the settings alone.

    Bucket names are global: where somebody else has it, `bucketName` says another.
    """
    if settings.bucket_name is not None:
        return naming.exact(BUCKET_NAME, settings.bucket_name)
    return naming.of(BUCKET_NAME, key)


def bucket_arn(physical_name: str, where: AccountRegion) -> str:
    """A bucket's ARN, which has neither region nor account."""
    return f"arn:{where.partition}:s3:::{physical_name}"
