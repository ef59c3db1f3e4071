"""What a web ACL says of a request: its own rules whole, AWS's sets by a rule or two of each.

What stands in those sets is AWS's; here each is present by rules whose effect AWS documents, so
that overrides, labels and count mode mean what they do there. A statement or a set this file does
not know is an error, never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import unquote

from tests.browser.http_message import Request

Tree = Mapping[str, Any]
"""A statement or rule as `aws.wafv2.WebAcl` takes it."""

INSPECTED = 8 * 1024
"""Bytes of a body that SizeRestrictions_BODY lets through ("Core rule set (CRS) managed rule
group", AWS WAF, 2026-11)."""


@dataclass(frozen=True)
class ManagedRule:
    """One rule of a set that AWS keeps."""

    name: str
    label: str
    matches: Callable[[Request], bool]


_CORE = "awswaf:managed:aws:core-rule-set:"
_BAD = "awswaf:managed:aws:known-bad-inputs:"
_SQL = "awswaf:managed:aws:sql-database:"


def _query(pattern: str) -> Callable[[Request], bool]:
    return lambda request: re.search(pattern, unquote(request.query or ""), re.I) is not None


MANAGED: Mapping[str, tuple[ManagedRule, ...]] = {
    "AWSManagedRulesCommonRuleSet": (
        ManagedRule(
            "NoUserAgent_HEADER",
            _CORE + "NoUserAgent_Header",
            lambda request: not request.headers.get("user-agent"),
        ),
        ManagedRule(
            "SizeRestrictions_BODY",
            _CORE + "SizeRestrictions_Body",
            lambda request: len(request.body) > INSPECTED,
        ),
    ),
    "AWSManagedRulesKnownBadInputsRuleSet": (
        ManagedRule("Log4JRCE_QUERYSTRING", _BAD + "Log4JRCE_QueryString", _query(r"\$\{jndi:")),
    ),
    "AWSManagedRulesSQLiRuleSet": (
        ManagedRule(
            "SQLi_QUERYARGUMENTS", _SQL + "SQLi_QueryArguments", _query(r"'\s*or\s+1\s*=\s*1")
        ),
    ),
    # Addresses that AWS knows of; none of the documentation's are among them.
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesAnonymousIpList": (),
}


@dataclass
class Firewall:
    """One web ACL with what it has counted."""

    rules: tuple[Tree, ...]
    address_sets: Mapping[str, tuple[str, ...]]
    """Blocks by ARN of the IP set."""
    now: Callable[[], float]
    """Seconds."""
    _seen: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def blocks(self, request: Request) -> bool:
        """Whether the request ends here. Rates count every request that is asked about."""
        labels: set[str] = set()
        for rule in sorted(self.rules, key=lambda element: element["priority"]):
            statement = rule["statement"]
            if "managedRuleGroupStatement" in statement:
                action = self._managed(rule, request, labels)
            else:
                matched = self._matches(rule["name"], statement, request, labels)
                action = next(iter(rule["action"])) if matched else "count"
            if action == "allow":
                return False
            if action in {"block", "captcha"}:
                return True
        return False

    def _managed(self, rule: Tree, request: Request, labels: set[str]) -> str:
        managed = rule["statement"]["managedRuleGroupStatement"]
        changed = {
            override["name"]: next(iter(override["actionToUse"]))
            for override in managed.get("ruleActionOverrides", ())
        }
        found = "count"
        for rule_name in MANAGED[managed["name"]]:
            if rule_name.matches(request):
                labels.add(rule_name.label)
                if changed.get(rule_name.name, "block") == "block":
                    found = "block"
        return "count" if "count" in rule["overrideAction"] else found

    def _matches(self, rule: str, statement: Tree, request: Request, labels: set[str]) -> bool:
        ((kind, condition),) = statement.items()
        match kind:
            case "ipSetReferenceStatement":
                address = ip_address(request.viewer.address)
                return any(
                    address in ip_network(block) for block in self.address_sets[condition["arn"]]
                )
            case "geoMatchStatement":
                return request.viewer.country in condition["countryCodes"]
            case "rateBasedStatement":
                return self._too_often(rule, condition, request, labels)
            case "byteMatchStatement":
                return _path_begins(condition, request)
            case "labelMatchStatement":
                return condition["key"] in labels
            case "notStatement":
                return not self._matches(rule, condition["statement"], request, labels)
            case "andStatement":
                every = [self._matches(rule, e, request, labels) for e in condition["statements"]]
                return all(every)
            case "orStatement":
                every = [self._matches(rule, e, request, labels) for e in condition["statements"]]
                return any(every)
            case _:
                raise LookupError(f"the double of AWS WAF knows no {kind}")

    def _too_often(self, rule: str, limit: Tree, request: Request, labels: set[str]) -> bool:
        if limit["aggregateKeyType"] != "IP":
            raise LookupError(
                f"the double of AWS WAF counts by IP, not {limit['aggregateKeyType']}"
            )
        within = limit.get("scopeDownStatement")
        if within is not None and not self._matches(rule, within, request, labels):
            return False
        since = self.now() - limit["evaluationWindowSec"]
        seen = self._seen.setdefault((rule, request.viewer.address), [])
        seen[:] = [*(at for at in seen if at > since), self.now()]
        return len(seen) > limit["limit"]


def _path_begins(match: Tree, request: Request) -> bool:
    if match["positionalConstraint"] != "STARTS_WITH" or "uriPath" not in match["fieldToMatch"]:
        raise LookupError("the double of AWS WAF compares the beginning of paths only")
    decoded = any(
        transformation["type"] == "URL_DECODE" for transformation in match["textTransformations"]
    )
    path = request.decoded_path if decoded else request.path
    return path.startswith(match["searchString"])
