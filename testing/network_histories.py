"""Random histories of a network's growth and shrinkage: does a subnet that stays ever move?

In each step zones and tiers come and go, by count, by name, with derived and with given blocks.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from components.contracts import AccountRegion, SubnetTier
from components.naming import Naming
from components.network.addresses import plan_addresses, problems, subnet_name, zone_names
from components.network.settings import DerivedSubnets, Nat, NetworkSettings
from components.network.vpc import Network
from trellis.planner.record import ProgramInput, Recording, record_program

STEPS = 8
REGION = "us-east-1"
LETTERS = "abcdef"
VPC = "10.0.0.0/16"
RESIZED_PREFIX = 25
"""Smaller than every slot of the VPC."""


def random_step(random_: random.Random) -> NetworkSettings:
    """A valid network: any zones, any tiers, derived blocks or the same ones given by hand."""
    letters = sorted(random_.sample(LETTERS, random_.randint(1, 6)))
    zones = tuple(REGION + letter for letter in letters)
    tiers = random_.sample(list(SubnetTier), random_.randint(1, 3))
    both = SubnetTier.PUBLIC in tiers and SubnetTier.PRIVATE in tiers
    return NetworkSettings(
        cidr=VPC,
        zones=len(letters) if tuple(letters) == tuple(LETTERS[: len(letters)]) else zones,
        nat=random_.choice(list(Nat)) if both else Nat.NONE,
        subnets={tier: random_subnets(random_, tier, letters) for tier in tiers},
    )


def random_subnets(
    random_: random.Random, tier: SubnetTier, letters: list[str]
) -> DerivedSubnets | dict[str, str] | tuple[str, ...]:
    """Derived, or the very blocks a person would have typed for these letters."""
    if random_.random() < 0.6:
        return DerivedSubnets()
    derived = NetworkSettings(
        cidr=VPC,
        zones=tuple(REGION + letter for letter in letters),
        nat=Nat.NONE,
        subnets={tier: DerivedSubnets()},
    )
    blocks = {
        zone[-1]: str(block)
        for (_, zone), block in plan_addresses(derived, zone_names(derived, REGION)).items()
    }
    return blocks if random_.random() < 0.5 else tuple(blocks.values())


def history(random_: random.Random) -> Iterator[NetworkSettings]:
    """The states that one network goes through."""
    for _ in range(STEPS):
        yield random_step(random_)


def blocks_of(settings: NetworkSettings) -> dict[str, IPv4Network]:
    """The block of each subnet by its stable name."""
    plan = plan_addresses(settings, zone_names(settings, REGION))
    return {subnet_name(tier, zone): block for (tier, zone), block in plan.items()}


def broken_promises(states: Iterator[NetworkSettings]) -> list[str]:
    """What a history breaks: a moved survivor, an overlap, a block outside the VPC."""
    broken: list[str] = []
    seen: dict[str, IPv4Network] = {}
    for state in states:
        recorded = {name: str(block) for name, block in seen.items()}
        broken += [
            f"{problem.found}: {problem.allowed}" for problem in problems(state, REGION, recorded)
        ]
        blocks = blocks_of(state)
        ordered = sorted(blocks.items(), key=lambda named: named[1].network_address)
        for (one, first), (two, second) in itertools.pairwise(ordered):
            if first.overlaps(second):
                broken.append(f"{one} {first} overlaps {two} {second}")
        for name, block in blocks.items():
            if not block.subnet_of(IPv4Network(state.cidr)):
                broken.append(f"{name} {block} is outside {state.cidr}")
            if seen.setdefault(name, block) != block:
                broken.append(f"{name} moved from {seen[name]} to {block}")
        broken += unrefused_resizes(state, {name: str(block) for name, block in blocks.items()})
    return broken


def unrefused_resizes(state: NetworkSettings, deployed: dict[str, str]) -> list[str]:
    """Tiers whose subnets could be resized without a word, or not even with one."""
    broken: list[str] = []
    for tier, subnets in state.subnets.items():
        if not isinstance(subnets, DerivedSubnets):
            continue
        resized = {**state.subnets, tier: DerivedSubnets(prefix=RESIZED_PREFIX)}
        silent = state.model_copy(update={"subnets": resized})
        if not problems(silent, REGION, deployed):
            broken.append(f"resizing {tier.value} was not refused")
        edited = silent.model_copy(update={"replace_subnets": (tier,)})
        if problems(edited, REGION, deployed):
            broken.append(f"resizing {tier.value} was refused although acknowledged")
    return broken


def component_history(states: Iterable[NetworkSettings]) -> list[str]:
    """What the component breaks over a history: a survivor's block, zone or NAT route moved."""
    broken: list[str] = []
    seen: dict[str, tuple[str, str]] = {}
    for state in states:
        recording = _recorded(state)
        for resource in recording.of_type("aws:ec2/subnet:Subnet"):
            placed = (resource.inputs["cidrBlock"], resource.inputs["availabilityZone"])
            if seen.setdefault(resource.name, placed) != placed:
                broken.append(f"{resource.name} moved from {seen[resource.name]} to {placed}")
        if state.nat is Nat.PER_ZONE:
            broken += _borrowed_gateways(recording)
    return broken


def _recorded(state: NetworkSettings) -> Recording:
    def program() -> None:
        Network(
            "network",
            state,
            naming=Naming("bench", "dev"),
            where=AccountRegion("123456789012", REGION),
            zones=zone_names(state, REGION),
        )

    given = ProgramInput("bench", "dev", {"aws:region": REGION})
    return record_program(program, given, "deployed")


def _borrowed_gateways(recording: Recording) -> list[str]:
    """Private routes that leave through another zone's NAT gateway."""
    gateways = {
        resource.id: resource.name
        for resource in recording.of_type("aws:ec2/natGateway:NatGateway")
    }
    return [
        f"{resource.name} goes through {gateways[resource.inputs['natGatewayId']]}"
        for resource in recording.of_type("aws:ec2/route:Route")
        if "natGatewayId" in resource.inputs
        and gateways[resource.inputs["natGatewayId"]]
        != resource.name.removesuffix("-nat").replace("-private-", "-nat-")
    ]
