"""An edit of every leaf of the settings' models, on a stack that uses every tier.

Each leaf is set once to a value that it may have, with what has to stand around it; the edit is
judged as those of `testing.edits`. A value that the loader refuses is drawn again; one that is
refused every time counts as refused.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from testing.drawn_stacks import FIXED, Draw, config_of
from testing.edits import Edit, judge
from testing.everything import EVERYTHING
from testing.random_stacks import prepare, recorded
from testing.random_values import LEAVE
from testing.tally import Tally
from tools.replacement.provider import Provider
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.loading import load
from trellis.stackfile.problems import KeyPath, StackFileError
from trellis.stackfile.shape import Choice, ListOf, MapOf, Object, Scalar, Shape
from trellis.stackfile.tree import is_list, is_mapping

ATTEMPTS = 8
"""Values that are tried of a leaf before it counts as refused."""
DENSITY = 0.05
DEPTH = 2
"""How often a model may stand within itself."""
ANY = "*"
"""A key that people choose, or a place in a list."""

Tree = dict[str, Any]
Pattern = tuple[str, ...]
_Plain: TypeAlias = Scalar | ListOf | MapOf | Object
"""A shape that is no choice of several."""


def patterns() -> tuple[Pattern, ...]:
    """Every leaf of the settings' models."""
    return tuple(dict.fromkeys(_leaves(SYSTEM, (), ())))


def _leaves(shape: Shape, path: Pattern, above: tuple[type, ...]) -> Iterator[Pattern]:
    if isinstance(shape, Object):
        if above.count(shape.model) < DEPTH:
            for key, field in shape.fields.items():
                yield from _leaves(field.shape, (*path, key), (*above, shape.model))
    elif isinstance(shape, MapOf):
        yield from _leaves(shape.value, (*path, ANY), above)
    elif isinstance(shape, ListOf):
        yield from _leaves(shape.element, (*path, ANY), above)
    elif isinstance(shape, Choice):
        for _, option in shape.options:
            yield from _leaves(option, path, above)
    else:
        yield path


def everything() -> Tree:
    """A production stack file that uses every tier, in the region that the campaigns deploy to."""
    tree = _moved(copy.deepcopy(EVERYTHING))
    return {
        "name": "shop",
        "environment": "prod",
        "profile": "production",
        "account": "123456789012",
        **tree,
        "topics": {"events": {"subscriptions": {"work": {"protocol": "queue", "to": "work"}}}},
        "repositories": {"web": {}},
        "models": {"writer": {"provider": "bedrock", "id": "amazon.nova-lite-v1:0"}},
        "keys": {},
        "budgets": {"month": {"monthly": 500, "emails": ["team@example.com"]}},
    }


def _moved(value: Any) -> Any:
    """Images of the region that the campaigns deploy to."""
    if isinstance(value, str):
        return value.replace("eu-west-1", "us-east-1")
    if is_mapping(value):
        return {key: _moved(element) for key, element in value.items()}
    return [_moved(element) for element in value] if is_list(value) else value


def leaf_edit(settings: Tree, leaf: Pattern, seed: int) -> Edit:
    """The edit that sets a leaf to another value; the last one tried where all are refused."""
    random = Random(f"{seed} {'.'.join(leaf)}")
    draw = Draw(random, DENSITY, 0)
    path: KeyPath = leaf
    after = settings
    for _ in range(ATTEMPTS):
        draw.tree = copy.deepcopy(settings)
        path, after = _put(draw, SYSTEM, draw.tree, leaf, ())
        if after != settings and _loads(after):
            break
    return Edit("leaf", path, after)


def _loads(settings: Tree) -> bool:
    try:
        load(config_of(settings))
    except StackFileError:
        return False
    return True


def _put(draw: Draw, shape: Shape, there: Any, rest: Pattern, path: KeyPath) -> tuple[KeyPath, Any]:
    """Where a leaf is set, and the value of a shape with it."""
    plain = _leading(draw, shape, there, rest)
    if not rest or isinstance(plain, Scalar):
        drawn = draw.values.draw(plain, path)
        return path, there if drawn is LEAVE else drawn
    part, *below = rest
    if isinstance(plain, Object):
        given = there if is_mapping(there) else draw.values.draw(plain, path)
        found: Tree = dict(given) if is_mapping(given) else {}
        inner = plain.fields[part].shape
        where, found[part] = _put(draw, inner, found.get(part), tuple(below), (*path, part))
        return where, found
    if isinstance(plain, MapOf):
        found = dict(there) if is_mapping(there) else {}
        key = draw.random.choice(sorted(found)) if found else draw.values.key(plain.key)
        where, found[key] = _put(draw, plain.value, found.get(key), tuple(below), (*path, key))
        return where, found
    items = list(there) if is_list(there) else []
    element = items[0] if items else None
    where, value = _put(draw, plain.element, element, tuple(below), (*path, 0))
    return where, [value, *items[1:]]


def _leading(draw: Draw, shape: Shape, there: Any, rest: Pattern) -> _Plain:
    """The shape itself; of several, one that has such a leaf, as the value that is there has."""
    if not isinstance(shape, Choice):
        return shape
    every = [option for _, option in shape.options if _has(option, rest)]
    fitting = [option for option in shape.of(there) if option in every] if there is not None else []
    return _leading(draw, draw.random.choice(fitting or every), there, rest)


def _has(shape: Shape, rest: Pattern) -> bool:
    if isinstance(shape, Choice):
        return any(_has(option, rest) for _, option in shape.options)
    if not rest or isinstance(shape, Scalar):
        return not rest and isinstance(shape, Scalar)
    if isinstance(shape, Object):
        return rest[0] in shape.fields and _has(shape.fields[rest[0]].shape, rest[1:])
    return rest[0] == ANY and _has(
        shape.value if isinstance(shape, MapOf) else shape.element, rest[1:]
    )


def around(part: str, whole: Tree) -> Tree:
    """The stack with this part and what that needs, which is recorded sooner than all of it."""
    if part not in whole:
        return whole
    found = dict(whole)
    for other in whole:
        less = {key: value for key, value in found.items() if key != other}
        if other not in (*FIXED, part) and _loads(less):
            found = less
    return found


def campaign(
    leaves: Iterable[Pattern], seed: int, folder: Path, provider: Provider | None, whole: Tree
) -> Iterator[tuple[str, Tally]]:
    """Edit each of these leaves of a stack and judge the edit.

    Args:
        provider: asked too, where it is there.
    """
    prepare(folder)
    for part, group in groupby(leaves, key=lambda leaf: leaf[0]):
        settings = around(part, whole)
        before = recorded(settings, folder)
        for leaf in group:
            edit, tally = leaf_edit(settings, leaf, seed), Tally()
            name = ".".join(leaf)
            tally.kinds[edit.kind] += 1
            tally.settings.add(name)
            judge(edit, before, folder, provider, tally)
            yield name, tally
