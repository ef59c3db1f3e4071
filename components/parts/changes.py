"""What an edit does to a resource of one type on AWS, beyond what its provider says.

A type's declaration (`components.parts.declaration.Resource`) says what there is one of, what moves
or stands still when it is made anew, and what AWS refuses; `trellis compare` reads it there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypeGuard, cast

Inputs: TypeAlias = Mapping[str, Any]
"""The inputs of one resource, plain, by the provider's names."""

Refusal: TypeAlias = Callable[[Inputs, Inputs], str]
"""From the old inputs to the new ones: why AWS refuses the change, and what to do instead; empty
where it does not."""

Meaning: TypeAlias = Callable[[Inputs, Inputs], str]
"""From the old inputs to the new ones: what people should know of the change; empty for nothing."""

Leftover: TypeAlias = Callable[[Inputs, Inputs | None], str]
"""From the old inputs to the new ones, or to none where it is deleted: what stays on AWS that
nothing of the stack names any more; empty for nothing."""

Condition: TypeAlias = Callable[[Inputs, Inputs], bool]
"""Whether a change of one property, from the old inputs to the new ones, replaces."""

ANOTHER = "make another one beside it, move to it, then take this one away"
"""What to do where AWS changes something in no way."""


def is_mapping(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a value is a mapping (JSON's have text keys only)."""
    return isinstance(value, dict)


def blocks(inputs: Inputs, key: str) -> list[Inputs]:
    """The mappings in a list of a resource's inputs; none where there is no such list."""
    found = inputs.get(key)
    if not isinstance(found, list):
        return []
    return [block for block in cast("list[Any]", found) if is_mapping(block)]


def json_block(inputs: Inputs, key: str) -> Inputs:
    """The mapping in an input that is JSON text; empty where it is another thing, or not known."""
    text = inputs.get(key)
    if not isinstance(text, str):
        return {}
    try:
        found: object = json.loads(text)
    except ValueError:
        return {}
    return found if is_mapping(found) else {}


def ids(inputs: Inputs, key: str) -> set[str]:
    """What a list of a resource's inputs names; nothing where it is known only at deployment."""
    found = inputs.get(key)
    return set(map(str, cast("list[Any]", found))) if isinstance(found, list) else set()


@dataclass(frozen=True)
class Unique:
    """Of what there is one: a name, or the thing itself."""

    scope: Literal["world", "account", "region"]
    """Where: in the world, in an account, in a region of an account."""
    by: tuple[str, ...] = ()
    """The inputs that name it; empty where there is one without a name."""
    among: str = ""
    """The type whose names these are among, where that is another one."""
    hint: str = ""
    """What to do where two stacks claim the same; empty for another name, or one stack for all."""


@dataclass(frozen=True)
class Quota:
    """How many of a type an account may have in a region."""

    most: int
    label: str
    """Their name, in the plural."""
    hint: str
    """What to do where there are too many, with the page and its date."""


@dataclass(frozen=True)
class Downtime:
    """What stands still while a resource is taken away first, or has to move."""

    what: str
    always: bool = False
    """Whether users notice even where the new one is made first."""


@dataclass(frozen=True)
class Change:
    """What changing, replacing or deleting a resource of one type does."""

    moves: str = ""
    """What is another one when it is made anew, as in `its endpoint`."""
    moved_by: str = ""
    """The property whose change in place moves the same."""
    downtime: Downtime | None = None
    loses: str = ""
    """What is lost with it, where its declaration has no `data`."""
    place: tuple[str, ...] = ()
    """Inputs that no two may share at one time ("already exists", "in use" and "conflict" among the
    errors of its create call, API reference, 2026-11)."""
    same: tuple[str, ...] = ()
    """Inputs by which AWS takes two for the same thing: the delete call names these, so whichever
    goes, both are gone (its API reference, 2026-11)."""
    shorter: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """What goes when a time to keep is made shorter, and its unit, by property."""
    deletion: str = ""
    """What its deletion means, where its name does not say it."""
    guard: str = ""
    """The property with AWS's own protection from deletion."""
    refusals: tuple[Refusal, ...] = ()
    """What AWS refuses in place."""
    fixed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Properties that AWS never changes in place, though its provider asks: why, and what to do."""
    same_anyway: Callable[[Inputs, Inputs], Inputs] | None = None
    """The new inputs with the old values where the provider takes the difference for none."""
    meanings: tuple[Meaning, ...] = ()
    """What a change in place means."""
    leaves: Leftover | None = None
    """What its change or deletion leaves behind, beyond the resource itself."""
    conditions: Mapping[str, Condition] = field(default_factory=dict[str, Condition])
    """Properties that replace it for some values only, which no table of names can say."""
    renews: Mapping[str, str] = field(default_factory=dict[str, str])
    """Outputs that a change in place gives another value, by the property that is changed."""


def when(inputs: Inputs, *windows: str) -> str:
    """When AWS does what breaks connections: in this update or in the maintenance window.

    Args:
        inputs: those of the changed resource.
        windows: the properties that may hold the window.
    """
    if inputs.get("applyImmediately") is True:
        return "during this update"
    window = next((inputs[key] for key in windows if inputs.get(key)), "")
    named = f" ({window} UTC)" if window else ""
    return f"in its next maintenance window{named}, not in this update"
