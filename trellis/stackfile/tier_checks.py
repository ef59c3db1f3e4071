"""What the declarations of tiers know to be wrong: names that clash, and their own checks."""

from __future__ import annotations

from collections.abc import Iterator

from components.naming import IllegalNameError
from components.parts.declaration import StackFacts
from trellis.registry import TIERS, things
from trellis.stackfile.adopting import naming_of
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.implied import implied
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings


def names(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two things of one kind and one physical name, or a name that AWS refuses."""
    naming = naming_of(settings)
    whole = implied(settings)
    taken: dict[tuple[str, str], KeyPath] = {}
    for tier in TIERS.values():
        for thing, key, value in things(whole, tier):
            for what, made, setting, _scope in tier.names(key, value, naming):
                path = (*thing, *setting)
                try:
                    name = made()
                except IllegalNameError as error:
                    yield path, f"a name that AWS refuses: {error}", "another name", ""
                    break
                before = taken.setdefault((what, name), path)
                if before != path:
                    yield path, f"the {what} {name}", f"another: {before[1]} has it", ""
                    break


def of_each_tier(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """What a tier's own checks find in each thing of it."""
    stack = StackFacts(naming_of(settings), settings.region, settings.profile)
    for tier in TIERS.values():
        for thing, key, value in things(settings, tier):
            for check in tier.checks:
                for path, found, allowed, hint in check(key, value, stack):
                    yield (*thing, *path), found, allowed, hint


CHECKS = (names, of_each_tier)
