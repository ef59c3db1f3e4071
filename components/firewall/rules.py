"""The rules of a web ACL, in the order they are asked: cheap and certain ones first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pulumi

from components.firewall.settings import (
    BODY_RULES,
    BOTS,
    MANAGED,
    SIZE_RULES,
    BotSettings,
    FirewallSettings,
    ManagedSet,
)

BOT_LABELS = "awswaf:managed:aws:bot-control:"
PROGRAMS = {
    "CategoryHttpLibrary": f"{BOT_LABELS}bot:category:http_library",
    "SignalAutomatedBrowser": f"{BOT_LABELS}signal:automated_browser",
    "SignalNonBrowserUserAgent": f"{BOT_LABELS}signal:non_browser_user_agent",
}
"""Rules of Bot Control for what no person's browser does, and the labels they leave ("AWS WAF Bot
Control rule group", 2026-11)."""

SOLVED = "awswaf:managed:captcha:accepted"
"""Whoever solved a puzzle lately has it, on every request ("Types of token labels", 2026-11)."""

Rule = dict[str, Any]
NO_RULES: Mapping[str, str] = {}


def rules(
    settings: FirewallSettings,
    metric: str,
    allow_sets: Mapping[str, pulumi.Input[str]],
    deny_sets: Mapping[str, pulumi.Input[str]],
) -> list[Rule]:
    """The rules as `aws.wafv2.WebAcl` takes them.

    Args:
        metric: what the names of CloudWatch metrics begin with.
        allow_sets: ARNs of IP sets by address family.
        deny_sets: the same for blocks that are refused.
    """
    return [
        {
            **rule,
            "priority": position,
            "visibility_config": visibility(f"{metric}-{rule['name']}"),
        }
        for position, rule in enumerate(_in_order(settings, allow_sets, deny_sets))
    ]


def visibility(metric: str) -> dict[str, Any]:
    """Counted in CloudWatch, with samples of what was matched."""
    return {
        "cloudwatch_metrics_enabled": True,
        "sampled_requests_enabled": True,
        "metric_name": metric,
    }


def _in_order(
    settings: FirewallSettings,
    allow_sets: Mapping[str, pulumi.Input[str]],
    deny_sets: Mapping[str, pulumi.Input[str]],
) -> Iterator[Rule]:
    stop: Rule = {"count": {}} if settings.mode == "count" else {"block": {}}
    for family, arn in allow_sets.items():
        yield _own(f"allow-{family.lower()}", {"allow": {}}, _in_set(arn))
    for family, arn in deny_sets.items():
        yield _own(f"deny-{family.lower()}", stop, _in_set(arn))
    if settings.countries:
        here = {"geo_match_statement": {"country_codes": list(settings.countries)}}
        yield _own("countries", stop, _not(here))
    if settings.rate != "none":
        yield _own("rate", stop, _rate(settings.rate.requests, settings.rate.seconds))
    for key, rate in settings.rates.items():
        limit = _rate(rate.requests, rate.seconds, _begins(rate.path))
        yield _own(f"rate-{key}", stop, limit)
    for name, managed in MANAGED.items():
        if name not in settings.managed:
            continue
        version = settings.versions.get(name, managed.version)  # type: ignore[call-overload]
        long = SIZE_RULES.get(name, NO_RULES) if settings.uploads else NO_RULES
        foreign = BODY_RULES.get(name, NO_RULES) if settings.foreign_bodies else NO_RULES
        overrides: list[Rule] = [
            {"name": rule, "action_to_use": {"count": {}}} for rule in (*long, *foreign)
        ]
        yield _managed(name, managed, version, settings.mode, overrides)
        if long and "/" not in settings.uploads:
            yield _own("body-size", stop, _labelled_outside(list(long.values()), settings.uploads))
    if settings.foreign_bodies and "/" not in settings.foreign_bodies:
        labels = [label for name in settings.body_readers for label in BODY_RULES[name].values()]
        yield _own("bodies", stop, _labelled_outside(labels, settings.foreign_bodies))
    if settings.bots is not None:
        yield from _bots(settings.bots, settings.mode, stop)


