"""The address plan: which IPv4 block each subnet has, so that growth never moves a survivor.

Every (tier, zone letter) owns a slot of the VPC's block for good, whether or not it is in use:

- private: the lower half of the VPC, in eight equal slots for the zone letters a to h;
- public: the third quarter, likewise;
- isolated: the last quarter, likewise.

A slot depends on nothing but the VPC's block, the tier and the zone's letter, so adding or removing
zones or tiers can't change the block of a subnet that stays. In a /16 that gives private subnets
/20 (4,091 usable addresses) and public and isolated ones /21 (2,043). Blocks given by hand are
bound to zones by position (a list) or by letter (a mapping); the mapping is safe to edit anywhere.

What a deployed stack's subnets have is recorded by `trellis lookup`; a plan that would move one is
refused unless `replaceSubnets` names its tier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from components.contracts import SubnetTier
from components.network.settings import (
    SUBNET_PREFIXES,
    VPC_PREFIXES,
    DerivedSubnets,
    Nat,
    NetworkSettings,
)

ZONE_LETTERS = "abcdefgh"
"""Letters a regional zone's name can end in; us-east-1 uses six, the most of any region."""

SLOT_BITS = 3
"""Bits that tell the eight zone slots of a tier apart."""

REGION_ZONES = {
    "us-east-1": "abcdef",
    "us-west-1": "ac",
    "us-west-2": "abcd",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
}
"""Zone letters a new account sees where they are not a, b, c ("Regions and Availability Zones",
AWS Global Infrastructure, 2026-11). Accounts differ: `trellis lookup` records the account's own."""

_TIER_SHARE = {SubnetTier.PRIVATE: (1, 0), SubnetTier.PUBLIC: (2, 2), SubnetTier.ISOLATED: (2, 3)}
"""Bits of the VPC that select a tier's share, and the share's number."""

RESERVED_ADDRESSES = 5
"""Addresses AWS keeps in every subnet ("Subnet CIDR blocks", VPC User Guide, 2026-11)."""


@dataclass(frozen=True)
class AddressProblem:
    """One thing wrong with a network's addresses; `path` is relative to the network's settings."""

    path: tuple[str | int, ...]
    found: str
    allowed: str


def region_zones(region: str, available: Sequence[str] = ()) -> tuple[str, ...]:
    """Names of the zones a region offers: the account's own if looked up, else the table's."""
    return tuple(available) or tuple(region + letter for letter in REGION_ZONES.get(region, "abc"))


def zone_names(
    settings: NetworkSettings, region: str, available: Sequence[str] = ()
) -> tuple[str, ...]:
    """The zones in use, in the order given; a count takes the first of the region's."""
    if isinstance(settings.zones, int):
        return region_zones(region, available)[: settings.zones]
    return settings.zones


def letter(zone: str) -> str:
    """`a` of `us-east-1a`."""
    return zone[-1]


def slot(vpc: IPv4Network, tier: SubnetTier, zone: str) -> IPv4Network:
    """The block that a tier owns in a zone, in use or not.

    Raises:
        ValueError: the VPC's block is too small to be divided (longer than /23).
    """
    bits, share = _TIER_SHARE[tier]
    prefix = vpc.prefixlen + bits + SLOT_BITS
    if prefix > SUBNET_PREFIXES[-1]:
        raise ValueError(f"{vpc} is too small to derive {tier} subnets from")
    number = (share << SLOT_BITS) + ZONE_LETTERS.index(letter(zone))
    start = int(vpc.network_address) + number * 2 ** (32 - prefix)
    return IPv4Network((start, prefix))


