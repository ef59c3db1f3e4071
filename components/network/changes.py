"""What an edit does to a network."""

from __future__ import annotations

from components.parts.changes import Inputs


def ipv6(before: Inputs, after: Inputs) -> str:
    """ "DisassociateVpcCidrBlock": subnets must have given up theirs before, 2026-11."""
    if not before.get("assignGeneratedIpv6CidrBlock") or after.get("assignGeneratedIpv6CidrBlock"):
        return ""
    return "the network's IPv6 block goes only once no subnet has one of it (leave `ipv6: true`)"
