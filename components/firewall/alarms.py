"""Alarms and widgets of a firewall, as data: a surge of what it blocks."""

from __future__ import annotations

import pulumi

from components.contracts import AlarmSpec, WidgetSpec
from components.parts.alarm import AlarmText, Limit, alarm, measured
from components.parts.edge_region import US_EAST_1

NAMESPACE = "AWS/WAFV2"
FIVE_MINUTES = 300
"""Seconds."""

SURGE = 1_000
"""Requests blocked in five minutes: beyond what scanners send day by day."""


def firewall_alarms(name: str, acl: str, region: str | None) -> tuple[AlarmSpec, ...]:
    """A surge: an attack, or a rule that blocks one's own users.

    Args:
        acl: the web ACL's metric name.
        region: of the web ACL; None for CloudFront's, which is measured in us-east-1.
    """
    return (
        alarm(
            f"firewall-{name}-blocked",
            AlarmText(
                f"Firewall {name}: more than {SURGE} requests blocked in 5 minutes",
                "Somebody attacks, or a rule blocks the system's own users.",
                "See in the firewall's log which rule blocks whom; set a rule that is wrong to "
                "count, or name the attackers under `deny`.",
            ),
            measured(NAMESPACE, "BlockedRequests", _dimensions(acl, region), "Sum", FIVE_MINUTES),
            Limit(SURGE),
            parent=f"firewall-{name}",
            region=US_EAST_1 if region is None else None,
        ),
    )


def firewall_widgets(name: str, acl: str, region: str | None) -> tuple[WidgetSpec, ...]:
    """What it let through and what it did not."""
    own = _dimensions(acl, region)
    lines = tuple(
        measured(NAMESPACE, f"{what.capitalize()}Requests", own, "Sum", FIVE_MINUTES, id_=what)
        for what in ("allowed", "blocked", "counted")
    )
    return (
        WidgetSpec(
            f"{name}: requests",
            "Firewalls",
            lines,
            region=US_EAST_1 if region is None else None,
        ),
    )


def _dimensions(acl: str, region: str | None) -> dict[str, pulumi.Input[str]]:
    """As AWS WAF names them: CloudFront's have no region ("AWS WAF metrics and dimensions",
    2026-11)."""
    own: dict[str, pulumi.Input[str]] = {"WebACL": acl, "Rule": "ALL"}
    return own if region is None else {**own, "Region": region}
