"""Context shared by all tiers: names, location, keys, and whether things are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.contracts import AccountRegion, Domain, Placement, SubnetTier
from components.keys.keys import Keys
from components.naming import Naming
from components.network.settings import NetworkSettings
from components.parts.declaration import DeclarationError, Tier
from trellis.stackfile.settings import SystemSettings

LOG_DAYS = {"development": 30, "production": 365}
"""Days that logs of Trellis's own functions are kept, by profile."""


def data_tier(network: NetworkSettings) -> SubnetTier:
    """Where databases and caches stand: where the stack file says, never where there is room.

    A tier that comes later must move none of them: AWS refuses it while they are in use.
    """
    return SubnetTier(network.data_subnets)


@dataclass(frozen=True)
class StackContext:
    """Shared by all tiers of one system."""

    settings: SystemSettings
    naming: Naming
    where: AccountRegion
    keys: Keys
    child: pulumi.ResourceOptions
    """Makes a resource a child of the system."""
    placements: Mapping[SubnetTier, Placement] = field(default_factory=dict[SubnetTier, Placement])
    """Where in the network things can stand; empty where there is none."""
    tier: Tier[Any] | None = None
    """The tier that its declaration makes with this; None for a step of `trellis.tiers`."""

    @property
    def protect(self) -> bool:
        """Whether what holds data survives a mistaken deletion."""
        return self.settings.profile == "production"

    @property
    def log_days(self) -> int:
        """Days that logs of Trellis's own functions are kept."""
        return LOG_DAYS[self.settings.profile]

    def key(self, domain: Domain, region: str | None = None) -> pulumi.Output[str]:
        """The customer key of a domain.

        Raises:
            DeclarationError: the tier does not declare the domain, so no key need be there.
        """
        if self.tier is not None and domain not in self.tier.keys:
            raise DeclarationError(
                f"the tier {self.tier.field} takes the key of {domain}, which its declaration does "
                "not name in `keys`"
            )
        return self.keys.arn(domain, region)

    def data_placement(self) -> Placement:
        """The subnets of what holds data.

        Raises:
            LookupError: there is no network; checks refuse that.
        """
        network = self.settings.network
        if network is None:
            raise LookupError("checks refuse databases and caches without a network")
        return self.placements[data_tier(network)]
