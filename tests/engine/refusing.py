"""What AWS refuses: a name that is taken, a thing in use, a protected one, a second of its kind.

Sources: each service's API reference, errors of the create and delete calls (2026-11).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Thing:
    """Something that exists, with what AWS keeps of it."""

    type: str
    id: str
    outputs: Mapping[str, Any]
    """Plain values."""
    also_uses: frozenset[str] = frozenset()
    """Names of what it uses until its maintenance window, beside what its outputs say."""


class RefusedByAwsError(Exception):
    """AWS would answer so."""


INSTANCE = "aws:rds/instance:Instance"

UNIQUE: Mapping[str, tuple[str, ...]] = {
    "aws:dynamodb/table:Table": ("name",),
    "aws:ec2/internetGateway:InternetGateway": ("vpcId",),
    "aws:ec2/natGateway:NatGateway": ("allocationId",),
    "aws:ec2/route:Route": (
        "routeTableId",
        "destinationCidrBlock",
        "destinationIpv6CidrBlock",
        "destinationPrefixListId",
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("subnetId",),
    "aws:ec2/subnet:Subnet": ("vpcId", "cidrBlock"),
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": ("vpcId", "peerVpcId"),
    "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment": ("vpcId",),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": ("transitGatewayId", "vpcId"),
    "aws:ecr/repository:Repository": ("name",),
    "aws:ecs/service:Service": ("cluster", "name"),
    "aws:elasticache/parameterGroup:ParameterGroup": ("name",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("replicationGroupId",),
    "aws:elasticache/subnetGroup:SubnetGroup": ("name",),
    "aws:elasticache/user:User": ("userId",),
    "aws:elasticache/userGroup:UserGroup": ("userGroupId",),
    "aws:iam/role:Role": ("name",),
    "aws:kms/alias:Alias": ("name", "region"),
    "aws:lambda/function:Function": ("name", "region"),
    "aws:lambda/eventSourceMapping:EventSourceMapping": ("eventSourceArn", "functionName"),
    "aws:lambda/permission:Permission": ("function", "statementId"),
    "aws:lb/listener:Listener": ("loadBalancerArn", "port"),
    "aws:lb/listenerRule:ListenerRule": ("listenerArn", "priority"),
    "aws:lb/loadBalancer:LoadBalancer": ("name",),
    "aws:lb/targetGroup:TargetGroup": ("name",),
    "aws:rds/cluster:Cluster": ("clusterIdentifier",),
    "aws:rds/instance:Instance": ("identifier",),
    "aws:rds/parameterGroup:ParameterGroup": ("name",),
    "aws:rds/subnetGroup:SubnetGroup": ("name",),
    "aws:route53/queryLog:QueryLog": ("zoneId",),
    "aws:route53/record:Record": ("zoneId", "name", "type", "setIdentifier"),
    "aws:s3/bucket:Bucket": ("bucket",),
    "aws:secretsmanager/secret:Secret": ("name", "region"),
    "aws:wafv2/ipSet:IpSet": ("scope", "name"),
    "aws:wafv2/webAcl:WebAcl": ("scope", "name"),
}
"""What no second one can have: a name, a priority, the only one of its owner."""

TAKEN_OFF_BY: Mapping[str, tuple[str, ...]] = {
    "aws:appautoscaling/target:Target": ("resourceId", "scalableDimension"),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": ("backupVaultName",),
    "aws:iam/rolePolicy:RolePolicy": ("role", "name"),
    "aws:lb/listenerCertificate:ListenerCertificate": ("listenerArn", "certificateArn"),
    "aws:s3/bucketPolicy:BucketPolicy": ("bucket",),
    "aws:sns/topicPolicy:TopicPolicy": ("arn",),
    "aws:sns/topicSubscription:TopicSubscription": ("topic", "protocol", "endpoint"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": ("resourceArn",),
}
"""What a second one of takes the place of the first, and what a deletion takes away by: whichever
of them is deleted, the other is gone with it."""

USED_BY: Mapping[str, tuple[str, ...]] = {
    "aws:acm/certificate:Certificate": ("aws:lb/listener:Listener",),
    "aws:ecs/cluster:Cluster": ("aws:ecs/service:Service",),
    "aws:elasticache/parameterGroup:ParameterGroup": (
        "aws:elasticache/replicationGroup:ReplicationGroup",
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": (
        "aws:elasticache/replicationGroup:ReplicationGroup",
    ),
    "aws:elasticache/userGroup:UserGroup": ("aws:elasticache/replicationGroup:ReplicationGroup",),
    "aws:lb/targetGroup:TargetGroup": (
        "aws:lb/listener:Listener",
        "aws:lb/listenerRule:ListenerRule",
    ),
    "aws:rds/parameterGroup:ParameterGroup": ("aws:rds/instance:Instance",),
    "aws:rds/subnetGroup:SubnetGroup": ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster"),
    "aws:wafv2/ipSet:IpSet": ("aws:wafv2/webAcl:WebAcl",),
    "aws:wafv2/webAcl:WebAcl": (
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        "aws:cloudfront/distribution:Distribution",
    ),
}
"""What AWS does not delete while one of these names it."""

PROTECTION = ("deletionProtection", "deletionProtectionEnabled", "enableDeletionProtection")

MOVES_LATER: Mapping[str, str] = {
    "aws:elasticache/replicationGroup:ReplicationGroup": "parameterGroupName",
    "aws:rds/cluster:Cluster": "dbClusterParameterGroupName",
    "aws:rds/instance:Instance": "parameterGroupName",
}
"""What goes on using its former group until the maintenance window, unless told at once."""


def refuse_creation(new: Thing, there: Iterator[Thing]) -> None:
    """Raise where AWS would not make it beside what there is.

    Raises:
        RefusedByAwsError: the name or place is taken, or a replica's source has a password that
            RDS manages.
    """
    key = _key(UNIQUE, new)
    standing = list(there)
    source = new.outputs.get("replicateSourceDb")
    if new.type == INSTANCE and source and _manages_password(str(source), standing):
        raise RefusedByAwsError(f"{source}: ManageMasterUserPassword is on, so no replica of it")
    for other in standing:
        if other.type == new.type and key and _key(UNIQUE, other) == key:
            raise RefusedByAwsError(f"{new.type}: {', '.join(map(str, key))} is taken")
        if new.type == other.type == "aws:route53/record:Record" and _lonely(new, other):
            raise RefusedByAwsError(
                f"InvalidChangeBatch: {new.outputs['name']} has a CNAME or gets one beside others"
            )


def _manages_password(database: str, standing: list[Thing]) -> bool:
    """Whether RDS still manages the master password: no function of ours has set it."""
    instances = [resource.outputs for resource in standing if resource.type == INSTANCE]
    managed = any(
        text.get("identifier") == database and text.get("manageMasterUserPassword") is True
        for text in instances
    )
    set_here = any(
        resource.type == "aws:lambda/invocation:Invocation"
        and json.loads(str(resource.outputs["input"])).get("database") == database
        for resource in standing
    )
    return managed and not set_here


def refuse_deletion(old: Thing, there: Iterator[Thing]) -> None:
    """Raise where AWS would not delete it.

    Raises:
        RefusedByAwsError: it is protected or in use.
    """
    protection = [key for key in PROTECTION if old.outputs.get(key) is True]
    if protection:
        raise RefusedByAwsError(f"{old.type} {old.id} is protected by {protection[0]}")
    if old.type == "aws:ecr/repository:Repository" and old.outputs.get("forceDelete") is not True:
        raise RefusedByAwsError(f"RepositoryNotEmptyException: {old.id} has images")
    called = {old.id, *(old.outputs.get(key) for key in ("arn", "name", "userGroupId"))} - {None}
    for user in there:
        if user.type in USED_BY.get(old.type, ()) and called & {
            *_texts(user.outputs),
            *user.also_uses,
        }:
            raise RefusedByAwsError(f"{old.type} {old.id} is in use by {user.type} {user.id}")


def goes_along(old: Thing, there: Iterator[Thing]) -> list[tuple[str, str]]:
    """What else is gone with it: AWS takes it off by what both belong to."""
    key = _key(TAKEN_OFF_BY, old)
    return [
        (other.type, other.id)
        for other in there
        if key and other.type == old.type and _key(TAKEN_OFF_BY, other) == key
    ]


def refuse_update(old: Mapping[str, Any], new: Mapping[str, Any], type_: str) -> None:
    """Raise where AWS would not change it so.

    Raises:
        RefusedByAwsError: subnets in use, or a token while users come.
    """
    if type_.endswith("/subnetGroup:SubnetGroup"):
        gone = set(old.get("subnetIds", ())) - set(new.get("subnetIds", ()))
        if gone:
            raise RefusedByAwsError(f"{type_}: {', '.join(sorted(gone))} are in use")
    if type_ == "aws:elasticache/replicationGroup:ReplicationGroup":
        added = new.get("userGroupIds") and not old.get("userGroupIds")
        if added and new.get("authTokenUpdateStrategy") != "DELETE":
            raise RefusedByAwsError(f"{type_}: a user group while the token is on")


def _lonely(one: Thing, other: Thing) -> bool:
    same = all(one.outputs.get(key) == other.outputs.get(key) for key in ("zoneId", "name"))
    return same and "CNAME" in (one.outputs.get("type"), other.outputs.get("type"))


def _key(table: Mapping[str, tuple[str, ...]], thing: Thing) -> tuple[Any, ...]:
    names = table.get(thing.type, ())
    return tuple(thing.outputs.get(name) for name in names)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for element in value.values():
            yield from _texts(element)
    elif isinstance(value, list):
        for element in value:
            yield from _texts(element)
