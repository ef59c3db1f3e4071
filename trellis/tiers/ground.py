"""What every tier stands on: names, place, keys, and whether things are kept."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.contracts import AccountRegion
from components.keys.keys import Keys
from components.keys.settings import Domain
from components.naming import Naming
from trellis.stackfile.settings import SystemSettings

LOG_DAYS = {"development": 30, "production": 365}
"""Days that logs of Trellis's own functions are kept, by profile."""


@dataclass(frozen=True)
class Ground:
    """Shared by all tiers of one system."""

    settings: SystemSettings
    naming: Naming
    where: AccountRegion
    keys: Keys
    child: pulumi.ResourceOptions
    """Makes a resource a child of the system."""

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
