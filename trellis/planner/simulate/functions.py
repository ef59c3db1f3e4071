"""What AWS would answer to the provider functions that the project calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from trellis.planner.simulate.shape import DNS_SUFFIXES, RefusedError, World

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


FUNCTIONS: Mapping[str, Function] = {
    "aws:ecr/getImage:getImage": _image,
    "aws:secretsmanager/getSecretVersions:getSecretVersions": _secret_versions,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
}
