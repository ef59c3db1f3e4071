"""The API operations that make types of several tiers."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:ec2/securityGroup:SecurityGroup": call(
        "ec2",
        "CreateSecurityGroup",
        "egress",
        "ingress",
        "revokeRulesOnDelete",
        name="GroupName",
    ),
    "aws:iam/policy:Policy": call(
        "iam", "CreatePolicy", name="PolicyName", policy="PolicyDocument"
    ),
    "aws:iam/role:Role": call(
        "iam",
        "CreateRole",
        "forceDetachPolicies",
        "inlinePolicies",
        "managedPolicyArns",
        name="RoleName",
        assumeRolePolicy="AssumeRolePolicyDocument",
    ),
    "aws:iam/rolePolicy:RolePolicy": call(
        "iam", "PutRolePolicy", name="PolicyName", role="RoleName", policy="PolicyDocument"
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Call(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        {
            "securityGroupId": "GroupId",
            "ipProtocol": "IpPermissions.IpProtocol",
            "fromPort": "IpPermissions.FromPort",
            "toPort": "IpPermissions.ToPort",
            "cidrIpv4": "IpPermissions.IpRanges.CidrIp",
            "cidrIpv6": "IpPermissions.Ipv6Ranges.CidrIpv6",
            "description": "IpPermissions.IpRanges.Description",
            "prefixListId": "IpPermissions.PrefixListIds.PrefixListId",
            "referencedSecurityGroupId": "IpPermissions.UserIdGroupPairs.GroupId",
        },
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Call(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        {
            "securityGroupId": "GroupId",
            "ipProtocol": "IpPermissions.IpProtocol",
            "fromPort": "IpPermissions.FromPort",
            "toPort": "IpPermissions.ToPort",
            "cidrIpv4": "IpPermissions.IpRanges.CidrIp",
            "cidrIpv6": "IpPermissions.Ipv6Ranges.CidrIpv6",
            "description": "IpPermissions.IpRanges.Description",
            "prefixListId": "IpPermissions.PrefixListIds.PrefixListId",
            "referencedSecurityGroupId": "IpPermissions.UserIdGroupPairs.GroupId",
        },
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": call(
        "s3",
        "PutObject",
        "source",
        "content",
        "sourceHash",
        "overrideProvider",
        kmsKeyId="SSEKMSKeyId",
    ),
    # Which destination it is, the request says by the configuration it carries.
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": call(
        "firehose",
        "CreateDeliveryStream",
        "destination",
        name="DeliveryStreamName",
        extendedS3Configuration="ExtendedS3DestinationConfiguration",
        kinesisSourceConfiguration="KinesisStreamSourceConfiguration",
        serverSideEncryption="DeliveryStreamEncryptionConfigurationInput",
    ),
    "aws:appautoscaling/policy:Policy": call(
        "application-autoscaling", "PutScalingPolicy", name="PolicyName"
    ),
    "aws:appautoscaling/target:Target": call("application-autoscaling", "RegisterScalableTarget"),
    "aws:cloudwatch/eventRule:EventRule": call("events", "PutRule"),
    "aws:cloudwatch/eventTarget:EventTarget": Call(
        "events",
        "PutTargets",
        {
            "targetId": "Targets.Id",
            "arn": "Targets.Arn",
            "roleArn": "Targets.RoleArn",
            "input": "Targets.Input",
            "deadLetterConfig": "Targets.DeadLetterConfig",
            "retryPolicy": "Targets.RetryPolicy",
        },
        frozenset({"inputTransformer"}),
    ),
    "aws:cloudwatch/logGroup:LogGroup": call(
        "logs",
        "CreateLogGroup",
        name="logGroupName",
        retentionInDays="PutRetentionPolicy:retentionInDays",
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": call("logs", "PutResourcePolicy"),
    "aws:cloudwatch/logStream:LogStream": call("logs", "CreateLogStream", name="logStreamName"),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": call(
        "logs", "PutSubscriptionFilter", name="filterName", logGroup="logGroupName"
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": call(
        "cloudwatch", "PutMetricAlarm", name="AlarmName", metricQueries="Metrics"
    ),
    "aws:lambda/function:Function": call(
        "lambda",
        "CreateFunction",
        "code",
        "sourceCodeHash",
        "imageUri",
        "s3Bucket",
        "s3Key",
        name="FunctionName",
        reservedConcurrentExecutions="PutFunctionConcurrency:ReservedConcurrentExecutions",
    ),
    "aws:lambda/invocation:Invocation": call(
        "lambda", "Invoke", "input", "lifecycleScope", "triggers"
    ),
    "aws:lambda/permission:Permission": call("lambda", "AddPermission", function="FunctionName"),
    "aws:scheduler/schedule:Schedule": call("scheduler", "CreateSchedule"),
}
"""By Pulumi type token."""
