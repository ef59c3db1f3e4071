"""Every registration is replaced as the table says, whatever the provider would make of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest

from components.parts.security_group import OTHER_TRAFFIC
from components.replacement import HOLDS_DATA, REPLACEMENT, Order
from testing.sdk import property_names
from tests.bridge import deletes_first
from tests.conftest import STACKS
from tests.recordings import recorded_everything
from trellis.compare.meanwhile import RULES
from trellis.planner.record import Recorded, Recording
from trellis.registry import RESOURCES, STATEFUL


def old_first(resource: Recorded) -> bool:
    """Whether the engine would delete the old one first: the option, else the bridge's rule."""
    if resource.delete_before_replace is not None:
        return resource.delete_before_replace
    return deletes_first(resource.type, resource.inputs)


def wrong(resources: Iterator[Recorded]) -> list[str]:
    """Registrations that would go otherwise than the table says."""
    return [
        f"{resource.urn}: the table says {REPLACEMENT[resource.type].order}"
        for resource in resources
        if resource.type in REPLACEMENT
        and REPLACEMENT[resource.type].order is not Order.NEVER
        and old_first(resource) != (REPLACEMENT[resource.type].order is Order.OLD_FIRST)
        # Whose name AWS ends by itself can always stand beside the old one.
        and "namePrefix" not in resource.inputs
    ]


@pytest.mark.parametrize(("project", "name"), STACKS)
def test_what_is_replaced_goes_in_the_order_of_the_table(
    recording_of: Callable[..., Recording], project: str, name: str
):
    assert wrong(iter(recording_of(project, name))) == []


@pytest.mark.parametrize(("project", "name"), STACKS)
def test_no_security_group_rule_lets_other_traffic_through_in_place(
    recording_of: Callable[..., Recording], project: str, name: str
):
    rules = [rule for rule in recording_of(project, name).resources if rule.type in RULES]
    assert [rule.urn for rule in rules if {*rule.replace_on_changes} != {*OTHER_TRAFFIC}] == []


@pytest.mark.parametrize("rule", sorted(RULES))
def test_what_a_rule_lets_through_is_all_but_its_group_and_what_people_read(rule: str):
    assert property_names(rule) - {*OTHER_TRAFFIC} == {
        "securityGroupId", "description", "tags", "region",
    }  # fmt: skip


def test_so_does_what_a_system_of_every_tier_has():
    assert wrong(iter(recorded_everything())) == []


def test_every_declared_type_has_its_row_and_no_other_has():
    declared = {resource for resource in RESOURCES if resource.startswith("aws:")}
    assert sorted(declared - REPLACEMENT.keys()) == []
    assert sorted(REPLACEMENT.keys() - declared) == []


def test_what_is_declared_to_hold_data_is_never_replaced():
    assert STATEFUL.keys() == HOLDS_DATA


def test_a_row_says_why():
    assert all(len(row.why) >= 5 for row in REPLACEMENT.values())
    assert "aws:rds/instance:Instance" in HOLDS_DATA


def test_a_name_given_by_hand_is_found(recording_of: Callable[..., Recording]):
    group = recording_of(".", "dev").of_type("aws:lb/targetGroup:TargetGroup")[0]
    assert not wrong(iter([group]))
    assert wrong(iter([dataclasses.replace(group, delete_before_replace=None)]))
