"""The target group of a service behind a load balancer, and the rules that lead there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.naming import Naming, fit
from components.services.names import TARGET_GROUP_NAME
from components.services.routing.existing_listener import Balancer
from components.services.routing.load_balancer import Entrance
from components.services.routing.priorities import former_rule_name, priority, rule_names
from components.services.routing.settings import RouteSettings
from components.services.routing.sign_in import SignInPool, authentication
from components.services.settings import ServiceSettings
from components.tags import name_tag

HASH_DIGITS = 6
"""Hex digits that a target group's name ends in."""

VERSIONS = {"http": "HTTP1", "http2": "HTTP2", "grpc": "GRPC"}


@dataclass(frozen=True)
class TargetNames:
    """What CloudWatch calls a service's targets behind one load balancer."""

    balancer: pulumi.Input[str]
    groups: tuple[pulumi.Input[str], ...]
    """One target group; two where versions swap, of which either may have the traffic."""


def target_group_name(
    key: str,
    settings: ServiceSettings,
    naming: Naming,
    *,
    balancer: str,
    anew: tuple[str, str | None] = ("public", None),
    colour: str = "",
) -> str:
    """At most 32 characters, ending in a hash of all that AWS can't change in place.

    So a replacement has another name and can be made before the old group goes. The port is not
    among it: see `target_group`. A group belongs to one load balancer, so what makes that one anew
    (`anew`: its scheme and its name) makes the group anew.
    """
    limit = TARGET_GROUP_NAME.limit
    fixed = "|".join([key, balancer, colour, settings.protocol, "ip"])
    scheme, name = anew
    if scheme != "public":
        fixed += f"|{scheme}"
    if name is not None:
        fixed += f"|{name}"
    digest = hashlib.sha256(fixed.encode()).hexdigest()[:HASH_DIGITS]
    base = settings.target_group or "-".join([naming.system, naming.environment, key])
    return fit(TARGET_GROUP_NAME, f"{base[: limit - HASH_DIGITS - 1].rstrip('-')}-{digest}")


def target_group(
    key: str,
    settings: ServiceSettings,
    *,
    naming: Naming,
    balancer: str,
    anew: tuple[str, str | None] = ("public", None),
    vpc_id: pulumi.Input[str],
    colour: str = "",
    opts: pulumi.ResourceOptions,
) -> aws.lb.TargetGroup:
    """Make the group of one service behind one load balancer.

    Args:
        key: the service's.
        balancer: key of the load balancer; a group belongs to one only.
        anew: scheme and given name of that load balancer.
        colour: `green` for the second group of blue/green deployments.
    """
    name = target_group_name(key, settings, naming, balancer=balancer, anew=anew, colour=colour)
    health = settings.health
    return aws.lb.TargetGroup(
        "-".join(part for part in (key, balancer, colour) if part),
        name=name,
        port=settings.port,
        protocol="HTTP",
        protocol_version=VERSIONS[settings.protocol],
        target_type="ip",
        vpc_id=vpc_id,
        deregistration_delay=settings.deregistration,
        load_balancing_algorithm_type=settings.balancing,
        slow_start=settings.slow_start or None,
        health_check=aws.lb.TargetGroupHealthCheckArgs(
            enabled=True,
            protocol="HTTP",
            path=settings.health_path,
            matcher=settings.health_codes,
            port=str(health.port) if health.port is not None else None,
            interval=health.interval,
            timeout=health.timeout,
            healthy_threshold=health.up,
            unhealthy_threshold=health.down,
        ),
        stickiness=_stickiness(settings),
        tags=name_tag(name),
        opts=pulumi.ResourceOptions(
            parent=opts.parent,
            # ECS registers every task with its container's port; the group's own is a default that
            # nothing uses. Another one would replace the group, and requests would fail until the
            # tasks of the new one are healthy.
            ignore_changes=["port"],
            # Rules refer to the old group until they are told of the new one.
            delete_before_replace=False,
        ),
    )


def listener_rule(
    service: str,
    route: RouteSettings,
    balancer: Balancer,
    groups: Sequence[aws.lb.TargetGroup],
    *,
    first: bool,
    named: bool = True,
    pools: Mapping[str, SignInPool] | None = None,
    entrance: Entrance = "production",
    opts: pulumi.ResourceOptions,
) -> aws.lb.ListenerRule:
    """Make the rule of one route.

    Args:
        first: of the service's on that load balancer: it goes on when the strategy changes.
        named: whether it is the first of the service's rules that once had its name.
        groups: one group, or for blue/green two, of which the first has the traffic at first.
        pools: whom users sign in with, by key.
    """
    swaps = len(groups) > 1
    name, other = rule_names(service, route, balancer.key, swaps=swaps)
    suffix = "" if entrance == "production" else f"-{entrance}"
    former = [other] if first else []
    if named and route.priority is None:
        former.append(former_rule_name(service, route))
    aliases = [pulumi.Alias(name=f"{rule}{suffix}") for rule in former]
    return aws.lb.ListenerRule(
        f"{name}{suffix}",
        listener_arn=balancer.listener_arn(entrance),
        priority=priority(service, route),
        conditions=conditions(route),
        actions=_actions(route, groups, pools or {}),
        transforms=_transforms(route),
        # The same under both strategies, so that another one touches no rule.
        tags=name_tag(other if swaps else name),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=aliases)),
    )


def conditions(route: RouteSettings) -> list[Any]:
    """A route's conditions as AWS has them; all of them must hold."""
    found: list[Any] = []
    if route.hosts:
        found.append({"host_header": {"values": list(route.hosts)}})
    if route.paths:
        found.append({"path_pattern": {"values": list(route.paths)}})
    if route.methods:
        found.append({"http_request_method": {"values": list(route.methods)}})
    found.extend(
        {"http_header": {"http_header_name": name, "values": list(values)}}
        for name, values in sorted(route.headers.items())
    )
    return found


def _transforms(route: RouteSettings) -> list[Any] | None:
    """What a rule changes of a request before the service gets it."""
    if route.rewrite is None:
        return None
    rewrite = {"regex": route.rewrite.regex, "replace": route.rewrite.replace}
    return [{"type": "url-rewrite", "url_rewrite_config": {"rewrite": rewrite}}]


def _actions(
    route: RouteSettings, groups: Sequence[aws.lb.TargetGroup], pools: Mapping[str, SignInPool]
) -> list[Any]:
    first = authentication(route, pools)
    last = _forward(groups)
    return [*first, {**last, "order": len(first) + 1}] if first else [last]


def _forward(groups: Sequence[aws.lb.TargetGroup]) -> Any:
    if len(groups) == 1:
        return {"type": "forward", "target_group_arn": groups[0].arn}
    weights = [100] + [0] * (len(groups) - 1)
    return {
        "type": "forward",
        "forward": {
            "target_groups": [
                {"arn": group.arn, "weight": weight}
                for group, weight in zip(groups, weights, strict=True)
            ]
        },
    }


def _stickiness(settings: ServiceSettings) -> Any:
    sticky = settings.stickiness
    if sticky is None:
        return {"type": "lb_cookie", "enabled": False}
    return {
        "type": "app_cookie" if sticky.cookie else "lb_cookie",
        "enabled": True,
        "cookie_duration": sticky.seconds,
        "cookie_name": sticky.cookie,
    }
