"""Security groups with their rules in all three shapes, read alike."""

from .. import aws
from ..evidence import Resource, Stack
from ..reachability.model import GroupRule, Id, MaybeId, SecurityGroup
from ..reading import Reading
from ..unknown import UNKNOWN, Tri, Unknown
from .protocols import ports_of, protocol_of
from .references import texts_of


def security_group(stack: Stack, group: Resource) -> SecurityGroup:
    """A group with everything that any resource of the stack adds to it."""
    return SecurityGroup(group.urn, _rules(stack, group, "ingress"), _rules(stack, group, "egress"))


def _rules(
    stack: Stack, group: Resource, direction: str
) -> tuple[GroupRule | Unknown, ...] | Unknown:
    inline = group[direction]
    if inline.is_unknown:
        return UNKNOWN
    rules: list[GroupRule | Unknown] = [
        _listed(stack, group, group.urn, rule, "securityGroups") for rule in inline.elements()
    ]
    for companion in stack.companions(group, aws.SECURITY_GROUP_RULE, "securityGroupId"):
        rule = companion.resource
        meant = rule["type"].equals(direction)
        if meant is Tri.NO:
            continue
        sure = companion.belongs is Tri.YES and meant is Tri.YES
        whole = Reading(rule.facts.inputs)
        rules.append(
            _listed(stack, rule, group.urn, whole, "sourceSecurityGroupId") if sure else UNKNOWN
        )
    kind = aws.INGRESS_RULE if direction == "ingress" else aws.EGRESS_RULE
    for companion in stack.companions(group, kind, "securityGroupId"):
        sure = companion.belongs is Tri.YES
        rules.append(_single(stack, companion.resource) if sure else UNKNOWN)
    return tuple(rules)


def _listed(
    stack: Stack, owner: Resource, own_group: Id, rule: Reading, groups_key: str
) -> GroupRule:
    peers: list[MaybeId] = []
    named = rule[groups_key]
    for member in (named,) if named.is_unknown else named.elements():
        peers.append(_peer(stack, owner, member))
    if rule["self"].is_true() is not Tri.NO:
        peers.append(own_group if rule["self"].is_true() is Tri.YES else UNKNOWN)
    return GroupRule(
        protocol_of(rule["protocol"]),
        ports_of(rule),
        texts_of(rule["cidrBlocks"], rule["ipv6CidrBlocks"]),
        tuple(peers),
        texts_of(rule["prefixListIds"]),
    )


def _single(stack: Stack, rule: Resource) -> GroupRule:
    peer = rule["referencedSecurityGroupId"]
    return GroupRule(
        protocol_of(rule["ipProtocol"]),
        ports_of(Reading(rule.facts.inputs)),
        texts_of(rule["cidrIpv4"], rule["cidrIpv6"]),
        () if peer.is_absent else (_peer(stack, rule, peer),),
        texts_of(rule["prefixListId"]),
    )


def _peer(stack: Stack, owner: Resource, reading: Reading) -> MaybeId:
    targets = stack.resolve(owner, reading, aws.SECURITY_GROUP)
    # The rule's own group is among what it depends on only under another input.
    if len(targets.found) == 1 and targets.complete is Tri.YES:
        return targets.found[0].urn
    return reading.text() or UNKNOWN
