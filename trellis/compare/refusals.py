"""Why AWS refuses a change in place or a deletion, as far as it is known beforehand."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from trellis.compare.values import blocks
from trellis.stackfile.tree import is_mapping

Inputs = Mapping[str, Any]
Refusal = Callable[[Inputs, Inputs], str]
"""From the old inputs to the new ones: why not, and what to do instead; empty where it goes."""

GROWTH: Final = 1.1
"""The least that RDS lets storage grow by, as a factor ("ModifyDBInstance", 2026-11)."""

INSTANCE: Final = "aws:rds/instance:Instance"
ANOTHER: Final = "make another one beside it, move to it, then take this one away"


def _subnets(before: Inputs, after: Inputs) -> str:
    """ "SubnetInUse" of "ModifyDBSubnetGroup" and "ModifyCacheSubnetGroup", 2026-11."""
    if set(before.get("subnetIds") or ()) <= set(after.get("subnetIds") or ()):
        return ""
    return (
        "AWS takes no subnet out of a group while something stands in it (keep the "
        "subnets and add the new ones, or make what stands there anew from a snapshot)"
    )


def _token(before: Inputs, after: Inputs) -> str:
    """`authTokenUpdateStrategy` of "ModifyReplicationGroup", 2026-11."""
    off = after.get("authTokenUpdateStrategy") == "DELETE"
    if not before.get("authToken") or not after.get("userGroupIds") or off:
        return ""
    return "ElastiCache takes no user group while a token is on (take the token off first)"


def _cluster_mode(before: Inputs, after: Inputs) -> str:
    """ "Modifying cluster mode" (ElastiCache User Guide, 2026-11)."""
    was, is_ = (inputs.get("clusterMode") == "enabled" for inputs in (before, after))
    if was == is_:
        return ""
    word = "on" if is_ else "off"
    return f"ElastiCache does not switch cluster mode {word} in one step ({ANOTHER})"


def _version(before: Inputs, after: Inputs) -> str:
    """ "Upgrading a DB instance engine version" (RDS User Guide, 2026-11)."""
    old, new = ([int(n) for n in re.findall(r"\d+", str(inputs.get("engineVersion") or ""))[:2]]
                for inputs in (before, after))  # fmt: skip
    shared = min(len(old), len(new))
    if not shared or before.get("engine") != after.get("engine"):
        return ""
    if new[:shared] < old[:shared]:
        return "RDS goes back to no earlier version (restore a snapshot that was taken before)"
    parts = 1 if "postgres" in str(after.get("engine")) else 2
    if old[:parts] < new[:parts] and not after.get("allowMajorVersionUpgrade"):
        return "it is another major version, which RDS wants acknowledged (`majorUpgrades: true`)"
    return ""


def _storage(before: Inputs, after: Inputs) -> str:
    """ "ModifyDBInstance", `AllocatedStorage`, 2026-11."""
    old, new = (inputs.get("allocatedStorage") or 0 for inputs in (before, after))
    if not old or not new or old == new:
        return ""
    if new < old:
        return f"RDS takes no storage away ({ANOTHER})"
    if new < old * GROWTH:
        return f"RDS adds at least a tenth ({old} GiB become {int(-(-old * 11 // 10))} or more)"
    return ""


def _ipv6(before: Inputs, after: Inputs) -> str:
    """ "DisassociateVpcCidrBlock": subnets must have given up theirs before, 2026-11."""
    if not before.get("assignGeneratedIpv6CidrBlock") or after.get("assignGeneratedIpv6CidrBlock"):
        return ""
    return "the network's IPv6 block goes only once no subnet has one of it (leave `ipv6: true`)"


def _attribute_types(before: Inputs, after: Inputs) -> str:
    """ "UpdateTable", `AttributeDefinitions`, 2026-11."""
    old, new = (
        {attribute["name"]: attribute["type"] for attribute in blocks(side, "attributes")}
        for side in (before, after)
    )
    other = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    if not other:
        return ""
    return f"DynamoDB never changes the type of a key ({other[0]}: {ANOTHER})"


def _expiry(before: Inputs, after: Inputs) -> str:
    """ "UpdateTimeToLive", 2026-11."""
    old, new = (
        ttl.get("attributeName") if is_mapping(ttl := side.get("ttl")) else None
        for side in (before, after)
    )
    if not old or not new or old == new:
        return ""
    return "DynamoDB expires by one attribute (take `ttl` away, and name the other an hour later)"


def _shards(before: Inputs, after: Inputs) -> str:
    """ "UpdateShardCount": to twice or half as many at most, 2026-11."""
    old, new = (inputs.get("shardCount") or 0 for inputs in (before, after))
    if not old or not new or old / 2 <= new <= old * 2:
        return ""
    return f"Kinesis goes from {old} shards to {-(-old // 2)} to {old * 2} at once (do it in steps)"


def _user_attributes(before: Inputs, after: Inputs) -> str:
    """ "User pool attributes" (Amazon Cognito Developer Guide, 2026-11)."""
    old, new = ({str(item.get("name")): item for item in blocks(side, "schemas")}
                for side in (before, after))  # fmt: skip
    changed = [f"{name} is gone" for name in sorted(old.keys() - new.keys())]
    changed += [
        f"{name} is another" for name in sorted(old.keys() & new.keys()) if old[name] != new[name]
    ]
    if not changed:
        return ""
    return (
        f"Cognito only adds attributes, and {', '.join(changed)} (take it back, and add another "
        "attribute beside it)"
    )


def _private(before: Inputs, after: Inputs) -> str:
    """ "AssociateVPCWithHostedZone", `PublicZoneVPCAssociation`, 2026-11."""
    if bool(before.get("vpcs")) == bool(after.get("vpcs")):
        return ""
    return "a zone is public or private for good (make another one under another key)"


REFUSALS: Final[Mapping[str, tuple[Refusal, ...]]] = {
    "aws:cognito/userPool:UserPool": (_user_attributes,),
    "aws:dynamodb/table:Table": (_attribute_types, _expiry),
    "aws:ec2/vpc:Vpc": (_ipv6,),
    "aws:elasticache/replicationGroup:ReplicationGroup": (_token, _cluster_mode),
    "aws:elasticache/subnetGroup:SubnetGroup": (_subnets,),
    "aws:kinesis/stream:Stream": (_shards,),
    "aws:rds/cluster:Cluster": (_version,),
    INSTANCE: (_version, _storage),
    "aws:rds/subnetGroup:SubnetGroup": (_subnets,),
    "aws:route53/zone:Zone": (_private,),
}
"""By type."""

GUARDS: Final[Mapping[str, str]] = {
    "aws:cognito/userPool:UserPool": "deletionProtection",
    "aws:dynamodb/table:Table": "deletionProtectionEnabled",
    "aws:lb/loadBalancer:LoadBalancer": "enableDeletionProtection",
    "aws:rds/cluster:Cluster": "deletionProtection",
    INSTANCE: "deletionProtection",
}
"""AWS's own protection from deletion, by type."""


def refusal(type_: str, before: Inputs, after: Inputs, changed: Collection[str]) -> str:
    """Why AWS refuses a change in place; empty where it does not.

    Args:
        changed: properties that differ, also those that refer to something made anew.
    """
    if type_ == INSTANCE and "dbSubnetGroupName" in changed:
        return "RDS moves no database to another subnet group of its network (keep the group)"
    found = (rule(before, after) for rule in REFUSALS.get(type_, ()))
    return next((text for text in found if text), "")


def guarded(type_: str, old: Inputs) -> str:
    """Why AWS does not delete it; empty where it does."""
    said = old.get(GUARDS.get(type_, ""))
    if said not in (True, "ACTIVE"):
        return ""
    return "its deletion protection is on (take it off first, in an update of its own)"
