"""How connections reach a service: target groups behind ports of network load balancers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import Endpoint
from components.naming import Naming, fit
from components.parts.security_group import connect
from components.services.names import TARGET_GROUP_NAME
from components.services.routing.network_balancer import NetworkLoadBalancer
from components.services.routing.network_settings import ListenerSettings
from components.services.routing.target_group import HASH_DIGITS, TargetNames
from components.services.settings import ServiceSettings
from components.services.task.task import TaskLocation
from components.tags import name_tag


@dataclass(frozen=True)
class Listening:
    """Everything between network load balancers and a service's tasks."""

    groups: Mapping[str, tuple[NetworkLoadBalancer, aws.lb.TargetGroup, int]]
    """By load balancer and port, as in `mqtt-8883`: with the tasks' own port."""
    before: Sequence[pulumi.Resource]
    """What must be there before the service: ECS refuses a group behind no load balancer."""

    def attachments(self, container: str) -> list[Any]:
        """Entries of the service's `loadBalancers`."""
        return [
            {
                "target_group_arn": group.arn,
                "container_name": container,
                "container_port": port,
            }
            for _, group, port in self.groups.values()
        ]

    def names(self) -> dict[str, TargetNames]:
        """CloudWatch's names of the targets, by load balancer and port."""
        return {
            label: TargetNames(balancer.arn_suffix, (group.arn_suffix,))
            for label, (balancer, group, _) in self.groups.items()
        }


def balanced_listeners(
    service: str, settings: ServiceSettings, balancers: Mapping[str, NetworkLoadBalancer]
) -> list[tuple[NetworkLoadBalancer, ListenerSettings]]:
    """The listeners with their load balancers; one that names none takes the only one.

    Raises:
        ValueError: a listener names no network load balancer that there is.
    """
    found: list[tuple[NetworkLoadBalancer, ListenerSettings]] = []
    only = next(iter(balancers)) if len(balancers) == 1 else None
    for listener in settings.listeners:
        key = listener.network_load_balancer or only
        if key is None or key not in balancers:
            raise ValueError(
                f"service {service}: a listener of one of the network load balancers "
                f"{', '.join(sorted(balancers)) or '(there is none)'}; found "
                f"{listener.network_load_balancer}"
            )
        found.append((balancers[key], listener))
    return found


def listening(
    service: str,
    settings: ServiceSettings,
    listeners: Sequence[tuple[NetworkLoadBalancer, ListenerSettings]],
    group_id: pulumi.Input[str],
    *,
    location: TaskLocation,
    opts: pulumi.ResourceOptions,
) -> Listening:
    """Make the target groups, the listeners that lead to them, and the ways in.

    Args:
        group_id: the tasks' security group.
    """
    groups: dict[str, tuple[NetworkLoadBalancer, aws.lb.TargetGroup, int]] = {}
    before: list[pulumi.Resource] = []
    doors: dict[tuple[str, str], tuple[NetworkLoadBalancer, Endpoint]] = {}
    for balancer, listener in listeners:
        port = settings.port_of(listener)
        group = _target_group(service, settings, balancer, listener, location=location, opts=opts)
        groups[f"{balancer.key}-{listener.port}"] = (balancer, group, port)
        before += balancer.listen(listener, group.arn)
        asked = {(port, listener.carried), (listener.health.port or port, "tcp")}
        for number, carried in sorted(asked):
            name = f"service-{service}-{number}-{carried}"
            doors[balancer.key, name] = (
                balancer,
                Endpoint(name, group_id, number, "udp" if carried == "udp" else "tcp"),
            )
    for balancer, endpoint in doors.values():
        before += connect(f"{balancer.key}-nlb", balancer.security_group_id, endpoint, opts=opts)
    return Listening(groups, before)


def listener_group_name(
    key: str,
    settings: ServiceSettings,
    naming: Naming,
    *,
    balancer: tuple[str, str, str | None],
    listener: ListenerSettings,
) -> str:
    """At most 32 characters, ending in a hash of all that AWS can't change in place.

    Args:
        balancer: key, scheme and given name of the load balancer: what makes that one anew makes
            the group anew.
    """
    limit = TARGET_GROUP_NAME.limit
    scheme, name = balancer[1], balancer[2] or ""
    fixed = [key, balancer[0], scheme, name, str(listener.port), listener.carried]
    fixed.append(str(settings.port_of(listener)))
    digest = hashlib.sha256("|".join(fixed).encode()).hexdigest()[:HASH_DIGITS]
    base = settings.target_group or "-".join([naming.system, naming.environment, key])
    return fit(TARGET_GROUP_NAME, f"{base[: limit - HASH_DIGITS - 1].rstrip('-')}-{digest}")


def _target_group(
    service: str,
    settings: ServiceSettings,
    balancer: NetworkLoadBalancer,
    listener: ListenerSettings,
    *,
    location: TaskLocation,
    opts: pulumi.ResourceOptions,
) -> aws.lb.TargetGroup:
    name = listener_group_name(
        service,
        settings,
        location.naming,
        balancer=(balancer.key, balancer.scheme, balancer.given_name),
        listener=listener,
    )
    health = listener.health
    kept = True if listener.protocol == "udp" else bool(listener.preserve_client_ip)
    return aws.lb.TargetGroup(
        f"{service}-{balancer.key}-nlb-{listener.port}",
        name=name,
        port=settings.port_of(listener),
        protocol=listener.carried.upper(),
        target_type="ip",
        vpc_id=location.placement.vpc_id,
        deregistration_delay=settings.deregistration,
        # Clients of a connection that is never closed would else stay with a task that goes.
        connection_termination=True,
        preserve_client_ip=str(kept).lower(),
        proxy_protocol_v2=listener.proxy_protocol,
        health_check=aws.lb.TargetGroupHealthCheckArgs(
            enabled=True,
            protocol="TCP" if health.path is None else "HTTP",
            path=health.path,
            matcher=None if health.path is None else "200-399",
            port=str(health.port) if health.port is not None else None,
            interval=health.interval,
            timeout=health.timeout,
            healthy_threshold=health.up,
            unhealthy_threshold=health.down,
        ),
        stickiness={"type": "source_ip", "enabled": False},
        tags=name_tag(name),
        opts=pulumi.ResourceOptions(
            parent=opts.parent,
            # The listener leads to the old group until it is told of the new one.
            delete_before_replace=False,
        ),
    )
