"""Random small networks, and the same network with one of its values made unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from random import Random

from policies.guardrails.reachability.model import (
    AclRule,
    Gateway,
    GroupRule,
    Interface,
    Listener,
    LoadBalancer,
    Network,
    NetworkAcl,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Target,
    Vpc,
)
from policies.guardrails.unknown import UNKNOWN

PORTS = (22, 443, 5432)
_WORLD = ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/2", "198.51.100.0/24", "::/0")
_RANGES = ((0, 65535), (1024, 65535), (1024, 32767), (32768, 65535), (443, 443), (0, 1023))


def random_network(random: Random) -> Network:
    vpcs = {
        f"vpc{i}": Vpc(f"vpc{i}", (f"10.{i}.0.0/16", f"2600:1f00:{i}::/48"))
        for i in range(random.choice((1, 1, 2)))
    }
    inner = [f"10.{i}.0.0/16" for i in range(len(vpcs))]
    blocks = [f"10.{i}.{j}.0/30" for i in range(len(vpcs)) for j in range(2)]

    def cidr() -> str:
        return random.choice([*_WORLD, *inner, *blocks])

    groups = {
        f"sg{i}": SecurityGroup(f"sg{i}", _group_rules(random, cidr), _group_rules(random, cidr))
        for i in range(3)
    }
    acls = {
        f"acl{i}": NetworkAcl(f"acl{i}", _acl_rules(random, cidr), _acl_rules(random, cidr))
        for i in range(2)
    }
    tables = {f"rt{i}": RouteTable(f"rt{i}", _routes(random, cidr)) for i in range(3)}
    subnets = {
        f"net{i}{j}": Subnet(
            f"net{i}{j}",
            f"vpc{i}",
            (f"10.{i}.{j}.0/30", f"2600:1f00:{i}:{j}::/126"),
            random.choice([*tables, None]),
            random.choice([*acls, None, None]),
        )
        for i in range(len(vpcs))
        for j in range(2)
    }
    interfaces = {f"if{i}": _interface(random, f"if{i}", subnets) for i in range(3)}
    names = [*interfaces, "lb0", "lb1"]
    balancers = {
        name: LoadBalancer(
            name,
            tuple(random.sample(sorted(subnets), random.choice((1, 2)))),
            random.choice((None, ("sg0",), ("sg1", "sg2"))),
            random.random() < 0.6,
            tuple(
                Listener(
                    random.choice(PORTS),
                    random.choice(("HTTPS", "HTTP", "TCP", "UDP")),
                    tuple(
                        Target(random.choice(names), random.choice(PORTS), "HTTP")
                        for _ in range(random.choice((1, 2)))
                    ),
                )
                for _ in range(random.choice((1, 2)))
            ),
            ipv6=random.random() < 0.3,
            keeps_client=random.random() < 0.3,
        )
        for name in ("lb0", "lb1")
    }
    return Network(
        vpcs,
        subnets,
        tables,
        groups,
        interfaces,
        acls,
        balancers,
        nats={"nat0": random.choice(sorted(subnets))},
        peerings={"pcx0": ("vpc0", random.choice(("vpc1", "vpc9")))},
        transit_gateways={"tgw0": ("vpc0", "vpc1")},
        prefix_lists={"pl0": ("198.51.100.0/24", "10.0.0.0/30")},
    )


def _group_rules(random: Random, cidr) -> tuple[GroupRule, ...]:
    return tuple(
        GroupRule(
            random.choice(("tcp", "tcp", "udp", "-1")),
            random.choice((None, *_RANGES)),
            tuple(cidr() for _ in range(random.choice((0, 1, 2)))),
            random.choice(((), (), ("sg0",), ("sg1",))),
            random.choice(((), (), ("pl0",))),
        )
        for _ in range(random.choice((0, 1, 2)))
    )


def _acl_rules(random: Random, cidr) -> tuple[AclRule, ...]:
    return tuple(
        AclRule(
            100 * (i + 1),
            random.random() < 0.75,
            cidr(),
            random.choice(("tcp", "-1", "-1")),
            random.choice((None, *_RANGES)),
        )
        for i in range(random.choice((1, 2, 3)))
    )


def _routes(random: Random, cidr) -> tuple[Route, ...]:
    targets = {
        Gateway.INTERNET: "igw0",
        Gateway.NAT: "nat0",
        Gateway.PEERING: "pcx0",
        Gateway.TRANSIT: "tgw0",
        Gateway.EGRESS_ONLY: "eigw0",
    }
    found: dict[str, Route] = {}
    for _ in range(random.choice((1, 2, 3))):
        gateway = random.choice([*targets, Gateway.INTERNET])
        destination = cidr()
        # AWS refuses two routes for one block.
        found.setdefault(destination, Route(destination, gateway, targets[gateway]))
    return tuple(found.values())


def _interface(random: Random, name: str, subnets: Mapping[str, Subnet]) -> Interface:
    return Interface(
        name,
        tuple(random.sample(sorted(subnets), random.choice((1, 1, 2)))),
        random.choice((None, ("sg0",), ("sg1",), ("sg0", "sg2"))),
        public=random.random() < 0.5,
        ipv6=random.random() < 0.3,
        addresses=random.choice((None, ("10.0.0.1",), ("10.0.1.2", "10.1.0.1"))),
    )


# Names of things are how they are joined: not values that a deployment would make known.
_KEPT = frozenset({"id", "vpc", "encrypted"})
# Tuples that are known to have these many members, whatever those are.
_FIXED = frozenset({"peerings", "transit_gateways"})
# Tuples of which not even the number of members may be known.
_WHOLE = frozenset(
    {(NetworkAcl, "ingress"), (NetworkAcl, "egress"), (SecurityGroup, "ingress")}
    | {(SecurityGroup, "egress"), (Interface, "subnets"), (Interface, "groups")}
    | {(LoadBalancer, "subnets"), (LoadBalancer, "groups"), (LoadBalancer, "listeners")}
    | {(Listener, "targets"), (GroupRule, "ports"), (AclRule, "ports")}
)
Path = tuple[object, ...]


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """The path of every value that may be unknown, at any depth."""
    if isinstance(value, Mapping):
        for key, element in value.items():
            yield from places(element, (*path, key))
    elif isinstance(value, tuple):
        if path[0] not in _FIXED:
            yield path
        if path[-1] != "ports":
            for index, element in enumerate(value):
                yield from places(element, (*path, index))
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in _KEPT:
                yield from places(getattr(value, field.name), (*path, field.name))
        if isinstance(value, Route | GroupRule):
            yield path
    elif value is not None:
        yield path


def with_unknown(value: object, path: Path) -> object:
    """The value with what stands at the path made unknown."""
    key, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        inner = value[key]
    else:
        inner = value[key] if isinstance(value, tuple) else getattr(value, key)
    if rest:
        made = with_unknown(inner, rest)
    elif isinstance(inner, tuple) and (type(value), key) not in _WHOLE:
        made = (UNKNOWN,)
    else:
        made = UNKNOWN
    if isinstance(value, Mapping):
        return {**value, key: made}
    if isinstance(value, tuple):
        return (*value[:key], made, *value[key + 1 :])
    return replace(value, **{key: made})
