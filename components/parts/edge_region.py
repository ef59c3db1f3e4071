"""The one region that what serves the whole world is configured in."""

from __future__ import annotations

from dataclasses import replace

from components.contracts import AccountRegion

US_EAST_1 = "us-east-1"
"""Certificates and firewalls of CloudFront, log deliveries of CloudFront and query logs of Route 53
are made here ("Requirements for using SSL/TLS certificates with CloudFront", "Logging DNS
queries", 2026-11)."""


def edge(where: AccountRegion) -> AccountRegion:
    """The same account, in that region."""
    return replace(where, region=US_EAST_1)


def abroad(where: AccountRegion) -> str | None:
    """The resource's `region` argument; none where the stack lives there already."""
    return None if where.region == US_EAST_1 else US_EAST_1
