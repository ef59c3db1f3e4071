"""Random histories of a network's growth and shrinkage: does a subnet that stays ever move?

10,000 histories on the address plan alone, 50 of them also through the component, each of eight
steps: zones and tiers come and go, by count, by name, with derived and with given blocks.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator
from ipaddress import IPv4Network

from components.contracts import Tier
from components.network.addresses import plan_addresses, problems, subnet_name, zone_names
from components.network.settings import DerivedSubnets, Nat, NetworkSettings

SEED = 20261121
HISTORIES = 10_000
STEPS = 8
REGION = "us-east-1"
LETTERS = "abcdef"
VPC = "10.0.0.0/16"
RESIZED_PREFIX = 25
"""Smaller than every slot of the VPC."""


def random_step(random_: random.Random) -> NetworkSettings:
    """A valid network: any zones, any tiers, derived blocks or the same ones given by hand."""
    letters = sorted(random_.sample(LETTERS, random_.randint(1, 6)))
    zones = tuple(REGION + each for each in letters)
    tiers = random_.sample(list(Tier), random_.randint(1, 3))
    both = Tier.PUBLIC in tiers and Tier.PRIVATE in tiers
    return NetworkSettings(
        cidr=VPC,
        zones=len(letters) if tuple(letters) == tuple(LETTERS[: len(letters)]) else zones,
        nat=random_.choice(list(Nat)) if both else Nat.NONE,
        subnets={tier: random_subnets(random_, tier, letters) for tier in tiers},
    )


def random_subnets(
    random_: random.Random, tier: Tier, letters: list[str]
) -> DerivedSubnets | dict[str, str] | tuple[str, ...]:
    """Derived, or the very blocks a person would have typed for these letters."""
    if random_.random() < 0.6:
        return DerivedSubnets()
    derived = NetworkSettings(
        cidr=VPC,
        zones=tuple(REGION + each for each in letters),
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
        broken += [f"{each.found}: {each.allowed}" for each in problems(state, REGION, recorded)]
        blocks = blocks_of(state)
        ordered = sorted(blocks.items(), key=lambda item: item[1].network_address)
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
        said = silent.model_copy(update={"replace_subnets": (tier,)})
        if problems(said, REGION, deployed):
            broken.append(f"resizing {tier.value} was refused although acknowledged")
    return broken


def main() -> int:
    """Run the campaign and print what it found."""
    random_ = random.Random(SEED)
    broken = [each for _ in range(HISTORIES) for each in broken_promises(history(random_))]
    print(f"   {HISTORIES} histories of {STEPS} steps (seed {SEED}): {len(broken)} broken promises")
    for each in broken[:10]:
        print(f"   {each}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
