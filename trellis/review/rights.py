"""What an edit adds to the rights of the roles that deploy a stack.

Roles stand in a stack of their own, applied first: whoever merges an edit that takes more than they
have sees it fail halfway. So what the plan needs is held against the file that was committed before
the edit, which is what has been applied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trellis.review.markdown import text
from trellis.roles.difference import allowed
from trellis.roles.roles import Roles

SHOWN = 2
"""Resources that are named of those that ask for an action."""

Right = tuple[str, str, str, str]
"""Effect, action, resource and condition."""


@dataclass(frozen=True)
class Rights:
    """How a stack's roles stand to its plan."""

    stack: str
    more: tuple[tuple[str, str, str, str], ...] = ()
    """Role, actions, resource with its condition, and what asks for them; as Markdown."""
    fewer: int = 0
    """Permissions that nothing asks for any more."""
    behind: bool = False
    """Whether the committed file is another than the plan needs."""
    problem: str = ""
    """Why roles can't be derived; empty where they can."""

    def lines(self) -> Iterator[str]:
        """What the comment's opening says."""
        write = text(f"trellis roles {self.stack} --write")
        if self.problem:
            yield f"- Rights: the roles can't be derived: {text(self.problem)}"
        elif self.more:
            first = "apply the delivery's stack first"
            todo = f"{write}, commit, and {first}" if self.behind else first
            roles = ", ".join(dict.fromkeys(row[0] for row in self.more))
            yield f"- Rights: **more for {roles}**, or the deployment is refused: {todo}"
        elif self.behind:
            yield f"- Rights: the committed roles have {self.fewer} that nothing asks for: {write}"


def rights_of(
    applied: Mapping[str, Any] | None, committed: Mapping[str, Any], found: Roles
) -> Rights:
    """What a plan adds.

    Args:
        applied: the file as it was before the edit; None where there was none.
        committed: the file as it is.
        found: what the plan needs.
    """
    now = found.as_json()
    before = dict(allowed(committed if applied is None else applied))
    after = dict(allowed(now))
    return Rights(
        found.stack,
        tuple(_rows(before, after, found)),
        sum(len(before[kind] - after.get(kind, set())) for kind in before),
        committed != now,
    )


def _rows(
    before: Mapping[str, set[Right]], after: Mapping[str, set[Right]], found: Roles
) -> Iterator[tuple[str, str, str, str]]:
    groups: dict[tuple[str, str, str], list[str]] = {}
    for kind in sorted({*before, *after}):
        then, now = before.get(kind, set()), after.get(kind, set())
        # A denial that goes is a right that comes.
        more = [right for right in now - then if right[0] == "allow"]
        more += [right for right in then - now if right[0] == "deny"]
        for effect, action, resource, condition in sorted(more):
            on = resource + condition
            listed = action if effect == "allow" else f"{action} (was denied)"
            groups.setdefault((kind, on, effect), []).append(listed)
    for (kind, on, _), actions in groups.items():
        asking = dict.fromkeys(
            urn for action in actions for urn in found.askers.get(action, ())
        ) if kind == "deploy" else {}  # fmt: skip
        yield text(kind), text(", ".join(actions)), text(on), text(_named(tuple(asking)))


def _named(urns: tuple[str, ...]) -> str:
    names = [f"{urn.split('::')[-2].rsplit(':', 1)[-1]} {urn.split('::')[-1]}" for urn in urns]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
