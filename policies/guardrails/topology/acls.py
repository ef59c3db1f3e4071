"""Network ACLs: their rules in both shapes, and which one stands before a subnet.

A subnet has exactly one ACL: the one that names it, else the default one of its VPC, which lets
everything through unless the stack writes it: "Network ACL basics", Amazon VPC User Guide, 2026-11.
"""

from collections.abc import Iterable, Iterator

from .. import aws
from ..evidence import Companion, Resource, Stack
from ..reachability.model import AclRule, Id, MaybeId, NetworkAcl
from ..reading import Reading
from ..unknown import UNKNOWN, Tri, Unknown, any_of
from .protocols import ports_of, protocol_of
from .references import flag, ids_of, number_of, only, texts_of


def network_acls(stack: Stack) -> dict[Id, NetworkAcl]:
    """The ACLs that the stack writes, its VPCs' default ones among them."""
    return {
        acl.urn: NetworkAcl(acl.urn, rules_of(stack, acl, False), rules_of(stack, acl, True))
        for acl in stack.of_type(aws.NETWORK_ACL, aws.DEFAULT_NETWORK_ACL)
    }


def acl_before(stack: Stack, subnet: Resource) -> MaybeId | None:
    """The ACL of a subnet; None for a default one that the stack leaves as AWS makes it."""
    naming = tuple(_naming(stack, subnet))
    if not naming:
        return _default(stack, subnet)
    # The association and the ACL's own list may say the same.
    named = {acl for _, acl in naming}
    sure = any(belongs is Tri.YES for belongs, _ in naming)
    return naming[0][1] if len(named) == 1 and sure else UNKNOWN


def _naming(stack: Stack, subnet: Resource) -> Iterator[tuple[Tri, MaybeId]]:
    for kind in (aws.NETWORK_ACL, aws.DEFAULT_NETWORK_ACL):
        for acl in stack.companions(subnet, kind, "subnetIds"):
            yield acl.belongs, acl.resource.urn
    for link in stack.companions(subnet, aws.NETWORK_ACL_ASSOCIATION, "subnetId"):
        kinds = (aws.NETWORK_ACL, aws.DEFAULT_NETWORK_ACL)
        yield link.belongs, only(ids_of(stack, link.resource, "networkAclId", *kinds))


def _default(stack: Stack, subnet: Resource) -> MaybeId | None:
    """The default ACL of the subnet's VPC, as far as the stack writes it."""
    written = stack.of_type(aws.DEFAULT_NETWORK_ACL)
    added = _rules_of_no_acl(stack)
    if not written and not added:
        return None
    vpcs = stack.follow(subnet, "vpcId", aws.VPC).found
    if len(vpcs) != 1:
        return UNKNOWN
    if any(_is_default(rule, "networkAclId", vpcs[0]) is not Tri.NO for rule in added):
        return UNKNOWN
    answers = {acl.urn: _is_default(acl, "defaultNetworkAclId", vpcs[0]) for acl in written}
    sure = [urn for urn, answer in answers.items() if answer is Tri.YES]
    if len(sure) == 1:
        return sure[0]
    return None if any_of(answers.values()) is Tri.NO else UNKNOWN


def _rules_of_no_acl(stack: Stack) -> tuple[Resource, ...]:
    """Rules for an ACL that no resource of the stack is: a default one, or one from outside."""
    kinds = (aws.NETWORK_ACL, aws.DEFAULT_NETWORK_ACL)
    return tuple(
        rule
        for rule in stack.of_type(aws.NETWORK_ACL_RULE)
        if not stack.follow(rule, "networkAclId", *kinds).found
    )


def _is_default(resource: Resource, path: str, vpc: Resource) -> Tri:
    """Whether the ACL that a resource names is the default one of a VPC."""
    own = (vpc.facts.outputs or {}).get("defaultNetworkAclId")
    if not resource[path].is_unknown and isinstance(own, str):
        return resource[path].equals(own)
    urns = resource.facts.property_dependencies.get(path, ())
    return Tri.of(vpc.urn in urns) if urns else Tri.UNKNOWN


def single_rule(rule: Resource) -> tuple[AclRule, ...]:
    """The rules that one rule resource stands for, one for each address block."""
    return tuple(_entry(Reading(rule.facts.inputs), "ruleNumber", "ruleAction"))


def rules_of(stack: Stack, acl: Resource, egress: bool) -> tuple[AclRule, ...] | Unknown:
    """The rules of an ACL in one direction, inline and separate; unknown when some may be."""
    inline = acl["egress" if egress else "ingress"]
    if inline.is_unknown:
        return UNKNOWN
    rules: list[AclRule] = []
    for entry in inline.elements():
        if entry.is_unknown:
            return UNKNOWN
        rules.extend(_entry(entry, "ruleNo", "action"))
    for companion in stack.companions(acl, aws.NETWORK_ACL_RULE, "networkAclId"):
        meant = _meant(companion, egress)
        if meant is Tri.UNKNOWN:
            return UNKNOWN
        if meant is Tri.YES:
            whole = Reading(companion.resource.facts.inputs)
            rules.extend(_entry(whole, "ruleNumber", "ruleAction"))
    return tuple(rules)


def _meant(companion: Companion, egress: bool) -> Tri:
    """Whether a rule is for this ACL and this direction (ingress, when it says nothing)."""
    outgoing = companion.resource["egress"].is_true()
    return companion.belongs & (outgoing if egress else ~outgoing)


def _entry(entry: Reading, number: str, action: str) -> Iterable[AclRule]:
    """One rule for each address block of an entry (AWS takes one of either family)."""
    place = number_of(entry[number])
    for block in texts_of(entry["cidrBlock"], entry["ipv6CidrBlock"]):
        yield AclRule(
            UNKNOWN if place is None else place,
            flag(entry[action].matches("^allow$")),
            block,
            protocol_of(entry["protocol"]),
            ports_of(entry),
        )
