"""CloudWatch Logs: what AWS answers ("Amazon CloudWatch Logs API Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Shape

_ARN = "arn:{partition}:logs:{region}:{account}:"

SHAPES = {
    "aws:cloudwatch/logGroup:LogGroup": Shape(
        id="{name}",
        defaults={"retentionInDays": 0, "skipDestroy": False},
        computed={
            "arn": _ARN + "log-group:{name}",
            "deletionProtectionEnabled": False,
            "logGroupClass": "STANDARD",
            "namePrefix": "",
        },
        named=AutoName(limit=512),
    ),
    "aws:cloudwatch/logStream:LogStream": Shape(
        id="{name}",
        computed={"arn": _ARN + "log-group:{logGroupName}:log-stream:{name}"},
        named=AutoName(limit=512),
        tagged=False,
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": Shape(
        id="{policyName}",
        computed={"policyScope": "ACCOUNT", "revisionId": "{digits:12}"},
        tagged=False,
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Shape(
        id="{name}",
        defaults={"applyOnTransformedLogs": False},
        named=AutoName(limit=512),
        tagged=False,
    ),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": Shape(
        id="cwlsf-{digits:10}",
        defaults={"applyOnTransformedLogs": False, "distribution": "ByLogStream"},
        computed={"roleArn": ""},
        named=AutoName(limit=512),
        tagged=False,
    ),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": Shape(
        id="{name}",
        computed={"arn": _ARN + "delivery-source:{name}", "service": "cloudfront"},
        named=AutoName(limit=60),
    ),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": Shape(
        id="{name}",
        computed={"arn": _ARN + "delivery-destination:{name}"},
        named=AutoName(limit=60),
    ),
    "aws:cloudwatch/logDelivery:LogDelivery": Shape(
        id="{lower:16}",
        computed={"arn": _ARN + "delivery:{id}"},
    ),
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": Shape(
        id="{logGroupName}", tagged=False
    ),
    "aws:cloudwatch/queryDefinition:QueryDefinition": Shape(
        id="{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
        computed={
            "arn": _ARN + "query-definition:{id}",
            "queryDefinitionId": "{id}",
        },
        named=AutoName(limit=255),
        tagged=False,
    ),
}
"""By Pulumi type token."""
