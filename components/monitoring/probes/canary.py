"""The canary component: opens a public address every few minutes and tells when it fails.

Builds the canary with a script of our own, its role, and the log group of the function that
Synthetics makes for it.

Promises:
- It may put artifacts under its own prefix, put Synthetics' metrics, write its own log, and nothing
  else.
- Its log is kept as long as said: the role may not create log groups, so that of Synthetics'
  function, whose name is known only afterwards, is the one made here. The first run may leave none.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    Grant,
    MetricQuery,
    Severity,
    WidgetSpec,
)
from components.monitoring.names import CANARY_NAME
from components.monitoring.probes.canary_package import HANDLER, canary_package
from components.monitoring.probes.canary_settings import CanarySettings
from components.naming import Kind, Naming
from components.parts.role import granted_role
from components.parts.target_bucket import TargetBucket, put_grants
from components.tags import name_tag

NAMESPACE = "CloudWatchSynthetics"
PREFIX = "canaries"
"""Where a bucket has the artifacts of all canaries."""

RUN_SECONDS = 75
"""A run may take: the longest wait for an answer, and Lambda's and Synthetics' own start."""

KEPT_DAYS = 31
"""Days Synthetics lists a run; artifacts go by the bucket's `lifecycle`."""


class Canary(pulumi.ComponentResource):
    """One canary. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: CanarySettings,
        bucket: TargetBucket,
        *,
        naming: Naming,
        where: AccountRegion,
        log_key_arn: Arn | None,
        log_days: int,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the canary and start it.

        Args:
            name: Pulumi name, the canary's key; the prefix of every child's.
            bucket: where artifacts go.
            log_days: days its function's log is kept.
        """
        super().__init__("trellis:monitoring:Canary", name, None, opts)
        self._key = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._physical_name = naming.of(CANARY_NAME, name)
        self._child = pulumi.ResourceOptions(parent=self)
        self._canary = self._create_canary(bucket)
        aws.cloudwatch.LogGroup(
            name,
            name=self._canary.engine_arn.apply(_log_of),
            retention_in_days=log_days,
            kms_key_id=log_key_arn,
            tags=name_tag(self._physical_name),
            opts=self._child,
        )
        self.register_outputs({"name": self._physical_name})

    @property
    def name(self) -> str:
        """Synthetics' name of the canary."""
        return self._physical_name

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN, decided by AWS."""
        return self._canary.arn

    @property
    def resource(self) -> aws.synthetics.Canary:
        """The canary."""
        return self._canary

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Two failed runs in a row, or none at all."""
        settings = self._settings
        address = f"https://{settings.host}{settings.path}"
        return (
            AlarmSpec(
                name=f"{self._key}-canary",
                title=f"{settings.host} does not answer as it should",
                meaning=f"Two runs in a row did not get {settings.status} from {address}, or the "
                "canary did not run.",
                action="Open the address yourself; the canary's last run in CloudWatch Synthetics "
                "says what it got instead.",
                severity=Severity(settings.severity),
                metrics=(self._metric("success", "SuccessPercent", "Average"),),
                threshold=100,
                comparison="LessThanThreshold",
                evaluation_periods=2,
                datapoints_to_alarm=2,
                missing_data="breaching",
                parent=f"canary-{self._key}",
            ),
        )

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Runs that succeed, and how long they take."""
        return (
            WidgetSpec(
                f"{self._key}: success",
                "Canaries",
                (self._metric("success", "SuccessPercent", "Average"),),
                "%",
            ),
            WidgetSpec(
                f"{self._key}: duration",
                "Canaries",
                (self._metric("duration", "Duration", "Average"),),
                "ms",
            ),
        )

    def _metric(self, id_: str, name: str, statistic: str) -> MetricQuery:
        return MetricQuery(
            id=id_,
            namespace=NAMESPACE,
            name=name,
            dimensions={"CanaryName": self._physical_name},
            statistic=statistic,
            period=self._settings.minutes * 60,
        )

    def _create_canary(self, bucket: TargetBucket) -> aws.synthetics.Canary:
        settings = self._settings
        role, allowed = granted_role(
            self._key,
            physical_name=self._naming.of(Kind.ROLE, self._key, "canary"),
            description=f"Lets the canary {self._key} keep what a run leaves",
            # Lambda sends no source when it assumes a role ("Lambda execution role", 2026-11).
            service="lambda.amazonaws.com",
            grants=self._grants(bucket),
            opts=self._child,
        )
        return aws.synthetics.Canary(
            self._key,
            name=self._physical_name,
            artifact_s3_location=f"s3://{bucket.name}/{self._prefix()}",
            execution_role_arn=role.arn,
            handler=HANDLER,
            zip_file=canary_package(),
            runtime_version=settings.runtime,
            schedule={"expression": _every(settings.minutes)},
            run_config={
                "timeout_in_seconds": min(RUN_SECONDS, settings.minutes * 60),
                "active_tracing": False,
                "environment_variables": {
                    "URL": f"https://{settings.host}{settings.path}",
                    "STATUS": str(settings.status),
                    "SECONDS": str(settings.seconds),
                    **({"CONTAINS": settings.contains} if settings.contains else {}),
                },
            },
            success_retention_period=KEPT_DAYS,
            failure_retention_period=KEPT_DAYS,
            start_canary=True,
            # Otherwise the function stays when the canary goes.
            delete_lambda=True,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*allowed]),
        )

    def _prefix(self) -> str:
        return f"{PREFIX}/{self._key}"

    def _grants(self, bucket: TargetBucket) -> list[Grant]:
        """As in "Required roles and permissions for canaries" (CloudWatch User Guide, 2026-11),
        less the list of all buckets, traces and the creation of log groups."""
        log = f"log-group:/aws/lambda/cwsyn-{self._physical_name}-*"
        return [
            *put_grants(bucket, (f"{self._prefix()}/",), self._where),
            Grant("FindBucket", ("s3:GetBucketLocation",), (bucket.arn,)),
            Grant(
                "PutMetrics",
                ("cloudwatch:PutMetricData",),
                ("*",),
                {"StringEquals": {"cloudwatch:namespace": NAMESPACE}},
            ),
            Grant(
                "WriteLog",
                ("logs:CreateLogStream", "logs:PutLogEvents"),
                (self._where.arn("logs", log),),
            ),
        ]


def _every(minutes: int) -> str:
    return "rate(1 minute)" if minutes == 1 else f"rate({minutes} minutes)"


def _log_of(engine_arn: str) -> str:
    """`arn:aws:lambda:us-east-1:123456789012:function:cwsyn-name-id:version` to its log group.

    Of an ARN of another form, as an emulator of AWS may make one, it takes the last part: an error
    in here would be a traceback.
    """
    _, found, rest = engine_arn.partition(":function:")
    return f"/aws/lambda/{rest.partition(':')[0] if found else engine_arn.rpartition(':')[2]}"
