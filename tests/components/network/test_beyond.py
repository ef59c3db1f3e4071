"""Ways from a network to others: peerings, transit gateways, VPNs, and the routes by them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from components.network.beyond_settings import PeeringSettings, RouteSettings
from testing.oracles.judged import NAMES, judged
from testing.service_cases import service
from tests.components.small_systems import ACCOUNT, NETWORK, REGION, small_system
from tests.planner.edits import edited
from tests.price.test_files_and_runs import amounts, priced
from tests.systems import services as read
from trellis.compare.meaning import words
from trellis.diagram.graph import graph
from trellis.planner.record import Recording
from trellis.planner.text import Page, render
from trellis.reach.matrix import matrix
from trellis.stackfile.problems import StackFileError

ROUTE = "aws:ec2/route:Route"
PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
OPTIONS = "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions"
ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
VPN = "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment"
VPC = "vpc-0aaaaaaaaaaaaaaaa"
TABLE = "rtb-0aaaaaaaaaaaaaaaa"
ASKED = "pcx-0aaaaaaaaaaaaaaaa"
HUB = "tgw-0aaaaaaaaaaaaaaaa"
PRIVATE_GATEWAY = "vgw-0aaaaaaaaaaaaaaaa"
LIST = "pl-0aaaaaaaaaaaaaaaa"

PEERINGS: dict[str, Any] = {
    "data": {"vpc": VPC, "cidr": "10.20.0.0/16", "routeTables": [TABLE], "dns": True},
    "abroad": {
        "vpc": "vpc-0bbbbbbbbbbbbbbbb", "cidr": "10.30.0.0/16", "region": "eu-west-1",
        "routeTables": ["rtb-0bbbbbbbbbbbbbbbb"], "dns": True,
    },
    "partner": {
        "vpc": "vpc-0cccccccccccccccc", "cidr": "10.40.0.0/16", "account": "210987654321",
    },
    "asked": {
        "existing": ASKED, "accept": True, "cidr": "10.50.0.0/16", "tiers": ["private", "public"],
    },
}  # fmt: skip
BEYOND: dict[str, Any] = {
    **NETWORK,
    "peerings": PEERINGS,
    "transitGateways": {"hub": {"id": HUB}},
    "virtualPrivateGateway": PRIVATE_GATEWAY,
    "routes": {
        "offices": {"to": "172.16.0.0/12", "transitGateway": "hub"},
        "tools": {"to": LIST, "transitGateway": "hub"},
        "plant": {"to": "192.168.0.0/16", "virtualPrivateGateway": True},
        "archive": {"to": "10.21.0.0/16", "peering": "data"},
    },
}
USES = [
    {"address": "10.20.1.0/24", "port": 5432},
    {"address": "172.20.0.9", "port": 443},
    {"address": LIST, "port": 8443},
    {"address": "sg-0aaaaaaaaaaaaaaaa", "port": 6379},
]
SYSTEM: dict[str, Any] = {
    "network": BEYOND,
    "services": {"api": service(uses=USES, internet=False), "plain": service(internet=False)},
}


@pytest.fixture(scope="module")
def system() -> Recording:
    return small_system(**SYSTEM)


def test_every_value_is_one_that_the_service_takes(system: Recording):
    wrong = [
        f"{resource.name}: {complaint}"
        for resource in system
        if resource.type.startswith("aws:")
        for complaint in judged(
            resource.type,
            {**{k: resource.outputs[k] for k in NAMES if k in resource.outputs}, **resource.inputs},
        )
    ]
    assert not wrong, "\n".join(wrong)


def routes(system: Recording, key: str) -> dict[str, tuple[Any, Any]]:
    """Routes by their name: where they lead, and by what, of one kind of target."""
    return {
        route.name: (
            route.inputs.get("destinationCidrBlock")
            or route.inputs.get("destinationPrefixListId")
            or route.inputs.get("destinationIpv6CidrBlock"),
            route.inputs[key],
        )
        for route in system.of_type(ROUTE)
        if route.inputs.get(key)
    }


def test_a_network_of_the_same_account_accepts_at_once_and_has_its_route_back(system: Recording):
    connection = system.one(PEERING, "network-data")
    assert connection.inputs["autoAccept"] is True
    assert connection.inputs["vpcId"] == system.one("aws:ec2/vpc:Vpc", "network").id
    assert not {"peerOwnerId", "peerRegion"} & connection.inputs.keys()
    back = system.one(ROUTE, f"network-data-back-{TABLE}").inputs
    assert (back["routeTableId"], back["destinationCidrBlock"]) == (TABLE, "10.0.0.0/16")
    assert back["vpcPeeringConnectionId"] == connection.id
    options = system.one(OPTIONS, "network-data").inputs
    both = {"allowRemoteVpcDnsResolution": True}
    assert (options["requester"], options["accepter"]) == (both, both)


def test_one_of_another_region_is_accepted_and_told_there(system: Recording):
    connection = system.one(PEERING, "network-abroad")
    assert connection.inputs["peerRegion"] == "eu-west-1"
    assert "autoAccept" not in connection.inputs, "AWS takes it within one region only"
    accepter = system.one(ACCEPTER, "network-abroad")
    assert accepter.inputs["region"] == "eu-west-1"
    assert accepter.inputs["vpcPeeringConnectionId"] == connection.id
    own, theirs = (
        system.one(OPTIONS, "network-abroad"),
        system.one(OPTIONS, "network-abroad-accepter"),
    )
    assert (own.inputs.get("region"), theirs.inputs["region"]) == (None, "eu-west-1")
    assert "accepter" not in own.inputs
    assert "requester" not in theirs.inputs
    back = system.one(ROUTE, "network-abroad-back-rtb-0bbbbbbbbbbbbbbbb")
    for waiting in (own, theirs, back, system.one(ROUTE, "network-private-a-peering-abroad")):
        assert accepter.urn in waiting.dependencies, waiting.name


def test_one_of_another_account_is_asked_and_accepted_there_by_its_owner(system: Recording):
    connection = system.one(PEERING, "network-partner").inputs
    assert connection["peerOwnerId"] == "210987654321"
    assert "autoAccept" not in connection
    assert {accepter.name for accepter in system.of_type(ACCEPTER)} == {
        "network-abroad", "network-asked",
    }  # fmt: skip
    assert system.one(ACCEPTER, "network-asked").inputs["autoAccept"] is True


def test_routes_stand_in_the_tables_of_the_tiers_that_they_name_and_in_no_other(system: Recording):
    peered = routes(system, "vpcPeeringConnectionId")
    data = system.one(PEERING, "network-data").id
    assert peered["network-private-a-peering-data"] == ("10.20.0.0/16", data)
    assert peered["network-private-b-route-archive"] == ("10.21.0.0/16", data)
    assert peered["network-public-peering-asked"] == ("10.50.0.0/16", ASKED)
    assert "network-public-peering-data" not in peered
    assert routes(system, "transitGatewayId") == {
        f"network-private-{zone}-route-{name}": (to, HUB)
        for zone in "ab"
        for name, to in (("offices", "172.16.0.0/12"), ("tools", LIST))
    }
    gateways = routes(system, "gatewayId")
    assert gateways["network-private-a-route-plant"] == ("192.168.0.0/16", PRIVATE_GATEWAY)


def test_a_route_waits_for_what_it_leads_by_and_for_the_flow_log(system: Recording):
    hub, vpn = system.one(ATTACHMENT, "network-hub"), system.one(VPN, "network-vpn")
    private = [s.id for s in system.of_type("aws:ec2/subnet:Subnet") if "private" in s.name]
    assert hub.inputs["subnetIds"] == private
    log = system.of_type("aws:ec2/flowLog:FlowLog")[0].urn
    for name, end in (("offices", hub), ("plant", vpn)):
        route = system.one(ROUTE, f"network-private-a-route-{name}")
        assert {end.urn, log} <= set(route.dependencies)


def test_a_security_group_lets_out_to_what_is_used_alone_and_the_plan_says_so(system: Recording):
    group = system.one(read.GROUP, "api").id
    allowed = {
        (rule.inputs.get("cidrIpv4") or rule.inputs.get("prefixListId")
         or rule.inputs.get("referencedSecurityGroupId"), rule.inputs["fromPort"])
        for rule in system.of_type(read.EGRESS)
        if rule.inputs["securityGroupId"] == group
    }  # fmt: skip
    assert {("10.20.1.0/24", 5432), ("172.20.0.9/32", 443), (LIST, 8443)} <= allowed
    text = "\n".join(render(system, Page()))
    (line,) = [
        line
        for line in text.splitlines()
        if "10.20.1.0/24 port 5432" in line and "may call" in line
    ]
    assert "nothing else leaves" in line


def test_reach_and_the_picture_show_the_other_networks_and_the_way_there(system: Recording):
    found = matrix(system)
    ways = {(c.source, c.target, c.port, c.way) for c in found.connections}
    assert ("services.api", "networks.data", "5432", "peering") in ways
    assert ("services.api", "networks.hub", "443", "transit gateway") in ways
    assert ("services.api", "networks.hub", "8443", "transit gateway") in ways
    assert ("services.api", "networks.data", "6379", "peering") in ways, "a group of a peer"
    assert not [c for c in found.connections if c.source == "services.plain" and
                c.target.startswith("networks.")]  # fmt: skip
    assert not [c for c in found.connections if c.target == "networks.vpn"]
    assert ("services.api", "networks.data") in {
        (link.source, link.target) for link in graph(found).links
    }


def test_a_hub_that_leads_everywhere_is_a_way_to_the_internet():
    network = {
        **NETWORK, "nat": "none", "transitGateways": {"hub": {"id": HUB}},
        "routes": {"all": {"to": "0.0.0.0/0", "transitGateway": "hub"}},
    }  # fmt: skip
    address = {"address": "203.0.113.7", "port": 587}
    made = small_system(network=network, services={"api": service(uses=[address])})
    ways = {
        (c.target, c.port, c.way) for c in matrix(made).connections if c.source == "services.api"
    }
    assert ("internet", "443", "transit gateway") in ways
    assert ("networks.hub", "587", "transit gateway") in ways


def test_attachments_cost_by_the_hour_and_what_leaves_by_them(tmp_path: Path):
    network = {
        **NETWORK, "transitGateways": {"hub": {"id": HUB}},
        "routes": {"offices": {"to": "172.16.0.0/12", "transitGateway": "hub"}},
    }  # fmt: skip
    found = amounts(
        priced(tmp_path, network=network, usage={"network": {"transitGatewayGb": 7}}),
        "AmazonVPC/transitGateway",
    )
    assert found == {
        "AmazonVPC/transitGateway/attachmentHour": 730, "AmazonVPC/transitGateway/gb": 7,
    }  # fmt: skip


def changed(**network: Any) -> Mapping[str, Any]:
    before = {"network": BEYOND}
    return edited(before, {"network": {**BEYOND, **network}})


def test_another_target_of_a_route_is_put_in_place_and_another_destination_replaces_it():
    moved = {**BEYOND["routes"], "archive": {"to": "10.22.0.0/16", "peering": "data"}}
    steps = changed(routes=moved)
    assert {name: step.operation for name, step in steps.items()} == {
        f"Route network-private-{zone}-route-archive": "replace" for zone in "ab"
    }
    by_hub = {**BEYOND["routes"], "archive": {"to": "10.21.0.0/16", "transitGateway": "hub"}}
    assert {step.operation for step in changed(routes=by_hub).values()} == {"update"}


def test_another_network_is_another_connection_and_its_routes_follow():
    other = {**PEERINGS, "data": {**PEERINGS["data"], "vpc": "vpc-0dddddddddddddddd"}}
    steps = changed(peerings=other)
    connection = steps["VpcPeeringConnection network-data"]
    assert connection.operation == "replace"
    assert "can't be reached until it accepts" in " ".join(words(connection))
    assert steps["Route network-private-a-peering-data"].operation == "update"


def test_names_that_lead_there_no_more_are_told_to_aws():
    """AWS's provider deletes these options in the state alone, so they stay and say no."""
    off = {**PEERINGS, "data": {**PEERINGS["data"], "dns": False}}
    steps = changed(peerings=off)
    step = steps["PeeringConnectionOptions network-data"]
    assert step.operation == "update"
    assert step.new is not None
    assert step.new.inputs["requester"] == {"allowRemoteVpcDnsResolution": False}
    assert step.new.inputs["accepter"] == {"allowRemoteVpcDnsResolution": False}


