"""What a Pulumi type and its properties are called by Terraform's provider."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

PREFIXES: Mapping[str, tuple[str, ...]] = {
    "apigateway": ("api_gateway_",),
    "cfg": ("config_", "config_configuration_"),
    "cloudwatch": ("cloudwatch_", "cloudwatch_log_", "cloudwatch_event_"),
    "costexplorer": ("ce_",),
    "ebs": ("ebs_",),
    "ec2": ("", "vpc_", "ec2_"),
    "kinesis": ("kinesis_", "kinesis_firehose_"),
    "lb": ("lb_", ""),
    "rds": ("db_", "rds_", "rds_db_"),
    "secretsmanager": ("secretsmanager_", "secretsmanager_secret_"),
    "servicediscovery": ("service_discovery_",),
    "vpc": ("vpc_", ""),
}
"""How names begin in the provider by module of the SDK, where not with the module's own name."""

TERRAFORM: Mapping[str, str] = {
    "aws:apigateway/response:Response": "aws_api_gateway_gateway_response",
    "aws:cfg/rule:Rule": "aws_config_config_rule",
    "aws:cloudtrail/trail:Trail": "aws_cloudtrail",
    "aws:codedeploy/application:Application": "aws_codedeploy_app",
    "aws:ec2/securityGroupAssociation:SecurityGroupAssociation": (
        "aws_vpc_endpoint_security_group_association"
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:rds/clusterInstance:ClusterInstance": "aws_rds_cluster_instance",
    "aws:rds/instance:Instance": "aws_db_instance",
    "aws:rds/roleAssociation:RoleAssociation": "aws_db_instance_role_association",
    "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": (
        "aws_s3_bucket_replication_configuration"
    ),
    "aws:s3/inventory:Inventory": "aws_s3_bucket_inventory",
    "aws:sns/dataProtectionPolicy:DataProtectionPolicy": "aws_sns_topic_data_protection_policy",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "aws_sqs_queue_redrive_allow_policy",
    "aws:sqs/redrivePolicy:RedrivePolicy": "aws_sqs_queue_redrive_policy",
}
"""Types whose name in the provider follows no rule."""


@cache
def snake(name: str) -> str:
    """`camelCase` as `snake_case`."""
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", spaced).lower()


def squashed(name: str) -> str:
    """Letters and digits only, for comparison."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def terraform_type(token: str, known: Collection[str]) -> str | None:
    """The provider's name of a Pulumi type; None where this version has none."""
    if token in TERRAFORM:
        return TERRAFORM[token]
    _, module, name = token.split(":")
    module = module.split("/")[0]
    wanted = squashed(name)
    for prefix in (*PREFIXES.get(module, ()), f"{module}_"):
        for ending in (wanted, wanted.removesuffix("v2")):
            for candidate in _by_squashed(frozenset(known)).get(squashed(prefix) + ending, ()):
                return candidate
    return None


@cache
def _by_squashed(known: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(known):
        found.setdefault(squashed(name.removeprefix("aws_")), []).append(name)
    return found


def spellings(name: str) -> frozenset[str]:
    """A name in lower case, in the singular and in the plural: Pulumi's lists are plural."""
    base = squashed(name)
    found = {base, f"{base}s", f"{base}es", base.removesuffix("s"), base.removesuffix("es")}
    if base.endswith("ies"):
        found.add(f"{base[:-3]}y")
    if base.endswith("y"):
        found.add(f"{base[:-1]}ies")
    return frozenset(found)


ENDINGS = ("id", "arn", "name", "ids", "arns", "names")
"""What the SDK leaves away at the end of names that refer to something."""

PROPERTIES: Mapping[tuple[str, str], str] = {
    ("aws_lambda_function", "code"): "filename",
    ("aws_api_gateway_base_path_mapping", "restApi"): "api_id",
    ("aws_eip", "instance"): "instance",
}
"""Properties whose name in the provider follows no rule, by type and name."""


def matching(name: str, known: Iterable[str], type_: str = "") -> str | None:
    """Which of the known names a property's name stands for."""
    if (type_, name) in PROPERTIES:
        return PROPERTIES[type_, name]
    by_squashed = {squashed(known_name): known_name for known_name in known}
    if squashed(name) in by_squashed:
        return by_squashed[squashed(name)]
    forms = sorted(spellings(name), key=len, reverse=True)
    for form in forms:
        if form in by_squashed:
            return by_squashed[form]
    for ending in ENDINGS:
        for form in forms:
            if form + ending in by_squashed:
                return by_squashed[form + ending]
    for word in reversed(type_.split("_")[1:]):
        if squashed(word + name) in by_squashed:
            return by_squashed[squashed(word + name)]
    return None


def paths(
    inputs: Mapping[str, Any], block: Mapping[str, Any], type_: str, depth: int
) -> dict[str, str]:
    """Pulumi's dotted paths of inputs by the provider's, down to a depth.

    Args:
        inputs: the SDK's types of the inputs by name.
        block: the provider's schema of the type or of a block in it.
    """
    from testing.sdk import nested

    attributes, blocks = block.get("attributes", {}), block.get("block_types", {})
    found: dict[str, str] = {}
    for name, annotation in inputs.items():
        theirs = matching(name, [*attributes, *blocks], type_)
        if theirs is None:
            continue
        found[theirs] = name
        inner = nested(annotation)
        below = _below(attributes, blocks, theirs)
        if inner and below and depth > 1:
            deeper = paths(inner, below, "", depth - 1)
            found.update({f"{theirs}.{k}": f"{name}.{v}" for k, v in deeper.items()})
    return found


def _below(
    attributes: Mapping[str, Any], blocks: Mapping[str, Any], name: str
) -> Mapping[str, Any] | None:
    if name in blocks:
        return blocks[name]["block"]
    type_ = attributes[name].get("type")
    while isinstance(type_, list) and type_[0] in ("list", "set", "map"):
        type_ = type_[1]
    if isinstance(type_, list) and type_[0] == "object":
        return {"attributes": {k: {"type": v, "optional": True} for k, v in type_[1].items()}}
    return None
