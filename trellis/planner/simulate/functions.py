"""What AWS would answer to the provider functions that the project calls."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from components.parts.simulation import DNS_SUFFIXES, RefusedError, World

Function: TypeAlias = Callable[[Mapping[str, Any], World], dict[str, Any]]


def _caller_identity(_args: Mapping[str, Any], world: World) -> dict[str, Any]:
    return {
        "id": world.account,
        "accountId": world.account,
        "arn": f"arn:{world.partition}:iam::{world.account}:role/deployment",
        "userId": "AROAEXAMPLEEXAMPLEROL:trellis",
    }


def _region(args: Mapping[str, Any], world: World) -> dict[str, Any]:
    region = str(args.get("region") or world.region)
    return {
        "id": region,
        "region": region,
        "name": region,
        "description": region,
        "endpoint": f"ec2.{region}.{DNS_SUFFIXES[world.partition]}",
    }


def _partition(_args: Mapping[str, Any], world: World) -> dict[str, Any]:
    suffix = DNS_SUFFIXES[world.partition]
    return {
        "id": world.partition,
        "partition": world.partition,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def _image(args: Mapping[str, Any], _world: World) -> dict[str, Any]:
    """No image: without an account nobody can know one. Said as the provider says it."""
    raise RefusedError(
        f"reading ECR Images: couldn't find resource ({args['repositoryName']}:{args['imageTag']})"
    )


def _service(args: Mapping[str, Any], _world: World) -> dict[str, Any]:
    """No service: nothing runs yet, as far as anybody can know. Said as the provider says it."""
    raise RefusedError(f"no matching ECS Service found ({args['serviceName']})")


def _function(args: Mapping[str, Any], _world: World) -> dict[str, Any]:
    """No function: none was deployed, as far as anybody can know. Said as the provider says it."""
    raise RefusedError(f"reading Lambda Function ({args['functionName']}): couldn't find resource")


def _secret_versions(args: Mapping[str, Any], _world: World) -> dict[str, Any]:
    """No value was set, as far as anybody can know without an account."""
    return {
        "id": args["secretId"],
        "arn": "",
        "name": args["secretId"],
        "secretId": args["secretId"],
        "region": "",
        "versions": [],
    }


def _security_group(args: Mapping[str, Any], world: World) -> dict[str, Any]:
    """A group that AWS keeps in a network, found by its name: `sg-` and digits of both."""
    network, name = str(args["vpcId"]), str(args["name"])
    group = f"sg-0{hashlib.sha256(f'{network}|{name}'.encode()).hexdigest()[:16]}"
    return {
        "id": group,
        "arn": f"arn:{world.partition}:ec2:{world.region}:{world.account}:security-group/{group}",
        "name": name,
        "vpcId": network,
        "description": "",
        "filters": [],
        "region": world.region,
        "tags": {},
    }


def _zone(args: Mapping[str, Any], world: World) -> dict[str, Any]:
    """The account's hosted zone of a domain."""
    name, private = str(args["name"]), bool(args.get("privateZone"))
    zone = f"Z0{hashlib.sha256(f'{name}|{private}'.encode()).hexdigest()[:18].upper()}"
    return {
        "id": zone,
        "zoneId": zone,
        "arn": f"arn:{world.partition}:route53:::hostedzone/{zone}",
        "name": name,
        "privateZone": private,
        "nameServers": [],
        "primaryNameServer": "",
        "callerReference": "",
        "comment": "",
        "linkedServiceDescription": "",
        "linkedServicePrincipal": "",
        "resourceRecordSetCount": 2,
        "tags": {},
    }


def _alias(args: Mapping[str, Any], world: World) -> dict[str, Any]:
    """The customer key behind an alias: digits of the alias."""
    name = str(args["name"])
    key = hashlib.sha256(name.encode()).hexdigest()
    key = f"{key[:8]}-{key[8:12]}-4{key[13:16]}-8{key[17:20]}-{key[20:32]}"
    arn = f"arn:{world.partition}:kms:{world.region}:{world.account}:"
    return {
        "id": arn + name,
        "arn": arn + name,
        "name": name,
        "region": world.region,
        "targetKeyId": key,
        "targetKeyArn": f"{arn}key/{key}",
    }


def _prefix_list(args: Mapping[str, Any], world: World) -> dict[str, Any]:
    """A list of blocks that AWS keeps, found by its name: `pl-` and digits of it."""
    name = str(args["name"])
    found = f"pl-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return {
        "id": found,
        "arn": f"arn:{world.partition}:ec2:{world.region}:aws:prefix-list/{found}",
        "name": name,
        "addressFamily": "IPv4",
        "entries": [],
        "filters": [],
        "maxEntries": 0,
        "ownerId": "AWS",
        "region": world.region,
        "tags": {},
        "version": 1,
    }


FUNCTIONS: Mapping[str, Function] = {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
    "aws:ecr/getImage:getImage": _image,
    "aws:ecs/getService:getService": _service,
    "aws:kms/getAlias:getAlias": _alias,
    "aws:lambda/getFunction:getFunction": _function,
    "aws:route53/getZone:getZone": _zone,
    "aws:ec2/getSecurityGroup:getSecurityGroup": _security_group,
    "aws:secretsmanager/getSecretVersions:getSecretVersions": _secret_versions,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
}

LOOKED_UP: Mapping[str, frozenset[str]] = {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": frozenset({"id", "arn"}),
    "aws:kms/getAlias:getAlias": frozenset({"id", "arn", "targetKeyId", "targetKeyArn"}),
    "aws:route53/getZone:getZone": frozenset({"id", "zoneId", "arn"}),
}
"""What of an answer only the account knows: a plan shows it as unknown, instead of making it up."""