def plan_addresses(
    settings: NetworkSettings, zones: Sequence[str]
) -> dict[tuple[SubnetTier, str], IPv4Network]:
    """The block of every subnet by tier and zone name, tiers in the order of `SubnetTier`.

    Only for settings without `problems`.
    """
    vpc = IPv4Network(settings.cidr)
    plan: dict[tuple[SubnetTier, str], IPv4Network] = {}
    for tier in SubnetTier:
        subnets = settings.subnets.get(tier)
        if subnets is None:
            continue
        for index, zone in enumerate(zones):
            if isinstance(subnets, DerivedSubnets):
                own = slot(vpc, tier, zone)
                prefix = subnets.prefix or own.prefixlen
                block = IPv4Network((own.network_address, prefix))
            elif isinstance(subnets, dict):
                block = IPv4Network(subnets[letter(zone)])
            else:
                block = IPv4Network(subnets[index])
            plan[tier, zone] = block
    return plan


def subnet_name(tier: SubnetTier, zone: str) -> str:
    """The stable name of a subnet within its network, as in `private-a`."""
    return f"{tier.value}-{letter(zone)}"


def problems(
    settings: NetworkSettings,
    region: str,
    recorded: Mapping[str, str] | None = None,
    available: Sequence[str] = (),
) -> list[AddressProblem]:
    """Everything wrong with the zones and blocks of a network that is made here.

    Args:
        recorded: block of each deployed subnet by `subnet_name`, from the context file.
        available: zones that the account has in the region, from the context file.
    """
    offered = region_zones(region, available)
    found = [*_vpc(settings), *_zones(settings, region, offered), *_tiers(settings)]
    if found:
        return found
    zones = zone_names(settings, region, available)
    found = [*_shapes(settings, zones)]
    if found:
        return found
    plan = plan_addresses(settings, zones)
    found = [*_blocks(settings, plan, zones)]
    return found or [*_moved(settings, plan, recorded or {})]


def _vpc(settings: NetworkSettings) -> Iterable[AddressProblem]:
    prefix = IPv4Network(settings.cidr).prefixlen
    if prefix not in VPC_PREFIXES:
        yield AddressProblem(
            ("cidr",), settings.cidr, f"/{VPC_PREFIXES[0]} to /{VPC_PREFIXES[-1]} for a VPC"
        )


def _zones(
    settings: NetworkSettings, region: str, offered: Sequence[str]
) -> Iterable[AddressProblem]:
    if isinstance(settings.zones, int):
        if settings.zones > len(offered):
            yield AddressProblem(
                ("zones",), str(settings.zones), f"1 to {len(offered)} in {region}: {_all(offered)}"
            )
        return
    seen: set[str] = set()
    for index, zone in enumerate(settings.zones):
        if not zone.startswith(region) or len(zone) != len(region) + 1:
            yield AddressProblem(("zones", index), zone, f"a zone of {region}: {_all(offered)}")
        elif zone in seen:
            yield AddressProblem(("zones", index), f"{zone} again", "each zone once")
        seen.add(zone)


def _tiers(settings: NetworkSettings) -> Iterable[AddressProblem]:
    if not settings.subnets:
        yield AddressProblem(("subnets",), "no tier", "at least one of public, private, isolated")
    if settings.nat is Nat.NONE:
        return
    for tier in (SubnetTier.PUBLIC, SubnetTier.PRIVATE):
        if tier not in settings.subnets:
            yield AddressProblem(
                ("nat",),
                f"{settings.nat.value} without {tier.value} subnets",
                f"`none`, or `subnets.{tier.value}` as well: a NAT gateway stands in the public "
                "tier and serves the private one",
            )


def _shapes(settings: NetworkSettings, zones: Sequence[str]) -> Iterable[AddressProblem]:
    vpc = IPv4Network(settings.cidr)
    letters = [letter(zone) for zone in zones]
    for tier, subnets in settings.subnets.items():
        path = ("subnets", tier.value)
        if isinstance(subnets, DerivedSubnets):
            yield from _derived(vpc, tier, subnets)
        elif isinstance(subnets, dict):
            for missing in sorted(set(letters) - subnets.keys()):
                yield AddressProblem(
                    path, f"no block for zone {missing}", f"one for each: {_all(letters)}"
                )
            for extra in sorted(subnets.keys() - set(letters)):
                yield AddressProblem(
                    (*path, extra), f"zone {extra}", f"the zones in use: {_all(letters)}"
                )
        elif len(subnets) != len(zones):
            yield AddressProblem(
                path, f"{len(subnets)} blocks", f"{len(zones)}, one for each zone: {_all(zones)}"
            )


