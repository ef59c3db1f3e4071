"""One log resource policy a region for all zones and firewalls of a stack file.

An account has ten a region, for all its stacks: one a zone would end at the eleventh.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.contracts import AccountRegion, Trust
from components.dns.zone import QUERY_LOGS
from components.firewall.firewall import LOG_PREFIX
from components.naming import Kind
from components.parts.edge_region import US_EAST_1, abroad, edge
from components.parts.log_delivery import firewall_writer, log_delivery, query_writer
from trellis.stackfile.firewall_checks import protected_balancers, protected_sites
from trellis.tiers.stack_context import StackContext


def make_log_delivery(stack: StackContext) -> Mapping[str, pulumi.Resource]:
    """What lets Route 53 and AWS WAF write their logs, by region; none where nobody does."""
    made: dict[str, pulumi.Resource] = {}
    for region, trusts in _writers(stack).items():
        away = region != stack.where.region
        label = "log-delivery-edge" if away else "log-delivery"
        made[region] = log_delivery(
            label,
            physical_name=stack.naming.of(Kind.ROLE, "log-delivery"),
            where=edge(stack.where) if away else stack.where,
            trusts=trusts,
            region=abroad(stack.where) if away else None,
            opts=stack.child,
        )
    return made


def _writers(stack: StackContext) -> dict[str, list[Trust]]:
    settings = stack.settings
    found: dict[str, list[Trust]] = {}

    def firewalls_write(where: AccountRegion) -> None:
        groups = f"{LOG_PREFIX}{settings.name}-{settings.environment}-*"
        found.setdefault(where.region, []).append(firewall_writer(where, groups))

    if any(zone.logs_queries for zone in settings.zones.values()):
        found[US_EAST_1] = [query_writer(edge(stack.where), f"{QUERY_LOGS}*")]
    sites = any(protected_sites(settings, firewall) for firewall in settings.firewalls.values())
    balancers = any(
        protected_balancers(settings, firewall) for firewall in settings.firewalls.values()
    )
    if sites:
        firewalls_write(edge(stack.where))
    if balancers and not (sites and stack.where.region == US_EAST_1):
        firewalls_write(stack.where)
    return found
