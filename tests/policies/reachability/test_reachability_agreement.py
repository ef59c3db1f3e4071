"""Reachability against an independent packet-level evaluator, and with values made unknown."""

from __future__ import annotations

from random import Random

import pytest
from packets import STRANGERS, Packets
from random_networks import PORTS, places, random_network, with_unknown

from policies.guardrails.reachability.cidrs import block
from policies.guardrails.reachability.paths import INTERNET, Reachability
from policies.guardrails.unknown import Tri


def questions(network):
    ids = [*network.interfaces, *network.load_balancers]
    return [
        (source, target, port, protocol)
        for source in (INTERNET, *ids)
        for target in (INTERNET, *ids)
        if source != target
        for port, protocol in (*((port, "tcp") for port in PORTS), (443, "udp"))
    ]


@pytest.mark.parametrize("batch", range(4))
def test_every_answer_is_that_of_the_packets(batch):
    answer = reported = 0
    for seed in range(batch * 25, batch * 25 + 25):
        random = Random(seed)
        network = random_network(random)
        packets, asked = Packets(network), Reachability(network)
        for question in random.sample(questions(network), 15):
            expected = packets.reachable(*question)
            answer, reported = answer + expected, reported + (not expected)
            verdict = asked.reachable(*question).verdict
            assert verdict is (Tri.YES if expected else Tri.NO), (seed, question)
    assert answer > 20
    assert reported > 20


def test_the_public_addresses_that_get_through_are_those_of_the_packets():
    through = 0
    for seed in range(60):
        network = random_network(Random(seed))
        packets, asked = Packets(network), Reachability(network)
        for target in (*network.interfaces, *network.load_balancers):
            sources = asked.reachable(INTERNET, target, 443).sources
            admitted = {one for one in STRANGERS if block(one) & sources}
            assert admitted == packets.strangers(target, 443), (seed, target)
            through += len(admitted)
    assert through > 20


def test_an_unknown_value_never_turns_an_answer_into_its_opposite():
    became_unknown = 0
    for seed in range(60):
        random = Random(seed)
        network = random_network(random)
        known = Reachability(network)
        for path in random.sample(list(places(network)), 8):
            partly = Reachability(with_unknown(network, path))
            for question in random.sample(questions(network), 8):
                before = known.reachable(*question).verdict
                after = partly.reachable(*question).verdict
                assert after in (before, Tri.UNKNOWN), (seed, question, path)
                became_unknown += after is not before
    assert became_unknown > 20


def test_a_path_is_told_exactly_when_there_may_be_one():
    for seed in range(40):
        network = random_network(Random(seed))
        asked = Reachability(network)
        for source, target, port, protocol in questions(network)[::7]:
            answer = asked.reachable(source, target, port, protocol)
            assert bool(answer.hops) is (answer.verdict is not Tri.NO), (seed, source, target)
