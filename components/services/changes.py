"""What an edit does to services."""

from __future__ import annotations

from components.parts.changes import Inputs


def _is_network(inputs: Inputs) -> bool:
    return inputs.get("loadBalancerType") == "network"


def leaves_a_subnet(before: Inputs, after: Inputs) -> bool:
    """A network load balancer gains subnets in place and leaves none (`CustomizeDiff` of `aws_lb`,
    Terraform AWS provider 5.100)."""
    return _is_network(after) and bool(_subnets(before) - _subnets(after))


def _subnets(inputs: Inputs) -> set[str]:
    """Ids; none where they are known only at deployment."""
    found = inputs.get("subnets")
    return {str(subnet) for subnet in found} if isinstance(found, (list, tuple)) else set()  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


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
