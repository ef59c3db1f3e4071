"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import Scope, Shape

_ARN = "arn:{partition}:ec2:{region}:{account}:"


def _public_ip(scope: Scope) -> str:
    """An address of 203.0.113.0/24, set aside for documentation (RFC 5737)."""
    return f"203.0.113.{1 + int(scope.text('{hex:4}'), 16) % 254}"


def _private_ip(scope: Scope) -> str:
    return f"10.0.{int(scope.text('{hex:4}'), 16) % 256}.{4 + int(scope.text('{hex:5}'), 16) % 250}"


def _ipv6_block(scope: Scope) -> str:
    """A /56 of 2001:db8::/32, set aside for documentation (RFC 3849); empty unless asked for."""
    if not scope.given("assignGeneratedIpv6CidrBlock"):
        return ""
    return scope.text("2001:db8:{hex:4}:{hex:2}00::/56")


def _endpoint_interfaces(scope: Scope) -> list[str]:
    if scope.given("vpcEndpointType") != "Interface":
        return []
    digest = scope.text("{hex:34}")
    return [f"eni-{digest[i : i + 17]}" for i in range(len(scope.given("subnetIds") or []))]


def _endpoint_dns(scope: Scope) -> list[dict[str, str]]:
    if scope.given("vpcEndpointType") != "Interface":
        return []
    service = str(scope["serviceName"]).removeprefix(f"com.amazonaws.{scope.region}.")
    name = scope.text(f"{{id}}-{{lower:8}}.{service}.{{region}}.vpce.{{suffix}}")
    return [{"dnsName": name, "hostedZoneId": scope.text("Z{upper:13}")}]


def _endpoint_prefix_list(scope: Scope) -> str | None:
    return scope.text("pl-{hex:8}") if scope.given("vpcEndpointType") == "Gateway" else None


def _route_id(scope: Scope) -> str:
    return scope.text("r-{routeTableId}{digits:9}")


def _flow_log_destination(scope: Scope) -> str:
    return scope.text("arn:{partition}:logs:{region}:{account}:log-group:flow-logs")


def _zone_id(scope: Scope) -> str:
    """A zone id such as `use1-az1`: the region's parts shortened, then a number."""
    area, direction, number = scope.region.rsplit("-", 2)
    words = {"central": "c", "north": "n", "south": "s", "east": "e", "west": "w"}
    short = "".join(letter for word, letter in words.items() if word in direction)
    zone = str(scope.state.get("availabilityZone") or "a")[-1]
    return f"{area.replace('-gov', 'g')}{short}{number}-az{ord(zone) - ord('a') + 1}"


