"""How firewalls are declared."""

from __future__ import annotations

from components.firewall.settings import FirewallSettings
from components.parts.changes import Change, Downtime, Unique
from components.parts.declaration import ACCESS, CONFIGURATION, Resource, Tier, Watched
from components.parts.shown import Shown

TIERS = (
    Tier(
        field="firewalls",
        settings=FirewallSettings,
        components={
            "trellis:firewall:Firewall": Shown("firewall", hidden=True),
        },
        resources={
            "aws:wafv2/ipSet:IpSet": Resource(ACCESS, unique=Unique("region", ("scope", "name"))),
            "aws:wafv2/webAcl:WebAcl": Resource(
                Watched(("BlockedRequests",)),
                facts=("name", "scope", "region"),
                unique=Unique("region", ("scope", "name")),
                change=Change(
                    downtime=Downtime("what it protects is without its firewall meanwhile")
                ),
            ),
            "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Resource(
                CONFIGURATION
            ),
        },
        keys=frozenset(),
    ),
)
"""What this package adds to a stack file."""
