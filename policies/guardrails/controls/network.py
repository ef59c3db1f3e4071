"""The network: closed by default, logged, and narrow in both directions."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from .. import aws
from ..control import (
    Control,
    Level,
    Outcome,
    Parameters,
    Severity,
    Verdict,
    advice,
    first_failure,
    not_applicable,
    require,
)
from ..define import Facts, graph_control, measured_control, resource_control
from ..evidence import Resource, Stack
from ..firewall_rules import (
    Rule,
    egress_rules,
    ingress_rules,
    is_world,
    listed_of,
    listed_rules,
    of_group_here,
    open_to_world,
    rules_beside,
    rules_of,
    world_alone,
)
from ..reachability.filters import admitted
from ..reachability.model import AclRule
from ..topology.acls import acl_before, single_rule
from ..topology.acls import rules_of as rules_of_acl
from ..unknown import Tri, Unknown, all_of, any_of, is_unknown

_VPC = "vpc/latest/userguide/"

# FSBP EC2.19, "High-risk ports", 2026-11.
RISKY_PORTS: Final = (
    20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500,
    5601, 8080, 8088, 8888, 9200, 9300,
)  # fmt: skip
ADMIN_PORTS: Final = (22, 3389)
WEB_PORTS: Final = (80, 443)
_RULES = (aws.SECURITY_GROUP, aws.SECURITY_GROUP_RULE, aws.INGRESS_RULE)
_SEPARATE_RULES: Final = (aws.SECURITY_GROUP_RULE, aws.INGRESS_RULE, aws.EGRESS_RULE)


@graph_control(
    Facts(
        "EC2.6",
        "Networks have flow logs",
        Severity.MEDIUM,
        "network.flowLogs.traffic: ALL (the default)",
        "FlowLog(vpc_id=vpc.id, traffic_type='ALL', ...)",
        _VPC + "flow-logs.html",
    ),
    aws.VPC,
)
def flow_logs(vpc: Resource, stack: Stack) -> Verdict:
    return require(
        stack.some_companion(
            vpc,
            aws.FLOW_LOG,
            "vpcId",
            lambda log: log["trafficType"].one_of(("ALL", "REJECT")),
        ),
        "no flow log records refused traffic",
    )


@graph_control(
    Facts(
        "EC2.2",
        "The default security group is closed",
        Severity.HIGH,
        "network always closes the default group",
        "DefaultSecurityGroup(vpc_id=vpc.id) with no rules",
        _VPC + "default-security-group.html",
    ),
    aws.VPC,
    aws.DEFAULT_SECURITY_GROUP,
)
def default_group_closed(vpc: Resource, stack: Stack) -> Verdict:
    if vpc.type == aws.DEFAULT_SECURITY_GROUP:
        if stack.of_type(aws.VPC):
            return not_applicable("it is asked of its network")
        closed = vpc["ingress"].absent() & vpc["egress"].absent()
        return require(closed, "the default security group has rules")
    groups = stack.companions(vpc, aws.DEFAULT_SECURITY_GROUP, "vpcId")
    adopted = any_of(group.belongs for group in groups)
    empty = all_of(
        ~group.belongs | (group.resource["ingress"].absent() & group.resource["egress"].absent())
        for group in groups
    )
    owners = (vpc, *(group.resource for group in groups if group.belongs is not Tri.NO))
    return first_failure(
        require(adopted, "the default security group is left as AWS makes it"),
        require(empty, "the default security group has rules"),
        require(
            ~any_of(_added_to_default(owner, stack) for owner in owners),
            "a rule of its own opens the default security group again",
        ),
    )


def _added_to_default(owner: Resource, stack: Stack) -> Tri:
    """Whether a separate rule is for a VPC's default group, named by the VPC or by itself."""
    if owner.type != aws.VPC:
        return any_of(
            rule.belongs
            for kind in _SEPARATE_RULES
            for rule in stack.companions(owner, kind, "securityGroupId")
        )
    default = (owner.facts.outputs or {}).get("defaultSecurityGroupId")
    return any_of(
        rule["securityGroupId"].equals(default)
        if isinstance(default, str) and not rule["securityGroupId"].is_unknown
        else Tri.of(owner.urn in rule.facts.property_dependencies.get("securityGroupId", ()))
        for kind in _SEPARATE_RULES
        for rule in stack.of_type(kind)
    )


@resource_control(
    Facts(
        "EC2.15",
        "Subnets hand out no public addresses",
        Severity.MEDIUM,
        "network.subnets never hand out public addresses",
        "map_public_ip_on_launch=False",
        _VPC + "subnet-public-ip.html",
    ),
    aws.SUBNET,
)
def no_automatic_address(subnet: Resource) -> Verdict:
    return require(~subnet["mapPublicIpOnLaunch"].is_true(), "mapPublicIpOnLaunch is true")


