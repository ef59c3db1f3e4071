"""Firewalls of a stack file, before its sites and load balancers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pulumi

from components.firewall.firewall import Firewall
from components.keys.settings import Domain
from components.parts.edge_region import US_EAST_1
from components.services.load_balancer import LoadBalancer
from trellis.tiers.ground import Ground


def make_site_firewalls(ground: Ground) -> dict[str, pulumi.Output[str]]:
    """Web ACLs for CloudFront; their ARNs by key of the site that stands behind each."""
    found: dict[str, pulumi.Output[str]] = {}
    for key, settings in ground.settings.firewalls.items():
        sites = protected(settings.sites, ground.settings.sites)
        if not sites:
            continue
        firewall = Firewall(
            f"{key}-sites",
            settings,
            "CLOUDFRONT",
            naming=ground.naming,
            where=ground.where,
            log_key_arn=ground.key(Domain.LOGS, US_EAST_1),
            opts=ground.child,
        )
        found.update(dict.fromkeys(sites, firewall.arn))
    return found


def make_regional_firewalls(ground: Ground, balancers: Mapping[str, LoadBalancer]) -> None:
    """Web ACLs for load balancers, with what stands behind each."""
    for key, settings in ground.settings.firewalls.items():
        behind = protected(settings.load_balancers, balancers)
        if not behind:
            continue
        firewall = Firewall(
            f"{key}-regional",
            settings,
            "REGIONAL",
            naming=ground.naming,
            where=ground.where,
            log_key_arn=ground.key(Domain.LOGS),
            opts=ground.child,
        )
        for each in behind:
            firewall.protect(each, balancers[each].arn)


def protected(chosen: str | tuple[str, ...], there: Iterable[str]) -> list[str]:
    """Keys of what a firewall protects: all there is, none, or those named."""
    if chosen == "all":
        return list(there)
    return [] if isinstance(chosen, str) else list(chosen)
