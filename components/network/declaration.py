"""How the network is declared."""

from __future__ import annotations

from components.network.changes import another_gateway, ipv6, other_subnets
from components.network.settings import NetworkSettings
from components.parts.changes import Change, Downtime, Quota, Unique
from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    ROUTING,
    WATCHING,
    Resource,
    Tier,
    Watched,
)
from components.parts.shown import Shown

TIERS = (
    Tier(
        field="network",
        settings=NetworkSettings,
        components={
            "trellis:network:Network": Shown("network", hidden=True),
        },
        resources={
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Resource(ACCESS),
            "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": Resource(ROUTING),
            "aws:ec2/eip:Eip": Resource(
                ROUTING,
                facts=("domain",),
                quota=Quota(
                    5,
                    "Elastic IP addresses",
                    "ask for more in Service Quotas (L-0263D0A3, EC2, 2026-11)",
                ),
                change=Change(
                    moves="its public address: tell whoever lets it in by address",
                    deletion="its public address goes: tell whoever lets it in by address",
                ),
            ),
            "aws:ec2/flowLog:FlowLog": Resource(
                WATCHING, facts=("trafficType", "logDestinationType")
            ),
            "aws:ec2/internetGateway:InternetGateway": Resource(
                ROUTING, change=Change(downtime=Downtime("nothing gets in or out meanwhile"))
            ),
            "aws:ec2/natGateway:NatGateway": Resource(
                Watched(("ErrorPortAllocation",), ("id",)),
                facts=("connectivityType", "subnetId"),
                change=Change(
                    moves="where calls to the internet come from",
                    downtime=Downtime("connections through it break", always=True),
                    deletion="connections through it break",
                    place=("allocationId",),
                ),
            ),
            "aws:ec2/route:Route": Resource(
                ROUTING,
                facts=(
                    "destinationCidrBlock",
                    "destinationIpv6CidrBlock",
                    "gatewayId",
                    "natGatewayId",
                    "egressOnlyGatewayId",
                    "destinationPrefixListId",
                    "vpcPeeringConnectionId",
                    "transitGatewayId",
                ),
                change=Change(
                    downtime=Downtime("its destination can't be reached meanwhile"),
                    meanings=(another_gateway,),
                    place=(
                        "routeTableId",
                        "destinationCidrBlock",
                        "destinationIpv6CidrBlock",
                        "destinationPrefixListId",
                    ),
                ),
            ),
            "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": Resource(CONFIGURATION),
            "aws:ec2/routeTable:RouteTable": Resource(ROUTING),
            "aws:ec2/routeTableAssociation:RouteTableAssociation": Resource(
                ROUTING, facts=("routeTableId",)
            ),
            "aws:ec2/subnet:Subnet": Resource(
                ROUTING,
                facts=("cidrBlock", "availabilityZone"),
                change=Change(downtime=Downtime("whatever is in it has to move", always=True)),
            ),
            "aws:ec2/vpc:Vpc": Resource(
                ROUTING,
                facts=("cidrBlock",),
                quota=Quota(
                    5,
                    "VPCs",
                    "ask for more in Service Quotas (L-F678F1CE, Amazon VPC quotas, 2026-11)",
                ),
                change=Change(
                    downtime=Downtime("whatever is in it has to move", always=True),
                    refusals=(ipv6,),
                ),
            ),
            "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": Resource(
                ROUTING,
                facts=("peerVpcId", "peerOwnerId", "peerRegion"),
                change=Change(
                    downtime=Downtime(
                        "the other network can't be reached until it accepts", always=True
                    ),
                    deletion="the other network can't be reached any more; its routes lead nowhere",
                    place=("vpcId", "peerVpcId"),
                ),
            ),
            "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": Resource(
                CONFIGURATION,
                facts=("vpcPeeringConnectionId",),
                change=Change(
                    deletion="the connection stays as it is, accepted: either owner deletes it"
                ),
            ),
            "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment": Resource(
                ROUTING,
                facts=("vpnGatewayId",),
                unique=Unique(
                    "region",
                    ("vpnGatewayId",),
                    hint="a gateway is attached to one network: leave it to one stack",
                ),
                change=Change(
                    downtime=Downtime("what is behind the gateway can't be reached meanwhile"),
                    deletion="what is behind the gateway can't be reached any more",
                    place=("vpcId",),
                ),
            ),
            "aws:ec2transitgateway/vpcAttachment:VpcAttachment": Resource(
                ROUTING,
                facts=("transitGatewayId",),
                change=Change(
                    downtime=Downtime("what is behind the gateway can't be reached meanwhile"),
                    deletion="what is behind the gateway can't be reached any more",
                    place=("transitGatewayId", "vpcId"),
                    meanings=(other_subnets,),
                ),
            ),
            "aws:ec2/vpcEndpoint:VpcEndpoint": Resource(
                ROUTING,
                facts=("vpcEndpointType", "serviceName"),
                change=Change(
                    downtime=Downtime("the service behind it can't be reached meanwhile")
                ),
            ),
        },
        keys=frozenset(),
    ),
)
"""What this package adds to a stack file."""
