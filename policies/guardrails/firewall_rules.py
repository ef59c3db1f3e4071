"""Security group rules in their three shapes, read alike, and what they open to the world."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from . import aws
from .evidence import Resource, Stack
from .reachability.cidrs import Addresses
from .reading import Reading
from .resource import has_unknown
from .unknown import Tri, any_of

HIGHEST_PORT: Final = 65535
# Half of the public space: no organisation's own ranges come near it, halves of the world do.
_WORLD_V4: Final = 2**31
_WORLD_V6: Final = 2**124

# AWS takes names of protocols in any case.
_ALL: Final = "^all$"
_CARRYING: Final = "^(tcp|udp)$"

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: protocol, ports and address ranges as readings; who it refers to is left out."""

    protocol: Reading
    from_port: Reading
    to_port: Reading
    ranges: tuple[Reading, ...]

    def covers(self, port: int) -> Tri:
        """Whether TCP or UDP traffic to this port is meant."""
        every = self.protocol.matches(_ALL) | self.protocol.equals("-1")
        carried = self.protocol.matches(_CARRYING) | self.protocol.one_of(("6", "17"))
        return every | (carried & self.from_port.at_most(port) & self.to_port.at_least(port))

    def every_port(self) -> Tri:
        """Whether all ports are meant."""
        return (self.protocol.matches(_ALL) | self.protocol.equals("-1")) | (
            self.from_port.at_most(1) & self.to_port.at_least(HIGHEST_PORT)
        )


def rules_of(resource: Resource, direction: str) -> tuple[Rule, ...] | None:
    """The ``ingress`` or ``egress`` rules that one resource states; ``None`` when unknown."""
    if resource.type == aws.SECURITY_GROUP:
        inline = resource[direction]
        if inline.is_unknown:
            return None
        return tuple(_listed(one, "cidrBlocks", "ipv6CidrBlocks") for one in inline.elements())
    if resource.type == aws.SECURITY_GROUP_RULE:
        kind = resource["type"]
        if kind.is_unknown:
            return None
        if kind.equals(direction) is Tri.NO:
            return ()
        return (_listed(Reading(resource.facts.inputs), "cidrBlocks", "ipv6CidrBlocks"),)
    wanted = aws.INGRESS_RULE if direction == "ingress" else aws.EGRESS_RULE
    if resource.type != wanted:
        return ()
    ranges = tuple(one for one in (resource["cidrIpv4"], resource["cidrIpv6"]) if not one.is_absent)
    return (Rule(resource["ipProtocol"], resource["fromPort"], resource["toPort"], ranges),)


def _listed(rule: Reading, *names: str) -> Rule:
    ranges: list[Reading] = []
    for name in names:
        blocks = rule[name]
        ranges.extend((blocks,) if blocks.is_unknown else blocks.elements())
    return Rule(rule["protocol"], rule["fromPort"], rule["toPort"], tuple(ranges))


def ingress_rules(group: Resource, stack: Stack) -> tuple[Rule, ...] | None:
    """All ingress rules of a group, inline and separate; ``None`` when some may be unknown."""
    return _gathered(group, stack, "ingress", aws.INGRESS_RULE)


def egress_rules(group: Resource, stack: Stack) -> tuple[Rule, ...] | None:
    """All egress rules of a group, inline and separate; ``None`` when some may be unknown."""
    return _gathered(group, stack, "egress", aws.EGRESS_RULE)


def _gathered(group: Resource, stack: Stack, direction: str, kind: str) -> tuple[Rule, ...] | None:
    rules = list[Rule]()
    inline = rules_of(group, direction)
    if inline is None:
        return None
    rules.extend(inline)
    for one in (aws.SECURITY_GROUP_RULE, kind):
        for companion in stack.companions(group, one, "securityGroupId"):
            found = rules_of(companion.resource, direction)
            if companion.belongs is not Tri.YES or found is None:
                return None
            rules.extend(found)
    return tuple(rules)


def listed_rules(group: Resource, stack: Stack) -> tuple[Rule, ...] | None:
    """What a group's ingress rules admit through prefix lists of the stack; ``None``: unknown.

    A list from elsewhere (AWS's own lists of its services among them) is not seen.
    """
    rules: list[Rule] = []
    for entry in group["ingress"].elements():
        found = _of_lists(group, entry["prefixListIds"], entry, "protocol", stack)
        if found is None:
            return None
        rules.extend(found)
    for kind in (aws.SECURITY_GROUP_RULE, aws.INGRESS_RULE):
        for companion in stack.companions(group, kind, "securityGroupId"):
            found = listed_of(companion.resource, stack)
            if found is None or (found and companion.belongs is not Tri.YES):
                return None
            rules.extend(found)
    return tuple(rules)


def of_group_here(rule: Resource, stack: Stack) -> bool:
    """Whether a rule's group is in the stack, or may be."""
    if rule["securityGroupId"].is_unknown and stack.of_type(aws.SECURITY_GROUP):
        return True
    return bool(stack.follow(rule, "securityGroupId", aws.SECURITY_GROUP).found)


def rules_beside(rule: Resource, stack: Stack) -> tuple[Sequence[Resource], Sequence[Resource]]:
    """The rules of a rule's group that is not in the stack: all that surely are, and all that may.

    Both are empty where the group is in the stack.
    """
    if stack.resolve(rule, rule["securityGroupId"], aws.SECURITY_GROUP).found:
        return (), ()
    group = rule["securityGroupId"].text()
    by_group = stack.once("rules of groups elsewhere", _by_group)
    if group is None:
        return (rule,), [one for rules in by_group.values() for one in rules]
    return by_group[group], [*by_group[group], *by_group.get(None, ())]


