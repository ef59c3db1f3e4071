"""Firewalls: with rules, measured and logged."""

from typing import Final

from .. import aws
from ..control import Control, Level, Severity, Verdict, first_failure, require
from ..define import Facts, graph_control, resource_control
from ..evidence import Resource, Stack
from ..reachability.cidrs import union
from ..reading import Reading
from ..resource import has_unknown
from ..unknown import Tri, any_of

_WAF = "waf/latest/developerguide/"


@resource_control(
    Facts(
        "WAF.10",
        "Firewalls have rules",
        Severity.MEDIUM,
        "firewalls.<key>.managed: [common, knownBadInputs, sqli, ipReputation] (the default)",
        "WebAcl(rules=[...])",
        _WAF + "web-acl.html",
    ),
    aws.WEB_ACL,
)
def firewall_has_rules(acl: Resource) -> Verdict:
    return require(acl["rules"].present() | acl["ruleJson"].present(), "the web ACL has no rules")


@resource_control(
    Facts(
        "WAF.12",
        "Firewall rules publish metrics",
        Severity.MEDIUM,
        "firewalls.<key> always publishes metrics",
        "visibility_config={'cloudwatch_metrics_enabled': True, ...} in the ACL and every rule",
        _WAF + "monitoring-cloudwatch.html",
    ),
    aws.WEB_ACL,
    aws.WEB_ACL_RULE_GROUP,
)
def firewall_metrics(acl: Resource) -> Verdict:
    def measured(one: Reading) -> Tri:
        return one["visibilityConfig"]["cloudwatchMetricsEnabled"].is_true()

    return require(
        acl.at("visibilityConfig.cloudwatchMetricsEnabled").is_true()
        & acl["rules"].every(measured),
        "cloudwatchMetricsEnabled is not true everywhere",
    )


@graph_control(
    Facts(
        "WAF.11",
        "Firewalls log what they decide",
        Severity.LOW,
        "firewalls.<key> always logs what it blocks; firewalls.<key>.logDays says how long",
        "WebAclLoggingConfiguration(resource_arn=acl.arn, log_destination_configs=[...])",
        _WAF + "logging.html",
    ),
    aws.WEB_ACL,
)
def firewall_logged(acl: Resource, stack: Stack) -> Verdict:
    return require(
        stack.some_companion(
            acl,
            aws.WEB_ACL_LOGGING,
            "resourceArn",
            lambda one: one["logDestinationConfigs"].present() & ~_keeps_nothing(one),
        ),
        "the web ACL has no logging configuration that keeps something",
    )


def _keeps_nothing(logging: Resource) -> Tri:
    """Whether the filter drops every record: by default, and in all of its rules."""
    filtering = logging["loggingFilter"]
    return filtering["defaultBehavior"].equals("DROP") & filtering["filters"].every(
        lambda one: one["behavior"].equals("DROP")
    )


# What an allow rule may spare before all others: no more than an organisation's own range.
_WIDEST_IPV4: Final = 2**16
_WIDEST_IPV6: Final = 2 ** (128 - 48)


@graph_control(
    Facts(
        "WAF.effective",
        "Firewalls refuse something, and spare nobody at large",
        Severity.MEDIUM,
        "firewalls.<key>.mode: block (the default), with managed sets or a rate; "
        "firewalls.<key>.allow: [192.0.2.0/24]: narrow ranges",
        "rules with override_action={'none': {}} or action={'block': {}}; IpSet(addresses=[...]) "
        "of narrow ranges in rules that allow",
        _WAF + "web-acl-rule-actions.html",
        in_development=Level.ADVISORY,
    ),
    aws.WEB_ACL,
)
def firewall_decides(acl: Resource, stack: Stack) -> Verdict:
    rules = acl["rules"]
    if rules.is_absent:
        # WAF.10 asks for rules; those of a JSON text are not read.
        return require(~acl["ruleJson"].absent() & Tri.UNKNOWN, "it has no rules that refuse")
    refuses = rules.some(
        lambda rule: (
            (rule["action"]["block"].present() | _is_set(rule["action"], "block"))
            | _is_set(rule["action"], "captcha")
            | _is_set(rule["action"], "challenge")
            | _is_set(rule["overrideAction"], "none")
        )
    ) | _is_set(acl["defaultAction"], "block")
    spares = any_of(
        _is_set(rule["action"], "allow") & _wide(acl, rule, stack) for rule in rules.elements()
    )
    return first_failure(
        require(refuses, "every rule counts only: nothing is refused"),
        require(~spares, "a rule lets wide ranges of addresses in before the others"),
    )


def _is_set(action: Reading, name: str) -> Tri:
    """Whether a block such as ``{block: {}}`` names this action: it often has nothing inside."""
    if action.is_unknown:
        return Tri.UNKNOWN
    return Tri.of(any(name in one.keys() for one in action.elements()))  # noqa: SIM118 - a Reading


def _wide(acl: Resource, rule: Reading, stack: Stack) -> Tri:
    """Whether a rule is about an IP set with more addresses than one organisation's range."""
    reference = rule["statement"]["ipSetReferenceStatement"]["arn"]
    if reference.is_absent:
        return Tri.NO
    sets = stack.resolve(acl, reference, aws.WEB_ACL_IP_SET).found
    named = reference.text()
    if named is not None:
        sets = tuple(one for one in sets if named in one.identities())
    if not sets:
        return Tri.UNKNOWN
    return any_of(_holds_many(one["addresses"]) for one in sets)


def _holds_many(addresses: Reading) -> Tri:
    if addresses.is_unknown:
        return Tri.UNKNOWN
    blocks = [text for one in addresses.elements() if (text := one.text()) is not None]
    four, six = union(blocks).sizes
    if four > _WIDEST_IPV4 or six > _WIDEST_IPV6:
        return Tri.YES
    return Tri.UNKNOWN if has_unknown(addresses.value) else Tri.NO


CONTROLS: Final[tuple[Control, ...]] = (
    firewall_has_rules,
    firewall_decides,
    firewall_metrics,
    firewall_logged,
)
