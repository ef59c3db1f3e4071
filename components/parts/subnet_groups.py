"""What AWS refuses of groups of subnets."""

from __future__ import annotations

from components.parts.changes import Inputs


def subnets_in_use(before: Inputs, after: Inputs) -> str:
    """ "SubnetInUse" of "ModifyDBSubnetGroup" and "ModifyCacheSubnetGroup", 2026-11."""
    if set(before.get("subnetIds") or ()) <= set(after.get("subnetIds") or ()):
        return ""
    return (
        "AWS takes no subnet out of a group while something stands in it (keep the "
        "subnets and add the new ones, or make what stands there anew from a snapshot)"
    )
