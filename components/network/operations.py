"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": call(
        "ec2", "CreateSecurityGroup", "egress", "ingress", name="GroupName"
    ),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": call(
        "ec2", "CreateEgressOnlyInternetGateway"
    ),
    "aws:ec2/eip:Eip": call("ec2", "AllocateAddress"),
    "aws:ec2/flowLog:FlowLog": call(
        "ec2", "CreateFlowLogs", "vpcId", iamRoleArn="DeliverLogsPermissionArn"
    ),
    "aws:ec2/internetGateway:InternetGateway": call("ec2", "AttachInternetGateway"),
    "aws:ec2/natGateway:NatGateway": call("ec2", "CreateNatGateway"),
    "aws:ec2/route:Route": call(
        "ec2", "CreateRoute", egressOnlyGatewayId="EgressOnlyInternetGatewayId"
    ),
    "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": call(
        "ec2",
        "ModifyVpcPeeringConnectionOptions",
        requester="RequesterPeeringConnectionOptions",
        accepter="AccepterPeeringConnectionOptions",
    ),
    "aws:ec2/routeTable:RouteTable": call("ec2", "CreateRouteTable", "routes"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": call("ec2", "AssociateRouteTable"),
    "aws:ec2/subnet:Subnet": call(
        "ec2",
        "CreateSubnet",
        "assignIpv6AddressOnCreation",
        "enableDns64",
        "mapPublicIpOnLaunch",
        "enableResourceNameDnsARecordOnLaunch",
        "enableResourceNameDnsAaaaRecordOnLaunch",
        "privateDnsHostnameTypeOnLaunch",
    ),
    "aws:ec2/vpc:Vpc": call(
        "ec2",
        "CreateVpc",
        "enableDnsHostnames",
        "enableDnsSupport",
        assignGeneratedIpv6CidrBlock="AmazonProvidedIpv6CidrBlock",
    ),
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": call(
        "ec2", "CreateVpcPeeringConnection", "autoAccept"
    ),
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": call(
        "ec2", "AcceptVpcPeeringConnection", "autoAccept"
    ),
    "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment": call("ec2", "AttachVpnGateway"),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": call(
        "ec2",
        "CreateTransitGatewayVpcAttachment",
        applianceModeSupport="Options",
        dnsSupport="Options",
        ipv6Support="Options",
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": call("ec2", "CreateVpcEndpoint", policy="PolicyDocument"),
}
"""By Pulumi type token."""
