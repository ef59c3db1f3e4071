"""What this package's resources cost.

Sources: "Amazon VPC pricing", "AWS PrivateLink pricing", "Amazon EC2 On-Demand Pricing: Data
Transfer", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.parts.asked import Asked, Rule, known
from components.parts.charges import HOURS, Charge, Free, NotPriced, Pricing, Row
from components.parts.prices import FREE_VPC
from components.parts.spread import Spread

NAT = "aws:ec2/natGateway:NatGateway"

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"

BOTH_WAYS = 2
"""Traffic between zones is billed where it leaves and where it arrives."""


def nat_gateway(asked: Asked) -> Iterator[Pricing]:
    """Hours, and what goes through all of them."""
    every = asked.plan.of_type(NAT)
    hours = asked.because(_counted(len(every), "NAT gateway"), "nat")
    yield Charge("AmazonVPC/natGateway/hour", "NAT gateway hours", Spread.flat(HOURS), (hours,))
    if asked.is_first:
        gb, why = asked.used("network", "nat_gb")
        yield Charge("AmazonVPC/natGateway/gb", "through NAT gateways", gb, (why,))


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def address(asked: Asked) -> Iterator[Pricing]:
    """Public IPv4 addresses cost whether used or not."""
    why = asked.because("a public IPv4 address")
    yield Charge("AmazonVPC/publicIpv4/hour", "public addresses", Spread.flat(HOURS), (why,))


def endpoint(asked: Asked) -> Iterator[Pricing]:
    """Interface endpoints by zone and hour; those of S3 and DynamoDB that are routes are free."""
    kind = asked.get("vpcEndpointType", "Gateway")
    if kind == "Gateway":
        why = asked.because("a gateway endpoint", "endpoints")
        yield Charge(
            "AmazonVPC/gatewayEndpoint/hour", "gateway endpoints", Spread.flat(HOURS), (why,)
        )
        return
    if kind != "Interface":
        yield NotPriced("endpoint hours", f"no price of {kind} endpoints is in the data")
        return
    zones: Sequence[Any] = asked.get("subnetIds") or ()
    if not zones:
        yield NotPriced("endpoint hours", "its zones are not known before deployment")
        return
    service = str(asked.get("serviceName", "")).rsplit(".amazonaws.", 1)[-1].partition(".")[2]
    why = asked.because(
        f"{service or asked.resource.name} in {_counted(len(zones), 'zone')}", "endpoints"
    )
    quantity = Spread.flat(HOURS * len(zones))
    yield Charge("AmazonVPC/interfaceEndpoint/hour", "interface endpoint hours", quantity, (why,))
    peers = [
        resource
        for resource in asked.plan.of_type(ENDPOINT)
        if known(resource.inputs.get("vpcEndpointType")) == "Interface"
    ]
    if peers[0] is asked.resource:
        gb, reason = asked.used("network", "endpoint_gb")
        yield Charge("AmazonVPC/interfaceEndpoint/gb", "through endpoints", gb, (reason,))


def flow_log(asked: Asked) -> Iterator[Pricing]:
    """What all of them write, by where the first goes."""
    if not asked.is_first:
        return
    gb, why = asked.used("network", "flow_logs_gb")
    target = asked.get("logDestinationType", "cloud-watch-logs")
    kind = {"s3": "toS3", "cloud-watch-logs": "toCloudWatch"}.get(target)
    if kind is None:
        yield NotPriced("flow logs", f"no price of flow logs to {target} is in the data")
        return
    yield Charge(f"AmazonVPC/flowLogs/{kind}/gb", "flow logs", gb, (why,))


def transit_attachment(asked: Asked) -> Iterator[Pricing]:
    """Hours of each, which the network's account pays, and what leaves by all of them."""
    why = asked.because("an attachment to a transit gateway")
    yield Charge(
        "AmazonVPC/transitGateway/attachmentHour",
        "transit gateway attachments",
        Spread.flat(HOURS),
        (why,),
    )
    if asked.is_first:
        gb, reason = asked.used("network", "transit_gateway_gb")
        yield Charge("AmazonVPC/transitGateway/gb", "through transit gateways", gb, (reason,))


def internet_gateway(asked: Asked) -> Iterator[Pricing]:
    """The gateway is free; what leaves by it and what crosses zones is not."""
    for measure, key, what, factor in (
        ("internet_out_gb", "internetOut", "out to the internet", 1),
        ("cross_zone_gb", "crossZone", "between zones, both ways", BOTH_WAYS),
    ):
        gb, why = asked.used("network", measure)
        yield Charge(f"AWSDataTransfer/{key}/gb", what, gb * factor, (why,))


RULES: Mapping[str, Rule] = {
    NAT: nat_gateway,
    "aws:ec2/eip:Eip": address,
    ENDPOINT: endpoint,
    "aws:ec2/flowLog:FlowLog": flow_log,
    "aws:ec2/internetGateway:InternetGateway": internet_gateway,
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": transit_attachment,
}


FREE: Mapping[str, Free] = {
    "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": FREE_VPC,
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": FREE_VPC,
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": FREE_VPC,
    "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment": FREE_VPC,
    "aws:ec2/vpc:Vpc": FREE_VPC,
    "aws:ec2/subnet:Subnet": FREE_VPC,
    "aws:ec2/route:Route": FREE_VPC,
    "aws:ec2/routeTable:RouteTable": FREE_VPC,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": FREE_VPC,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": FREE_VPC,
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": FREE_VPC,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("network", "nat_gb"): ((0, 10, 50), (5, 50, 500), (50, 500, 5_000)),
    ("network", "endpoint_gb"): ((0, 10, 50), (5, 50, 500), (50, 500, 5_000)),
    ("network", "internet_out_gb"): ((0, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("network", "cross_zone_gb"): ((0, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("network", "transit_gateway_gb"): ((0, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("network", "flow_logs_gb"): ((0.1, 1, 5), (1, 5, 25), (5, 50, 250)),
}  # fmt: skip