def _derived(
    vpc: IPv4Network, tier: SubnetTier, subnets: DerivedSubnets
) -> Iterable[AddressProblem]:
    bits, _ = _TIER_SHARE[tier]
    slot_prefix = vpc.prefixlen + bits + SLOT_BITS
    if slot_prefix > SUBNET_PREFIXES[-1]:
        yield AddressProblem(
            ("subnets", tier.value),
            f"blocks to be derived from {vpc}",
            f"a VPC of /{SUBNET_PREFIXES[-1] - bits - SLOT_BITS} or larger, or given blocks",
        )
    elif subnets.prefix is not None and subnets.prefix < slot_prefix:
        yield AddressProblem(
            ("subnets", tier.value, "prefix"),
            str(subnets.prefix),
            f"{slot_prefix} to {SUBNET_PREFIXES[-1]}: a zone's slot in {vpc} is a /{slot_prefix}",
        )


def _blocks(
    settings: NetworkSettings,
    plan: Mapping[tuple[SubnetTier, str], IPv4Network],
    zones: Sequence[str],
) -> Iterable[AddressProblem]:
    vpc = IPv4Network(settings.cidr)
    sane: list[tuple[IPv4Network, tuple[str | int, ...], str]] = []
    for (tier, zone), block in plan.items():
        path = _block_path(settings, tier, zone, zones)
        if not block.subnet_of(vpc):
            yield AddressProblem(path, str(block), f"a block inside the VPC's {vpc}")
        elif block.prefixlen not in SUBNET_PREFIXES:
            yield AddressProblem(
                path, str(block), f"/{SUBNET_PREFIXES[0]} to /{SUBNET_PREFIXES[-1]} for a subnet"
            )
        else:
            sane.append((block, path, subnet_name(tier, zone)))
    widest: tuple[IPv4Network, tuple[str | int, ...], str] | None = None
    for entry in sorted(sane, key=lambda member: (member[0].network_address, member[0].prefixlen)):
        if widest is not None and entry[0].overlaps(widest[0]):
            yield AddressProblem(
                entry[1],
                f"{entry[0]} ({entry[2]})",
                f"a block apart from {widest[0]} ({widest[2]})",
            )
        if widest is None or entry[0].broadcast_address > widest[0].broadcast_address:
            widest = entry


def _moved(
    settings: NetworkSettings,
    plan: Mapping[tuple[SubnetTier, str], IPv4Network],
    recorded: Mapping[str, str],
) -> Iterable[AddressProblem]:
    for (tier, zone), block in plan.items():
        before = recorded.get(subnet_name(tier, zone))
        if before and before != str(block) and tier not in settings.replace_subnets:
            yield AddressProblem(
                ("subnets", tier.value),
                f"{block} for {subnet_name(tier, zone)}, which is deployed as {before}",
                f"{before}; a new block replaces the subnet and all in it, which "
                f"`replaceSubnets: [{tier.value}]` acknowledges",
            )


def _block_path(
    settings: NetworkSettings, tier: SubnetTier, zone: str, zones: Sequence[str]
) -> tuple[str | int, ...]:
    subnets = settings.subnets[tier]
    if isinstance(subnets, DerivedSubnets):
        return ("subnets", tier.value)
    if isinstance(subnets, dict):
        return ("subnets", tier.value, letter(zone))
    return ("subnets", tier.value, zones.index(zone))


def _all(names: Iterable[str]) -> str:
    return ", ".join(names)
