"""Types of AWS resources that several tiers make, mostly by pieces of `components.parts`."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts import invocations
from components.parts.changes import Change, Downtime, Quota, Unique
from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    RECORDS,
    WATCHING,
    Data,
    Resource,
    Watched,
)
from components.parts.rights import rights_gone
from components.tags import tagged_anew

SHARED: Mapping[str, Resource] = {
    "aws:appautoscaling/policy:Policy": Resource(
        CONFIGURATION, change=Change(same=("name", "resourceId", "scalableDimension"))
    ),
    "aws:appautoscaling/target:Target": Resource(
        CONFIGURATION,
        facts=("resourceId", "minCapacity", "maxCapacity"),
        change=Change(same=("resourceId", "scalableDimension")),
    ),
    "aws:cloudwatch/eventRule:EventRule": Resource(
        "what it calls has an alarm on what was given up",
        facts=("name", "description"),
        unique=Unique("region", ("eventBusName", "name")),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Resource(
        "what it calls has an alarm on what was given up", change=Change(same=("rule", "targetId"))
    ),
    "aws:cloudwatch/logGroup:LogGroup": Resource(
        RECORDS,
        facts=("name", "retentionInDays"),
        data=Data("logs", "name", "export the logs to S3"),
        unique=Unique("region", ("name",)),
        change=Change(shorter={"retentionInDays": ("log events older than", "days")}),
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": Resource(
        CONFIGURATION,
        unique=Unique("region", ("policyName",)),
        quota=Quota(
            10,
            "log resource policies",
            "it can't be raised (CloudWatch Logs quotas, User Guide, 2026-11)",
        ),
    ),
    "aws:cloudwatch/logStream:LogStream": Resource(RECORDS, change=Change(loses="log events")),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": Resource(
        Watched(("DeliveryErrors",), ("logGroup",)),
        facts=("logGroup",),
        change=Change(same=("logGroup", "name")),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Resource(
        WATCHING, facts=("name", "threshold"), unique=Unique("region", ("name",))
    ),
    "aws:ec2/securityGroup:SecurityGroup": Resource(ACCESS, facts=("description",)),
    "aws:iam/policy:Policy": Resource(ACCESS, facts=("name",), unique=Unique("account", ("name",))),
    "aws:iam/role:Role": Resource(
        ACCESS,
        facts=("name",),
        unique=Unique("account", ("name",)),
        change=Change(downtime=Downtime("who acts as it is refused meanwhile")),
    ),
    "aws:iam/rolePolicy:RolePolicy": Resource(
        ACCESS,
        facts=("name",),
        change=Change(same=("role", "name"), meanings=(rights_gone,)),
    ),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": Resource(
        Watched(("DeliveryToS3.DataFreshness", "DeliveryToS3.Success")),
        facts=("name", "destination"),
        unique=Unique("region", ("name",)),
        change=Change(downtime=Downtime("records that are put meanwhile are refused")),
    ),
    "aws:lambda/function:Function": Resource(
        Watched(("Errors",)),
        facts=("name", "runtime", "memorySize", "timeout"),
        unique=Unique("region", ("name",)),
        change=Change(downtime=Downtime("calls fail meanwhile")),
    ),
    "aws:lambda/invocation:Invocation": Resource(
        "it fails in the deployment itself",
        change=Change(
            conditions={"input": invocations.called_once},
            refusals=(invocations.another_provider,),
            leaves=invocations.left,
        ),
    ),
    "aws:lambda/permission:Permission": Resource(ACCESS),
    "aws:s3/bucketObjectv2:BucketObjectv2": Resource(RECORDS, facts=("key", "source")),
    "aws:scheduler/schedule:Schedule": Resource(
        "what it could not start is kept in a queue that is watched",
        facts=("scheduleExpression", "scheduleExpressionTimezone"),
        unique=Unique("region", ("groupName", "name")),
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Resource(
        ACCESS,
        facts=("ipProtocol", "fromPort", "cidrIpv4", "description"),
        change=Change(downtime=Downtime("what it lets out is shut in")),
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Resource(
        ACCESS,
        facts=("ipProtocol", "fromPort", "cidrIpv4", "description"),
        change=Change(downtime=Downtime("what it lets in is shut out")),
    ),
    "pulumi:providers:aws": Resource(CONFIGURATION, change=Change(meanings=(tagged_anew,))),
}
"""By type, declared as those of a tier are."""
