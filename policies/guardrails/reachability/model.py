"""A network as plain values: what reachability is decided on. Any value may be UNKNOWN.

Ids are whatever the caller uses to join (Pulumi URNs before deployment, AWS ids after it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from ..unknown import Unknown

Id = str
MaybeId = str | Unknown
Protocol = str  # "tcp", "udp", or "-1" for all of them

_NO_PORTS: Mapping[int, bool | Unknown] = MappingProxyType({})


class Gateway(Enum):
    """What a route leads to."""

    LOCAL = "local"
    INTERNET = "internet gateway"
    EGRESS_ONLY = "egress-only internet gateway"
    NAT = "NAT gateway"
    TRANSIT = "transit gateway"
    PEERING = "peering connection"
    ENDPOINT = "gateway endpoint"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Vpc:
    """A VPC: its IPv4 and IPv6 blocks, and the main route table (None: only local routes)."""

    id: Id
    cidrs: tuple[str | Unknown, ...]
    main_route_table: MaybeId | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One route. `destination` is a block, a prefix list's id, or UNKNOWN."""

    destination: str | Unknown
    gateway: Gateway | Unknown
    target: MaybeId | None = None


@dataclass(frozen=True, slots=True)
class RouteTable:
    """A route table; the local routes of the VPC are implied."""

    id: Id
    routes: tuple[Route | Unknown, ...]


@dataclass(frozen=True, slots=True)
class AclRule:
    """One rule of a network ACL. `ports` is inclusive; None means all ports."""

    number: int | Unknown
    allow: bool | Unknown
    cidr: str | Unknown
    protocol: Protocol | Unknown = "-1"
    ports: tuple[int, int] | Unknown | None = None


@dataclass(frozen=True, slots=True)
class NetworkAcl:
    """A network ACL: stateless rules, lowest number first, deny if none matches."""

    id: Id
    ingress: tuple[AclRule, ...] | Unknown
    egress: tuple[AclRule, ...] | Unknown


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet. `route_table` None: the VPC's main one. `acl` None: the default, which allows."""

    id: Id
    vpc: Id
    cidrs: tuple[str | Unknown, ...]
    route_table: MaybeId | None = None
    acl: MaybeId | None = None


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One rule of a security group; a peer matches if any block, group or prefix list has it.

    `ports` is inclusive; None means all ports.
    """

    protocol: Protocol | Unknown
    ports: tuple[int, int] | Unknown | None
    cidrs: tuple[str | Unknown, ...] = ()
    groups: tuple[MaybeId, ...] = ()
    prefix_lists: tuple[MaybeId, ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A security group: stateful, allows what any rule allows."""

    id: Id
    ingress: tuple[GroupRule | Unknown, ...] | Unknown
    egress: tuple[GroupRule | Unknown, ...] | Unknown


@dataclass(frozen=True, slots=True)
class Interface:
    """Anything with addresses in subnets: instance, task, database, interface endpoint.

    `groups` None: nothing filters it (a network load balancer without groups). `public` and
    `ipv6` tell whether it has a public IPv4 and an IPv6 address. `addresses` (single addresses)
    None: any of its subnets'. `encrypted` says by port whether what listens there speaks TLS only.
    """

    id: Id
    subnets: tuple[MaybeId, ...] | Unknown
    groups: tuple[MaybeId, ...] | Unknown | None
    public: bool | Unknown = False
    ipv6: bool | Unknown = False
    addresses: tuple[str | Unknown, ...] | None = None
    encrypted: Mapping[int, bool | Unknown] = field(default_factory=lambda: _NO_PORTS)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a listener sends requests: a resource, its port, and HTTP, HTTPS, TCP, TLS or UDP."""

    resource: MaybeId
    port: int | Unknown
    protocol: str | Unknown


@dataclass(frozen=True, slots=True)
class Listener:
    """A listener: its port, its protocol (HTTP, HTTPS, TCP, TLS, UDP), and its targets."""

    port: int | Unknown
    protocol: str | Unknown
    targets: tuple[Target, ...] | Unknown = ()


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """A load balancer. `keeps_client` is true where targets see the client's own address."""

    id: Id
    subnets: tuple[MaybeId, ...] | Unknown
    groups: tuple[MaybeId, ...] | Unknown | None
    internet_facing: bool | Unknown
    listeners: tuple[Listener, ...] | Unknown
    ipv6: bool | Unknown = False
    keeps_client: bool | Unknown = False

    @property
    def interface(self) -> Interface:
        """Its own place in the network."""
        return Interface(self.id, self.subnets, self.groups, self.internet_facing, self.ipv6)


@dataclass(frozen=True, slots=True)
class GatewayEndpoint:
    """A gateway endpoint (S3, DynamoDB), reached by a route, at its service's prefix list."""

    id: Id
    prefix_list: MaybeId


@dataclass(frozen=True)
class Network:
    """Everything that is known of the network, by id.

    A group, table or ACL that is named but not held here is outside the stack, and unknown.
    `nats` gives each NAT gateway's subnet; `peerings` the two VPCs of a connection;
    `transit_gateways` the attached VPCs; `prefix_lists` the blocks of a list.
    """

    vpcs: Mapping[Id, Vpc]
    subnets: Mapping[Id, Subnet]
    route_tables: Mapping[Id, RouteTable]
    groups: Mapping[Id, SecurityGroup]
    interfaces: Mapping[Id, Interface]
    acls: Mapping[Id, NetworkAcl] = field(default_factory=dict[Id, NetworkAcl])
    load_balancers: Mapping[Id, LoadBalancer] = field(default_factory=dict[Id, LoadBalancer])
    endpoints: Mapping[Id, GatewayEndpoint] = field(default_factory=dict[Id, GatewayEndpoint])
    nats: Mapping[Id, MaybeId] = field(default_factory=dict[Id, MaybeId])
    peerings: Mapping[Id, tuple[MaybeId, MaybeId]] = field(
        default_factory=dict[Id, tuple[MaybeId, MaybeId]]
    )
    transit_gateways: Mapping[Id, tuple[MaybeId, ...]] = field(
        default_factory=dict[Id, tuple[MaybeId, ...]]
    )
    prefix_lists: Mapping[Id, tuple[str | Unknown, ...] | Unknown] = field(
        default_factory=dict[Id, "tuple[str | Unknown, ...] | Unknown"]
    )
