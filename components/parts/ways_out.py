"""Rules that let something out of its security group: to what it uses, and over HTTPS."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import Endpoint, Outside, Placement
from components.parts.security_group import connect, rule_options
from components.tags import name_tag

HTTPS = 443


def ways_out(
    key: str,
    group_id: pulumi.Input[str],
    placement: Placement,
    endpoints: Sequence[Endpoint],
    *,
    internet: bool,
    outside: Sequence[Outside] = (),
    opts: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    """Rules to what the links name, and HTTPS.

    Names are resolved by the VPC's own resolver, which security groups do not filter ("DNS
    attributes for your VPC", Amazon VPC User Guide, 2026-11), so no rule is needed for DNS.

    Args:
        key: the prefix of every rule's Pulumi name.
        outside: addresses beyond the system that it may call.
        internet: whether HTTPS may go anywhere, where the subnets let it; else to AWS only.
    """
    rules: list[pulumi.Resource] = []
    for endpoint in endpoints:
        rules.extend(connect(key, group_id, endpoint, opts=opts))
    rules.extend(_beyond(f"{key}-to-{beyond.name}", group_id, beyond, opts) for beyond in outside)
    if internet and placement.has_egress:
        rules.append(_https(f"{key}-https", group_id, "HTTPS to anywhere", opts, block="0.0.0.0/0"))
        return rules
    private = {
        private_endpoint.name: private_endpoint for private_endpoint in placement.endpoints.values()
    }
    for name, endpoint in sorted(private.items()):
        text = "HTTPS to AWS services in the network"
        group = endpoint.security_group_id
        rules.append(_https(f"{key}-to-{name}", group_id, text, opts, group=group))
    for service, prefix_list in sorted(placement.prefix_lists.items()):
        text = f"HTTPS to {service} through its gateway endpoint"
        rules.append(_https(f"{key}-to-{service}", group_id, text, opts, prefix_list=prefix_list))
    return rules


def _beyond(
    name: str, group_id: pulumi.Input[str], outside: Outside, opts: pulumi.ResourceOptions
) -> pulumi.Resource:
    return aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=group_id,
        cidr_ipv4=outside.block,
        cidr_ipv6=outside.block6,
        prefix_list_id=outside.prefix_list,
        referenced_security_group_id=outside.group,
        ip_protocol=outside.protocol,
        from_port=outside.port,
        to_port=outside.port,
        description=outside.description,
        tags=name_tag(name),
        opts=rule_options(opts),
    )


def _https(
    name: str,
    group_id: pulumi.Input[str],
    description: str,
    opts: pulumi.ResourceOptions,
    *,
    block: str | None = None,
    group: pulumi.Input[str] | None = None,
    prefix_list: pulumi.Input[str] | None = None,
) -> pulumi.Resource:
    return aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=group_id,
        cidr_ipv4=block,
        referenced_security_group_id=group,
        prefix_list_id=prefix_list,
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        description=description,
        tags=name_tag(name),
        opts=rule_options(opts),
    )
