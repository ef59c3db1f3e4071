"""Properties that replace a resource for some values only, which no table of names can say.

Sources: `CustomizeDiff` of each resource in the Terraform AWS provider 5.100 (and 6, where noted).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

Condition = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]
"""Whether a change of the property, from the old inputs to the new ones, replaces."""


def _older(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """A version that goes down; one that goes up is an upgrade in place."""
    old, new = (str(each.get("engineVersion") or "") for each in (before, after))
    if not old or not new:
        return False
    left, right = ([int(n) for n in re.findall(r"\d+", each)] for each in (new, old))
    shared = min(len(left), len(right))
    return left[:shared] < right[:shared]


def _to_redis(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Redis becomes Valkey in place, and never the other way."""
    return (before.get("engine"), after.get("engine")) != ("redis", "valkey")


def _strategy(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """A service changes its strategy in place where it is told to deploy anew, and had one."""
    both = before.get("capacityProviderStrategies") and after.get("capacityProviderStrategies")
    return not (after.get("forceNewDeployment") and both)


def _called_once(_: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """An invocation that lives as its resource does is told of another input."""
    return after.get("lifecycleScope") != "CRUD"


CONDITIONS: Final[Mapping[tuple[str, str], Condition]] = {
    ("aws:ecs/service:Service", "capacityProviderStrategies"): _strategy,
    ("aws:elasticache/cluster:Cluster", "engineVersion"): _older,
    ("aws:elasticache/replicationGroup:ReplicationGroup", "engine"): _to_redis,
    ("aws:elasticache/replicationGroup:ReplicationGroup", "engineVersion"): _older,
    ("aws:lambda/invocation:Invocation", "input"): _called_once,
}
"""By type and property."""


SUBNET_GROUPS: Final = frozenset(
    {"aws:elasticache/subnetGroup:SubnetGroup", "aws:rds/subnetGroup:SubnetGroup"}
)


def _changed_attributes(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Attributes of a user pool that are other ones, or gone, with what happened to each."""
    old, new = (
        {str(each.get("name")): each for each in side.get("schemas") or ()}
        for side in (before, after)
    )
    gone = sorted(old.keys() - new.keys())
    other = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    return ", ".join(
        [*(f"{name} is gone" for name in gone), *(f"{name} is another" for name in other)]
    )


def refusal(type_: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Why AWS refuses a change in place, as far as it is known beforehand; empty where it does not.

    Sources: "Modifying a DB subnet group" (RDS) and "ModifyCacheSubnetGroup" (ElastiCache API):
    "SubnetInUse", 2026-11; `authTokenUpdateStrategy` of "ModifyReplicationGroup"; "User pool
    attributes" (Amazon Cognito Developer Guide, 2026-11).
    """
    if type_ == "aws:cognito/userPool:UserPool":
        changed = _changed_attributes(before, after)
        if changed:
            return (
                f"Cognito only adds attributes, and {changed} (take it back, and add another "
                "attribute beside it)"
            )
    if type_ in SUBNET_GROUPS:
        gone = set(before.get("subnetIds") or ()) - set(after.get("subnetIds") or ())
        if gone:
            return (
                "AWS takes no subnet out of a group while something stands in it (keep the "
                "subnets and add the new ones, or make what stands there anew from a snapshot)"
            )
    if (
        type_ == "aws:elasticache/replicationGroup:ReplicationGroup"
        and before.get("authToken")
        and after.get("userGroupIds")
        and after.get("authTokenUpdateStrategy") != "DELETE"
    ):
        return "ElastiCache takes no user group while a token is on (take the token off first)"
    return ""


def holds(type_: str, path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change of a replacing property replaces with these values."""
    condition = CONDITIONS.get((type_, path.split(".", maxsplit=1)[0]))
    return condition is None or condition(before, after)
