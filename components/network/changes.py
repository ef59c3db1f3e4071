"""What an edit does to a network."""

from __future__ import annotations

from components.parts.changes import Inputs


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
