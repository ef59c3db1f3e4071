"""Which resource goes on as which: by URN, else by aliases, as the engine does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trellis.planner.monitor import STACK_TYPE
from trellis.planner.recording import Recorded, Recording


def matched(before: Recording, after: Recording) -> dict[str, Recorded]:
    """The former resource of each that goes on, by the URN it has after.

    A parent's alias counts for its children too; a child's name that begins with the parent's
    follows it ("Aliases", Pulumi docs, 2026-11).
    """
    earlier = {earlier_one.urn: earlier_one for earlier_one in before}
    now = {later_one.urn for later_one in after}
    found: dict[str, Recorded] = {}
    taken: set[str] = set()
    former: dict[str, str] = {}
    for resource in after:
        for urn in (resource.urn, *_aliases(resource, former)):
            if urn in earlier and urn not in taken and (urn == resource.urn or urn not in now):
                found[resource.urn] = earlier[urn]
                former[resource.urn] = urn
                taken.add(urn)
                break
    return found


def _aliases(resource: Recorded, former: Mapping[str, str]) -> Iterator[str]:
    yield from resource.aliases
    parent = former.get(resource.parent, resource.parent)
    if parent == resource.parent:
        return
    for urn in (resource.urn, *resource.aliases):
        name = name_of(urn)
        yield _urn(urn, parent, name)
        if name.startswith(name_of(resource.parent)):
            follows = name_of(parent) + name.removeprefix(name_of(resource.parent))
            yield _urn(urn, parent, follows)


def name_of(urn: str) -> str:
    """The logical name in a URN."""
    return urn.split("::", 3)[3]


def _urn(child: str, parent: str, name: str) -> str:
    """The URN of a child under another parent and name."""
    head, project, types, _ = child.split("::", 3)
    above = parent.split("::", 3)[2]
    own = types.rsplit("$", 1)[-1]
    return "::".join([head, project, own if above == STACK_TYPE else f"{above}${own}", name])
