"""Load balancers, what they listen on, and where they send it."""

from collections.abc import Iterable

from .. import aws
from ..evidence import Resource, Stack
from ..reachability.model import Listener, LoadBalancer, Target
from ..unknown import UNKNOWN, Tri, Unknown
from .places import groups_of, subnets_of
from .references import flag, number_of, text_of


def balancer_of(stack: Stack, balancer: Resource) -> LoadBalancer:
    """A load balancer with its listeners."""
    listeners: list[Listener] = []
    unsure = False
    for companion in stack.companions(balancer, aws.LISTENER, "loadBalancerArn"):
        unsure = unsure or companion.belongs is not Tri.YES
        listeners.append(_listener(stack, companion.resource))
    grouped = not balancer["securityGroups"].is_absent
    return LoadBalancer(
        balancer.urn,
        subnets_of(stack, balancer),
        groups_of(stack, balancer) if grouped else None,
        internet_facing=flag(~balancer["internal"].is_true()),
        listeners=UNKNOWN if unsure else tuple(listeners),
        keeps_client=flag(balancer["loadBalancerType"].equals("network")),
    )


def _listener(stack: Stack, listener: Resource) -> Listener:
    targets: list[Target] = []
    unsure = False
    sources: list[tuple[Resource, str]] = [(listener, "defaultActions")]
    for companion in stack.companions(listener, aws.LISTENER_RULE, "listenerArn"):
        unsure = unsure or companion.belongs is not Tri.YES
        sources.append((companion.resource, "actions"))
    for owner, actions in sources:
        for path in (f"{actions}.targetGroupArn", f"{actions}.forward.targetGroups.arn"):
            for group in stack.follow(owner, path, aws.TARGET_GROUP).found:
                targets.extend(_targets(stack, group))
    port = number_of(listener["port"])
    return Listener(
        UNKNOWN if port is None else port,
        text_of(listener["protocol"]) or "HTTP",
        UNKNOWN if unsure else tuple(targets),
    )


def _targets(stack: Stack, group: Resource) -> Iterable[Target]:
    protocol = text_of(group["protocol"]) or "HTTP"
    for one in stack.companions(group, aws.ECS_SERVICE, "loadBalancers.targetGroupArn"):
        # A service that only may be behind it is so on a port that is not known.
        port = _port_in(stack, one.resource, group) if one.belongs is Tri.YES else UNKNOWN
        yield Target(one.resource.urn, port, protocol)


def _port_in(stack: Stack, service: Resource, group: Resource) -> int | Unknown:
    """The container's port that a service puts into a target group; it may be in several."""
    entries = service["loadBalancers"].elements()
    if len(entries) > 1:
        entries = tuple(
            entry
            for entry in entries
            if group in stack.resolve(service, entry["targetGroupArn"], aws.TARGET_GROUP).found
        )
    ports = {number_of(entry["containerPort"]) for entry in entries}
    port = ports.pop() if len(ports) == 1 else UNKNOWN
    return UNKNOWN if port is None else port