def test_what_ends_with_a_connection_is_told():
    kept = {name: one for name, one in PEERINGS.items() if name != "asked"}
    step = changed(peerings=kept)["VpcPeeringConnectionAccepter network-asked"]
    assert words(step) == ("the connection stays as it is, accepted: either owner deletes it",)


def test_a_peering_or_route_under_another_key_is_told_that_its_place_is_taken():
    renamed = {("db" if name == "data" else name): one for name, one in PEERINGS.items()}
    by_new = {**BEYOND["routes"], "archive": {"to": "10.21.0.0/16", "peering": "db"}}
    steps = changed(peerings=renamed, routes=by_new)
    assert "still has" in steps["VpcPeeringConnection network-db"].taken
    other = {("sites" if name == "offices" else name): r for name, r in BEYOND["routes"].items()}
    assert "still has" in changed(routes=other)["Route network-private-a-route-sites"].taken


NOT_TOGETHER: list[tuple[dict[str, Any], str]] = [
    ({"cidr": "10.20.0.0/16"}, "either `vpc` or `existing`"),
    ({"vpc": VPC, "existing": ASKED, "cidr": "10.20.0.0/16"}, "either `vpc` or `existing`"),
    ({"vpc": VPC, "accept": True, "cidr": "10.20.0.0/16"}, "`accept` together with `existing`"),
    ({"existing": ASKED, "region": "eu-west-1", "cidr": "10.20.0.0/16"}, "`region` together"),
    ({"vpc": VPC, "account": "210987654321", "dns": True, "cidr": "10.20.0.0/16"}, "`dns` without"),
    ({"vpc": VPC, "account": "210987654321", "routeTables": [TABLE], "cidr": "10.20.0.0/16"},
     "`routeTables` without"),
    ({"vpc": VPC, "cidr": "10.20.0.1/16"}, "host bits"),
    ({"vpc": VPC, "cidr": "10.20.0.0/16", "tiers": []}, "tiers"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "message"), NOT_TOGETHER, ids=[message for _, message in NOT_TOGETHER]
)
def test_a_peering_says_one_end_and_nothing_that_another_decides(
    given: dict[str, Any], message: str
):
    with pytest.raises(ValidationError, match=message):
        PeeringSettings(**given)


