"""Random networks written as resources: what the pack reads from them answers as the packets do."""

from __future__ import annotations

from random import Random

import pytest
from as_resources import Written, expressible
from packets import Packets
from random_networks import PORTS, random_network

from policies.guardrails.evidence import Stack
from policies.guardrails.reachability.paths import INTERNET
from policies.guardrails.topology.network import model, network
from policies.guardrails.unknown import Tri


def answers(seed, *, deployed):
    """Pairs of the packets' answer and the pack's, for some questions about one network."""
    random = Random(seed)
    plain = expressible(random_network(random))
    written = Written(plain, random, deployed=deployed)
    stack = Stack(written.facts)
    packets, asked = Packets(plain), network(stack)
    ids = [*plain.interfaces, *plain.load_balancers]
    questions = [
        (source, target, port)
        for source in (INTERNET, *ids)
        for target in (INTERNET, *ids)
        if source != target
        for port in PORTS
    ]
    for source, target, port in random.sample(questions, 12):
        names = [one if one == INTERNET else written.urn(one) for one in (source, target)]
        expected = Tri.of(packets.reachable(source, target, port))
        yield expected, asked.reachable(*names, port).verdict, (seed, source, target, port)


@pytest.mark.parametrize("batch", range(3))
def test_deployed_resources_answer_as_the_packets_do(batch):
    reached = 0
    for seed in range(batch * 25, batch * 25 + 25):
        for expected, found, question in answers(seed, deployed=True):
            assert found is expected, question
            reached += found is Tri.YES
    assert reached > 5


def test_before_ids_are_known_an_answer_is_the_same_or_unknown_and_mostly_the_same():
    same = unknown = 0
    for seed in range(40):
        for expected, found, question in answers(seed, deployed=False):
            assert found in (expected, Tri.UNKNOWN), question
            same, unknown = same + (found is expected), unknown + (found is Tri.UNKNOWN)
    assert same > 3 * unknown


def test_every_shape_of_a_network_acl_is_read():
    kinds = set()
    for seed in range(40):
        random = Random(seed)
        plain = expressible(random_network(random))
        written = Written(plain, random, deployed=True)
        kinds |= {one.type.rsplit(":", 1)[-1] for one in written.facts}
        assert set(model(Stack(written.facts)).acls) == {written.urn(acl) for acl in plain.acls}
    assert {"NetworkAcl", "NetworkAclRule", "NetworkAclAssociation", "DefaultNetworkAcl"} <= kinds
