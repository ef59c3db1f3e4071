"""What a person would ask of a resource first, by type: the facts a plan shows beside its name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from trellis.planner.wire import UNKNOWN, FileContent, Secret, to_json

if TYPE_CHECKING:
    from trellis.planner.record import Recorded

LATER = "(known after deployment)"

FACTS: Mapping[str, Sequence[str]] = {
    "aws:ec2/vpc:Vpc": ("cidrBlock",),
    "aws:ec2/subnet:Subnet": ("cidrBlock", "availabilityZone"),
    "aws:ec2/route:Route": (
        "destinationCidrBlock", "destinationIpv6CidrBlock", "gatewayId", "natGatewayId",
        "egressOnlyGatewayId",
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("routeTableId",),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("vpcEndpointType", "serviceName"),
    "aws:ec2/flowLog:FlowLog": ("trafficType", "logDestinationType"),
    "aws:ec2/eip:Eip": ("domain",),
    "aws:ec2/natGateway:NatGateway": ("connectivityType", "subnetId"),
    "aws:ec2/securityGroup:SecurityGroup": ("description",),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        "ipProtocol", "fromPort", "cidrIpv4", "description",
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        "ipProtocol", "fromPort", "cidrIpv4", "description",
    ),
    "aws:cloudwatch/logGroup:LogGroup": ("name", "retentionInDays"),
    "aws:iam/role:Role": ("name",),
    "aws:iam/rolePolicy:RolePolicy": ("name",),
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
    "aws:rds/parameterGroup:ParameterGroup": ("family",),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": ("family",),
    "aws:rds/proxy:Proxy": ("name", "engineFamily"),
    "aws:elasticache/parameterGroup:ParameterGroup": ("family",),
    "aws:elasticache/user:User": ("userName", "accessString"),
    "aws:backup/selection:Selection": ("resources",),
    "aws:appautoscaling/target:Target": ("resourceId", "minCapacity", "maxCapacity"),
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
    "aws:scheduler/schedule:Schedule": ("scheduleExpression", "scheduleExpressionTimezone"),
    "aws:lb/listenerRule:ListenerRule": ("priority", "conditions"),
    "aws:lb/targetGroup:TargetGroup": ("name", "port", "protocol"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name", "threshold"),
    "aws:cloudwatch/dashboard:Dashboard": ("dashboardName",),
    "aws:cloudwatch/eventRule:EventRule": ("name", "description"),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": ("logGroup",),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ("name", "destination"),
    "aws:synthetics/canary:Canary": ("name", "schedule", "runtimeVersion"),
    "aws:route53/healthCheck:HealthCheck": ("fqdn", "port", "resourcePath"),
    "aws:budgets/budget:Budget": ("limitAmount", "limitUnit", "timeUnit"),
    "aws:route53/zone:Zone": ("name", "comment"),
    "aws:route53/record:Record": ("type", "name"),
    "aws:acm/certificate:Certificate": ("domainName", "subjectAlternativeNames", "region"),
    "aws:cloudfront/distribution:Distribution": ("aliases", "priceClass"),
    "aws:wafv2/webAcl:WebAcl": ("name", "scope", "region"),
    "aws:s3/bucketObjectv2:BucketObjectv2": ("key", "source"),
}  # fmt: skip
"""Input properties worth a look, in reading order; a type without an entry shows its name only."""


def facts(resource: Recorded, names: Mapping[str, str]) -> str:
    """The facts of one resource on one line, without those that were left out.

    Args:
        names: names of the plan's resources by URN, for what points at another resource.
    """
    shown = [
        _about(resource, key, names)
        for key in FACTS.get(resource.type, ())
        if resource.inputs.get(key) not in (None, "")
    ]
    return "  ".join(shown)


def _about(resource: Recorded, key: str, names: Mapping[str, str]) -> str:
    value = resource.inputs[key]
    sources = resource.property_dependencies.get(key, ())
    if value is UNKNOWN and len(sources) == 1:
        return f"→ {names.get(sources[0], sources[0])}"
    return _say(value)


def _say(value: Any) -> str:
    if value is UNKNOWN:
        return LATER
    if isinstance(value, Secret):
        return "(secret)"
    if isinstance(value, FileContent):
        several = isinstance(value.value, Mapping)
        return f"({len(value.value)} files)" if several else f"({value.kind})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (Mapping, list)):
        return json.dumps(to_json(value), separators=(", ", ": "), ensure_ascii=False)
    return str(value)


def lines(value: Any, indent: str = "") -> list[str]:
    """A value in full, a line a leaf, as `trellis plan --full` prints inputs.

    Policy documents and other JSON texts are opened up.
    """
    value = _opened(value)
    if isinstance(value, Mapping):
        found: list[str] = []
        for key, each in cast("Mapping[str, Any]", value).items():
            opened = _opened(each)
            if isinstance(opened, (Mapping, list)) and opened:
                found += [f"{indent}{key}:", *lines(opened, indent + "  ")]
            else:
                found.append(f"{indent}{key}: {_say(opened)}")
        return found
    if isinstance(value, list):
        found = []
        for each in cast("list[Any]", value):
            inner = lines(each, indent + "  ")
            found += [f"{indent}- {inner[0].strip()}", *inner[1:]]
        return found or [f"{indent}[]"]
    return [f"{indent}{_say(value)}"]


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "[") and value[-1:] in ("}", "]"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
