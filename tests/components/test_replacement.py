"""Every registration is replaced as the table says, whatever the provider would make of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.replacement import HOLDS_DATA, REPLACEMENT, Order
from tests.bridge import deletes_first
from tests.conftest import STACKS
from tests.systems.test_alarm_completeness import is_resource, makes
from trellis.planner.record import Recorded, Recording

ROOT = Path(__file__).resolve().parents[2]


def old_first(resource: Recorded) -> bool:
    """Whether the engine would delete the old one first: the option, else the bridge's rule."""
    if resource.delete_before_replace is not None:
        return resource.delete_before_replace
    return deletes_first(resource.type, resource.inputs)


def wrong(resources: Iterator[Recorded]) -> list[str]:
    """Registrations that would go otherwise than the table says."""
    return [
        f"{each.urn}: the table says {REPLACEMENT[each.type].order}"
        for each in resources
        if each.type in REPLACEMENT
        and REPLACEMENT[each.type].order is not Order.NEVER
        and old_first(each) != (REPLACEMENT[each.type].order is Order.OLD_FIRST)
    ]


@pytest.mark.parametrize(("project", "name"), STACKS)
def test_what_is_replaced_goes_in_the_order_of_the_table(
    recording_of: Callable[..., Recording], project: str, name: str
):
    assert wrong(iter(recording_of(project, name))) == []


def test_every_type_that_a_component_makes_has_its_row_and_no_other_has():
    sources = [path.read_text() for path in (ROOT / "components").rglob("*.py")]
    found = {type_ for source in sources for type_ in makes(source)}
    # The module of Lambda has another name in Python, and nothing but resources is made of it.
    made = {each for each in found if each.startswith("aws:lambda/") or is_resource(each)}
    assert sorted(made - REPLACEMENT.keys()) == []
    assert sorted(REPLACEMENT.keys() - made) == []


def test_a_row_says_why():
    assert all(len(row.why) >= 5 for row in REPLACEMENT.values())
    assert "aws:rds/instance:Instance" in HOLDS_DATA


def test_a_name_given_by_hand_is_found(recording_of: Callable[..., Recording]):
    group = recording_of(".", "dev").of_type("aws:lb/targetGroup:TargetGroup")[0]
    assert not wrong(iter([group]))
    assert wrong(iter([dataclasses.replace(group, delete_before_replace=None)]))
