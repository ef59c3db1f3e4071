"""What diagrams say of services, jobs and load balancers, under their names."""

from __future__ import annotations

from components.parts.shown import ShownResources

TASK = "aws:ecs/taskDefinition:TaskDefinition"
TARGET = "aws:appautoscaling/target:Target"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"


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
    rows = resources.every("aws:lb/listener:Listener", "port", "protocol")
    found = {int(port or 0): str(protocol) for port, protocol in rows}
    return ", ".join(f"{found[port]} {port}" for port in sorted(found))
