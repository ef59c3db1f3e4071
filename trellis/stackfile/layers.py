"""The layers a setting can come from: the stack's own keys over the shared system."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from components.parts.model import ENCRYPTED
from trellis.stackfile import tree
from trellis.stackfile.document import SHARED, STACK
from trellis.stackfile.nodes import Data, Leaf, find, scalars
from trellis.stackfile.problems import KeyPath, Problem, Source
from trellis.stackfile.project import shown
from trellis.stackfile.reading import Origin, StackInput, data, secure_paths
from trellis.stackfile.scalars import Scalar as Written
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.shape import Object, Shape, fields, only_text
from trellis.stackfile.suggesting import did_you_mean, nearest

SYSTEM = Object(SystemSettings)
PREFIX = "trellis:"
SHARED_KEY = "trellis:system"
REGION_KEY = "aws:region"
CONFIG = "pulumi config"

ELSEWHERE = {
    "allowedAccountIds": "the account is `trellis:account`",
    "assumeRole": "the role is under `trellis:provider`: `assumeRole`",
    "assumeRoles": "the role is under `trellis:provider`: `assumeRole`",
    "defaultTags": "tags are `trellis:tags`",
    "maxRetries": "it is under `trellis:provider`: `maxRetries`",
    "profile": "the profile is under `trellis:provider`: `profile`",
    "retryMode": "it is under `trellis:provider`: `retryMode`",
}
"""Where the settings are that other programs take from the `aws` namespace."""


@dataclass(frozen=True)
class Layer:
    """Values by settings path, and where they stand."""

    name: str
    data: dict[str, Data]
    origins: Mapping[str, Origin]
    """By top key; under "" for a layer that is one configuration key."""
    same: Mapping[str, bool]
    """By the same keys: whether the file found says what the engine handed on."""
    hidden: Collection[str] = frozenset()
    """Top keys that the engine calls secret."""

    def has(self, path: KeyPath) -> bool:
        """Whether this layer says something at a path (`null` is something)."""
        return tree.has(self.data, path)

    def value(self, path: KeyPath) -> Data:
        """The value at a path; None where there is none."""
        return tree.get(self.data, path)

    def source(self, path: KeyPath, *, key: bool = False) -> Source:
        """Where the value (or the key) at a path stands."""
        origin, rest = self._origin(path)
        if origin is not None and self._trusted(origin, path, rest, key=key):
            found = origin.key_source(rest) if key else origin.source(rest)
            if found is not None:
                return found
        return Source(CONFIG)

    def written(self, path: KeyPath) -> Written | None:
        """The scalar at a path as written in a file."""
        origin, rest = self._origin(path)
        if origin is None or not self._trusted(origin, path, rest, key=False):
            return None
        found = find(origin.node, rest)
        return found[0].scalar if found is not None and isinstance(found[0], Leaf) else None

    def plain_scalars(self) -> Iterator[tuple[KeyPath, Written, Source]]:
        """Every unquoted scalar of the files, where the file is what the engine handed on."""
        for top, origin in self.origins.items():
            if not self.same.get(top, False):
                continue
            start: KeyPath = (top,) if top else ()
            for path, leaf in scalars(origin.node, start):
                if leaf.scalar.plain:
                    source = Source(origin.layer, origin.file, leaf.line, leaf.column)
                    yield path, leaf.scalar, source

    def secure(self) -> list[KeyPath]:
        """The paths whose values are encrypted in the file."""
        return [
            (*start, *path)
            for top, origin in self.origins.items()
            for start in ([(top,)] if top else [()])
            for path in secure_paths(origin.node)
        ]

    def _origin(self, path: KeyPath) -> tuple[Origin | None, KeyPath]:
        if "" in self.origins:
            return self.origins[""], path
        return (self.origins.get(str(path[0])), path[1:]) if path else (None, ())

    def _trusted(self, origin: Origin, path: KeyPath, rest: KeyPath, *, key: bool) -> bool:
        top = "" if "" in self.origins else str(path[0]) if path else ""
        if self.same.get(top, False):
            return True
        if key:
            return self.has(path)
        return alike(tree.at(data(origin.node), rest), tree.at(self.data, path))


@dataclass
class Layers:
    """What the configuration says, layer by layer, and what is wrong with its keys."""

    own: Layer
    shared: Layer
    root: Source | None = None
    """The stack's file, for what is missing from it."""
    problems: list[Problem] = field(default_factory=list[Problem])

    @property
    def ordered(self) -> tuple[Layer, Layer]:
        """The one that wins first."""
        return self.own, self.shared


