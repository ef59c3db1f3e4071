"""Load balancers: TLS at the door, nothing ambiguous let through, across two zones."""

from typing import Final

from .. import aws
from ..control import (
    Control,
    Level,
    Severity,
    Verdict,
    first_failure,
    not_applicable,
    require,
    where,
)
from ..define import Facts, graph_control, of_own_code, resource_control
from ..evidence import Resource, Stack
from ..reachability.cidrs import INTERNET, block
from ..reading import Reading
from ..unknown import Tri, any_of

_ALB = "elasticloadbalancing/latest/application/"

# Policies without TLS 1.0, TLS 1.1 and weak ciphers: "Security policies for your Application Load
# Balancer", 2026-11. Post-quantum and FIPS variants begin alike.
MODERN_TLS_POLICY: Final = r"^ELBSecurityPolicy-TLS13-1-[23]-(?!Ext1)"


def _application(balancer: Resource) -> Tri:
    return balancer["loadBalancerType"].equals("application")


@graph_control(
    Facts(
        "ELB.1",
        "Plain HTTP is only redirected to HTTPS",
        Severity.MEDIUM,
        "loadBalancers.<key>.http: redirect (the default); services.<key>.routes are served on 443",
        "Listener(port=80, default_actions=[{'type': 'redirect', 'redirect': {'protocol': 'HTTPS'"
        ", 'status_code': 'HTTP_301'}}])",
        _ALB + "load-balancer-listeners.html",
    ),
    aws.LISTENER,
)
def http_redirects(listener: Resource, stack: Stack) -> Verdict:
    protocol = listener["protocol"]
    plain = protocol.one_of(("HTTP",)) & ~listener["certificateArn"].present()
    redirects = listener["defaultActions"].every(_redirects)
    rules = stack.companions(listener, aws.LISTENER_RULE, "listenerArn")
    forwarding = any_of(
        rule.belongs & ~rule.resource["actions"].every(_redirects) for rule in rules
    )
    return where(
        plain,
        first_failure(
            require(redirects, "a default action on HTTP does not redirect to HTTPS"),
            require(~forwarding, "a rule on HTTP does not redirect to HTTPS"),
        ),
        "the listener is not HTTP",
    )


def _redirects(action: Reading) -> Tri:
    return action["type"].equals("redirect") & action["redirect"]["protocol"].equals("HTTPS")


@resource_control(
    Facts(
        "ELB.17",
        "Listeners accept TLS 1.2 and 1.3 only",
        Severity.MEDIUM,
        "loadBalancers.<key>.tlsPolicy: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 (the default)",
        "ssl_policy='ELBSecurityPolicy-TLS13-1-2-Res-2021-06'",
        _ALB + "describe-ssl-policies.html",
    ),
    aws.LISTENER,
)
def modern_tls(listener: Resource) -> Verdict:
    secure = listener["protocol"].one_of(("HTTPS", "TLS"))
    return where(
        secure,
        require(
            listener["sslPolicy"].matches(MODERN_TLS_POLICY),
            "sslPolicy is missing, or one that accepts old TLS versions or ciphers",
        ),
        "the listener has no TLS",
    )


@resource_control(
    of_own_code(
        "ELB.3",
        "Classic balancers listen with TLS",
        Severity.MEDIUM,
        "an application load balancer; or listeners=[{'lb_protocol': 'https', ...}] alone",
        "elasticloadbalancing/latest/classic/elb-https-load-balancers.html",
        stack="loadBalancers.<key> makes application load balancers",
    ),
    aws.CLASSIC_BALANCER,
)
def classic_speaks_tls(balancer: Resource) -> Verdict:
    return require(
        balancer["listeners"].every(
            lambda listener: listener["lbProtocol"].matches("^(?i:https|ssl)$")
        ),
        "a listener takes plain connections",
    )


@resource_control(
    Facts(
        "ELB.4",
        "Load balancers drop invalid headers",
        Severity.MEDIUM,
        "loadBalancers.<key> always drops invalid headers",
        "drop_invalid_header_fields=True",
        _ALB + "edit-load-balancer-attributes.html",
    ),
    aws.LOAD_BALANCER,
)
def drops_invalid_headers(balancer: Resource) -> Verdict:
    return where(
        _application(balancer),
        require(
            balancer["dropInvalidHeaderFields"].is_true(), "dropInvalidHeaderFields is not true"
        ),
        "not an application load balancer",
    )


@resource_control(
    Facts(
        "ELB.5",
        "Load balancers log every request",
        Severity.MEDIUM,
        "buckets: {logs: {purpose: logs, receives: [loadBalancers]}} takes them; leave out "
        "loadBalancers.<key>.accessLogs: none",
        "access_logs={'bucket': logs.bucket, 'enabled': True}",
        _ALB + "load-balancer-access-logs.html",
    ),
    aws.LOAD_BALANCER,
)
def access_logged(balancer: Resource) -> Verdict:
    logs = balancer["accessLogs"]
    return where(
        ~balancer["loadBalancerType"].equals("gateway"),
        require(
            logs["enabled"].is_true() & balancer.provided(logs["bucket"], *aws.BUCKETS),
            "accessLogs is not enabled",
        ),
        "a gateway load balancer has no access logs",
    )


