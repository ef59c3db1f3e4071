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
    old, new = (str(inputs.get("engineVersion") or "") for inputs in (before, after))
    if not old or not new:
        return False
    left, right = ([int(n) for n in re.findall(r"\d+", version)] for version in (new, old))
    shared = min(len(left), len(right))
    return left[:shared] < right[:shared]


def _to_redis(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Redis becomes Valkey in place, and never the other way."""
    return (before.get("engine"), after.get("engine")) != ("redis", "valkey")


def _strategy(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """A service changes its strategy in place where it is told to deploy anew, and had one."""
    both = before.get("capacityProviderStrategies") and after.get("capacityProviderStrategies")
    return not (after.get("forceNewDeployment") and both)


def _not_aurora(_: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Aurora changes between its two kinds of storage in place; other clusters don't."""
    return not str(after.get("engine")).startswith("aurora")


def _other_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """The names of a certificate: its common name is always among them."""
    old, new = (
        {inputs.get("domainName"), *(inputs.get("subjectAlternativeNames") or ())}
        for inputs in (before, after)
    )
    return old != new


def _called_once(_: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """An invocation that lives as its resource does is told of another input."""
    return after.get("lifecycleScope") != "CRUD"


CONDITIONS: Final[Mapping[tuple[str, str], Condition]] = {
    ("aws:acm/certificate:Certificate", "subjectAlternativeNames"): _other_names,
    ("aws:ecs/service:Service", "capacityProviderStrategies"): _strategy,
    ("aws:elasticache/cluster:Cluster", "engineVersion"): _older,
    ("aws:elasticache/replicationGroup:ReplicationGroup", "engine"): _to_redis,
    ("aws:elasticache/replicationGroup:ReplicationGroup", "engineVersion"): _older,
    ("aws:lambda/invocation:Invocation", "input"): _called_once,
    ("aws:rds/cluster:Cluster", "storageType"): _not_aurora,
}
"""By type and property."""


RENEWS: Final[Mapping[str, Mapping[str, str]]] = {
    "aws:dynamodb/table:Table": {"streamViewType": "streamArn"},
}
"""Properties whose change in place gives an output another value, by type: the stream of a table
is switched off and on again, and is another one ("DynamoDB Streams", Developer Guide, 2026-11)."""


def suppressed(type_: str, before: Mapping[str, Any], after: Any) -> Any:
    """The new inputs with the old values where the provider takes the difference for none.

    Storage that has grown by itself is left so (`DiffSuppressFunc` of `allocated_storage`).
    """
    if type_ != "aws:rds/instance:Instance":
        return after
    old, new, most = (
        before.get("allocatedStorage") or 0,
        after.get("allocatedStorage") or 0,
        after.get("maxAllocatedStorage") or 0,
    )
    return {**after, "allocatedStorage": old} if old > new and most > new else after


def holds(type_: str, path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change of a replacing property replaces with these values."""
    condition = CONDITIONS.get((type_, path.split(".", maxsplit=1)[0]))
    return condition is None or condition(before, after)