@measured_control(
    Facts(
        "EC2.18",
        "Only web ports are open to the world",
        Severity.HIGH,
        "loadBalancers.<key> opens 443 and 80; networkLoadBalancers.<key>.from says who may call "
        "its other ports",
        "name a security group or a narrow range instead of 0.0.0.0/0",
        _VPC + "security-group-rules.html",
        parameters={"ports": WEB_PORTS},
    ),
    *_RULES,
)
def web_ports_only(resource: Resource, parameters: Parameters) -> Verdict:
    allowed = parameters["ports"]
    assert isinstance(allowed, (tuple, list))
    ports = tuple(int(port) for port in allowed)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return _judge_ingress(
        resource,
        lambda rules: open_to_world(rules, outside=ports),
        "a port other than the web's is open to the world",
    )


@resource_control(
    Facts(
        "EC2.19",
        "No risky port is open to the world",
        Severity.CRITICAL,
        "services.<key>.uses opens only what is used, and only to who uses it",
        "name a security group or a narrow range instead of 0.0.0.0/0",
        _VPC + "security-group-rules.html",
    ),
    *_RULES,
)
def no_risky_port(resource: Resource) -> Verdict:
    return _judge_ingress(
        resource,
        lambda rules: open_to_world(rules, ports=RISKY_PORTS),
        "a risky port is open to the world",
    )


def _judge_ingress(
    resource: Resource, question: Callable[[Sequence[Rule]], Tri], found: str
) -> Verdict:
    rules = rules_of(resource, "ingress")
    if rules is None:
        return require(Tri.UNKNOWN, found)
    if not rules:
        return not_applicable("it lets nothing in")
    return require(~question(rules), found)


@graph_control(
    Facts(
        "EC2.world-in-parts",
        "Rules of a group do not add up to the world",
        Severity.CRITICAL,
        "loadBalancers.<key>.from: [192.0.2.0/24]: each block once, and narrow",
        "one narrow range instead of halves of the internet",
        _VPC + "security-group-rules.html",
    ),
    aws.SECURITY_GROUP,
    aws.SECURITY_GROUP_RULE,
    aws.INGRESS_RULE,
)
def not_world_in_parts(group: Resource, stack: Stack) -> Verdict:
    if group.type == aws.SECURITY_GROUP:
        return _not_in_parts(ingress_rules(group, stack), listed_rules(group, stack))
    sure, possible = rules_beside(group, stack)
    if not sure:
        return not_applicable("its group is judged")
    verdict = _beside(sure, stack)
    if verdict.outcome is Outcome.FAIL or _beside(possible, stack).outcome is not Outcome.FAIL:
        return verdict
    return require(Tri.UNKNOWN, "with rules whose group is not known, its ranges are the world")


def _beside(rules: Sequence[Resource], stack: Stack) -> Verdict:
    return _not_in_parts(
        _all_of(rules_of(rule, "ingress") for rule in rules),
        _all_of(listed_of(rule, stack) for rule in rules),
    )


def _all_of(parts: Iterable[tuple[Rule, ...] | None]) -> tuple[Rule, ...] | None:
    """The rules of all parts; ``None`` where those of one are not known."""
    found: list[Rule] = []
    for part in parts:
        if part is None:
            return None
        found.extend(part)
    return tuple(found)


def _not_in_parts(rules: tuple[Rule, ...] | None, listed: tuple[Rule, ...] | None) -> Verdict:
    if rules is None:
        return require(Tri.UNKNOWN, "its rules may add up to the world")
    if listed is None:
        return require(Tri.UNKNOWN, "its prefix lists may add up to the world")
    partial = [rule for rule in rules if world_alone(rule) is not Tri.YES]
    if not partial and not listed:
        return not_applicable("it has no rule with a range")
    return first_failure(
        require(
            ~open_to_world(partial, outside=()), "the ranges of its rules together are the world"
        ),
        require(
            ~open_to_world([*partial, *listed], outside=WEB_PORTS),
            "what its prefix lists hold, with the ranges of its rules, is the world",
        ),
    )


@graph_control(
    Facts(
        "EC2.narrow-egress",
        "Nothing may talk to everywhere on every port",
        Severity.MEDIUM,
        "services.<key>.internet opens HTTPS only (the default); false closes that too",
        "egress rules for the ports that are needed",
        _VPC + "security-group-rules.html",
    ),
    aws.SECURITY_GROUP,
    aws.SECURITY_GROUP_RULE,
    aws.EGRESS_RULE,
)
def narrow_egress(group: Resource, stack: Stack) -> Verdict:
    if group.type == aws.SECURITY_GROUP:
        rules = egress_rules(group, stack)
    elif of_group_here(group, stack):
        return not_applicable("its group is judged")
    elif (rules := rules_of(group, "egress")) == ():
        return not_applicable("it lets nothing out")
    if rules is None:
        return require(Tri.UNKNOWN, "its egress may be open on every port")
    return require(
        ~any_of(world_alone(rule) & rule.every_port() for rule in rules),
        "every port of the world may be reached",
    )


