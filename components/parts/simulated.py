"""What AWS returns for types of several tiers (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import CREATED, UUID, AutoName, Scope, Shape

_ARN = "arn:{partition}:cloudwatch:{region}:{account}:"


_EVENTS = "arn:{partition}:events:{region}:{account}:"


def _rule_arn(scope: Scope) -> str:
    bus = str(scope.given("eventBusName") or "default").rsplit("/", 1)[-1]
    path = "" if bus == "default" else f"{bus}/"
    return scope.text(_EVENTS + f"rule/{path}{{name}}")


_EC2_ARN = "arn:{partition}:ec2:{region}:{account}:"


_IAM_ARN = "arn:{partition}:iam::{account}:"


_LAMBDA_ARN = "arn:{partition}:lambda:{region}:{account}:"


_INVOKE = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"


_MODIFIED = "2026-11-02T08:00:00.000+0000"


def _version(scope: Scope) -> str:
    return "1" if scope.given("publish") else "$LATEST"


_LOGS_ARN = "arn:{partition}:logs:{region}:{account}:"


_OBJECT = {
    "arn": "arn:{partition}:s3:::{bucket}/{key}",
    "bucketKeyEnabled": False,
    "contentType": "application/octet-stream",
    "etag": "{hex:32}",
    "kmsKeyId": "",
    "serverSideEncryption": "AES256",
    "storageClass": "STANDARD",
    "versionId": "{lower:32}",
}


_SCALING = "arn:{partition}:autoscaling:{region}:{account}:"


_LINKED_ROLES = {
    "ecs": "ECSService",
    "dynamodb": "DynamoDBTable",
    "rds": "RDSCluster",
    "lambda": "LambdaConcurrency",
    "elasticache": "ElastiCacheRG",
}
"""By service namespace ("Service-linked roles", Application Auto Scaling User Guide, 2026-11)."""


def _linked_role(scope: Scope) -> str:
    service = str(scope["serviceNamespace"])
    name = _LINKED_ROLES.get(service, service)
    return scope.text(
        "arn:{partition}:iam::{account}:role/aws-service-role/"
        f"{service}.application-autoscaling.amazonaws.com/"
        f"AWSServiceRoleForApplicationAutoScaling_{name}"
    )


SHAPES: Mapping[str, Shape] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": Shape(
        id="{name}",
        defaults={"actionsEnabled": True, "treatMissingData": "missing"},
        computed={
            "arn": _ARN + "alarm:{name}",
            "evaluateLowSampleCountPercentiles": "",
        },
        named=AutoName(limit=255),
    ),
    "aws:cloudwatch/eventRule:EventRule": Shape(
        id="{name}",
        defaults={"eventBusName": "default", "forceDestroy": False, "state": "ENABLED"},
        computed={"arn": _rule_arn, "namePrefix": ""},
        named=AutoName(limit=64),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Shape(
        id="{rule}-{targetId}",
        defaults={"eventBusName": "default", "forceDestroy": False},
        named=AutoName("targetId", limit=64),
        tagged=False,
    ),
    "pulumi:providers:aws": Shape(
        id="{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}", regional=False, tagged=False
    ),
    "aws:ec2/securityGroup:SecurityGroup": Shape(
        id="sg-{hex:17}",
        defaults={"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
        computed={
            "arn": _EC2_ARN + "security-group/{id}",
            "egress": [],
            "ingress": [],
            "namePrefix": "",
            "ownerId": "{account}",
            "vpcId": "vpc-{hex:17}",
        },
        named=AutoName(limit=255),
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Shape(
        id="sgr-{hex:17}",
        computed={"arn": _EC2_ARN + "security-group-rule/{id}", "securityGroupRuleId": "{id}"},
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Shape(
        id="sgr-{hex:17}",
        computed={"arn": _EC2_ARN + "security-group-rule/{id}", "securityGroupRuleId": "{id}"},
    ),
    "aws:iam/role:Role": Shape(
        id="{name}",
        defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
        computed={
            "arn": _IAM_ARN + "role{path}{name}",
            "createDate": CREATED,
            "inlinePolicies": [],
            "managedPolicyArns": [],
            "namePrefix": "",
            "uniqueId": "AROA{upper:17}",
        },
        named=AutoName(limit=64),
        regional=False,
    ),
    "aws:iam/rolePolicy:RolePolicy": Shape(
        id="{role}:{name}",
        computed={"namePrefix": ""},
        named=AutoName(limit=128),
        regional=False,
        tagged=False,
    ),
    "aws:iam/policy:Policy": Shape(
        id=_IAM_ARN + "policy{path}{name}",
        defaults={"path": "/"},
        computed={
            "arn": "{id}",
            "attachmentCount": 0,
            "namePrefix": "",
            "policyId": "ANPA{upper:17}",
        },
        named=AutoName(limit=128),
        regional=False,
    ),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": Shape(
        id="arn:{partition}:firehose:{region}:{account}:deliverystream/{name}",
        computed={"arn": "{id}", "destinationId": "destinationId-000000000001", "versionId": "1"},
        named=AutoName(limit=64),
    ),
    "aws:lambda/function:Function": Shape(
        id="{name}",
        defaults={
            "memorySize": 128,
            "packageType": "Zip",
            "publish": False,
            "reservedConcurrentExecutions": -1,
            "skipDestroy": False,
            "timeout": 3,
        },
        computed={
            "architectures": ["x86_64"],
            "arn": _LAMBDA_ARN + "function:{name}",
            "codeSha256": "{lower:43}=",
            "invokeArn": _INVOKE + "{arn}/invocations",
            "lastModified": _MODIFIED,
            "version": _version,
            "qualifiedArn": "{arn}:{version}",
            "qualifiedInvokeArn": _INVOKE + "{qualifiedArn}/invocations",
            "responseStreamingInvokeArn": "arn:{partition}:apigateway:{region}:lambda:path/"
            "2021-11-15/functions/{arn}/response-streaming-invocations",
            "signingJobArn": "",
            "signingProfileVersionArn": "",
            "sourceCodeHash": "{lower:43}=",
            "sourceCodeSize": 1024,
        },
        named=AutoName(limit=64),
    ),
    "aws:lambda/permission:Permission": Shape(
        id="{statementId}", named=AutoName("statementId", limit=100), tagged=False
    ),
    "aws:lambda/invocation:Invocation": Shape(
        id="{functionName}_{hex:32}",
        defaults={"lifecycleScope": "CREATE_ONLY", "qualifier": "$LATEST", "terraformKey": "tf"},
        computed={"result": '{{"versionId":"' + UUID + '"}}'},
        tagged=False,
    ),
    "aws:cloudwatch/logGroup:LogGroup": Shape(
        id="{name}",
        defaults={"retentionInDays": 0, "skipDestroy": False},
        computed={
            "arn": _LOGS_ARN + "log-group:{name}",
            "deletionProtectionEnabled": False,
            "logGroupClass": "STANDARD",
            "namePrefix": "",
        },
        named=AutoName(limit=512),
    ),
    "aws:cloudwatch/logStream:LogStream": Shape(
        id="{name}",
        computed={"arn": _LOGS_ARN + "log-group:{logGroupName}:log-stream:{name}"},
        named=AutoName(limit=512),
        tagged=False,
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": Shape(
        id="{policyName}",
        computed={"policyScope": "ACCOUNT", "revisionId": "{digits:12}"},
        tagged=False,
    ),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": Shape(
        id="cwlsf-{digits:10}",
        defaults={"applyOnTransformedLogs": False, "distribution": "ByLogStream"},
        computed={"roleArn": ""},
        named=AutoName(limit=512),
        tagged=False,
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": Shape(
        id="{bucket}/{key}",
        defaults={"forceDestroy": False},
        computed={
            **_OBJECT,
            "checksumCrc32": "",
            "checksumCrc32c": "",
            "checksumCrc64nvme": "",
            "checksumSha1": "",
            "checksumSha256": "",
        },
        named=AutoName("key", limit=1024),
    ),
    "aws:appautoscaling/target:Target": Shape(
        id="{resourceId}",
        computed={
            "arn": "arn:{partition}:application-autoscaling:{region}:{account}:"
            "scalable-target/{lower:32}",
            "roleArn": _linked_role,
        },
    ),
    "aws:appautoscaling/policy:Policy": Shape(
        id="{name}",
        defaults={"policyType": "StepScaling"},
        computed={
            "alarmArns": lambda s: (
                [
                    s.text(
                        "arn:{partition}:cloudwatch:{region}:{account}:alarm:"
                        f"TargetTracking-{{resourceId}}-Alarm{side}-" + UUID
                    )
                    for side in ("High", "Low")
                ]
                if s.given("policyType") == "TargetTrackingScaling"
                else []
            ),
            "arn": _SCALING + "scalingPolicy:" + UUID + ":resource/{serviceNamespace}/"
            "{resourceId}:policyName/{name}",
        },
        named=AutoName(limit=256),
        tagged=False,
    ),
    "aws:scheduler/schedule:Schedule": Shape(
        id="{groupName}/{name}",
        defaults={
            "groupName": "default",
            "scheduleExpressionTimezone": "UTC",
            "state": "ENABLED",
        },
        computed={
            "arn": "arn:{partition}:scheduler:{region}:{account}:schedule/{groupName}/{name}",
            "namePrefix": "",
        },
        named=AutoName(limit=64),
        tagged=False,
    ),
}
"""By Pulumi type token."""
