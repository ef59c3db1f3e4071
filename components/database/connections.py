"""How many connections a database of some settings allows."""

from __future__ import annotations

from components.database.classes import (
    SERVERLESS,
    max_connections,
    memory_gib,
    serverless_connections,
)
from components.database.settings import ClusterSettings, InstanceSettings


def connections_of(settings: InstanceSettings | ClusterSettings) -> int:
    """By parameter, else about what the class's memory gives; of a cluster's smallest instance."""
    own = settings.parameters.get("max_connections")
    if isinstance(own, (int, float)) or (isinstance(own, str) and own.isdigit()):
        return int(own)
    if isinstance(settings, InstanceSettings):
        return max_connections(settings.engine, memory_gib(settings.instance_class))
    return min(
        member_connections(settings, instance.instance_class or settings.instance_class)
        for instance in settings.instances.values()
    )


def member_connections(settings: ClusterSettings, instance_class: str) -> int:
    """Connections that one instance of a cluster allows, by its class or its capacity."""
    capacity = settings.capacity
    if instance_class == SERVERLESS and capacity is not None:
        return serverless_connections(settings.engine, capacity.min, capacity.max)
    return max_connections(settings.engine, memory_gib(instance_class))