def _by_group(stack: Stack) -> dict[str | None, list[Resource]]:
    """Rules of groups that are not in the stack, by the group's id; None: not known."""
    found: dict[str | None, list[Resource]] = {}
    for rule in stack.of_type(aws.SECURITY_GROUP_RULE, aws.INGRESS_RULE):
        if not stack.resolve(rule, rule["securityGroupId"], aws.SECURITY_GROUP).found:
            found.setdefault(rule["securityGroupId"].text(), []).append(rule)
    return found


def listed_of(rule: Resource, stack: Stack) -> tuple[Rule, ...] | None:
    """What one ingress rule admits through prefix lists of the stack; ``None``: unknown."""
    if rule.type == aws.INGRESS_RULE:
        lists, protocol = "prefixListId", "ipProtocol"
    elif rule["type"].equals("ingress") is not Tri.NO:
        lists, protocol = "prefixListIds", "protocol"
    else:
        return ()
    return _of_lists(rule, rule[lists], Reading(rule.facts.inputs), protocol, stack)


def _of_lists(
    owner: Resource, lists: Reading, rule: Reading, protocol: str, stack: Stack
) -> tuple[Rule, ...] | None:
    if lists.is_absent:
        return ()
    targets = stack.resolve(owner, lists, aws.PREFIX_LIST)
    if has_unknown(lists.value) and targets.complete is not Tri.YES:
        return None
    ranges: list[Reading] = []
    for one in targets.found:
        entries = one["entries"]
        if entries.is_unknown:
            return None
        ranges.extend(entry["cidr"] for entry in entries.elements())
        for added in stack.companions(one, aws.PREFIX_LIST_ENTRY, "prefixListId"):
            if added.belongs is not Tri.YES:
                return None
            ranges.append(added.resource["cidr"])
    if not ranges:
        return ()
    return (Rule(rule[protocol], rule["fromPort"], rule["toPort"], tuple(ranges)),)


def _network(reading: Reading) -> _Network | None:
    return _block(reading.text() or "")


@lru_cache(maxsize=4096)
def _block(text: str) -> _Network | None:
    """The addresses of a CIDR block; kept, because most rules name one of a few."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def is_world(addresses: Addresses) -> bool:
    """Whether a set of addresses is as good as the world: half of what there is, or more."""
    four, six = addresses.sizes
    return four >= _WORLD_V4 or six >= _WORLD_V6


def _world(networks: Sequence[_Network]) -> bool:
    four = [one for one in networks if isinstance(one, ipaddress.IPv4Network)]
    six = [one for one in networks if isinstance(one, ipaddress.IPv6Network)]
    size_four = sum(one.num_addresses for one in ipaddress.collapse_addresses(four))
    size_six = sum(one.num_addresses for one in ipaddress.collapse_addresses(six))
    return size_four >= _WORLD_V4 or size_six >= _WORLD_V6


def world_alone(rule: Rule) -> Tri:
    """Whether one range of this rule is the world by itself."""
    return any_of(
        Tri.UNKNOWN
        if one.is_unknown
        else Tri.of((network := _network(one)) is not None and _world([network]))
        for one in rule.ranges
    )


def open_to_world(
    rules: Sequence[Rule], ports: Sequence[int] | None = None, outside: Sequence[int] = ()
) -> Tri:
    """Whether the world reaches one of ``ports``, or (without them) a port not in ``outside``.

    Ranges of several rules count together.
    """
    asked = tuple(ports) if ports is not None else _deciding_ports(rules, outside)
    return any_of(_port_open(rules, port) for port in asked)


def _deciding_ports(rules: Sequence[Rule], outside: Sequence[int]) -> tuple[int, ...]:
    """Ports at which what is open can change, without those that may be open."""
    edges: set[int] = {0, HIGHEST_PORT}
    for rule in rules:
        for reading in (rule.from_port, rule.to_port):
            number = reading.number()
            if number is not None:
                edges.update((int(number), int(number) + 1))
    for port in outside:
        edges.update((port - 1, port + 1))
    return tuple(sorted(p for p in edges if 0 <= p <= HIGHEST_PORT and p not in outside))


def _port_open(rules: Sequence[Rule], port: int) -> Tri:
    surely: list[_Network] = []
    may_be_anything = False
    perhaps: list[_Network] = []
    for rule in rules:
        covers = rule.covers(port)
        if covers is Tri.NO:
            continue
        for one in rule.ranges:
            if one.is_unknown:
                may_be_anything = True
                continue
            network = _network(one)
            if network is None:
                continue
            perhaps.append(network)
            if covers is Tri.YES:
                surely.append(network)
    if _world(surely):
        return Tri.YES
    return Tri.UNKNOWN if may_be_anything or _world(perhaps) else Tri.NO


def open_blocks(blocks: Sequence[Reading]) -> Tri:
    """Whether address blocks together are the world; unknown where one that is not known may be."""
    known = [network for one in blocks if (network := _network(one)) is not None]
    if _world(known):
        return Tri.YES
    return Tri.UNKNOWN if any(one.is_unknown for one in blocks) else Tri.NO
