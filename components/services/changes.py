"""What an edit does to services."""

from __future__ import annotations

from components.parts.changes import Inputs


def strategy(before: Inputs, after: Inputs) -> bool:
    """A service changes its strategy in place where it is told to deploy anew, and had one."""
    both = before.get("capacityProviderStrategies") and after.get("capacityProviderStrategies")
    return not (after.get("forceNewDeployment") and both)
