"""A stack file in the making: settings, and the line of the other tool's file behind each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trellis.stackfile import tree
from trellis.stackfile.nodes import Node
from trellis.stackfile.problems import KeyPath
from trellis.start.ledger import Ledger


@dataclass
class Draft:
    """Settings of one stack."""

    ledger: Ledger
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    origins: dict[KeyPath, tuple[str, int]] = field(default_factory=dict[KeyPath, tuple[str, int]])

    def put(self, path: tuple[str, ...], value: Any, node: Node | None = None) -> None:
        """Say a setting, and which node it comes from."""
        below = self.settings
        for part in path[:-1]:
            below = below.setdefault(part, {})
        below[path[-1]] = value
        if node is not None:
            file, line, _ = self.ledger.place(node)
            self.origins.setdefault(path, (file, line))

    def move(self, path: tuple[str, ...], node: Node | None) -> None:
        """Say a setting that is the node's own value; nothing where there is no node."""
        if node is not None:
            self.put(path, self.ledger.take(node), node)

    def add(self, path: tuple[str, ...], value: Any, node: Node | None = None) -> None:
        """One value more in a list, once."""
        found = tree.get(self.settings, path)
        every: list[Any] = found if tree.is_list(found) else []
        if value not in every:
            self.put(path, [*every, value], node)

    def entries(self, tier: str) -> dict[str, dict[str, Any]]:
        """The entries of a tier by key; none where it is not there."""
        return self.settings.get(tier, {})

    def get(self, *path: str) -> Any:
        """What a path says; None where nothing does."""
        return tree.get(self.settings, path)


@dataclass(frozen=True)
class Converted:
    """What another tool's files come to."""

    name: str
    shared: Mapping[str, Any]
    own: Mapping[str, Mapping[str, Any]]
    """By stack: what differs from what all share."""
    origins: Mapping[KeyPath, tuple[str, int]]
    """File and line behind a setting, or behind the entry that it stands in."""
    ledger: Ledger
    region: str | None = None
    """Where what exists stands, if the files say it."""
    account: str | None = None
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Further files of the repository by relative path."""

    @property
    def builds(self) -> bool:
        """Whether `up` builds an image."""
        return _has_build(self.shared) or any(map(_has_build, self.own.values()))

    def origin(self, path: KeyPath) -> tuple[str, int] | None:
        """File and line behind a path, or behind the nearest one around it."""
        while path:
            if path in self.origins:
                return self.origins[path]
            path = path[:-1]
        return None


def _has_build(value: Any) -> bool:
    if tree.is_mapping(value):
        return "build" in value or any(map(_has_build, value.values()))
    return tree.is_list(value) and any(map(_has_build, value))


def difference(base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What to lay over `base` so that it becomes `other`: null takes a key away."""
    found: dict[str, Any] = {key: None for key in base if key not in other}
    for key, value in other.items():
        if key not in base:
            found[key] = value
        elif tree.is_mapping(value) and tree.is_mapping(base[key]):
            below = difference(base[key], value)
            if below:
                found[key] = below
        elif value != base[key]:
            found[key] = value
    return found
