"""Roles that a deployment hands to AWS's services."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from trellis.planner.recording import Recorded, Recording
from trellis.planner.wire import Secret

ROLE = "aws:iam/role:Role"
LINKED_ROLE = "aws:iam/serviceLinkedRole:ServiceLinkedRole"

POOL = "aws:cognito/userPool:UserPool"
POOL_MAIL = "email.cognito-idp.amazonaws.com"
"""Whose linked role a pool that sends by SES has made; beside it the identity needs no policy
("Using service-linked roles for Amazon Cognito", Amazon Cognito Developer Guide, 2026-11)."""

LINKED: Mapping[str, tuple[str, ...]] = {
    "aws:apigateway/domainName:DomainName": ("ops.apigateway.amazonaws.com",),
    "aws:apigatewayv2/domainName:DomainName": ("ops.apigateway.amazonaws.com",),
    "aws:apigatewayv2/vpcLink:VpcLink": ("ops.apigateway.amazonaws.com",),
    "aws:appautoscaling/target:Target": (
        "dynamodb.application-autoscaling.amazonaws.com",
        "ecs.application-autoscaling.amazonaws.com",
        "rds.application-autoscaling.amazonaws.com",
    ),
    "aws:backup/vault:Vault": ("backup.amazonaws.com",),
    "aws:cfg/recorder:Recorder": ("config.amazonaws.com",),
    "aws:dynamodb/table:Table": ("replication.dynamodb.amazonaws.com",),
    "aws:ec2/natGateway:NatGateway": ("nat-gateway.amazonaws.com",),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("vpce.amazonaws.com",),
    "aws:ecs/cluster:Cluster": ("ecs.amazonaws.com",),
    "aws:efs/backupPolicy:BackupPolicy": ("backup.amazonaws.com",),
    "aws:efs/fileSystem:FileSystem": ("elasticfilesystem.amazonaws.com",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("elasticache.amazonaws.com",),
    "aws:guardduty/detector:Detector": ("guardduty.amazonaws.com",),
    "aws:inspector2/enabler:Enabler": ("inspector2.amazonaws.com",),
    "aws:lb/loadBalancer:LoadBalancer": ("elasticloadbalancing.amazonaws.com",),
    "aws:rds/cluster:Cluster": ("rds.amazonaws.com",),
    "aws:rds/instance:Instance": ("rds.amazonaws.com",),
    "aws:rds/proxy:Proxy": ("rds.amazonaws.com",),
    "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup": (
        "route53resolver.amazonaws.com",
    ),
    "aws:securityhub/account:Account": ("securityhub.amazonaws.com",),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ("wafv2.amazonaws.com",),
}
"""Service principals whose linked role the first resource of a type makes ("AWS services that work
with IAM", "Service-linked roles", IAM User Guide; from memory, 2026-11)."""


def linked_services(recording: Recording) -> tuple[str, ...]:
    """Services whose linked role a stack may have to make, and those whose role it makes itself."""
    found = {service for resource in recording for service in LINKED.get(resource.type, ())}
    named = {str(role.inputs["awsServiceName"]) for role in recording.of_type(LINKED_ROLE)}
    for pool in recording.of_type(POOL):
        sending: Mapping[str, Any] = pool.inputs.get("emailConfiguration") or {}
        if sending.get("emailSendingAccount") == "DEVELOPER":
            found.add(POOL_MAIL)
    return tuple(sorted(found | named))


def passes(recording: Recording) -> Iterator[tuple[str, tuple[str, ...]]]:
    """ARN of each role that another resource of the plan names, and the services it trusts."""
    trusted = {str(role.outputs.get("arn")): _services(role) for role in recording.of_type(ROLE)}
    named = {
        text
        for resource in recording
        if resource.custom and not resource.type.startswith("aws:iam/")
        for text in _texts(resource.inputs)
        if ":role/" in text
    }
    for arn, services in trusted.items():
        if services and any(arn in text for text in named):
            yield arn, services


def _services(role: Recorded) -> tuple[str, ...]:
    document: Any = json.loads(str(role.inputs["assumeRolePolicy"]))
    found: set[str] = set()
    for statement in document["Statement"]:
        principals: Mapping[str, str | list[str]] = statement["Principal"]
        services = principals.get("Service", [])
        found.update([services] if isinstance(services, str) else services)
    return tuple(sorted(found))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Secret):
        return
    elif isinstance(value, Mapping):
        for child in cast("Mapping[str, Any]", value).values():
            yield from _texts(child)
    elif isinstance(value, (list, tuple)):
        for child in cast("list[Any]", value):
            yield from _texts(child)
