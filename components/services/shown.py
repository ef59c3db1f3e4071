"""What is shown of services, jobs and load balancers: the line under their names, and whether
connections to them are encrypted."""

from __future__ import annotations

from components.parts.in_transit import NONE, NOT_KNOWN, REDIRECTED, TLS
from components.parts.shown import Opened, ShownResources

TASK = "aws:ecs/taskDefinition:TaskDefinition"
TARGET = "aws:appautoscaling/target:Target"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"

BALANCER_KIND = "load balancer"
ENCRYPTED = ("HTTPS", "TLS")
"""Protocols of listeners and target groups."""


def task_detail(resources: ShownResources) -> str:
    """How large a task is, and how many there may be."""
    if not resources.has(TASK):
        return "waits for its image or a secret"
    size = f"{resources.get(TASK, 'cpu')} CPU, {resources.get(TASK, 'memory')} MiB"
    low, high = resources.get(TARGET, "minCapacity"), resources.get(TARGET, "maxCapacity")
    return f"{size}, {low}-{high} tasks" if high != "" else size


def balancer_detail(resources: ShownResources) -> str:
    """Who reaches a load balancer, and over what."""
    if not resources.has(BALANCER):
        return ""
    inner = resources.get(BALANCER, "internal", default=False)
    if resources.get(BALANCER, "loadBalancerType") == "network":
        return f"{'inside the network' if inner else 'public'}, {_listening(resources)}"
    return "inside the network" if inner else "public, HTTPS"


def _listening(resources: ShownResources) -> str:
    """What a network load balancer listens by, as in `TLS 8883`, by port."""
    rows = resources.every(LISTENER, "port", "protocol")
    found = {int(port or 0): str(protocol) for port, protocol in rows}
    return ", ".join(f"{found[port]} {port}" for port in sorted(found))


def balancer_encryption(resources: ShownResources, connection: Opened) -> str:
    """By its listener of the port."""
    for port, protocol, actions in resources.every(LISTENER, "port", "protocol", "defaultActions"):
        if str(port) == connection.port:
            if protocol in ENCRYPTED:
                return TLS
            return REDIRECTED if any(a.get("type") == "redirect" for a in actions) else NONE
    return NOT_KNOWN


def service_encryption(resources: ShownResources, connection: Opened) -> str:
    """Load balancers call by the protocol of its target groups, all others as they are."""
    protocols = {protocol for (protocol,) in resources.every(TARGET_GROUP, "protocol")}
    if connection.by != BALANCER_KIND or not protocols:
        return NONE
    return TLS if protocols <= {*ENCRYPTED} else NONE
