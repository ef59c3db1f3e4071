"""Security groups without inline rules, and the two rules that one link makes."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import Endpoint
from components.tags import name_tag

RULE_DESCRIPTION_LIMIT = 255
"""Characters ("SecurityGroupRule", Amazon EC2 API Reference, 2026-11)."""

OTHER_TRAFFIC = (
    "ipProtocol",
    "fromPort",
    "toPort",
    "cidrIpv4",
    "cidrIpv6",
    "prefixListId",
    "referencedSecurityGroupId",
)
"""What a rule lets through; of any other value it is another rule."""


def rule_options(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Options of a rule that lets other traffic through by a new rule beside the former one.

    EC2 would change it in place, at the beginning of an update: whatever still runs with the former
    port or address would be cut off until the new version has taken over. So the former rule goes
    at the end, after the services that wait until they are steady.
    """
    return pulumi.ResourceOptions.merge(
        opts, pulumi.ResourceOptions(replace_on_changes=[*OTHER_TRAFFIC])
    )


def security_group(
    name: str,
    *,
    physical_name: str,
    description: str,
    vpc_id: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.ec2.SecurityGroup:
    """Make an empty group: nothing in, nothing out until a link says so.

    AWS adds an allow-all egress rule to a new group; the provider removes it, because `egress` is
    left out and the rules are resources of their own.
    """
    return aws.ec2.SecurityGroup(
        name,
        # A prefix, not a name: a replacement is created before the old group goes.
        name_prefix=f"{physical_name}-",
        description=description,
        vpc_id=vpc_id,
        revoke_rules_on_delete=True,
        tags=name_tag(physical_name),
        opts=opts,
    )


def connect(
    consumer: str,
    group_id: pulumi.Input[str],
    endpoint: Endpoint,
    *,
    opts: pulumi.ResourceOptions,
) -> tuple[pulumi.Resource, pulumi.Resource]:
    """Make the two rules of one link: out of the consumer's group, into the producer's."""
    name = f"{consumer}-to-{endpoint.name}"
    description = f"{consumer} to {endpoint.name}"[:RULE_DESCRIPTION_LIMIT]
    return (
        aws.vpc.SecurityGroupEgressRule(
            name,
            security_group_id=group_id,
            referenced_security_group_id=endpoint.security_group_id,
            ip_protocol=endpoint.protocol,
            from_port=endpoint.port,
            to_port=endpoint.port,
            description=description,
            tags=name_tag(description),
            opts=rule_options(opts),
        ),
        aws.vpc.SecurityGroupIngressRule(
            name,
            security_group_id=endpoint.security_group_id,
            referenced_security_group_id=group_id,
            ip_protocol=endpoint.protocol,
            from_port=endpoint.port,
            to_port=endpoint.port,
            description=description,
            tags=name_tag(description),
            opts=rule_options(opts),
        ),
    )
