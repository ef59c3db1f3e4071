"""What the emulator or the provider of these tests can't do, each with its reason.

A gap that is not there any more fails the test that reads this, as an error without a row does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tests.emulated.monitor import Outcome


@dataclass(frozen=True)
class Gap:
    """One thing that moto 5.2.5 or the provider 5.100 can't do."""

    type: str
    call: str
    """The operation that ends it, as in `elasticache:CreateUser`; empty where none arrives."""
    message: str
    """A pattern of the provider's message."""
    why: str
    stacks: tuple[str, ...] = ()
    """Where it is, by name; empty for each stack with a resource of the type."""
    always: bool = True
    """Whether it shows each time: what several calls at one time make of one thing does not."""

    def explains(self, outcome: Outcome) -> bool:
        """Whether it is why a resource failed."""
        return (
            outcome.type == self.type
            and (not self.call or self.call in outcome.calls)
            and bool(outcome.errors)
            and all(re.search(self.message, error, re.DOTALL) for error in outcome.errors)
        )


NOT_THERE = r"StatusCode: (404|500|501)"
"""What the provider says where moto has not implemented an operation."""

GAPS: tuple[Gap, ...] = (
    Gap(
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        "",
        r"request send failed.*no such host",
        "S3 Control puts the account before the host's name, and 123456789012.127.0.0.1 is none",
    ),
    Gap(
        "aws:accessanalyzer/analyzer:Analyzer",
        "access-analyzer:CreateAnalyzer",
        NOT_THERE,
        "moto has no IAM Access Analyzer",
    ),
    Gap(
        "aws:s3/bucketLogging:BucketLogging",
        "s3:PutBucketLogging",
        f"{NOT_THERE}|InvalidTargetBucketForLogging",
        "moto falls over a policy that says Principal: *, and looks for a statement of exactly the "
        "target's prefix, where ours lets in a folder above it",
    ),
    Gap(
        "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy",
        "logs:PutDataProtectionPolicy",
        NOT_THERE,
        "moto has no data protection of log groups",
    ),
    Gap(
        "aws:budgets/budget:Budget",
        "budgets:DescribeSubscribersForNotification",
        NOT_THERE,
        "moto makes a budget and can't tell who is told",
    ),
    Gap(
        "aws:secretsmanager/secretRotation:SecretRotation",
        "secretsmanager:RotateSecret",
        NOT_THERE,
        "moto falls over a rotation that is not to begin at once: it names a version it never made",
    ),
    Gap(
        "aws:elasticache/parameterGroup:ParameterGroup",
        "elasticache:CreateCacheParameterGroup",
        NOT_THERE,
        "moto has no parameter groups of caches",
    ),
    Gap(
        "aws:elasticache/userGroup:UserGroup",
        "elasticache:CreateUserGroup",
        NOT_THERE,
        "moto has no user groups of caches",
    ),
    Gap(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "elasticache:DescribeCacheClusters",
        NOT_THERE,
        "moto makes no clusters with a replication group, which the provider reads",
    ),
    Gap(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        "cloudfront:CreateResponseHeadersPolicy",
        NOT_THERE,
        "moto has no policies of response headers",
    ),
    Gap(
        "aws:cloudfront/function:Function",
        "cloudfront:PublishFunction",
        NOT_THERE,
        "moto makes functions of CloudFront and publishes none",
    ),
    Gap(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "monitoring:PutCompositeAlarm",
        NOT_THERE,
        "moto has no composite alarms",
    ),
    Gap(
        "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        "chatbot:CreateSlackChannelConfiguration",
        NOT_THERE,
        "moto has no AWS Chatbot",
    ),
    Gap(
        "aws:sesv2/configurationSet:ConfigurationSet",
        "ses:GetConfigurationSet",
        "StatusCode: 200.*deserialization failed",
        "moto answers with a form of its own, which the provider can't read",
    ),
    Gap(
        "aws:sesv2/emailIdentity:EmailIdentity",
        "ses:CreateEmailIdentity",
        "StatusCode: 200.*expected Timestamp",
        "moto answers with a time as text, which the provider can't read",
    ),
    Gap(
        "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
        "ses:PutEmailIdentityMailFromAttributes",
        NOT_THERE,
        "moto has no sender's domain of its own",
    ),
    Gap(
        "aws:route53/queryLog:QueryLog",
        "route53:CreateQueryLoggingConfig",
        "NoSuchCloudWatchLogsLogGroup",
        "moto wants `:*` behind a log group's ARN, which AWS's own example has not",
    ),
    Gap(
        "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
        "sqs:GetQueueAttributes",
        "Unknown Attribute RedriveAllowPolicy",
        "moto keeps who may send dead letters to a queue, and refuses to tell it alone",
    ),
    Gap(
        "aws:appautoscaling/target:Target",
        "application-autoscaling:ListTagsForResource",
        NOT_THERE,
        "moto makes a target and can't tell its tags",
    ),
    Gap(
        "aws:backup/selection:Selection",
        "backup:CreateBackupSelection",
        NOT_THERE,
        "moto has no selections of backups",
    ),
    Gap(
        "aws:guardduty/detectorFeature:DetectorFeature",
        "guardduty:GetDetector",
        "empty result",
        "moto forgets a detector's features where several are set at one time",
        always=False,
    ),
    Gap(
        "aws:ec2/route:Route",
        "ec2:CreateRoute",
        "RouteAlreadyExists",
        "moto's answer is lost under load: the provider asks again, and the route is there",
        always=False,
    ),
    Gap(
        "aws:rds/instance:Instance",
        "rds:CreateDBInstance",
        "backup window and maintenance window must not overlap",
        "moto takes windows that touch (03:00-04:00, sun:04:00-05:00) for overlapping",
        stacks=("clubapp-dev", "clubapp-prod"),
    ),
)

NEWER: Mapping[str, str] = {}
"""Types that the provider 5.100 does not have: they are not made."""

NEWER_INPUTS: Mapping[str, frozenset[str]] = {
    "aws:budgets/budget:Budget": frozenset({"metrics", "filterExpression"}),
    "aws:ecs/service:Service": frozenset({"deploymentConfiguration"}),
}
"""Inputs, by type, that the provider 5.100 does not have: they are left out."""
