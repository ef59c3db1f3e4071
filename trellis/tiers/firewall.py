"""Firewalls of a stack file, before its sites and load balancers."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.api.rest_api import RestApi
from components.auth.user_pool import UserPool
from components.contracts import Domain
from components.firewall.firewall import Firewall
from components.parts.edge_region import US_EAST_1
from components.services.routing.load_balancer import LoadBalancer
from trellis.stackfile.firewall_checks import (
    protected_apis,
    protected_balancers,
    protected_pools,
    protected_sites,
)
from trellis.tiers.apis import Api
from trellis.tiers.stack_context import StackContext


def make_site_firewalls(
    stack: StackContext, log_delivery: Mapping[str, pulumi.Resource]
) -> dict[str, Firewall]:
    """Web ACLs for CloudFront, by key of the site that stands behind each."""
    found: dict[str, Firewall] = {}
    for key, settings in stack.settings.firewalls.items():
        sites = protected_sites(stack.settings, settings)
        if not sites:
            continue
        firewall = Firewall(
            f"{key}-sites",
            settings,
            "CLOUDFRONT",
            naming=stack.naming,
            where=stack.where,
            log_key_arn=stack.key(Domain.LOGS, US_EAST_1),
            log_permission=log_delivery.get(US_EAST_1),
            opts=stack.child,
        )
        found.update(dict.fromkeys(sites, firewall))
    return found


def make_regional_firewalls(
    stack: StackContext,
    balancers: Mapping[str, LoadBalancer],
    apis: Mapping[str, Api],
    pools: Mapping[str, UserPool],
    log_delivery: Mapping[str, pulumi.Resource],
) -> list[Firewall]:
    """Web ACLs for load balancers, REST APIs and user pools, with what stands behind each."""
    made: list[Firewall] = []
    for key, settings in stack.settings.firewalls.items():
        # A load balancer is made with the services behind it: without any there is none.
        behind = [
            protected_balancer
            for protected_balancer in protected_balancers(stack.settings, settings)
            if protected_balancer in balancers
        ]
        called = protected_apis(stack.settings, settings)
        asked = protected_pools(stack.settings, settings)
        if not behind and not called and not asked:
            continue
        firewall = Firewall(
            f"{key}-regional",
            settings,
            "REGIONAL",
            naming=stack.naming,
            where=stack.where,
            log_key_arn=stack.key(Domain.LOGS),
            log_permission=log_delivery.get(stack.where.region),
            opts=stack.child,
        )
        for balancer in behind:
            balancers[balancer].stand_behind(firewall.arn)
        for api_key in called:
            api = apis[api_key]
            if isinstance(api, RestApi):
                api.stand_behind(firewall.arn)
        for pool_key in asked:
            pools[pool_key].stand_behind(firewall.arn)
        made.append(firewall)
    return made
