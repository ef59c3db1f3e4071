"""Firewalls: with rules, measured and logged."""

from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, require
from ..define import Facts, graph_control, resource_control
from ..evidence import Resource, Stack
from ..reading import Reading
from ..unknown import Tri

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


CONTROLS: Final[tuple[Control, ...]] = (
    firewall_has_rules,
    firewall_metrics,
    firewall_logged,
)
