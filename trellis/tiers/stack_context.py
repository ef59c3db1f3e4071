"""Context shared by all tiers: names, location, keys, and whether things are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.contracts import AccountRegion, Domain, Placement, SubnetTier
from components.keys.keys import Keys
from components.naming import Naming
from components.network.settings import NetworkSettings
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

    @property
    def protect(self) -> bool:
        """Whether what holds data survives a mistaken deletion."""
        return self.settings.profile == "production"

    @property
    def log_days(self) -> int:
        """Days that logs of Trellis's own functions are kept."""
        return LOG_DAYS[self.settings.profile]

    def key(self, domain: Domain, region: str | None = None) -> pulumi.Output[str]:
        """The customer key of a domain."""
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
