"""Physical names fit their service, stay apart when cut, and stay the same from run to run."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.naming import IllegalNameError, Kind, Naming

NAMING = Naming("clubapp", "dev")


@pytest.mark.parametrize(
    ("kind", "thing", "name"),
    [
        (Kind.DATABASE, "postgres", "clubapp-dev-postgres"),
        (Kind.CACHE, "redis", "clubapp-dev-redis"),
        (Kind.BUCKET, "assets", "clubapp-dev-assets"),
        (Kind.LOAD_BALANCER, "alb", "clubapp-dev-alb"),
        (Kind.TARGET_GROUP, "tg", "clubapp-dev-tg"),
        (Kind.SERVICE, "svc", "clubapp-dev-svc"),
    ],
)
def test_the_clubapp_names_are_those_of_its_document(kind: Kind, thing: str, name: str):
    assert NAMING.of(kind, thing) == name


def test_a_long_name_is_cut_to_the_limit_and_ends_in_a_hash():
    name = NAMING.of(Kind.TARGET_GROUP, "a-service-with-a-long-name-indeed")
    assert len(name) == 32
    assert re.fullmatch(r"clubapp-dev-a-service-w-[0-9a-f]{8}", name)


def test_two_long_names_with_one_beginning_stay_apart():
    first = NAMING.of(Kind.TARGET_GROUP, "x" * 40 + "a")
    assert first != NAMING.of(Kind.TARGET_GROUP, "x" * 40 + "b")


@pytest.mark.long
@given(st.from_regex(r"[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,20}){0,12}", fullmatch=True))
def test_every_key_of_a_stack_file_makes_a_legal_name_of_every_kind(thing: str):
    for kind in Kind:
        if kind in (Kind.KEY_ALIAS, Kind.SECRET):
            continue  # these carry a prefix, or are given whole
        rule = kind.value
        name = Naming("shop", "").of(kind, thing)
        assert len(name) <= rule.limit
        assert re.fullmatch(rule.pattern, name)


def test_a_name_given_whole_is_never_cut():
    with pytest.raises(IllegalNameError, match="at most 32 characters"):
        NAMING.exact(Kind.TARGET_GROUP, "x" * 33)


def test_illegal_characters_are_named_with_the_page_that_forbids_them():
    with pytest.raises(IllegalNameError, match="bucket naming rules"):
        NAMING.exact(Kind.BUCKET, "no_underscores")


def test_a_secret_may_be_called_what_the_systems_call_theirs():
    assert NAMING.exact(Kind.SECRET, "clubapp/dev/jwt-secret") == "clubapp/dev/jwt-secret"


def test_a_secret_name_with_a_space_is_refused():
    with pytest.raises(IllegalNameError, match="CreateSecret"):
        NAMING.exact(Kind.SECRET, "clubapp/dev rds")
