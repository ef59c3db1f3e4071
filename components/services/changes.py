"""What an edit does to services."""

from __future__ import annotations

from typing import Final

from components.parts.changes import Inputs, ids, is_mapping


def _is_network(inputs: Inputs) -> bool:
    return inputs.get("loadBalancerType") == "network"


def leaves_a_subnet(before: Inputs, after: Inputs) -> bool:
    """A network load balancer gains subnets in place and leaves none (`CustomizeDiff` of `aws_lb`,
    Terraform AWS provider 5.100)."""
    return _is_network(after) and bool(ids(before, "subnets") - ids(after, "subnets"))


def first_or_last_group(before: Inputs, after: Inputs) -> bool:
    """One that was made without a security group never gets one, and none gives up its last (the
    same; "Security groups for your Network Load Balancer", Elastic Load Balancing, 2026-11)."""
    return _is_network(after) and bool(before.get("securityGroups")) != bool(
        after.get("securityGroups")
    )


def strategy(before: Inputs, after: Inputs) -> bool:
    """A service changes its strategy in place where it is told to deploy anew, and had one."""
    both = before.get("capacityProviderStrategies") and after.get("capacityProviderStrategies")
    return not (after.get("forceNewDeployment") and both)


CHECKED: Final = {
    "path": "at {}",
    "port": "on port {}",
    "matcher": "with {}",
    "protocol": "over {}",
}
"""What a target has to do to be healthy, by the property of a health check."""


def checked_at_once(old: Inputs, new: Inputs) -> str:
    """Whoever else must pass: a group has one health check for all its targets ("Health checks for
    your target groups", Elastic Load Balancing, 2026-11), and ECS stops tasks that do not pass.
    """
    before, after = old.get("healthCheck"), new.get("healthCheck")
    if not is_mapping(before) or not is_mapping(after):
        return ""
    others = [
        words.format(after.get(key) or "the port of its traffic")
        for key, words in CHECKED.items()
        if before.get(key) != after.get(key)
    ]
    if not others:
        return ""
    return (
        f"at once: what still runs has to answer {' and '.join(others)} too, or is taken out "
        "before its successor is there (two updates: first a version that answers both)"
    )
