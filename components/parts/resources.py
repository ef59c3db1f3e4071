"""Types of AWS resources that several tiers make, mostly by pieces of `components.parts`."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    RECORDS,
    WATCHING,
    Data,
    Resource,
    Watched,
)

SHARED: Mapping[str, Resource] = {
    "aws:appautoscaling/policy:Policy": Resource(CONFIGURATION),
    "aws:appautoscaling/target:Target": Resource(
        CONFIGURATION, facts=("resourceId", "minCapacity", "maxCapacity")
    ),
    "aws:cloudwatch/eventRule:EventRule": Resource(
        "what it calls has an alarm on what was given up", facts=("name", "description")
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Resource(
        "what it calls has an alarm on what was given up"
    ),
    "aws:cloudwatch/logGroup:LogGroup": Resource(
        RECORDS,
        facts=("name", "retentionInDays"),
        data=Data("logs", "name", "export the logs to S3"),
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": Resource(CONFIGURATION),
    "aws:cloudwatch/logStream:LogStream": Resource(RECORDS),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": Resource(
        Watched(("DeliveryErrors",), ("logGroup",)), facts=("logGroup",)
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Resource(WATCHING, facts=("name", "threshold")),
    "aws:ec2/securityGroup:SecurityGroup": Resource(ACCESS, facts=("description",)),
    "aws:iam/policy:Policy": Resource(ACCESS, facts=("name",)),
    "aws:iam/role:Role": Resource(ACCESS, facts=("name",)),
    "aws:iam/rolePolicy:RolePolicy": Resource(ACCESS, facts=("name",)),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": Resource(
        Watched(("DeliveryToS3.DataFreshness", "DeliveryToS3.Success")),
        facts=("name", "destination"),
    ),
    "aws:lambda/function:Function": Resource(
        Watched(("Errors",)), facts=("name", "runtime", "memorySize", "timeout")
    ),
    "aws:lambda/invocation:Invocation": Resource("it fails in the deployment itself"),
    "aws:lambda/permission:Permission": Resource(ACCESS),
    "aws:s3/bucketObjectv2:BucketObjectv2": Resource(RECORDS, facts=("key", "source")),
    "aws:scheduler/schedule:Schedule": Resource(
        "what it could not start is kept in a queue that is watched",
        facts=("scheduleExpression", "scheduleExpressionTimezone"),
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Resource(
        ACCESS, facts=("ipProtocol", "fromPort", "cidrIpv4", "description")
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Resource(
        ACCESS, facts=("ipProtocol", "fromPort", "cidrIpv4", "description")
    ),
    "pulumi:providers:aws": Resource(CONFIGURATION),
}
"""By type, declared as those of a tier are."""
