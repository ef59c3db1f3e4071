"""What a deployment does with networks, gateways and route tables of others, which have no tags of
the system: each action on exactly what the plan names ("Actions, resources, and condition keys for
Amazon EC2", Service Authorization Reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Iterator

from trellis.planner.recording import Recorded, Recording
from trellis.roles.arns import Place

PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
OPTIONS = "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions"
ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
VPN = "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment"
ROUTE = "aws:ec2/route:Route"
TABLE = "aws:ec2/routeTable:RouteTable"


def on_others(recording: Recording, place: Place) -> Iterator[tuple[str, str]]:
    """Actions, each with the ARN of what somebody else made."""

    def arn(kind: str, id_: str, region: str = "", account: str = "") -> str:
        where = f"{region or place.region}:{account or place.account}"
        return f"arn:{place.partition}:ec2:{where}:{kind}/{id_}"

    for one in recording.of_type(PEERING):
        account, region = _input_text(one, "peerOwnerId"), _input_text(one, "peerRegion")
        other = arn("vpc", _input_text(one, "peerVpcId"), region, account)
        yield "ec2:CreateVpcPeeringConnection", other
        if not account:
            yield "ec2:AcceptVpcPeeringConnection", other
    for one in recording.of_type(ACCEPTER):
        region = _input_text(one, "region")
        # In another region a connection has tags of its own, which come after it is accepted.
        id_ = "*" if region else _input_text(one, "vpcPeeringConnectionId")
        for name in ("AcceptVpcPeeringConnection", "CreateTags", "DeleteTags"):
            yield f"ec2:{name}", arn("vpc-peering-connection", id_, region)
    for one in recording.of_type(OPTIONS):
        if region := _input_text(one, "region"):
            connection = arn("vpc-peering-connection", "*", region)
            yield "ec2:ModifyVpcPeeringConnectionOptions", connection
    for one in recording.of_type(ATTACHMENT):
        gateway = arn("transit-gateway", _input_text(one, "transitGatewayId"), account="*")
        yield "ec2:CreateTransitGatewayVpcAttachment", gateway
    for one in recording.of_type(VPN):
        for name in ("AttachVpnGateway", "DetachVpnGateway"):
            yield f"ec2:{name}", arn("vpn-gateway", _input_text(one, "vpnGatewayId"))
    ours = {table.id for table in recording.of_type(TABLE)}
    for one in recording.of_type(ROUTE):
        table = _input_text(one, "routeTableId")
        if table and table not in ours:
            for name in ("CreateRoute", "DeleteRoute", "ReplaceRoute"):
                yield f"ec2:{name}", arn("route-table", table, _input_text(one, "region"))


def _input_text(resource: Recorded, key: str) -> str:
    """An id or a name; empty where there is none."""
    value = resource.inputs.get(key)
    return value if isinstance(value, str) else ""
