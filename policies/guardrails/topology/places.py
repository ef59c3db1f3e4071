"""Where a resource stands in the network: its subnets, its groups, its port, its addresses."""

from collections.abc import Mapping
from typing import Final

from .. import aws
from ..evidence import Resource, Stack
from ..reachability.model import Interface, MaybeId
from ..tls import cache_speaks_tls, database_speaks_tls
from ..unknown import UNKNOWN, Tri, Unknown, is_unknown
from .references import flag, ids_of

# The ports that listen when none is set: "DBInstance" and "ReplicationGroup", API references.
DEFAULT_PORTS: Final = {
    "postgres": 5432,
    "aurora-postgresql": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "aurora-mysql": 3306,
    "sqlserver": 1433,
    "oracle": 1521,
    "db2": 50000,
}
CACHE_PORT: Final = 6379
DATA: Final = (aws.DB_INSTANCE, aws.DB_CLUSTER, aws.CACHE_GROUP)
APPLICATIONS: Final = (aws.ECS_SERVICE, aws.FUNCTION, aws.INSTANCE)

# Security groups and subnets of what has addresses; a subnet group stands between where named.
_PLACES: Final[Mapping[str, tuple[str, str]]] = {
    aws.DB_INSTANCE: ("vpcSecurityGroupIds", "dbSubnetGroupName"),
    aws.DB_CLUSTER: ("vpcSecurityGroupIds", "dbSubnetGroupName"),
    aws.CACHE_GROUP: ("securityGroupIds", "subnetGroupName"),
    aws.ECS_SERVICE: ("networkConfiguration.securityGroups", "networkConfiguration.subnets"),
    aws.FUNCTION: ("vpcConfig.securityGroupIds", "vpcConfig.subnetIds"),
    aws.INSTANCE: ("vpcSecurityGroupIds", "subnetId"),
    aws.LOAD_BALANCER: ("securityGroups", "subnets"),
}
_SUBNET_GROUPS: Final = {
    "dbSubnetGroupName": aws.DB_SUBNET_GROUP,
    "subnetGroupName": aws.CACHE_SUBNET_GROUP,
}


def groups_of(stack: Stack, resource: Resource) -> tuple[MaybeId, ...] | Unknown:
    """The security groups that a database, cache, service, function or balancer wears."""
    path, _ = _PLACES[resource.type]
    return ids_of(stack, resource, path, aws.SECURITY_GROUP)


def subnets_of(stack: Stack, resource: Resource) -> tuple[MaybeId, ...] | Unknown:
    """The subnets it stands in, itself or by a subnet group."""
    _, path = _PLACES[resource.type]
    group = _SUBNET_GROUPS.get(path)
    if group is None:
        return ids_of(stack, resource, path, aws.SUBNET)
    groups = stack.follow(resource, path, group)
    if len(groups.found) != 1 or groups.complete is not Tri.YES:
        return UNKNOWN
    return ids_of(stack, groups.found[0], "subnetIds", aws.SUBNET)


def port_of(resource: Resource) -> int | Unknown:
    """The port on which a database or cache listens."""
    port = resource["port"]
    if port.is_unknown:
        return UNKNOWN
    number = port.number()
    if number is not None:
        return int(number)
    if resource.type == aws.CACHE_GROUP:
        return CACHE_PORT
    # An edition is part of the name: sqlserver-se, oracle-ee, db2-se.
    name = resource["engine"].text() or ""
    return DEFAULT_PORTS.get(name, DEFAULT_PORTS.get(name.split("-", 1)[0], UNKNOWN))


def interface(stack: Stack, resource: Resource) -> Interface:
    """A data store's or application's own place."""
    encrypted: dict[int, bool | Unknown] = {}
    port = port_of(resource) if resource.type in DATA else UNKNOWN
    if not is_unknown(port):
        speaks = (
            cache_speaks_tls(resource)
            if resource.type == aws.CACHE_GROUP
            else database_speaks_tls(resource, stack)
        )
        encrypted[port] = flag(speaks)
    return Interface(
        resource.urn,
        subnets_of(stack, resource),
        groups_of(stack, resource),
        public=flag(_public(resource)),
        encrypted=encrypted,
    )


def _public(resource: Resource) -> Tri:
    if resource.type == aws.ECS_SERVICE:
        return resource.at("networkConfiguration.assignPublicIp").is_true()
    if resource.type == aws.INSTANCE:
        return resource["associatePublicIpAddress"].is_true()
    return resource["publiclyAccessible"].is_true()
