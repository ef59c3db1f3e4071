"""Amazon VPC and EC2 networking: what AWS answers ("Amazon EC2 API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

_ARN = "arn:{partition}:ec2:{region}:{account}:"


def _endpoint_association(target: str) -> str:
    return f"a-{{vpcEndpointId}}{{{target}}}"


SHAPES: Mapping[str, Shape] = {
    "aws:ec2/defaultRouteTable:DefaultRouteTable": Shape(
        id="{defaultRouteTableId}",
        computed={
            "arn": _ARN + "route-table/{id}",
            "ownerId": "{account}",
            "routes": [],
            "vpcId": "vpc-{hex:17}",
        },
    ),
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": Shape(
        id="rtbassoc-{hex:17}", computed={"originalRouteTableId": "rtb-{hex:17}"}, tagged=False
    ),
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": Shape(
        id="{vpcEndpointId}",
        computed={"policy": ""},
        tagged=False,
    ),
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": Shape(
        id=_endpoint_association("routeTableId"), tagged=False
    ),
    "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": Shape(
        id=_endpoint_association("subnetId"), tagged=False
    ),
    "aws:ec2/securityGroupAssociation:SecurityGroupAssociation": Shape(
        id=_endpoint_association("securityGroupId"), tagged=False
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": Shape(
        id="sgrule-{digits:10}",
        defaults={"self": False},
        computed={"securityGroupRuleId": "sgr-{hex:17}", "sourceSecurityGroupId": ""},
        tagged=False,
    ),
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": Shape(
        id="{defaultNetworkAclId}",
        computed={
            "arn": _ARN + "network-acl/{id}",
            "ownerId": "{account}",
            "vpcId": "vpc-{hex:17}",
        },
    ),
    "aws:ec2/networkAcl:NetworkAcl": Shape(
        id="acl-{hex:17}",
        computed={
            "arn": _ARN + "network-acl/{id}",
            "egress": [],
            "ingress": [],
            "ownerId": "{account}",
            "subnetIds": [],
        },
    ),
    "aws:ec2/networkAclRule:NetworkAclRule": Shape(
        id="nacl-{digits:10}", defaults={"egress": False}, tagged=False
    ),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": Shape(
        id="vpc-cidr-assoc-{hex:17}", tagged=False
    ),
    "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation": Shape(
        id="vpc-cidr-assoc-{hex:17}",
        computed={
            "assignGeneratedIpv6CidrBlock": False,
            "ipSource": "amazon",
            "ipv6AddressAttribute": "public",
            "ipv6CidrBlock": "2001:db8:{hex:4}:{hex:2}00::/56",
            "ipv6Pool": "Amazon",
        },
        tagged=False,
    ),
    "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": Shape(
        id="dopt-{hex:17}",
        computed={"arn": _ARN + "dhcp-options/{id}", "ownerId": "{account}"},
    ),
    "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": Shape(
        id="{dhcpOptionsId}-{vpcId}", tagged=False
    ),
    "aws:ec2/managedPrefixList:ManagedPrefixList": Shape(
        id="pl-{hex:17}",
        computed={"arn": _ARN + "prefix-list/{id}", "ownerId": "{account}", "version": 1},
        named=AutoName(limit=255),
    ),
    "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions": Shape(
        id="{region}",
        computed={"awsAccountId": "{account}", "awsRegion": "{region}"},
        tagged=False,
    ),
}
"""By Pulumi type token."""
