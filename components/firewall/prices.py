"""What this package's resources cost.

Sources: "AWS WAF Pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.parts.asked import Asked, Rule, known
from components.parts.charges import Charge, Free, Pricing, Row
from components.parts.spread import Spread, decimal

EXTRA_GROUPS = {
    "AWSManagedRulesBotControlRuleSet": (
        "awswaf/botControl/month",
        "awswaf/botControl/common/request",
    ),
    "AWSManagedRulesATPRuleSet": ("awswaf/accountTakeover/month", None),
    "AWSManagedRulesACFPRuleSet": (None, "awswaf/fraudControl/request"),
}
"""Managed groups with a subscription or a price a request beside that of a rule."""

WAF_LOG_GB = decimal("0.0000015")
"""GB that one request looked at writes, about: Trellis's own."""

MANAGED_KINDS = ("managedRuleGroupStatement",)


def web_acl(asked: Asked) -> Iterator[Pricing]:
    """The ACL, each rule and group in it, and requests looked at."""
    everywhere = asked.get("scope") == "CLOUDFRONT"
    rules: Sequence[Mapping[str, Any]] = asked.get("rules") or ()
    groups = [name for rule in rules for name in _managed(rule)]
    own = sum(1 for rule in rules if not list(_managed(rule)))
    requests, why = asked.used("firewalls", "requests")
    for key, what, count in (
        ("webAcl/month", "web ACL", 1),
        ("rule/month", "rules of one's own", own),
        ("managedRuleGroup/month", "managed rule groups", len(groups)),
    ):
        reason = asked.because(f"{count} {what}", "managed" if "Group" in key else "rules")
        if count:
            yield Charge(f"awswaf/{key}", what, Spread.flat(count), (reason,), everywhere)
    yield Charge("awswaf/request", "requests looked at", requests, (why,), everywhere)
    for name in groups:
        month, request = EXTRA_GROUPS.get(name, (None, None))
        if month:
            reason = asked.because(name, "managed")
            yield Charge(month, f"{name}", Spread.flat(1), (reason,), everywhere)
        if request:
            yield Charge(request, f"requests of {name}", requests, (why,), everywhere)


def _managed(rule: Mapping[str, Any]) -> Iterator[str]:
    statement: Mapping[str, Any] = known(rule.get("statement"), {})
    for kind in MANAGED_KINDS:
        group = known(statement.get(kind))
        if group is not None:
            yield str(known(group.get("name"), ""))


def web_acl_logging(asked: Asked) -> Iterator[Pricing]:
    """Delivery of a firewall's logs, by where they go."""
    requests, why = asked.plan.usage.of("firewalls", asked.key, "requests")
    targets = str(asked.get("logDestinationConfigs", ""))
    key = "vendedToS3/gb" if "s3" in targets else "vended/ingest/gb"
    yield Charge(f"AmazonCloudWatch/logs/{key}", "firewall logs", requests * WAF_LOG_GB, (why,))


RULES: Mapping[str, Rule] = {
    "aws:wafv2/webAcl:WebAcl": web_acl,
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": web_acl_logging,
}


FREE: Mapping[str, Free] = {
    "aws:wafv2/ipSet:IpSet": Free("a part of a web ACL that is priced", "AWS WAF Pricing, 2026-11"),
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("firewalls", "requests"): ((1e5, 1e6, 5e6), (1e6, 5e6, 5e7), (5e6, 5e7, 5e8)),
}  # fmt: skip
