"""Private paths from a VPC to AWS services, each with a policy that keeps other accounts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Endpoint, NetworkNeeds, Trust
from components.network.endpoint_services import is_whole
from components.network.settings import NetworkSettings
from components.parts.policy_document import resource_document
from components.parts.security_group import rule_options, security_group
from components.tags import name_tag

GATEWAY_SERVICES = frozenset({"s3", "dynamodb"})
"""Services reached through route tables, at no charge ("Gateway endpoints", AWS PrivateLink
Guide, 2026-11)."""

HTTPS = 443

_OWN_RESOURCES = frozenset(
    {"s3", "dynamodb", "secretsmanager", "kms", "sqs", "sns", "kinesis-streams"}
)
"""Services whose requests always name a resource, so that `aws:ResourceAccount` can bound them."""


@dataclass(frozen=True)
class EndpointChoice:
    """Which services get a private path, by kind."""

    gateways: tuple[str, ...]
    interfaces: tuple[str, ...]


def choose(settings: NetworkSettings, needs: NetworkNeeds) -> EndpointChoice:
    """What `endpoints` asks for; `auto` is what the other tiers need, and S3 and DynamoDB.

    The two gateway endpoints cost nothing, so `auto` always makes them.
    """
    if settings.endpoints == "auto":
        return EndpointChoice(
            tuple(sorted(GATEWAY_SERVICES | needs.gateway_endpoints)),
            tuple(sorted(needs.interface_endpoints)),
        )
    wanted = set(settings.endpoints)
    return EndpointChoice(
        tuple(sorted(wanted & GATEWAY_SERVICES)), tuple(sorted(wanted - GATEWAY_SERVICES))
    )


def endpoint_policy(service: str, where: AccountRegion) -> pulumi.Input[str]:
    """Only this account's principals, and where the service allows it only its resources.

    The exception in S3 is Amazon ECR's own layer bucket: images can't be pulled without it
    ("Amazon ECR interface VPC endpoints", Amazon ECR User Guide, 2026-11).
    """
    mine = {"aws:PrincipalAccount": where.account}
    bounds = {**mine, "aws:ResourceAccount": where.account} if service in _OWN_RESOURCES else mine
    trusts = [
        Trust(
            sid="ThisAccountOnly",
            principals={"AWS": ("*",)},
            actions=("*",),
            conditions={"StringEquals": bounds},
            suffixes=("*",),
        )
    ]
    if service == "s3":
        layers = f"arn:{where.partition}:s3:::prod-{where.region}-starport-layer-bucket/*"
        trusts.append(
            Trust(
                sid="ImageLayers",
                principals={"AWS": ("*",)},
                actions=("s3:GetObject",),
                conditions={"StringEquals": mine},
                suffixes=(layers,),
            )
        )
    return resource_document("", trusts)


@dataclass(frozen=True)
class PrivatePaths:
    """The endpoints that were made."""

    gateways: Mapping[str, aws.ec2.VpcEndpoint]
    interfaces: Mapping[str, Endpoint]


def private_paths(
    name: str,
    choice: EndpointChoice,
    *,
    where: AccountRegion,
    physical_name: str,
    vpc_id: pulumi.Input[str],
    route_table_ids: Sequence[pulumi.Input[str]],
    subnet_ids: Sequence[pulumi.Input[str]],
    callers: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> PrivatePaths:
    """Make the endpoints.

    Args:
        route_table_ids: every route table, for the gateway endpoints.
        subnet_ids: one a zone, for the interface endpoints.
        callers: blocks (CIDR) that may call the interface endpoints, by subnet name.
    """
    gateways = {
        service: aws.ec2.VpcEndpoint(
            f"{name}-{service}",
            vpc_id=vpc_id,
            service_name=_service_name(service, where),
            vpc_endpoint_type="Gateway",
            route_table_ids=list(route_table_ids),
            policy=endpoint_policy(service, where),
            tags=name_tag(f"{physical_name}-{service}"),
            opts=opts,
        )
        for service in choice.gateways
    }
    if not choice.interfaces:
        return PrivatePaths(gateways, {})
    group = _endpoint_group(name, physical_name, vpc_id, callers, opts)
    interfaces: dict[str, Endpoint] = {}
    for service in choice.interfaces:
        label = service.removeprefix(f"com.amazonaws.{where.region}.").replace(".", "-")
        aws.ec2.VpcEndpoint(
            f"{name}-{label}",
            vpc_id=vpc_id,
            service_name=_service_name(service, where),
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=list(subnet_ids),
            security_group_ids=[group.id],
            policy=endpoint_policy(service, where),
            tags=name_tag(f"{physical_name}-{label}"),
            opts=opts,
        )
        interfaces[service] = Endpoint(f"{name}-endpoints", group.id, HTTPS)
    return PrivatePaths(gateways, interfaces)


def _endpoint_group(
    name: str,
    physical_name: str,
    vpc_id: pulumi.Input[str],
    callers: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> aws.ec2.SecurityGroup:
    group = security_group(
        f"{name}-endpoints",
        physical_name=f"{physical_name}-endpoints",
        description="Interface endpoints of AWS services",
        vpc_id=vpc_id,
        opts=opts,
    )
    for subnet, block in callers.items():
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-endpoints-from-{subnet}",
            security_group_id=group.id,
            cidr_ipv4=block,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            description=f"HTTPS from {subnet} to AWS services",
            tags=name_tag(f"{physical_name}-endpoints-from-{subnet}"),
            opts=rule_options(opts),
        )
    return group


def _service_name(service: str, where: AccountRegion) -> str:
    return service if is_whole(service) else f"com.amazonaws.{where.region}.{service}"
