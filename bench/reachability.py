"""Does reachability agree with single packets, and how fast does it judge many resources?

1,000 random networks against the tests' independent packet-level evaluator, 20 questions each;
six single values of each made unknown, which may turn an answer into an unknown and no other.
The same for 1,000 written as resources (network ACLs, groups and routes in all their shapes), once
deployed and as a preview sees them. Then 1,000 and 10,000 resources judged from the internet, as a
ratio of their times.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
from typing import Any

from policies.guardrails.evidence import Stack
from policies.guardrails.reachability.model import (
    Gateway,
    GroupRule,
    Interface,
    Network,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Vpc,
)
from policies.guardrails.reachability.paths import INTERNET, Reachability
from policies.guardrails.topology.network import network as reachability
from policies.guardrails.unknown import Tri

SEED = 20261121
NETWORKS = 1_000
QUESTIONS = 20
UNKNOWNS = 6
PORTS = (22, 443, 5432)
SECONDS_FOR_1000 = 0.3
LARGEST_RATIO = 15.0
"""Ten times the resources may take this many times as long."""


def main() -> int:
    """Print the agreement and the times; 1 when a figure is missed."""
    return int(disagreements() > 0) | int(misread() > 0) | int(too_slow())


def disagreements() -> int:
    """How many answers differ from the packets', or turn into their opposite when unsure."""
    generate: Any = importlib.import_module("tests.policies.reachability.random_networks")
    evaluate: Any = importlib.import_module("tests.policies.reachability.packets")
    asked = reached = wrong = unsure = opposite = 0
    for number in range(NETWORKS):
        dice = random.Random(SEED + number)
        network: Network = generate.random_network(dice)
        packets, paths = evaluate.Packets(network), Reachability(network)
        chosen = dice.sample(_questions(network), QUESTIONS)
        for question in chosen:
            expected = bool(packets.reachable(*question))
            asked, reached = asked + 1, reached + expected
            wrong += paths.reachable(*question).verdict is not Tri.of(expected)
        for place in dice.sample(list(generate.places(network)), UNKNOWNS):
            partly = Reachability(generate.with_unknown(network, place))
            for question in chosen[:UNKNOWNS]:
                before = paths.reachable(*question).verdict
                after = partly.reachable(*question).verdict
                unsure += after is not before
                opposite += after not in (before, Tri.UNKNOWN)
    print(f"   {NETWORKS} networks, {asked} questions, {reached} reachable: {wrong} wrong")
    print(f"   {unsure} answers became unknown with one value, {opposite} became the opposite")
    return wrong + opposite


def misread() -> int:
    """How many answers from resources differ from the packets'; at preview some are unknown."""
    folder = "tests.policies.reachability"
    generate: Any = importlib.import_module(f"{folder}.random_networks")
    evaluate: Any = importlib.import_module(f"{folder}.packets")
    write: Any = importlib.import_module(f"{folder}.as_resources")
    asked = reached = wrong = unsure = behind_acls = 0
    for number in range(NETWORKS):
        dice = random.Random(SEED + number)
        network: Network = write.expressible(generate.random_network(dice))
        behind_acls += any(subnet.acl for subnet in network.subnets.values())
        packets = evaluate.Packets(network)
        chosen = dice.sample(_questions(network), QUESTIONS)
        for deployed in (True, False):
            written = write.Written(network, dice, deployed=deployed)
            paths = reachability(Stack(written.facts))
            for source, target, port, protocol in chosen:
                start, end = (
                    one if one == INTERNET else str(written.urn(one)) for one in (source, target)
                )
                expected = Tri.of(packets.reachable(source, target, port, protocol))
                found = paths.reachable(start, end, port, protocol).verdict
                asked, reached = asked + 1, reached + (expected is Tri.YES)
                unknown = not deployed and found is Tri.UNKNOWN
                wrong += found is not expected and not unknown
                unsure += unknown
    print(f"   {NETWORKS} as resources ({behind_acls} with network ACLs), {asked} questions,")
    print(f"   {reached} reachable: {wrong} wrong, {unsure} unknown at preview")
    return wrong


def _questions(network: Network) -> list[tuple[str, str, int, str]]:
    ids = [*network.interfaces, *network.load_balancers]
    return [
        (source, target, port, protocol)
        for source in (INTERNET, *ids)
        for target in (INTERNET, *ids)
        if source != target
        for port, protocol in (*((port, "tcp") for port in PORTS), (443, "udp"))
    ]


def too_slow() -> bool:
    """Whether 1,000 resources take too long, or 10,000 more than their share."""
    small, large = _seconds(1_000), _seconds(10_000)
    print(f"   1,000 resources: {small:.3f} s; 10,000: {large / small:.1f} times that")
    return small > SECONDS_FOR_1000 or large / small > LARGEST_RATIO


def _seconds(count: int) -> float:
    sources = ("0.0.0.0/0", "198.51.100.0/24", "10.0.0.0/16", "0.0.0.0/1")
    network = Network(
        vpcs={"vpc": Vpc("vpc", ("10.0.0.0/16",))},
        subnets={
            name: Subnet(name, "vpc", (f"10.0.{place}.0/24",), "table")
            for place, name in enumerate("abc")
        },
        route_tables={"table": RouteTable("table", (Route("0.0.0.0/0", Gateway.INTERNET),))},
        groups={
            f"group{i}": SecurityGroup(
                f"group{i}", (GroupRule("tcp", (443, 443), (sources[i % 4],)),), ()
            )
            for i in range(count)
        },
        interfaces={
            f"host{i}": Interface(f"host{i}", ("a", "b", "c"), (f"group{i}",), public=True)
            for i in range(count)
        },
    )
    started = time.process_time()
    paths = Reachability(network)
    for name in network.interfaces:
        paths.reachable(INTERNET, name, 443)
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