def layers(
    config: Mapping[str, str], files: StackInput | None, hidden: Collection[str] = frozenset()
) -> Layers:
    """Sorts configuration into layers.

    Args:
        config: Pulumi's own, by key.
        files: the stack as its files say it, for positions; None where no file was found.
        hidden: configuration keys whose values are secret.
    """
    origins: Mapping[str, Origin] = files.origins if files is not None else {}
    problems: list[Problem] = []
    own: dict[str, Data] = {}
    top_origins: dict[str, Origin] = {}
    same: dict[str, bool] = {}
    for key, text in config.items():
        top = "region" if key == REGION_KEY else key.removeprefix(PREFIX)
        if key == SHARED_KEY or (key != REGION_KEY and not key.startswith(PREFIX)):
            problem = _misplaced(key, origins.get(key), files)
            if problem is not None:
                problems.append(problem)
            continue
        if top == "region" and key != REGION_KEY:
            problems.append(_region(key, origins.get(key)))
            continue
        shape = fields(SystemSettings)[top].shape if top in fields(SystemSettings) else None
        own[top] = value_of(text, shape)
        if key in origins:
            top_origins[top] = origins[key]
            same[top] = files is not None and _same(text, files.config[key], origins[key])
    shared, shared_layer_origins, shared_same = _shared(config, origins, files, problems)
    return Layers(
        Layer(STACK, own, top_origins, same, {k.removeprefix(PREFIX) for k in hidden}),
        Layer(
            SHARED,
            shared,
            shared_layer_origins,
            shared_same,
            set(shared) if SHARED_KEY in hidden else frozenset(),
        ),
        Source(STACK, shown(files.file), 1, 1) if files and all(same.values()) else None,
        problems,
    )


def value_of(text: str, shape: Shape | None) -> Data:
    """The value that a configuration text stands for, given what its field allows.

    Pulumi hands every value on as text: `3` may be a number or text, and only the field can tell.
    """
    if text == "" and shape is not None:
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if tree.is_mapping(value) or tree.is_list(value):
        return value
    if isinstance(value, str) or value is None:
        return text
    return text if shape is not None and only_text((shape,)) else value


def alike(written: Any, given: Any) -> bool:
    """Whether a file's value is what the engine handed on; an encrypted one can be any text."""
    if written == ENCRYPTED:
        return isinstance(given, str)
    if tree.is_mapping(written) and tree.is_mapping(given):
        return written.keys() == given.keys() and all(alike(written[k], given[k]) for k in written)
    if tree.is_list(written) and tree.is_list(given):
        return len(written) == len(given) and all(map(alike, written, given))
    return type(written) is type(given) and written == given


def _same(given: str, written: str, origin: Origin) -> bool:
    if given == written:
        return True
    try:
        return alike(data(origin.node), json.loads(given))
    except ValueError:
        return alike(data(origin.node), given)


def _shared(
    config: Mapping[str, str], origins: Mapping[str, Origin], files: StackInput | None,
    problems: list[Problem],
) -> tuple[dict[str, Data], dict[str, Origin], dict[str, bool]]:  # fmt: skip
    text = config.get(SHARED_KEY)
    if not text:
        return {}, {}, {}
    origin = origins.get(SHARED_KEY)
    value = value_of(text, SYSTEM)
    source = origin.key_source(()) if origin is not None else Source(CONFIG)
    if not tree.is_mapping(value):
        allowed = "a mapping of settings"
        problems.append(Problem(("system",), f'"{text:.60}"', allowed, source=source))
        return {}, {}, {}
    for key, hint in (("region", "it is `aws:region`"), ("system", "it is what stands here")):
        if key in value:
            value = {k: v for k, v in value.items() if k != key}
            place = origin.key_source((key,)) if origin is not None else Source(CONFIG)
            problems.append(
                Problem(("system", key), f"the key {key}", "settings only", hint, place)
            )
    if origin is None:
        return value, {}, {}
    same = files is not None and _same(text, files.config[SHARED_KEY], origin)
    return value, {"": origin}, {"": same}


def _region(key: str, origin: Origin | None) -> Problem:
    source = origin.key_source(()) if origin is not None else Source(CONFIG)
    return Problem(("region",), f"`{key}`", "`aws:region`", "every Pulumi program has it", source)


def _misplaced(key: str, origin: Origin | None, files: StackInput | None) -> Problem | None:
    """What is wrong with a key of another namespace that nothing would read."""
    source = origin.key_source(()) if origin is not None else Source(CONFIG)
    namespace, _, name = key.partition(":")
    if key == SHARED_KEY:
        return None
    if namespace == "aws":
        if name.split(".")[0] == "region":
            return None
        hint = did_you_mean(name, ["region"]) or ELSEWHERE.get(name, "")
        return Problem((key,), "a key that nothing reads", "`aws:region`", hint, source)
    known = fields(SystemSettings)
    if files is not None and namespace == files.project.name:
        found = nearest(name, (*known, "system"))
        if found is None or found == "name":
            return None
        allowed = "the namespace `trellis:`, which is where settings are read"
        return Problem((name,), f"a key of the project's own namespace, {key}", allowed,
                       f"did you mean `{PREFIX}{found}`?", source)  # fmt: skip
    if namespace != "trellis" and nearest(namespace, ["trellis"]):
        return Problem(
            (key,),
            f"the namespace {namespace}",
            "`trellis:`",
            f"did you mean `{PREFIX}{name}`?",
            source,
        )
    return None
