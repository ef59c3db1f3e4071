"""How requests reach a service: its target groups, its listener rules, and the ways in for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import Endpoint
from components.parts.security_group import connect
from components.services.deployment.deployment import mover_role
from components.services.routing.existing_listener import Balancer, NamedListener
from components.services.routing.load_balancer import LoadBalancer
from components.services.routing.priorities import former_rule_name
from components.services.routing.settings import RouteSettings
from components.services.routing.sign_in import SignInPool
from components.services.routing.target_group import TargetNames, listener_rule, target_group
from components.services.settings import ServiceSettings
from components.services.task.task import TaskLocation

BalancedRoute = tuple[str, RouteSettings]
"""A route with the key of its load balancer."""


@dataclass(frozen=True)
class Traffic:
    """Everything between the load balancers and a service's tasks."""

    balancers: Mapping[str, Balancer]
    groups: Mapping[str, Sequence[aws.lb.TargetGroup]]
    """By key of the load balancer: one group, or two where versions swap."""
    production_rules: Sequence[aws.lb.ListenerRule]
    test_rules: Sequence[aws.lb.ListenerRule]
    ways_in: Sequence[pulumi.Resource]
    """Security-group rules."""

    @property
    def before(self) -> tuple[pulumi.Resource, ...]:
        """What must be there before the service: ECS refuses a group behind no load balancer."""
        return (*self.ways_in, *self.production_rules, *self.test_rules)

    def names(self) -> dict[str, TargetNames]:
        """CloudWatch's names of the targets, by key of the load balancer."""
        return {
            key: TargetNames(
                self.balancers[key].arn_suffix, tuple(group.arn_suffix for group in groups)
            )
            for key, groups in self.groups.items()
        }


def balanced_routes(
    service: str, settings: ServiceSettings, balancers: Mapping[str, Balancer]
) -> list[BalancedRoute]:
    """The routes with their load balancers; one that names none takes the only one made here.

    Raises:
        ValueError: a route names no load balancer that there is.
    """
    found: list[BalancedRoute] = []
    own = [key for key, balancer in balancers.items() if isinstance(balancer, LoadBalancer)]
    for route in settings.routes:
        key = route.load_balancer
        if key is None and len(own) == 1:
            key = own[0]
        if key is None or key not in balancers:
            raise ValueError(
                f"service {service}: a route through one of the load balancers "
                f"{', '.join(sorted(balancers)) or '(there is none)'}; found {route.load_balancer}"
            )
        found.append((key, route))
    return found


def traffic(
    service: str,
    settings: ServiceSettings,
    routes: Sequence[BalancedRoute],
    balancers: Mapping[str, Balancer],
    endpoint: Endpoint | None,
    *,
    location: TaskLocation,
    pools: Mapping[str, SignInPool] | None = None,
    opts: pulumi.ResourceOptions,
) -> Traffic:
    """Make the target groups, the rules that lead to them, and the ways in.

    Args:
        endpoint: of the tasks; None where they listen on no port, and so have no routes.
        pools: whom users sign in with before they reach it, by key.
    """
    swaps = settings.deployment.swaps
    groups = {
        key: [
            target_group(
                service,
                settings,
                naming=location.naming,
                balancer=key,
                anew=(balancers[key].scheme, balancers[key].given_name),
                vpc_id=location.placement.vpc_id,
                colour=colour,
                opts=opts,
            )
            for colour in (("", "green") if swaps else ("",))
        ]
        for key in sorted({key for key, _ in routes})
    }
    # ECS moves the weights between the two groups; an `up` must not move them back.
    rule_opts = pulumi.ResourceOptions(
        parent=opts.parent, ignore_changes=["actions"] if swaps else None
    )
    production: list[aws.lb.ListenerRule] = []
    test: list[aws.lb.ListenerRule] = []
    seen: set[str] = set()
    names: set[str] = set()
    for key, route in routes:
        balancer = balancers[key]
        first = key not in seen
        seen.add(key)
        once = former_rule_name(service, route)
        named = once not in names
        names.add(once)
        production.append(
            listener_rule(
                service,
                route,
                balancer,
                groups[key],
                first=first,
                named=named,
                pools=pools,
                opts=rule_opts,
            )
        )
        if swaps and balancer.test_port is not None:
            test.append(
                listener_rule(
                    service,
                    route,
                    balancer,
                    groups[key],
                    first=first,
                    named=named,
                    entrance="test",
                    opts=rule_opts,
                )
            )
    doors = {_door(key, balancers[key]): balancers[key].security_group_id for key in groups}
    ways_in = [
        rule
        for door, group_id in doors.items()
        for asked in _asked(settings, endpoint)
        for rule in connect(door, group_id, asked, opts=opts)
    ]
    return Traffic(balancers, groups, production, test, ways_in)


def _door(key: str, balancer: Balancer) -> str:
    """What the rules of a load balancer's security group are named by."""
    return balancer.balancer if isinstance(balancer, NamedListener) else key


def _asked(settings: ServiceSettings, endpoint: Endpoint | None) -> list[Endpoint]:
    """Where load balancers reach the tasks: their port, and that of their health."""
    if endpoint is None:
        return []
    port = settings.health.port
    if port is None or port == endpoint.port:
        return [endpoint]
    return [endpoint, replace(endpoint, name=f"{endpoint.name}-health", port=port)]


def attachments(
    service: str,
    settings: ServiceSettings,
    made: Traffic,
    *,
    location: TaskLocation,
    opts: pulumi.ResourceOptions,
) -> list[Any]:
    """The service's `loadBalancers`; where versions swap, with the role that ECS swaps them with.

    As in "Application Load Balancer resources for blue/green, linear, and canary deployments"
    (Amazon ECS Developer Guide, 2026-11).
    """
    found: list[Any] = []
    for groups in made.groups.values():
        attachment: dict[str, Any] = {
            "target_group_arn": groups[0].arn,
            "container_name": settings.listening,
            "container_port": settings.port,
        }
        if len(groups) == 2:
            role = mover_role(
                service,
                naming=location.naming,
                where=location.where,
                rules=[rule.arn for rule in (*made.production_rules, *made.test_rules)],
                groups=[group.arn for group in groups],
                opts=opts,
            )
            attachment["advanced_configuration"] = {
                "alternate_target_group_arn": groups[1].arn,
                "production_listener_rule": made.production_rules[0].arn,
                "test_listener_rule": made.test_rules[0].arn if made.test_rules else None,
                "role_arn": role.role.arn,
            }
        found.append(attachment)
    return found
