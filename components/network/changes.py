"""What an edit does to a network."""

from __future__ import annotations

from components.parts.changes import Inputs, ids


def ipv6(before: Inputs, after: Inputs) -> str:
    """ "DisassociateVpcCidrBlock": subnets must have given up theirs before, 2026-11."""
    if not before.get("assignGeneratedIpv6CidrBlock") or after.get("assignGeneratedIpv6CidrBlock"):
        return ""
    return "the network's IPv6 block goes only once no subnet has one of it (leave `ipv6: true`)"


def another_gateway(old: Inputs, new: Inputs) -> str:
    """ "NAT gateway basics" (Amazon VPC User Guide, 2026-11): one gateway knows a connection."""
    gateways = [inputs.get("natGatewayId") for inputs in (old, new)]
    if not all(gateways) or gateways[0] == gateways[1]:
        return ""
    return "connections that are open break; calls to the internet come from another address"


def other_subnets(old: Inputs, new: Inputs) -> str:
    """ "ModifyTransitGatewayVpcAttachment" (Amazon EC2 API Reference, 2026-11) takes one subnet a
    zone; of leaving one and entering its neighbour in one call it does not say that it may."""
    if not ids(old, "subnetIds") - ids(new, "subnetIds") or not (
        ids(new, "subnetIds") - ids(old, "subnetIds")
    ):
        return ""
    return (
        "it leaves the subnets of one tier for those of another: connections through it may break, "
        "and AWS takes one subnet a zone, so it may refuse to change them in one step (then two "
        "updates: take the gateway away, then add it with the other tier)"
    )
