"""The rules of firewalls: order, actions, count mode, lists, and what they weigh."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.firewall.rules import rules
from components.firewall.settings import FirewallSettings, by_family


def made(**settings: Any) -> dict[str, dict[str, Any]]:
    """Rules by name, of validated settings."""
    given = FirewallSettings.model_validate(settings)
    lists = {family: f"arn:{family}" for family in by_family(given.allow)}
    refused = {family: f"arn:deny:{family}" for family in by_family(given.deny)}
    return {rule["name"]: rule for rule in rules(given, "shop", lists, refused)}


FULL: dict[str, Any] = {
    "allow": ("192.0.2.0/24", "2001:db8::/32"),
    "deny": ("198.51.100.0/24",),
    "countries": ("KE", "NG"),
    "rates": {"login": {"path": "/login", "requests": 20, "seconds": 60}},
    "uploads": ("/files", "/images"),
    "foreignBodies": ("/logs",),
    "bots": {},
}


def test_cheap_and_certain_rules_are_asked_first():
    found = made(**FULL)
    assert list(found) == [
        "allow-ipv4", "allow-ipv6", "deny-ipv4", "countries", "rate", "rate-login",
        "ipReputation", "common", "body-size", "knownBadInputs", "sqli", "bodies",
        "bots", "bots-puzzle", "bots-refuse",
    ]  # fmt: skip
    assert [rule["priority"] for rule in found.values()] == list(range(15))


def test_count_mode_changes_actions_and_nothing_else():
    armed, counted = made(**FULL), made(**FULL, mode="count")
    assert list(armed) == list(counted)
    for name, rule in armed.items():
        same = {key for key in rule if rule[key] == counted[name][key]}
        if name.startswith("allow"):
            assert rule == counted[name]
        elif "override_action" in rule:
            assert same == rule.keys() - {"override_action"}
            assert counted[name]["override_action"] == {"count": {}}
        else:
            assert same == rule.keys() - {"action"}
            assert counted[name]["action"] == {"count": {}}


def test_only_the_named_countries_get_in():
    assert made(**FULL)["countries"]["statement"] == {
        "not_statement": {"statement": {"geo_match_statement": {"country_codes": ["KE", "NG"]}}}
    }


def test_a_path_has_a_rate_of_its_own():
    limit = made(**FULL)["rate-login"]["statement"]["rate_based_statement"]
    assert (limit["limit"], limit["evaluation_window_sec"]) == (20, 60)
    match = limit["scope_down_statement"]["byte_match_statement"]
    assert (match["search_string"], match["positional_constraint"]) == ("/login", "STARTS_WITH")
    assert match["text_transformations"] == [{"priority": 0, "type": "URL_DECODE"}]


def test_long_bodies_are_refused_outside_the_upload_paths():
    statements = made(**FULL)["body-size"]["statement"]["and_statement"]["statements"]
    paths = [
        statement["not_statement"]["statement"]["byte_match_statement"]["search_string"]
        for statement in statements[1:]
    ]
    assert paths == ["/files", "/images"]


def test_uploads_everywhere_need_no_rule_of_their_own():
    found = made(uploads=("/",))
    assert "body-size" not in found
    overrides = found["common"]["statement"]["managed_rule_group_statement"]
    assert overrides["rule_action_overrides"][0]["action_to_use"] == {"count": {}}


def test_attacks_in_bodies_are_refused_outside_the_paths_that_collect_them():
    found = made(foreignBodies=("/api/logs/",))
    counted: set[str] = set()
    for name in ("common", "knownBadInputs", "sqli"):
        group = found[name]["statement"]["managed_rule_group_statement"]
        assert all(
            override["action_to_use"] == {"count": {}}
            for override in group["rule_action_overrides"]
        )
        counted |= {override["name"].lower() for override in group["rule_action_overrides"]}
    matched, *elsewhere = found["bodies"]["statement"]["and_statement"]["statements"]
    labels = {
        statement["label_match_statement"]["key"].split(":")[-1].lower()
        for statement in matched["or_statement"]["statements"]
    }
    assert labels == counted
    assert found["bodies"]["action"] == {"block": {}}
    assert list(found).index("bodies") > list(found).index("sqli")
    assert [
        element["not_statement"]["statement"]["byte_match_statement"]["search_string"]
        for element in elsewhere
    ] == ["/api/logs/"]


def test_foreign_bodies_of_sets_that_read_none_are_refused():
    with pytest.raises(ValidationError, match="no `foreignBodies` where none of"):
        FirewallSettings.model_validate({"managed": ("ipReputation",), "foreignBodies": ("/in",)})


BOT = "awswaf:managed:aws:bot-control:"
LABELLED = {
    "or_statement": {
        "statements": [
            {"label_match_statement": {"scope": "LABEL", "key": f"{BOT}{key}"}}
            for key in (
                "bot:category:http_library",
                "signal:automated_browser",
                "signal:non_browser_user_agent",
            )
        ]
    }
}


def actions_of_programs(**bots: Any) -> set[str]:
    """What Bot Control does with programs."""
    group = made(bots=bots)["bots"]["statement"]["managed_rule_group_statement"]
    return {next(iter(override["action_to_use"])) for override in group["rule_action_overrides"]}


def test_only_pages_are_puzzles_and_scripts_are_refused_until_one_is_solved():
    found = made(bots={})
    assert actions_of_programs() == {"count"}
    puzzle, refuse = found["bots-puzzle"], found["bots-refuse"]
    assert puzzle["action"] == {"captcha": {}}
    program, method, accept = puzzle["statement"]["and_statement"]["statements"]
    assert program == LABELLED
    assert method["byte_match_statement"] == {
        "field_to_match": {"method": {}},
        "positional_constraint": "EXACTLY",
        "search_string": "GET",
        "text_transformations": [{"priority": 0, "type": "NONE"}],
    }
    assert accept["byte_match_statement"]["field_to_match"] == {"single_header": {"name": "accept"}}
    assert accept["byte_match_statement"]["search_string"] == "text/html"
    solved = {"scope": "LABEL", "key": "awswaf:managed:captcha:accepted"}
    assert refuse["action"] == {"block": {}}
    assert refuse["statement"]["and_statement"]["statements"] == [
        LABELLED,
        {"not_statement": {"statement": {"label_match_statement": solved}}},
    ]
    assert found["bots"]["priority"] < puzzle["priority"] < refuse["priority"]


def test_without_a_puzzle_programs_are_refused_at_once():
    assert actions_of_programs(captcha=False) == {"block"}
    assert not {"bots-puzzle", "bots-refuse"} & made(bots={"captcha": False}).keys()


@pytest.mark.parametrize("paths", [("/api/",), ("/api/", "/webhooks/")])
def test_programs_may_call_what_is_made_for_them(paths: tuple[str, ...]):
    group = made(bots={"programs": paths})["bots"]["statement"]["managed_rule_group_statement"]
    within = group["scope_down_statement"]
    every = within["and_statement"]["statements"] if len(paths) > 1 else [within]
    inner = [element["not_statement"]["statement"]["byte_match_statement"] for element in every]
    assert [(element["positional_constraint"], element["search_string"]) for element in inner] == [
        ("STARTS_WITH", path) for path in paths
    ]


def test_every_rule_has_a_metric_of_its_own_and_samples():
    views = [resource["visibility_config"] for resource in made(**FULL).values()]
    assert len({view["metric_name"] for view in views}) == len(views)
    assert all(view["cloudwatch_metrics_enabled"] for view in views)
    assert all(view["sampled_requests_enabled"] for view in views)


def test_a_pinned_version_can_be_set():
    found = made(versions={"common": "Version_1.20"})["common"]
    assert found["statement"]["managed_rule_group_statement"]["version"] == "Version_1.20"


@pytest.mark.parametrize(
    ("settings", "wcu"),
    [
        ({}, 1127),
        ({"managed": (), "rate": "none"}, 0),
        ({"managed": ("ipReputation",)}, 27),
        ({"foreignBodies": ("/logs/",)}, 1127 + 8 + 12),
        ({"foreignBodies": ("/",)}, 1127),
        ({"bots": {}}, 1216),
        ({"bots": {"captcha": False}}, 1177),
        ({"bots": {"captcha": False, "programs": ("/api/", "/hooks/")}}, 1201),
        ({"allow": ("192.0.2.0/24", "2001:db8::/32"), "countries": ("KE",)}, 1130),
    ],
)
def test_what_rules_weigh(settings: dict[str, Any], wcu: int):
    assert FirewallSettings.model_validate(settings).wcu == wcu


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rate": {"seconds": 90}}, "60, 120, 300, 600"),
        ({"rate": {"requests": 5}}, "greater than or equal to 10"),
        ({"deny": ("0.0.0.0/0",)}, "smaller than the whole internet"),
        ({"deny": ("192.0.2.1/24",)}, "an IPv4 or IPv6 block"),
        ({"versions": {"ipReputation": "Version_1.0"}}, "no version of ipReputation"),
        ({"versions": {"common": "1.19"}}, "as in Version_1.19"),
        ({"countries": ("kenya",)}, "two capital letters"),
    ],
)
def test_what_aws_would_refuse_is_refused_in_words(settings: dict[str, Any], words: str):
    with pytest.raises(ValidationError, match=words):
        FirewallSettings.model_validate(settings)
