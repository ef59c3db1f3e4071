"""What can reach the data: only the applications, never the internet, never in plain text."""

from typing import Final

from .. import aws
from ..control import PASS, Control, Outcome, Scope, Severity, Verdict, not_applicable, require
from ..define import Facts, graph_control
from ..evidence import Resource, Stack
from ..firewall_rules import ingress_rules
from ..reachability.answers import Answer
from ..reachability.paths import INTERNET
from ..topology.network import callers, network
from ..topology.places import DATA, groups_of, port_of
from ..unknown import UNKNOWN, Tri, Unknown, any_of, is_unknown

_RULES = "vpc/latest/userguide/security-group-rules.html"


def _admission(group: Resource, stack: Stack) -> Tri:
    """Whether every ingress rule of a group names other groups only, and none a balancer wears."""
    rules = ingress_rules(group, stack)
    if rules is None:
        return Tri.UNKNOWN
    by_range = any_of(Tri.of(bool(rule.ranges)) for rule in rules)
    return ~(by_range | _admits_balancer(group, stack))


def _admits_balancer(group: Resource, stack: Stack) -> Tri:
    worn = stack.once("balancer groups", _balancer_groups)
    peers: list[Tri] = []
    for kind, path in (
        (aws.INGRESS_RULE, "referencedSecurityGroupId"),
        (aws.SECURITY_GROUP_RULE, "sourceSecurityGroupId"),
    ):
        for companion in stack.companions(group, kind, "securityGroupId"):
            if companion.resource[path].is_absent:
                continue
            peer = stack.follow(companion.resource, path, aws.SECURITY_GROUP)
            peers.append(any_of(_worn(one.urn, worn) for one in peer.found) | ~peer.complete)
    return any_of(peers)


def _worn(urn: str, worn: frozenset[str | Unknown]) -> Tri:
    if urn in worn:
        return Tri.YES
    return Tri.UNKNOWN if UNKNOWN in worn else Tri.NO


def _balancer_groups(stack: Stack) -> frozenset[str | Unknown]:
    """The groups that load balancers wear, with ``UNKNOWN`` among them where some are."""
    worn: set[str | Unknown] = set()
    for balancer in stack.of_type(aws.LOAD_BALANCER):
        groups = groups_of(stack, balancer)
        worn.update((UNKNOWN,) if is_unknown(groups) else groups)
    return frozenset(worn)


@graph_control(
    Facts(
        "EC2.database-admission",
        "Data stores admit application groups only",
        Severity.HIGH,
        "services.<key>.uses: [{database: <name>}] is the only way in",
        "SecurityGroupIngressRule(referenced_security_group_id=application.id)",
        _RULES,
    ),
    *DATA,
    scope=Scope.REACHABILITY,
)
def admits_applications(store: Resource, stack: Stack) -> Verdict:
    groups = groups_of(stack, store)
    if is_unknown(groups):
        return require(Tri.UNKNOWN, "its security groups are not known")
    if not groups:
        return require(Tri.NO, "it wears no security group of its own, so the default one")
    answers: list[Tri] = []
    for urn in groups:
        group = None if is_unknown(urn) else stack.by_urn(urn)
        answers.append(Tri.UNKNOWN if group is None else _admission(group, stack))
    closed = ~any_of(~answer for answer in answers)
    return require(closed, "a group it wears admits address ranges, or a load balancer")


@graph_control(
    Facts(
        "EC2.no-path-to-data",
        "No path leads from the internet to data",
        Severity.CRITICAL,
        "databases and caches are placed in isolated or private subnets, without public addresses",
        "private subnets, no public address, ingress from application groups only",
        "vpc/latest/reachability/what-is-reachability-analyzer.html",
    ),
    *DATA,
    scope=Scope.REACHABILITY,
)
def no_path_to_data(store: Resource, stack: Stack) -> Verdict:
    port = port_of(store)
    if is_unknown(port):
        return require(Tri.UNKNOWN, "its port is not known")
    answer = network(stack).reachable(INTERNET, store.urn, port)
    return require(~answer.verdict, f"the internet reaches it: {_path(answer)}")


@graph_control(
    Facts(
        "EC2.encrypted-hops",
        "Applications reach data over TLS only",
        Severity.HIGH,
        "databases and caches always force TLS",
        "force TLS in the parameter group; transit_encryption_enabled=True",
        "AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html",
    ),
    *DATA,
    scope=Scope.REACHABILITY,
)
def encrypted_hops(store: Resource, stack: Stack) -> Verdict:
    port = port_of(store)
    if is_unknown(port):
        return require(Tri.UNKNOWN, "its port is not known")
    applications = callers(stack, store)
    if not applications:
        return not_applicable("no application of this stack is admitted to it")
    worst = PASS
    for application in applications:
        answer = network(stack).reachable(application.urn, store.urn, port)
        if answer.verdict is Tri.NO:
            continue
        plain = any_of(~hop.encrypted for hop in answer.hops)
        verdict = require(~(answer.verdict & plain), f"plain text is accepted: {_path(answer)}")
        if verdict.outcome is Outcome.FAIL:
            return verdict
        if verdict.outcome is Outcome.UNKNOWN:
            worst = verdict
    return worst


def _path(answer: Answer) -> str:
    return "; ".join(_short(hop.description) for hop in answer.hops) or "the path is not known yet"


def _short(text: str) -> str:
    """A hop in which each URN is cut to the resource's name."""
    words = (word.rsplit("::", 1)[-1] if word.startswith("urn:") else word for word in text.split())
    return " ".join(words)


CONTROLS: Final[tuple[Control, ...]] = (admits_applications, no_path_to_data, encrypted_hops)
