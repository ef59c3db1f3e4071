"""What reachability says at the edges: an unknown value, an absent one, the second of two ways."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.guardrails.reachability.cidrs import INTERNET as PUBLIC
from policies.guardrails.reachability.cidrs import block
from policies.guardrails.reachability.model import (
    AclRule,
    Gateway,
    GatewayEndpoint,
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
from policies.guardrails.reachability.paths import INTERNET, Reachability
from policies.guardrails.unknown import UNKNOWN, Tri

ANY_PORT = (0, 65_535)


def leaving(*routes: Route | object, subnets: tuple[str, ...] = ("here",), **changes: object):
    """A network of two subnets with a host in the given ones; `here` has these routes."""
    everything = GroupRule("tcp", ANY_PORT, ("0.0.0.0/0", "::/0"))
    network = Network(
        vpcs={"vpc": Vpc("vpc", ("10.0.0.0/16",))},
        subnets={
            "here": Subnet("here", "vpc", ("10.0.1.0/24",), "here"),
            "out": Subnet("out", "vpc", ("10.0.2.0/24",), "out"),
        },
        route_tables={
            "here": RouteTable("here", routes),
            "out": RouteTable("out", (Route("0.0.0.0/0", Gateway.INTERNET, "igw"),)),
        },
        groups={"all": SecurityGroup("all", (everything,), (everything,))},
        interfaces={"host": Interface("host", subnets, ("all",), public=False)},
        nats={"nat": "out"},
    )
    return replace(network, **changes)


def way_out(network: Network, port: int = 443):
    return Reachability(network).reachable("host", INTERNET, port)


BY_NAT = Route("0.0.0.0/0", Gateway.NAT, "nat")


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ((BY_NAT,), Tri.YES),
        ((), Tri.NO),
        ((Route("0.0.0.0/0", UNKNOWN, None),), Tri.UNKNOWN),
        ((Route("0.0.0.0/0", Gateway.NAT, None),), Tri.UNKNOWN),
        ((Route("0.0.0.0/0", Gateway.NAT, UNKNOWN),), Tri.UNKNOWN),
        ((Route("0.0.0.0/0", Gateway.NAT, "of another stack"),), Tri.UNKNOWN),
        ((Route("0.0.0.0/0", Gateway.OTHER, None),), Tri.NO),
        ((Route("0.0.0.0/0", Gateway.INTERNET, "igw"),), Tri.NO),
        ((UNKNOWN,), Tri.UNKNOWN),
    ],
)
def test_who_has_no_public_address_leaves_by_a_nat_gateway_alone(routes, expected):
    assert way_out(leaving(*routes)).verdict is expected


def test_the_egress_only_gateway_takes_those_with_an_ipv6_address():
    network = leaving(Route("::/0", Gateway.EGRESS_ONLY, "eigw"))
    assert way_out(network).verdict is Tri.NO
    host = replace(network.interfaces["host"], ipv6=True)
    with_ipv6 = replace(network, interfaces={"host": host})
    answer = way_out(with_ipv6)
    assert answer.verdict is Tri.YES
    assert answer.hops[0].through == "through the egress-only gateway"


def test_of_an_unsure_and_a_sure_way_out_the_sure_one_is_told():
    for subnets in (("unseen", "here"), ("here", "unseen")):
        answer = way_out(leaving(BY_NAT, subnets=subnets))
        assert answer.verdict is Tri.YES
        assert answer.hops[0].through == "through the NAT gateway nat"
    unsure = way_out(leaving(subnets=("unseen", "here")))
    assert unsure.verdict is Tri.UNKNOWN
    assert unsure.hops[0].through == "by an unknown subnet"


def test_of_two_unsure_ways_out_the_first_is_told():
    answer = way_out(leaving(UNKNOWN, subnets=("unseen", "here")))
    assert answer.verdict is Tri.UNKNOWN
    assert answer.hops[0].through == "by an unknown subnet"


def test_plain_http_leaves_unencrypted_and_of_the_rest_nothing_is_known():
    network = leaving(BY_NAT)
    assert way_out(network, 80).hops[0].encrypted is Tri.NO
    assert way_out(network, 443).hops[0].encrypted is Tri.UNKNOWN


@pytest.mark.parametrize(
    ("egress", "ingress", "expected"),
    [
        (ANY_PORT, (1024, 65_535), Tri.YES),
        ((80, 80), (1024, 65_535), Tri.NO),
        (ANY_PORT, (443, 443), Tri.NO),
        (UNKNOWN, (1024, 65_535), Tri.UNKNOWN),
    ],
)
def test_a_network_acl_lets_out_and_the_answer_in(egress, ingress, expected):
    def of(ports):
        return (AclRule(100, True, "0.0.0.0/0", "tcp", ports),)

    network = leaving(BY_NAT, acls={"acl": NetworkAcl("acl", of(ingress), of(egress))})
    here = replace(network.subnets["here"], acl="acl")
    network = replace(network, subnets={**network.subnets, "here": here})
    assert way_out(network).verdict is expected


def test_the_nat_gateway_s_own_subnet_has_to_let_it_out():
    blocked = {"acl": NetworkAcl("acl", (), ())}
    network = leaving(BY_NAT, acls=blocked)
    out = replace(network.subnets["out"], acl="acl")
    assert way_out(replace(network, subnets={**network.subnets, "out": out})).verdict is Tri.NO
    assert way_out(leaving(BY_NAT, nats={"nat": UNKNOWN})).verdict is Tri.UNKNOWN
    assert way_out(leaving(BY_NAT, nats={"nat": "unseen"})).verdict is Tri.UNKNOWN


def two_networks(route: Route, **changes: object) -> Network:
    """A host in each of two networks: the first has this route, the second one back."""
    network = leaving(route)
    there = Subnet("there", "other", ("10.1.1.0/24",), "there")
    back = Route("10.0.0.0/16", Gateway.PEERING, "pcx")
    return replace(
        network,
        vpcs={**network.vpcs, "other": Vpc("other", ("10.1.0.0/16",))},
        subnets={**network.subnets, "there": there},
        route_tables={**network.route_tables, "there": RouteTable("there", (back,))},
        interfaces={**network.interfaces, "far": Interface("far", ("there",), ("all",))},
        peerings={"pcx": ("vpc", "other")},
        **changes,
    )


@pytest.mark.parametrize(
    ("gateway", "target", "expected"),
    [
        (Gateway.PEERING, "pcx", Tri.YES),
        (Gateway.PEERING, None, Tri.UNKNOWN),
        (Gateway.PEERING, UNKNOWN, Tri.UNKNOWN),
        (Gateway.PEERING, "unseen", Tri.UNKNOWN),
        (UNKNOWN, "pcx", Tri.UNKNOWN),
        (Gateway.OTHER, "pcx", Tri.NO),
        (Gateway.TRANSIT, "unseen", Tri.UNKNOWN),
    ],
)
def test_a_route_to_another_network_leads_there_as_far_as_is_known(gateway, target, expected):
    network = two_networks(Route("10.1.0.0/16", gateway, target))
    assert Reachability(network).reachable("host", "far", 5432).verdict is expected


def test_a_peering_of_other_networks_leads_nowhere():
    network = two_networks(Route("10.1.0.0/16", Gateway.PEERING, "pcx"))
    elsewhere = replace(network, peerings={"pcx": ("vpc", "third")})
    assert Reachability(elsewhere).reachable("host", "far", 5432).verdict is Tri.NO


@pytest.mark.parametrize(
    ("cidr", "public"),
    [
        ("8.8.8.0/24", True),
        ("2600::/32", True),
        ("203.0.113.0/24", True),
        ("10.0.0.0/8", False),
        ("169.254.0.0/16", False),
        ("fd00::/8", False),
    ],
)
def test_the_internet_is_every_public_address(cidr, public):
    assert bool(block(cidr) & PUBLIC) is public
    assert bool(block(cidr) - PUBLIC) is not public


def test_a_source_that_the_network_does_not_hold_is_an_error():
    with pytest.raises(KeyError):
        Reachability(leaving(BY_NAT)).reachable("nobody", "host", 443)


BY_ENDPOINT = Route("pl-s3", Gateway.ENDPOINT, "s3")
ENDPOINTS = {"s3": GatewayEndpoint("s3", "pl-s3")}


def to_endpoint(network: Network, port: int = 443):
    return Reachability(replace(network, endpoints=ENDPOINTS)).reachable("host", "s3", port)


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ((BY_ENDPOINT,), Tri.YES),
        ((), Tri.NO),
        ((UNKNOWN,), Tri.UNKNOWN),
        ((Route("pl-s3", UNKNOWN, "s3"),), Tri.UNKNOWN),
        ((Route("pl-s3", Gateway.ENDPOINT, UNKNOWN),), Tri.UNKNOWN),
        ((Route("pl-s3", Gateway.ENDPOINT, "other"),), Tri.NO),
        ((Route("pl-s3", Gateway.NAT, "s3"),), Tri.NO),
    ],
)
def test_a_gateway_endpoint_is_reached_by_a_route_to_it(routes, expected):
    assert to_endpoint(leaving(*routes)).verdict is expected


def test_a_subnet_without_a_table_of_its_own_has_the_main_one():
    network = leaving(BY_ENDPOINT)
    bare = {**network.subnets, "here": replace(network.subnets["here"], route_table=None)}
    network = replace(network, subnets=bare)
    assert to_endpoint(network).verdict is Tri.NO
    assert to_endpoint(replace(network, vpcs={})).verdict is Tri.UNKNOWN
    main = {"vpc": replace(network.vpcs["vpc"], main_route_table="here")}
    assert to_endpoint(replace(network, vpcs=main)).verdict is Tri.YES
    unseen = {"vpc": replace(network.vpcs["vpc"], main_route_table=UNKNOWN)}
    assert to_endpoint(replace(network, vpcs=unseen)).verdict is Tri.UNKNOWN


def test_an_endpoint_speaks_tls_on_its_own_port_alone():
    network = leaving(BY_ENDPOINT)
    assert to_endpoint(network, 443).hops[0].encrypted is Tri.YES
    assert to_endpoint(network, 80).hops[0].encrypted is Tri.NO


def behind(
    *, named: tuple[str, ...] = (), client: tuple[str, ...] = (), subnet: str | None = "here"
):
    """A host behind a balancer that keeps the client's address; its group names these groups."""
    network = leaving(BY_NAT)
    group = SecurityGroup("web", (GroupRule("tcp", (80, 80), (), (*named, *client)),), ())
    open_group = GroupRule("tcp", ANY_PORT, ("0.0.0.0/0",))
    front = LoadBalancer(
        "nlb", ("out",), ("nlb",), False,
        (Listener(80, "TCP", (Target("web", 80, "TCP"),)),), keeps_client=True,
    )  # fmt: skip
    return replace(
        network,
        groups={
            **network.groups,
            "web": group,
            "nlb": SecurityGroup("nlb", (open_group,), (open_group,)),
        },
        interfaces={
            **network.interfaces,
            "web": Interface("web", () if subnet is None else (subnet,), ("web",)),
        },
        load_balancers={"nlb": front},
    )


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (behind(), Tri.NO),
        (behind(named=("nlb",)), Tri.YES),
        (behind(client=("all",)), Tri.YES),
        (behind(client=("other",)), Tri.NO),
        (behind(named=("nlb",), subnet="unseen"), Tri.UNKNOWN),
        (behind(subnet="unseen"), Tri.NO),
    ],
)
def test_behind_a_balancer_that_keeps_addresses_either_group_may_be_named(network, expected):
    assert Reachability(network).reachable("host", "web", 80).verdict is expected


@pytest.mark.parametrize(
    ("stated", "port", "expected"),
    [
        ({}, 80, Tri.NO),
        ({}, 5432, Tri.UNKNOWN),
        ({80: True}, 80, Tri.YES),
        ({5432: False}, 5432, Tri.NO),
    ],
)
def test_what_listens_says_whether_it_is_encrypted_and_http_is_not(stated, port, expected):
    network = leaving(BY_NAT)
    far = Interface("far", ("out",), ("all",), encrypted=stated)
    network = replace(network, interfaces={**network.interfaces, "far": far})
    assert Reachability(network).reachable("host", "far", port).hops[0].encrypted is expected
