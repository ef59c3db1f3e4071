"""Random edits of services move nothing of their neighbours (`bench/services.py` makes 2,000)."""

from __future__ import annotations

import random

import pytest

from testing.service_edits import disturbed, edit, random_services, recorded

pytestmark = pytest.mark.long

EDITS = 12


def test_adding_removing_and_reordering_leaves_every_other_service_alone():
    chance = random.Random(5)
    kinds: set[str] = set()
    done = 0
    while done < EDITS:
        services = random_services(chance)
        before = recorded(services)
        while before is not None and done < EDITS:
            made = edit(chance, services)
            after = recorded(made.services)
            if after is None:
                break
            wrong = disturbed(before, after, made, set(services) & set(made.services))
            assert wrong == [], (made.kind, made.touched, wrong)
            services, before = made.services, after
            kinds.add(made.kind)
            done += 1
            if chance.random() < 0.1:
                break
    assert kinds == {"add", "remove", "reorder", "add route", "remove route", "reorder routes"}
