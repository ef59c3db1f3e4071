"""Wildcard matching, containment and overlap, against every short value there is."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.guardrails.iam.patterns import (
    covers,
    covers_action,
    is_wide,
    matches_action,
    matches_resource,
    overlaps,
    overlaps_action,
)
from policies.guardrails.unknown import Tri

PATTERN = st.text("ab*?", max_size=5)
VALUES = ["".join(value) for size in range(7) for value in itertools.product("ab", repeat=size)]


def language(pattern):
    expression = re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."))
    return {value for value in VALUES if expression.fullmatch(value)}


@settings(max_examples=150, deadline=None)
@given(PATTERN, PATTERN)
def test_containment_is_never_claimed_and_overlap_never_denied_wrongly(one, other):
    left, right = language(one), language(other)
    if covers_action(one, other):
        assert left >= right
    # The values tried are at most six letters long, so an overlap may be missed, not made up.
    assert overlaps_action(one, other) or not left & right


@settings(max_examples=100, deadline=None)
@given(st.text("ab*", max_size=3), st.text("ab*", max_size=3))
def test_short_patterns_overlap_exactly_when_a_value_matches_both(one, other):
    assert overlaps_action(one, other) is bool(language(one) & language(other))


@settings(max_examples=100, deadline=None)
@given(PATTERN)
def test_a_pattern_contains_itself_and_is_contained_in_everything(pattern):
    assert covers_action(pattern, pattern)
    assert covers_action("*", pattern)


@settings(max_examples=100, deadline=None)
@given(PATTERN, st.text("ab", max_size=5))
def test_a_value_matches_as_a_plain_reading_says(pattern, value):
    assert matches_action(pattern, value) is (value in language(pattern))
    assert covers_action(pattern, value) is (value in language(pattern))


@pytest.mark.parametrize(
    ("outer", "inner", "contained"),
    [
        ("a*", "a*b", True),
        ("a*b", "a*", False),
        ("*b*", "ab", True),
        ("?*", "*", False),
        ("a?c", "abc", True),
        ("a?c", "a*c", False),
    ],
)
def test_containment_finds_the_usual_cases(outer, inner, contained):
    assert covers_action(outer, inner) is contained


def test_actions_ignore_case_and_resources_do_not():
    assert matches_action("S3:get*", "s3:GetObject")
    assert matches_resource("arn:aws:s3:::Bucket", "arn:aws:s3:::bucket") is Tri.NO


def test_a_wildcard_does_not_reach_over_the_parts_of_an_arn():
    arn = "arn:aws:sqs:us-east-1:123456789012:queue"
    assert matches_resource("arn:aws:sqs:*:123456789012:queue", arn) is Tri.YES
    assert matches_resource("arn:aws:*:us-east-1:123456789012:queue", arn) is Tri.YES
    assert matches_resource("arn:*:us-east-1:123456789012:x:queue", arn) is Tri.NO
    assert matches_resource("*", arn) is Tri.YES
    log = "arn:aws:logs:us-east-1:123456789012:log-group:name:log-stream:one"
    assert matches_resource("arn:aws:logs:us-east-1:123456789012:log-group:*", log) is Tri.YES


def test_a_policy_variable_is_one_value_that_is_not_known():
    home = "arn:aws:s3:::home/${aws:username}/*"
    assert matches_resource(home, "arn:aws:s3:::home/ann/notes") is Tri.UNKNOWN
    assert matches_resource(home, "arn:aws:s3:::other/ann/notes") is Tri.NO
    assert overlaps(home, "arn:aws:s3:::home/ann/*")
    assert not covers("arn:aws:s3:::home/ann/*", home)
    assert covers("arn:aws:s3:::home/*", home)
    assert not is_wide("arn:aws:iam::*:user/${aws:username}")


def test_an_escaped_sign_is_itself():
    assert matches_resource("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/*") is Tri.YES
    assert matches_resource("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x") is Tri.NO


@pytest.mark.parametrize(
    ("pattern", "wide"),
    [
        ("*", True),
        ("arn:aws:iam::123456789012:role/*", True),
        ("arn:aws:iam::*:role/*", True),
        ("arn:aws:lambda:us-east-1:123456789012:function:*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:s3:::bucket/*", False),
        ("arn:aws:iam::123456789012:role/shop-*", False),
        ("arn:aws:ecs:us-east-1:123456789012:task/cluster/*", False),
        ("arn:aws:iam::*:role/one", False),
        ("arn:aws:sqs:us-east-1:123456789012:queue", False),
    ],
)
def test_a_pattern_is_wide_if_it_names_nothing(pattern, wide):
    assert is_wide(pattern) is wide