NO_ROUTES: list[tuple[dict[str, Any], str]] = [
    ({"to": "172.16.0.0/12"}, "exactly one of"),
    ({"to": "172.16.0.0/12", "peering": "data", "transitGateway": "hub"}, "exactly one of"),
    ({"to": "172.16.0.1/12", "peering": "data"}, "without host bits"),
    ({"to": "172.16.0.1", "peering": "data"}, "a block"),
    ({"to": "0.0.0.0/0", "peering": "data"}, "to a `transitGateway` only"),
    ({"to": "::/0", "transitGateway": "hub"}, "blocks in `to`"),
]


@pytest.mark.parametrize(("given", "message"), NO_ROUTES)
def test_a_route_leads_to_a_block_by_one_way(given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        RouteSettings(**given)


def network(**parts: Any) -> dict[str, Any]:
    return {"network": {**NETWORK, **parts}}


def peer(**more: Any) -> dict[str, Any]:
    return {"peerings": {"data": {"vpc": VPC, "cidr": "10.20.0.0/16", **more}}}


def by_hub(**route: Any) -> dict[str, Any]:
    return {
        "transitGateways": {"hub": {"id": HUB}},
        "routes": {"all": {"transitGateway": "hub", **route}},
    }


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (network(**peer(cidr="10.0.128.0/17")), "network.peerings.data.cidr", "overlaps"),
    (network(**peer(cidr="172.16.0.0/12")), "network.peerings.data.cidr", "/16 to /28"),
    (network(**peer(account=ACCOUNT)), "network.peerings.data.account", "the stack's own"),
    (network(**peer(region=REGION)), "network.peerings.data.region", "the stack's own"),
    (network(**peer(tiers=["isolated"])), "network.peerings.data.tiers", "isolated"),
    (network(transitGateways={"hub": {"id": HUB}}), "network.transitGateways.hub", "no route"),
    (network(transitGateways={"hub": {"id": HUB, "tier": "isolated"}},
             routes={"all": {"to": "172.16.0.0/12", "transitGateway": "hub"}}),
     "network.transitGateways.hub.tier", "isolated"),
    (network(virtualPrivateGateway=PRIVATE_GATEWAY), "network.virtualPrivateGateway", "no route"),
    (network(routes={"a": {"to": "172.16.0.0/12", "peering": "dat"}}),
     "network.routes.a.peering", "dat"),
    (network(routes={"a": {"to": "172.16.0.0/12", "transitGateway": "hub"}}),
     "network.routes.a.transitGateway", "hub"),
    (network(routes={"a": {"to": "172.16.0.0/12", "virtualPrivateGateway": True}}),
     "network.routes.a.virtualPrivateGateway", "has not"),
    (network(**by_hub(to="10.0.64.0/18")), "network.routes.all.to", "inside of the network's own"),
    (network(**by_hub(to="2001:db8::/32")), "network.routes.all.to", "without IPv6"),
    (network(**by_hub(to="0.0.0.0/0")), "network.routes.all.tiers", "NAT gateway"),
    (network(**by_hub(to="0.0.0.0/0", tiers=["public"])),
     "network.routes.all.tiers", "internet gateway"),
    (network(**peer(), routes={"a": {"to": "10.20.0.0/16", "peering": "data"}}),
     "network.routes.a.to", "leads already"),
    ({**network(**peer()),
      "services": {"api": service(uses=[{"address": "10.21.0.1", "port": 5432}])}},
     "services.api.uses.0.address", "no route from private subnets"),
    ({**network(**peer(tiers=["public"])),
      "services": {"api": service(uses=[{"address": "10.20.0.1", "port": 5432}])}},
     "services.api.uses.0.address", "no route from private subnets"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "path", "message"),
    REFUSED,
    ids=[f"{path}-{n}" for n, (_, path, _) in enumerate(REFUSED)],
)
def test_what_cannot_work_is_refused_where_it_stands(
    parts: dict[str, Any], path: str, message: str
):
    with pytest.raises(StackFileError) as caught:
        small_system(**parts)
    problems = {".".join(map(str, one.path)): str(one) for one in caught.value.problems}
    assert message in problems.get(path, str(problems))
    assert path in problems


