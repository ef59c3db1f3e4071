"""What a person would ask of a resource first, by type: the facts a plan shows beside its name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from trellis.planner.wire import UNKNOWN, FileContent, Secret

LATER = "(known after deployment)"

FACTS: Mapping[str, Sequence[str]] = {
    "aws:ec2/vpc:Vpc": ("cidrBlock",),
    "aws:ec2/subnet:Subnet": ("cidrBlock", "availabilityZone"),
    "aws:ec2/route:Route": ("destinationCidrBlock", "destinationIpv6CidrBlock"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("vpcEndpointType", "serviceName"),
    "aws:ec2/flowLog:FlowLog": ("trafficType", "logDestinationType"),
    "aws:ec2/eip:Eip": ("domain",),
    "aws:ec2/natGateway:NatGateway": ("connectivityType",),
    "aws:ec2/securityGroup:SecurityGroup": ("description",),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        "ipProtocol", "fromPort", "cidrIpv4", "description",
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        "ipProtocol", "fromPort", "cidrIpv4", "description",
    ),
    "aws:cloudwatch/logGroup:LogGroup": ("name", "retentionInDays"),
    "aws:iam/role:Role": ("name",),
    "aws:kms/key:Key": ("description",),
    "aws:kms/alias:Alias": ("name",),
    "aws:rds/instance:Instance": (
        "identifier", "engine", "engineVersion", "instanceClass", "allocatedStorage", "multiAz",
    ),
    "aws:rds/cluster:Cluster": ("clusterIdentifier", "engine", "engineVersion"),
    "aws:rds/clusterInstance:ClusterInstance": ("identifier", "instanceClass"),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "replicationGroupId", "engine", "engineVersion", "nodeType", "numCacheClusters",
    ),
    "aws:dynamodb/table:Table": ("name", "billingMode", "hashKey", "rangeKey"),
    "aws:s3/bucket:Bucket": ("bucket",),
    "aws:secretsmanager/secret:Secret": ("name",),
    "aws:secretsmanager/secretRotation:SecretRotation": ("rotationRules",),
    "aws:lambda/function:Function": ("name", "runtime", "memorySize", "timeout"),
    "aws:sns/topic:Topic": ("name",),
    "aws:sqs/queue:Queue": ("name",),
    "aws:backup/plan:Plan": ("name",),
    "aws:backup/vault:Vault": ("name",),
    "aws:sesv2/emailIdentity:EmailIdentity": ("emailIdentity",),
    "aws:ecs/cluster:Cluster": ("name",),
    "aws:ecs/service:Service": ("name", "launchType", "desiredCount"),
    "aws:ecs/taskDefinition:TaskDefinition": ("family", "cpu", "memory"),
    "aws:ecr/repository:Repository": ("name", "imageTagMutability"),
    "aws:lb/loadBalancer:LoadBalancer": ("name", "internal"),
    "aws:lb/listener:Listener": ("port", "protocol"),
    "aws:lb/targetGroup:TargetGroup": ("name", "port", "protocol"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name", "threshold"),
}  # fmt: skip
"""Input properties worth a look, in reading order; a type without an entry shows its name only."""


def facts(type_: str, inputs: Mapping[str, Any]) -> str:
    """The facts of one resource on one line, without those that were left out."""
    shown = [_say(inputs[key]) for key in FACTS.get(type_, ()) if key in inputs]
    return "  ".join(text for text in shown if text)


def _say(value: Any) -> str:
    if value is UNKNOWN:
        return LATER
    if isinstance(value, Secret):
        return "(secret)"
    if isinstance(value, FileContent):
        return f"({value.kind})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (Mapping, list)):
        return json.dumps(value, default=_say, separators=(", ", ": "))
    return str(value)


def lines(value: Any, indent: str = "") -> list[str]:
    """A value in full, a line a leaf, as `trellis plan --full` prints inputs."""
    if isinstance(value, Mapping):
        found: list[str] = []
        for key, each in cast("Mapping[str, Any]", value).items():
            if isinstance(each, (Mapping, list)) and each:
                found += [f"{indent}{key}:", *lines(each, indent + "  ")]
            else:
                found.append(f"{indent}{key}: {_say(each)}")
        return found
    if isinstance(value, list):
        found = []
        for each in cast("list[Any]", value):
            if isinstance(each, (Mapping, list)) and each:
                inner = lines(each, indent + "  ")
                found += [f"{indent}- {inner[0].strip()}", *inner[1:]]
            else:
                found.append(f"{indent}- {_say(each)}")
        return found
    return [f"{indent}{_say(value)}"]
