"""Listener rules: their order follows from the routes, and neighbours never move."""

from __future__ import annotations

import random

import pytest
from pydantic import ValidationError

from components.services.routing.priorities import (
    Placed,
    clashes,
    covers,
    priority,
    rule_names,
    shadowed,
)
from components.services.routing.settings import PRIORITIES, RouteSettings


def route(**given: object) -> RouteSettings:
    return RouteSettings.model_validate(given, strict=False)


def name_of(service: str, given: RouteSettings) -> str:
    return rule_names(service, given, "alb", swaps=False)[0]


def test_a_priority_is_one_aws_takes_for_any_route():
    chance = random.Random(5)
    for _ in range(500):
        paths = ["/" + "/".join(chance.choices("abcd*", k=chance.randint(1, 5)))]
        hosts = chance.choice([(), ("a.example.com",), ("*.example.com",)])
        found = priority("x", route(host=hosts, path=paths, methods=chance.choice([(), ("GET",)])))
        assert PRIORITIES[0] <= found <= PRIORITIES[1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"host": "a.example.com"}, {"host": "*.example.com"}),
        ({"host": "*.example.com"}, {"path": "/x"}),
        ({"path": "/api/v1/*"}, {"path": "/api/*"}),
        ({"path": "/api/users"}, {"path": "/api/*"}),
        ({"path": "/api/*"}, {"path": "/*"}),
        ({"path": "/x", "methods": ["POST"]}, {"path": "/x"}),
        ({"host": "a.example.com", "path": "/x"}, {"host": "a.example.com"}),
        ({"path": "/a/b/c/*"}, {"path": ["/a/b/c/d/*", "/*"]}),
    ],
)
def test_the_more_specific_route_is_tried_first_whoever_has_it(
    first: dict[str, object], second: dict[str, object]
):
    for service in ("a", "b", "z-service"):
        for other in ("a", "c", "y"):
            assert priority(service, route(**first)) < priority(other, route(**second))


def test_order_inside_a_route_and_case_of_header_names_change_nothing():
    one = route(path=["/a", "/b"], headers={"X-Tenant": ["One"]})
    two = route(path=["/b", "/a"], headers={"x-tenant": ["one"]})
    assert priority("api", one) == priority("api", two)
    assert name_of("api", one) == name_of("api", two)


def test_a_given_priority_is_kept_and_names_the_rule():
    assert priority("api", route(host="a.example.com", priority=77)) == 77
    before = name_of("api", route(host="a.example.com", priority=77))
    after = name_of("api", route(host="b.example.com", priority=77))
    assert before == after, "AWS would refuse a second rule of that priority"
    other = name_of("web", route(host="b.example.com", priority=77))
    assert before == other, "whosever it becomes"


def test_the_one_rule_of_swapping_versions_is_named_by_no_route():
    """A new rule would begin with the first target group, which may have no tasks."""
    before = rule_names("api", route(host="a.example.com"), "alb", swaps=True)
    after = rule_names("api", route(host="b.example.com"), "alb", swaps=True)
    assert before[0] == after[0] == "api-alb"
    rolling = rule_names("api", route(host="a.example.com"), "alb", swaps=False)
    assert rolling == before[::-1], "each strategy knows the other's name"


def test_two_routes_of_one_priority_are_found_with_a_free_one():
    one = Placed("a", 0, route(host="a.example.com", priority=10))
    two = Placed("b", 0, route(host="b.example.com", priority=10))
    three = Placed("c", 0, route(host="c.example.com", priority=11))
    assert clashes([one, three, two]) == [(one, two, 12)]
    assert clashes([one, three]) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"path": "/*"}, {"path": "/x"}, True),
        ({"path": "/x"}, {"path": "/*"}, False),
        ({"path": "/a/*"}, {"path": "/a/b/*"}, True),
        ({"path": "/a/*"}, {"path": "/a"}, False),
        ({"path": "/a?"}, {"path": "/a*"}, False),
        ({"path": "/a*"}, {"path": "/a?"}, True),
        ({"host": "a.example.com"}, {"host": "a.example.com", "path": "/x"}, True),
        ({"host": "a.example.com", "path": "/x"}, {"host": "a.example.com"}, False),
        ({"path": "/x", "methods": ["GET"]}, {"path": "/x"}, False),
        ({"path": "/x", "methods": ["GET", "PUT"]}, {"path": "/x", "methods": ["PUT"]}, True),
        ({"path": "/x", "headers": {"A": ["*"]}}, {"path": "/x", "headers": {"a": ["b"]}}, True),
        ({"path": "/x", "headers": {"A": ["b"]}}, {"path": "/x"}, False),
    ],
)
def test_what_a_route_takes_of_another(
    first: dict[str, object], second: dict[str, object], expected: bool
):
    assert covers(route(**first), route(**second)) is expected


def test_a_route_behind_one_that_takes_all_of_its_requests_is_found():
    general = Placed("a", 0, route(path="/*", priority=1))
    special = Placed("b", 0, route(path="/x", priority=2))
    assert shadowed([special, general]) == [(general, special)]
    assert shadowed([Placed("a", 0, route(path="/*")), Placed("b", 0, route(path="/x"))]) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "at least one of host"),
        ({"path": ["/a", "/b", "/c", "/d", "/e", "/f"]}, "at most 5 values"),
        ({"path": "/*/*/*/*/*/*/*"}, "at most 6 wildcards"),
        ({"host": "A.example.com"}, "lower case"),
        ({"path": "no-slash"}, "pattern"),
        ({"headers": {"Host": ["a.example.com"]}}, "`host` instead of the header"),
        ({"path": "/x", "priority": 50_001}, "less than or equal to 50000"),
    ],
)
def test_a_route_that_aws_would_refuse_is_refused(given: dict[str, object], message: str):
    with pytest.raises(ValidationError, match=message):
        route(**given)