def test_a_name_of_another_network_is_reached_by_its_peering_alone():
    uses = [{"address": "db.example.internal", "port": 5432}]
    closed = {**NETWORK, "nat": "none"}
    made = small_system(network={**closed, **peer()}, services={"api": service(uses=uses)})
    ways = {(c.target, c.port) for c in matrix(made).connections if c.source == "services.api"}
    assert ("networks.data", "5432") in ways
    with pytest.raises(StackFileError, match="no way to the internet"):
        small_system(network=closed, services={"api": service(uses=uses)})


@pytest.mark.parametrize("address", ["203.0.113.7", "192.0.2.0/24", "10.0.7.0/24"])
def test_public_and_own_addresses_need_no_route(address: str):
    uses = [{"address": address, "port": 5432}]
    assert small_system(network=NETWORK, services={"api": service(uses=uses)})


def test_a_network_that_somebody_else_made_has_its_routes_from_them():
    with pytest.raises(StackFileError) as caught:
        small_system(network={"existing": {"vpcId": VPC}, **peer()})
    assert "network.peerings" in str(caught.value)


def test_another_tier_of_a_transit_gateway_is_told_to_break_connections():
    def attached(tier: str, zones: int = 2) -> dict[str, Any]:
        tiers = {"public": {}, "private": {}, "isolated": {}}
        hub = {"hub": {"id": HUB, "tier": tier}}
        routes = {"offices": {"to": "172.16.0.0/12", "transitGateway": "hub"}}
        network = {"subnets": tiers, "zones": zones, "transitGateways": hub, "routes": routes}
        return {"network": {**NETWORK, **network}}

    moved = edited(attached("private"), attached("isolated"))["VpcAttachment network-hub"]
    assert "connections through it may break" in " ".join(words(moved))
    wider = edited(attached("private"), attached("private", 3))["VpcAttachment network-hub"]
    assert words(wider) == ()