@graph_control(
    Facts(
        "EC2.21",
        "Network ACLs keep the world from administration ports",
        Severity.MEDIUM,
        "network leaves the network ACLs alone: the security groups decide, and a rule against "
        "port 3389 would also cut the answers to connections that a NAT gateway makes from it",
        "no allow rule from 0.0.0.0/0 to 22 or 3389",
        _VPC + "vpc-network-acls.html",
    ),
    aws.NETWORK_ACL,
    aws.DEFAULT_NETWORK_ACL,
    aws.NETWORK_ACL_RULE,
    aws.VPC,
)
def acl_admin_ports(acl: Resource, stack: Stack) -> Verdict:
    if acl.type == aws.VPC:
        return advice(_default_acl(acl, stack))
    if acl.type == aws.NETWORK_ACL_RULE:
        of_stack = stack.follow(acl, "networkAclId", aws.NETWORK_ACL, aws.DEFAULT_NETWORK_ACL)
        if of_stack.found:
            return not_applicable("its network ACL is judged with all of its rules")
        incoming = ~acl["egress"].is_true()
        admits = incoming & _admits(single_rule(acl))
        return require(~admits, "it lets the world in to 22 or 3389")
    return require(~_admits(rules_of_acl(stack, acl, False)), "it lets the world in to 22 or 3389")


def _default_acl(vpc: Resource, stack: Stack) -> Verdict:
    """Whether subnets stand behind the default ACL as AWS makes it, open on every port."""
    subnets = stack.companions(vpc, aws.SUBNET, "vpcId")
    if not subnets:
        return not_applicable("no subnet of the stack stands behind its default network ACL")
    exposed: list[Tri] = []
    for subnet in subnets:
        acl = acl_before(stack, subnet.resource)
        open_ = Tri.UNKNOWN if is_unknown(acl) else Tri.of(acl is None)
        exposed.append(subnet.belongs & open_)
    return require(
        ~any_of(exposed),
        "its default network ACL is left as AWS makes it, and lets the world in to 22 and 3389",
    )


def _admits(rules: tuple[AclRule, ...] | Unknown) -> Tri:
    """Whether rules, in their order and with ranges that add up, let the world in."""
    if is_unknown(rules):
        return Tri.UNKNOWN
    spans = [admitted(rules, "tcp", port) for port in ADMIN_PORTS]
    if any(is_world(span.must) for span in spans):
        return Tri.YES
    return Tri.UNKNOWN if any(is_world(span.may) for span in spans) else Tri.NO


@graph_control(
    Facts(
        "EC2.10",
        "Calls to EC2's own API stay inside the network",
        Severity.MEDIUM,
        "network.endpoints: [s3, ec2]: the whole list; auto makes those of what the stack uses",
        "VpcEndpoint(vpc_id=vpc.id, service_name='com.amazonaws.<region>.ec2', "
        "vpc_endpoint_type='Interface', private_dns_enabled=True, ...)",
        "AWSEC2/latest/UserGuide/interface-vpc-endpoints.html",
        # An endpoint has a price by the hour; containers and functions do not call this API.
        level=Level.ADVISORY,
    ),
    aws.VPC,
)
def compute_endpoint(vpc: Resource, stack: Stack) -> Verdict:
    return require(_endpoint(vpc, stack, "ec2"), "no endpoint for ec2")


@graph_control(
    Facts(
        "EC2.gateway-endpoints",
        "Traffic to S3 and DynamoDB stays inside the network",
        Severity.MEDIUM,
        "network.endpoints: auto (the default)",
        "VpcEndpoint(vpc_id=vpc.id, service_name='com.amazonaws.<region>.s3', route_table_ids=...)",
        "vpc/latest/privatelink/gateway-endpoints.html",
    ),
    aws.VPC,
)
def endpoints(vpc: Resource, stack: Stack) -> Verdict:
    wanted = ["s3"]
    if stack.of_type(aws.TABLE):
        wanted.append("dynamodb")
    missing = [name for name in wanted if _endpoint(vpc, stack, name) is Tri.NO]
    there = all_of(_endpoint(vpc, stack, name) for name in wanted)
    return require(there, f"no endpoint for {' and '.join(missing or wanted)}")


def _endpoint(vpc: Resource, stack: Stack, service: str) -> Tri:
    return stack.some_companion(
        vpc,
        aws.VPC_ENDPOINT,
        "vpcId",
        lambda one: one["serviceName"].matches(rf"\.{service}$"),
    )


CONTROLS: Final[tuple[Control, ...]] = (
    flow_logs,
    default_group_closed,
    no_automatic_address,
    web_ports_only,
    no_risky_port,
    not_world_in_parts,
    narrow_egress,
    acl_admin_ports,
    compute_endpoint,
    endpoints,
)