SHAPES: Mapping[str, Shape] = {
    "aws:ec2/vpc:Vpc": Shape(
        id="vpc-{hex:17}",
        defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
        computed={
            "arn": _ARN + "vpc/{id}",
            "defaultNetworkAclId": "acl-{hex:17}",
            "defaultRouteTableId": "rtb-{hex:17}",
            "defaultSecurityGroupId": "sg-{hex:17}",
            "dhcpOptionsId": "dopt-{hex:17}",
            "enableDnsHostnames": False,
            "enableNetworkAddressUsageMetrics": False,
            "ipv6AssociationId": lambda s: (
                s.text("vpc-cidr-assoc-{hex:17}") if s.given("assignGeneratedIpv6CidrBlock") else ""
            ),
            "ipv6CidrBlock": _ipv6_block,
            "ipv6CidrBlockNetworkBorderGroup": lambda s: (
                s.region if s.given("assignGeneratedIpv6CidrBlock") else ""
            ),
            "mainRouteTableId": "{defaultRouteTableId}",
            "ownerId": "{account}",
        },
    ),
    "aws:ec2/subnet:Subnet": Shape(
        id="subnet-{hex:17}",
        defaults={
            "assignIpv6AddressOnCreation": False,
            "enableDns64": False,
            "enableResourceNameDnsARecordOnLaunch": False,
            "enableResourceNameDnsAaaaRecordOnLaunch": False,
            "ipv6Native": False,
            "mapPublicIpOnLaunch": False,
        },
        computed={
            "arn": _ARN + "subnet/{id}",
            "availabilityZone": "{region}a",
            "availabilityZoneId": _zone_id,
            "ipv6CidrBlockAssociationId": lambda s: (
                s.text("subnet-cidr-assoc-{hex:17}") if s.given("ipv6CidrBlock") else ""
            ),
            "ownerId": "{account}",
            "privateDnsHostnameTypeOnLaunch": "ip-name",
        },
    ),
    "aws:ec2/routeTable:RouteTable": Shape(
        id="rtb-{hex:17}",
        computed={
            "arn": _ARN + "route-table/{id}",
            "ownerId": "{account}",
            "propagatingVgws": [],
            "routes": [],
        },
    ),
    "aws:ec2/route:Route": Shape(
        id=_route_id,
        computed={
            "instanceId": "",
            "instanceOwnerId": "",
            "networkInterfaceId": "",
            "origin": "CreateRoute",
            "state": "active",
        },
        tagged=False,
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Shape(
        id="rtbassoc-{hex:17}", tagged=False
    ),
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": Shape(
        id="pcx-{hex:17}",
        computed={
            "acceptStatus": lambda s: "active" if s.given("autoAccept") else "pending-acceptance",
            "accepter": lambda _: {"allowRemoteVpcDnsResolution": False},
            "peerOwnerId": "{account}",
            "peerRegion": "{region}",
            "requester": lambda _: {"allowRemoteVpcDnsResolution": False},
        },
    ),
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": Shape(
        id="{vpcPeeringConnectionId}",
        computed={
            "acceptStatus": "active",
            "accepter": lambda _: {"allowRemoteVpcDnsResolution": False},
            "peerOwnerId": "{account}",
            "peerRegion": "{region}",
            "peerVpcId": "vpc-{hex:17}",
            "requester": lambda _: {"allowRemoteVpcDnsResolution": False},
            "vpcId": "vpc-{hex:17}",
        },
    ),
    "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": Shape(
        id="{vpcPeeringConnectionId}",
        computed={
            "accepter": lambda _: {"allowRemoteVpcDnsResolution": False},
            "requester": lambda _: {"allowRemoteVpcDnsResolution": False},
        },
        tagged=False,
    ),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": Shape(
        id="tgw-attach-{hex:17}",
        computed={
            "arn": _ARN + "transit-gateway-attachment/{id}",
            "securityGroupReferencingSupport": "disable",
            "transitGatewayDefaultRouteTableAssociation": True,
            "transitGatewayDefaultRouteTablePropagation": True,
            "vpcOwnerId": "{account}",
        },
    ),
    "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment": Shape(
        id="vpn-attachment-{hex:8}", tagged=False
    ),
    "aws:ec2/internetGateway:InternetGateway": Shape(
        id="igw-{hex:17}",
        computed={"arn": _ARN + "internet-gateway/{id}", "ownerId": "{account}", "vpcId": ""},
    ),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": Shape(id="eigw-{hex:17}"),
    "aws:ec2/natGateway:NatGateway": Shape(
        id="nat-{hex:17}",
        defaults={"connectivityType": "public"},
        computed={
            "associationId": "eipassoc-{hex:17}",
            "autoProvisionZones": "",
            "autoScalingIps": "",
            "availabilityMode": "zonal",
            "networkInterfaceId": "eni-{hex:17}",
            "privateIp": _private_ip,
            "publicIp": _public_ip,
            "regionalNatGatewayAddresses": [],
            "regionalNatGatewayAutoMode": "",
            "routeTableId": "",
            "secondaryPrivateIpAddressCount": 0,
            "secondaryPrivateIpAddresses": [],
        },
    ),
    "aws:ec2/eip:Eip": Shape(
        id="eipalloc-{hex:17}",
        computed={
            "allocationId": "{id}",
            "arn": _ARN + "elastic-ip/{id}",
            "associationId": "",
            "carrierIp": "",
            "customerOwnedIp": "",
            "domain": "vpc",
            "instance": "",
            "ipamPoolId": "",
            "networkBorderGroup": "{region}",
            "networkInterface": "",
            "privateDns": "",
            "privateIp": "",
            "publicIp": _public_ip,
            "publicDns": lambda s: s.text(
                f"ec2-{str(s['publicIp']).replace('.', '-')}.compute-1.{{suffix}}"
                if s.region == "us-east-1"
                else f"ec2-{str(s['publicIp']).replace('.', '-')}.{{region}}.compute.{{suffix}}"
            ),
            "publicIpv4Pool": "amazon",
            "ptrRecord": "",
        },
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Shape(
        id="vpce-{hex:17}",
        defaults={"vpcEndpointType": "Gateway"},
        computed={
            "arn": _ARN + "vpc-endpoint/{id}",
            "cidrBlocks": lambda s: (
                ["203.0.113.0/24"] if s.given("vpcEndpointType") == "Gateway" else []
            ),
            "dnsEntries": _endpoint_dns,
            "dnsOptions": None,
            "ipAddressType": "ipv4",
            "networkInterfaceIds": _endpoint_interfaces,
            "ownerId": "{account}",
            "policy": '{{"Version":"2008-10-17","Statement":[{{"Effect":"Allow","Principal":"*",'
            '"Action":"*","Resource":"*"}}]}}',
            "prefixListId": _endpoint_prefix_list,
            "privateDnsEnabled": False,
            "requesterManaged": False,
            "routeTableIds": [],
            "securityGroupIds": [],
            "serviceRegion": "{region}",
            "state": "available",
            "subnetIds": [],
        },
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Shape(
        id="sg-{hex:17}",
        computed={
            "arn": _ARN + "security-group/{id}",
            "description": "default VPC security group",
            "egress": [],
            "ingress": [],
            "name": "default",
            "namePrefix": "",
            "ownerId": "{account}",
            "vpcId": "vpc-{hex:17}",
        },
    ),
    "aws:ec2/flowLog:FlowLog": Shape(
        id="fl-{hex:17}",
        defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
        computed={
            "arn": _ARN + "vpc-flow-log/{id}",
            "logDestination": _flow_log_destination,
            "logFormat": "${{version}} ${{account-id}} ${{interface-id}} ${{srcaddr}} "
            "${{dstaddr}} ${{srcport}} ${{dstport}} ${{protocol}} ${{packets}} ${{bytes}} "
            "${{start}} ${{end}} ${{action}} ${{log-status}}",
        },
    ),
}
"""By Pulumi type token."""