def _bots(bots: BotSettings, mode: str, stop: Rule) -> Iterator[Rule]:
    """Bot Control, and who of those it labels gets a puzzle.

    Only a page can show one: a script's request would get the puzzle for its answer. So pages are
    asked for a proof, and all else is refused until there is one.
    """
    action: Rule = {"count": {}} if bots.captcha else {"block": {}}
    group = _managed(
        "bots",
        BOTS,
        bots.version or BOTS.version,
        mode,
        [{"name": rule, "action_to_use": action} for rule in PROGRAMS],
        [{"aws_managed_rules_bot_control_rule_set": {"inspection_level": "COMMON"}}],
    )
    if bots.programs:
        within = _every([_not(_begins(path)) for path in bots.programs])
        group["statement"]["managed_rule_group_statement"]["scope_down_statement"] = within
    yield group
    if bots.captcha:
        program = _any([_label(label) for label in PROGRAMS.values()])
        puzzle: Rule = {"count": {}} if mode == "count" else {"captcha": {}}
        yield _own("bots-puzzle", puzzle, _every([program, *_page()]))
        yield _own("bots-refuse", stop, _every([program, _not(_label(SOLVED))]))


def _page() -> list[Rule]:
    """A browser asks for a page, as somebody who follows a link does."""
    return [
        _bytes({"method": {}}, "EXACTLY", "GET", "NONE"),
        _bytes({"single_header": {"name": "accept"}}, "CONTAINS", "text/html", "LOWERCASE"),
    ]


def _own(name: str, action: Rule, statement: Rule) -> Rule:
    return {"name": name, "action": action, "statement": statement}


def _managed(
    name: str,
    managed: ManagedSet,
    version: str | None,
    mode: str,
    overrides: Sequence[Rule],
    configs: Sequence[Rule] = (),
) -> Rule:
    group: Rule = {"vendor_name": "AWS", "name": managed.name}
    if version is not None:
        group["version"] = version
    if overrides:
        group["rule_action_overrides"] = list(overrides)
    if configs:
        group["managed_rule_group_configs"] = list(configs)
    return {
        "name": name,
        "override_action": {"count": {}} if mode == "count" else {"none": {}},
        "statement": {"managed_rule_group_statement": group},
    }


def _rate(requests: int, seconds: int, within: Rule | None = None) -> Rule:
    statement: Rule = {
        "aggregate_key_type": "IP",
        "limit": requests,
        "evaluation_window_sec": seconds,
    }
    if within is not None:
        statement["scope_down_statement"] = within
    return {"rate_based_statement": statement}


def _in_set(arn: pulumi.Input[str]) -> Rule:
    return {"ip_set_reference_statement": {"arn": arn}}


def _begins(path: str) -> Rule:
    """The path, decoded, begins with this."""
    return _bytes({"uri_path": {}}, "STARTS_WITH", path, "URL_DECODE")


def _bytes(field: Rule, where: str, text: str, transformation: str) -> Rule:
    return {
        "byte_match_statement": {
            "field_to_match": field,
            "positional_constraint": where,
            "search_string": text,
            "text_transformations": [{"priority": 0, "type": transformation}],
        }
    }


def _label(key: str) -> Rule:
    return {"label_match_statement": {"scope": "LABEL", "key": key}}


def _every(statements: Sequence[Rule]) -> Rule:
    """All of them; AWS WAF takes no list of one."""
    return statements[0] if len(statements) == 1 else {"and_statement": {"statements": statements}}


def _labelled_outside(labels: Sequence[str], paths: Sequence[str]) -> Rule:
    """A request that a counted rule matched, on none of the paths where that is expected."""
    matched = _any([_label(label) for label in labels])
    return _every([matched, *(_not(_begins(path)) for path in paths)])


def _any(statements: Sequence[Rule]) -> Rule:
    """One of them at least; AWS WAF takes no list of one."""
    return statements[0] if len(statements) == 1 else {"or_statement": {"statements": statements}}


def _not(statement: Rule) -> Rule:
    return {"not_statement": {"statement": statement}}
