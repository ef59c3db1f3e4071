"""What a step means to people: data that is lost, addresses that move, what stands still."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from trellis.compare.in_place import meant
from trellis.compare.step import Step
from trellis.registry import STATEFUL

OTHERS: Final[Mapping[str, str]] = {
    "aws:cloudwatch/eventArchive:EventArchive": "archived events",
    "aws:cloudwatch/logStream:LogStream": "log events",
    "aws:cognito/userPool:UserPool": "users and their passwords",
    "aws:dynamodb/tableItem:TableItem": "an item",
    "aws:elasticache/cluster:Cluster": "cached data",
    "aws:elasticache/serverlessCache:ServerlessCache": "cached data",
    "aws:kinesis/stream:Stream": "records",
    "aws:kms/replicaKey:ReplicaKey": "the key, without which what it encrypted is lost",
    "aws:ses/domainIdentity:DomainIdentity": "a verified identity",
    "aws:sesv2/emailIdentity:EmailIdentity": "a verified identity",
}
"""What is lost with a resource of a type that no tier declares to hold data."""

ADDRESSES: Final[Mapping[str, str]] = {
    "aws:apigateway/restApi:RestApi": "its address",
    "aws:apigateway/stage:Stage": "its address, which the stage's name is in",
    "aws:apigatewayv2/stage:Stage": "its address, which the stage's name is in",
    "aws:cognito/userPoolDomain:UserPoolDomain": "the address of its sign-in pages",
    "aws:cloudfront/distribution:Distribution": "its domain name",
    "aws:ec2/eip:Eip": "its public address: tell whoever lets it in by address",
    "aws:ec2/natGateway:NatGateway": "where calls to the internet come from",
    "aws:elasticache/replicationGroup:ReplicationGroup": "its endpoint",
    "aws:elasticache/serverlessCache:ServerlessCache": "its endpoint",
    "aws:lambda/functionUrl:FunctionUrl": "its address",
    "aws:lb/loadBalancer:LoadBalancer": "its domain name and addresses",
    "aws:rds/cluster:Cluster": "its endpoint",
    "aws:rds/instance:Instance": "its endpoint",
    "aws:rds/proxy:Proxy": "its endpoint",
    "aws:route53/zone:Zone": "its name servers: tell the parent domain's registrar",
    "aws:sqs/queue:Queue": "its address",
}
"""What moves when a resource is made anew, by type."""

RENAMED: Final[Mapping[str, str]] = {"aws:rds/instance:Instance": "identifier"}
"""The property whose change in place moves the address too, by type."""

DOWNTIME: Final[Mapping[str, str]] = {
    "aws:apigatewayv2/stage:Stage": "calls fail meanwhile",
    "aws:cloudfront/distribution:Distribution": "its names point nowhere meanwhile",
    "aws:ec2/internetGateway:InternetGateway": "nothing gets in or out meanwhile",
    "aws:ec2/natGateway:NatGateway": "connections through it break",
    "aws:ec2/route:Route": "its destination can't be reached meanwhile",
    "aws:ec2/subnet:Subnet": "whatever is in it has to move",
    "aws:ec2/vpc:Vpc": "whatever is in it has to move",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "the service behind it can't be reached meanwhile",
    "aws:ecs/cluster:Cluster": "its services stop and start anew",
    "aws:ecs/service:Service": "its tasks stop and start anew",
    "aws:elasticache/replicationGroup:ReplicationGroup": "the cache is away meanwhile",
    "aws:iam/role:Role": "who acts as it is refused meanwhile",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        "records that are put meanwhile are refused"
    ),
    "aws:lambda/eventSourceMapping:EventSourceMapping": (
        "of a stream it begins anew where `start` says: records are skipped (latest) or read twice "
        "(trimHorizon)"
    ),
    "aws:lambda/function:Function": "calls fail meanwhile",
    "aws:lb/listener:Listener": "its port is closed meanwhile",
    "aws:lb/loadBalancer:LoadBalancer": "its names point nowhere meanwhile",
    "aws:lb/targetGroup:TargetGroup": "it begins without healthy targets",
    "aws:rds/cluster:Cluster": "the database is away meanwhile",
    "aws:rds/clusterInstance:ClusterInstance": "a member of the cluster is away meanwhile",
    "aws:rds/instance:Instance": "the database is away meanwhile",
    "aws:rds/proxy:Proxy": "its clients can't connect meanwhile",
    "aws:route53/record:Record": "its name is not found meanwhile",
    "aws:sns/topic:Topic": "what is published meanwhile is refused",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "what it lets out is shut in",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "what it lets in is shut out",
    "aws:wafv2/webAcl:WebAcl": "what it protects is without its firewall meanwhile",
    "aws:wafv2/webAclAssociation:WebAclAssociation": (
        "what it protects is without its firewall meanwhile"
    ),
}
"""What stands still while a resource is taken away first, or has to move, by type."""

ALWAYS_DOWN: Final = frozenset(
    {
        "aws:ec2/natGateway:NatGateway",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/vpc:Vpc",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:lb/targetGroup:TargetGroup",
    }
)
"""Types whose users notice even where the new one is made first."""


def loses(step: Step) -> str:
    """What data goes with a step; empty where none does."""
    if not step.goes or step.retained or _copy(step):
        return ""
    data = STATEFUL.get(step.type)
    return data.what if data is not None else OTHERS.get(step.type, "")


def _copy(step: Step) -> bool:
    """Whether it is a read replica, which holds nothing of its own."""
    return step.old is not None and bool(step.old.inputs.get("replicateSourceDb"))


def words(step: Step) -> tuple[str, ...]:
    """What a person should know of a step, one thing a line."""
    found: list[str] = []
    if step.protected:
        found.append(
            "the update stops here: it is protected (take the protection off first, in an update "
            "of its own)"
        )
    if step.taken:
        found.append(
            f"the update stops here: it asks for {step.taken} (two updates: take that away, then "
            "add this)"
        )
    if step.refused:
        found.append(f"the update stops here: {step.refused}")
    if step.unseen:
        found.append(
            "what it has that can't change in place was not looked up (`trellis lookup`): the "
            "preview tells it, and the engine replaces nothing that `adopt` names"
        )
    if step.taken_along:
        found.append(
            f"it is gone afterwards: to AWS it is the same as {step.taken_along}, whose deletion "
            "takes it along (two updates: take that away, then add this)"
        )
    lost = loses(step)
    if lost:
        data = STATEFUL.get(step.type)
        bring = f" ({data.bring})" if data is not None else ""
        found.append(f"lost: {lost}{bring}")
    if step.goes and step.retained:
        found.append("the old one stays on AWS, and nobody looks after it")
    if step.operation == "update" and RENAMED.get(step.type) in step.changed:
        found.append(f"moves: {ADDRESSES[step.type]}")
    found += meant(step)
    if step.operation != "replace":
        return tuple(found)
    found.append(
        "order: the old one is taken away, then the new one is made"
        if step.delete_first
        else "order: the new one is made, then the old one is taken away"
    )
    if step.type in ADDRESSES:
        found.append(f"moves: {ADDRESSES[step.type]}")
    if step.type in DOWNTIME and (step.delete_first or step.type in ALWAYS_DOWN):
        found.append(f"downtime: {DOWNTIME[step.type]}")
    return tuple(found)
