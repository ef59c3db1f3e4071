"""Arithmetic on sets of addresses, against plain sets of numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.guardrails.reachability.cidrs import (
    EVERYTHING,
    INTERNET,
    NOTHING,
    Addresses,
    block,
    covers_world,
    is_wide,
    union,
)

SMALL = st.lists(
    st.tuples(st.integers(0, 63), st.integers(26, 32)).map(
        lambda pair: f"10.0.0.{(pair[0] * 4) % 256}/{pair[1]}"
    ),
    max_size=5,
)


def members(addresses: Addresses) -> set[int]:
    return {number for low, high in addresses.v4 for number in range(low, high + 1)}


@settings(max_examples=60, deadline=None)
@given(SMALL, SMALL)
def test_set_operations_are_those_of_sets(one, other):
    left, right = union(one), union(other)
    assert members(left | right) == members(left) | members(right)
    assert members(left & right) == members(left) & members(right)
    assert members(left - right) == members(left) - members(right)
    assert left.covers(right) is (members(left) >= members(right))
    assert left.sizes[0] == len(members(left))


def test_everything_and_nothing_are_neutral():
    some = union(("10.0.0.0/8", "2600::/16"))
    assert some & EVERYTHING == some
    assert some | NOTHING == some
    assert some - EVERYTHING == NOTHING
    assert EVERYTHING - some | some == EVERYTHING


@pytest.mark.parametrize(
    ("cidrs", "world"),
    [
        (("0.0.0.0/0",), True),
        (("0.0.0.0/1", "128.0.0.0/1"), True),
        (("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"), True),
        (("0.0.0.0/1", "128.0.0.0/2"), False),
        (("::/0",), True),
        (("2000::/3",), True),
        (("2000::/4", "3000::/5"), False),
        (("10.0.0.0/8",), False),
    ],
)
def test_the_world_is_covered_however_it_is_written(cidrs, world):
    assert covers_world(union(cidrs)) is world


def test_the_world_without_private_ranges_is_still_the_world():
    assert covers_world(block("0.0.0.0/0") - union(("10.0.0.0/8", "192.168.0.0/16")))


def test_private_addresses_are_never_wide():
    assert not is_wide(block("10.0.0.0/8"))
    assert is_wide(INTERNET)
    assert not is_wide(block("2600::/32"))
    assert is_wide(block("2600::/31"))


def test_the_last_address_of_each_family_is_the_last():
    without = EVERYTHING - union(("255.255.255.255/32", "ffff::/16"))
    assert without.v4 == ((0, 2**32 - 2),)
    assert without.v6[0][1] == 2**128 - 2**112 - 1
    assert (EVERYTHING - block("0.0.0.0/32")).v4 == ((1, 2**32 - 1),)
    assert EVERYTHING.sizes == (2**32, 2**128)
