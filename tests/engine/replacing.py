"""Properties whose change makes AWS's provider replace a resource, by type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REPLACING: dict[str, tuple[str, ...]] = {
    "aws:ec2/vpc:Vpc": ("cidrBlock", "instanceTenancy"),
    "aws:ec2/subnet:Subnet": ("availabilityZone", "cidrBlock", "vpcId"),
    "aws:ec2/routeTable:RouteTable": ("vpcId",),
    "aws:ec2/route:Route": ("destinationCidrBlock", "destinationIpv6CidrBlock", "routeTableId"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("gatewayId", "subnetId"),
    "aws:ec2/natGateway:NatGateway": ("allocationId", "connectivityType", "subnetId"),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": ("vpcId",),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("serviceName", "vpcEndpointType", "vpcId"),
    "aws:ec2/securityGroup:SecurityGroup": ("description", "name", "vpcId"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("vpcId",),
    "aws:ec2/flowLog:FlowLog": ("logDestination", "logFormat", "trafficType", "vpcId"),
    "aws:iam/role:Role": ("name", "path"),
    "aws:iam/rolePolicy:RolePolicy": ("name", "role"),
    "aws:backup/selection:Selection": ("iamRoleArn", "name", "planId", "resources"),
    "aws:cloudwatch/logGroup:LogGroup": ("name",),
    "aws:kms/alias:Alias": ("name",),
    "aws:kms/key:Key": ("customerMasterKeySpec", "keyUsage", "multiRegion"),
    "aws:s3/bucket:Bucket": ("bucket",),
    "aws:appautoscaling/policy:Policy": ("name", "resourceId", "scalableDimension"),
    "aws:ec2/eip:Eip": ("domain",),
    "aws:elasticache/subnetGroup:SubnetGroup": ("name",),
    "aws:elasticache/parameterGroup:ParameterGroup": ("description", "family", "name"),
    "aws:elasticache/user:User": ("userId", "userName"),
    "aws:elasticache/userGroup:UserGroup": ("userGroupId",),
    "aws:lb/listenerCertificate:ListenerCertificate": ("certificateArn", "listenerArn"),
    "aws:rds/parameterGroup:ParameterGroup": ("description", "family", "name", "namePrefix"),
    "aws:rds/subnetGroup:SubnetGroup": ("name", "namePrefix"),
    "aws:route53/queryLog:QueryLog": ("cloudwatchLogGroupArn", "zoneId"),
    "aws:route53/record:Record": ("name", "setIdentifier", "type", "zoneId"),
    "aws:wafv2/ipSet:IpSet": ("ipAddressVersion", "name", "scope"),
    "aws:wafv2/webAcl:WebAcl": ("name", "scope"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": ("resourceArn", "webAclArn"),
    "aws:rds/instance:Instance": ("identifier", "dbName", "engine", "username", "kmsKeyId"),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "kmsKeyId",
        "replicationGroupId",
        "subnetGroupName",
    ),
    "aws:backup/vault:Vault": ("kmsKeyArn", "name"),
    "aws:lb/listener:Listener": ("loadBalancerArn",),
    "aws:dynamodb/table:Table": ("name", "hashKey", "rangeKey"),
    "aws:secretsmanager/secret:Secret": ("name",),
    "aws:lambda/function:Function": ("name",),
    "aws:lambda/invocation:Invocation": ("functionName", "input", "qualifier", "triggers"),
    "aws:ecs/cluster:Cluster": ("name",),
    "aws:ecs/service:Service": ("cluster", "name"),
    "aws:ecs/taskDefinition:TaskDefinition": (
        "containerDefinitions",
        "cpu",
        "executionRoleArn",
        "family",
        "memory",
        "taskRoleArn",
        "volumes",
    ),
    "aws:ecr/repository:Repository": ("encryptionConfigurations", "name"),
    "aws:lb/loadBalancer:LoadBalancer": ("internal", "name"),
    "aws:lb/targetGroup:TargetGroup": ("name", "port", "protocol", "protocolVersion", "vpcId"),
    "aws:lb/listenerRule:ListenerRule": ("listenerArn",),
    "aws:appautoscaling/target:Target": ("resourceId", "scalableDimension"),
    "aws:apigateway/deployment:Deployment": ("restApi", "triggers"),
}
"""Those the tests change ("ForceNew" in the provider's documentation of each resource, 2026-11)."""


def replacing(type_: str, inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """Properties of a resource with these inputs whose change replaces it.

    An invocation that lives through CRUD is told of another input instead of made anew.
    """
    found = REPLACING.get(type_, ())
    return tuple(key for key in found if key != "input" or inputs.get("lifecycleScope") != "CRUD")
