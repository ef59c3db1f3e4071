"""Load balancers of a stack file, of both kinds, and where their access logs go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pulumi

from components.bucket.bucket import bucket_name
from components.contracts import Placement, SubnetTier
from components.services.routing.load_balancer import LoadBalancer
from components.services.routing.network_balancer import NetworkLoadBalancer
from trellis.stackfile.edge import linked_balancers
from trellis.stackfile.route_checks import routes_by_balancer
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.stack_context import StackContext


def make_balancers(
    stack: StackContext,
    placements: Mapping[SubnetTier, Placement],
    log_policies: Mapping[str, pulumi.Resource],
    certificates: Mapping[str, Mapping[str, pulumi.Input[str]]],
) -> dict[str, LoadBalancer]:
    """Load balancers by key.

    Args:
        log_policies: sealed policies of log buckets, by key.
        certificates: ARNs by load balancer, the default one first.
    """
    made: dict[str, LoadBalancer] = {}
    signing_in = {
        balancer
        for balancer, routes in routes_by_balancer(stack.settings).items()
        if any(placed.route.sign_in is not None for placed in routes)
    }
    for key, balancer in stack.settings.load_balancers.items():
        log_key = log_bucket_of(stack.settings, key)
        made[key] = LoadBalancer(
            key,
            balancer,
            naming=stack.naming,
            where=stack.where,
            placement=placements[
                SubnetTier.PUBLIC if balancer.scheme == "public" else SubnetTier.PRIVATE
            ],
            certificate_arns=certificates[key],
            log_bucket=bucket_name(log_key, stack.settings.buckets[log_key], stack.naming)
            if log_key
            else None,
            after=[log_policies[log_key]] if log_key else [],
            signs_in=key in signing_in,
            opts=stack.child,
        )
    return made


def make_network_balancers(
    stack: StackContext,
    placements: Mapping[SubnetTier, Placement],
    log_policies: Mapping[str, pulumi.Resource],
    certificates: Mapping[str, Mapping[str, pulumi.Input[str]]],
) -> dict[str, NetworkLoadBalancer]:
    """The same of network load balancers."""
    made: dict[str, NetworkLoadBalancer] = {}
    linked = linked_balancers(stack.settings)
    for key, balancer in stack.settings.network_load_balancers.items():
        log_key = receiving(stack.settings, balancer.access_logs, "deliveries")
        made[key] = NetworkLoadBalancer(
            key,
            balancer,
            naming=stack.naming,
            placement=placements[
                SubnetTier.PUBLIC if balancer.scheme == "public" else SubnetTier.PRIVATE
            ],
            certificate_arns=certificates[key],
            log_bucket=bucket_name(log_key, stack.settings.buckets[log_key], stack.naming)
            if log_key
            else None,
            after=[log_policies[log_key]] if log_key else [],
            linked=key in linked,
            opts=stack.child,
        )
    return made


def log_bucket_of(settings: SystemSettings, balancer: str) -> str | None:
    """Key of the bucket that a load balancer's access logs go to, where they go anywhere."""
    return receiving(settings, settings.load_balancers[balancer].access_logs, "loadBalancers")


def receiving(
    settings: SystemSettings, chosen: str | None, receiver: Literal["loadBalancers", "deliveries"]
) -> str | None:
    """Key of the bucket that logs go to: the chosen one, or the first that takes them."""
    if chosen == "none":
        return None
    if chosen is not None:
        return chosen
    return next(
        (key for key, bucket in settings.buckets.items() if receiver in bucket.receives), None
    )