@resource_control(
    Facts(
        "ELB.6",
        "Load balancers are protected from deletion",
        Severity.MEDIUM,
        "loadBalancers.<key>.deletionProtection: true (the default in production)",
        "enable_deletion_protection=True",
        _ALB + "edit-load-balancer-attributes.html",
        in_development=Level.ADVISORY,
    ),
    aws.LOAD_BALANCER,
)
def deletion_protected(balancer: Resource) -> Verdict:
    return require(
        balancer["enableDeletionProtection"].is_true(), "enableDeletionProtection is not true"
    )


@resource_control(
    Facts(
        "ELB.12",
        "Load balancers refuse ambiguous requests",
        Severity.MEDIUM,
        "loadBalancers.<key> always uses the strictest desync mode",
        "desync_mitigation_mode='strictest'",
        _ALB + "edit-load-balancer-attributes.html",
    ),
    aws.LOAD_BALANCER,
)
def desync(balancer: Resource) -> Verdict:
    return where(
        _application(balancer),
        require(
            balancer["desyncMitigationMode"].one_of(("defensive", "strictest")),
            "desyncMitigationMode is monitor",
        ),
        "not an application load balancer",
    )


@resource_control(
    Facts(
        "ELB.13",
        "Load balancers stand in two zones or more",
        Severity.MEDIUM,
        "network.zones: 2 (or more)",
        "subnets in two availability zones",
        _ALB + "application-load-balancers.html",
    ),
    aws.LOAD_BALANCER,
)
def two_zones(balancer: Resource) -> Verdict:
    subnets, mappings = balancer["subnets"], balancer["subnetMappings"]
    if subnets.is_unknown or mappings.is_unknown:
        return require(Tri.UNKNOWN, "it may stand in one zone")
    count = max(len(subnets.elements()), len(mappings.elements()))
    return require(Tri.of(count >= 2), "it stands in fewer than two subnets")


@graph_control(
    Facts(
        "ELB.16",
        "Load balancers on the internet stand behind a firewall",
        Severity.MEDIUM,
        "firewalls: {main: {loadBalancers: all}}",
        "wafv2.WebAclAssociation(resource_arn=balancer.arn, web_acl_arn=acl.arn)",
        "waf/latest/developerguide/web-acl-associating-aws-resource.html",
        # A firewall has a price of its own, and is asked for in the stack file.
        level=Level.ADVISORY,
    ),
    aws.LOAD_BALANCER,
)
def behind_firewall(balancer: Resource, stack: Stack) -> Verdict:
    public = _application(balancer) & ~balancer["internal"].is_true()
    associated = any_of(
        one.belongs for one in stack.companions(balancer, aws.WEB_ACL_ASSOCIATION, "resourceArn")
    )
    return where(
        public,
        require(associated, "no web ACL is associated"),
        "it takes no HTTP from the internet",
    )


@graph_control(
    Facts(
        "ELB.private-targets",
        "Targets are reached over TLS, or inside the network",
        Severity.MEDIUM,
        "services.<key>.subnets: private (the default)",
        "TargetGroup(protocol='HTTPS'), or targets inside the VPC",
        _ALB + "load-balancer-target-groups.html",
    ),
    aws.TARGET_GROUP,
)
def private_hop(group: Resource, stack: Stack) -> Verdict:
    kind = group["targetType"]
    if kind.equals("lambda") is Tri.YES or kind.equals("alb") is Tri.YES:
        return not_applicable("the target is not reached over a network of ours")
    encrypted = group["protocol"].one_of(("HTTPS", "TLS", "QUIC"))
    # Services and instances are reached by their private addresses, whatever else they wear.
    beyond = any_of(
        target.belongs & _is_public(target.resource["targetId"])
        for target in stack.companions(group, aws.TARGET_ATTACHMENT, "targetGroupArn")
    )
    return require(
        encrypted | ~beyond, "a target is reached by a public address over a plain protocol"
    )


def _is_public(target: Reading) -> Tri:
    return target.ask(lambda value: isinstance(value, str) and _public_address(value))


def _public_address(text: str) -> bool:
    try:
        return bool(block(text) & INTERNET)
    except ValueError:
        # The id of an instance, a function or a balancer.
        return False


CONTROLS: Final[tuple[Control, ...]] = (
    http_redirects,
    modern_tls,
    classic_speaks_tls,
    drops_invalid_headers,
    access_logged,
    deletion_protected,
    desync,
    two_zones,
    behind_firewall,
    private_hop,
)
