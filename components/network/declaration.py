"""How the network is declared."""

from __future__ import annotations

from components.network.settings import NetworkSettings
from components.parts.declaration import ACCESS, ROUTING, WATCHING, Resource, Tier, Watched

TIERS = (
    Tier(
        field="network",
        settings=NetworkSettings,
        components=("trellis:network:Network",),
        resources={
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Resource(ACCESS),
            "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": Resource(ROUTING),
            "aws:ec2/eip:Eip": Resource(ROUTING, facts=("domain",)),
            "aws:ec2/flowLog:FlowLog": Resource(
                WATCHING, facts=("trafficType", "logDestinationType")
            ),
            "aws:ec2/internetGateway:InternetGateway": Resource(ROUTING),
            "aws:ec2/natGateway:NatGateway": Resource(
                Watched(("ErrorPortAllocation",), ("id",)), facts=("connectivityType", "subnetId")
            ),
            "aws:ec2/route:Route": Resource(
                ROUTING,
                facts=(
                    "destinationCidrBlock",
                    "destinationIpv6CidrBlock",
                    "gatewayId",
                    "natGatewayId",
                    "egressOnlyGatewayId",
                ),
            ),
            "aws:ec2/routeTable:RouteTable": Resource(ROUTING),
            "aws:ec2/routeTableAssociation:RouteTableAssociation": Resource(
                ROUTING, facts=("routeTableId",)
            ),
            "aws:ec2/subnet:Subnet": Resource(ROUTING, facts=("cidrBlock", "availabilityZone")),
            "aws:ec2/vpc:Vpc": Resource(ROUTING, facts=("cidrBlock",)),
            "aws:ec2/vpcEndpoint:VpcEndpoint": Resource(
                ROUTING, facts=("vpcEndpointType", "serviceName")
            ),
        },
    ),
)
"""What this package adds to a stack file."""
