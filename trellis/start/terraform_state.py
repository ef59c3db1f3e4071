"""Terraform's state as resources: a state file of version 4, or what `terraform show -json` prints.

Sources: "State" and "JSON Output Format" (Terraform documentation, 2026-11). Values are kept to
themselves: a state has passwords in it, so nothing that is said of an attribute repeats its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trellis.stackfile.nodes import Node, plain
from trellis.stackfile.problems import Problem, Source, StackFileError
from trellis.start.ledger import Ledger, entries, get, items, text

SUBJECT = "the state has"
VERSION = 4
"""Of state files since Terraform 0.12."""

EMPTY: tuple[Any, ...] = (None, "", [], {}, False, 0)
"""What says nothing: the provider writes every argument down, used or not."""


@dataclass
class Held:
    """One instance of a resource that Terraform holds."""

    address: str
    """As Terraform has it, as in `module.db.aws_db_instance.main[0]`."""
    type: str
    name: str
    """With its module and index, for a key."""
    managed: bool
    """Whether Terraform made it; else it only reads it."""
    node: Node
    """Of its attributes."""
    file: str
    line: int
    attributes: dict[str, Any]
    used: set[str] = field(default_factory=set[str])
    carried: bool = False
    """Whether an entry takes it over, or is made of it."""

    def take(self, name: str, default: Any = None) -> Any:
        """An attribute, which is used by that."""
        self.used.add(name)
        value = self.attributes.get(name)
        return default if value is None else value

    def first(self, name: str) -> dict[str, Any]:
        """The only block of a name; an empty one where there is none."""
        found = blocks(self.take(name))
        return found[0] if found else {}

    def at(self, name: str) -> Node:
        """The node of an attribute, for its line."""
        return get(self.node, name) or self.node

    def left(self, known: Iterable[str]) -> Iterator[str]:
        """Attributes that say something and that nobody used, but for those in `known`."""
        silent = frozenset(known)
        for name, value in self.attributes.items():
            if name not in self.used and name not in silent and value not in EMPTY:
                yield name


@dataclass(frozen=True)
class State:
    """What a state holds."""

    held: tuple[Held, ...]

    def of(self, *types: str) -> list[Held]:
        """What Terraform made, of these types."""
        return [block for block in self.held if block.managed and block.type in types]

    def seen(self, *types: str) -> list[Held]:
        """What it made or reads."""
        return [block for block in self.held if block.type in types]

    def by(self, name: str, value: object, *types: str) -> Held | None:
        """The one of these types that has a value; None where none has."""
        found = (type_ for type_ in self.seen(*types) if type_.attributes.get(name) == value)
        return next(found, None)


Advise = Callable[[Held, str, str], None]
"""Says what to do about an attribute of a resource; of the resource itself where it is empty."""


def blocks(value: Any) -> list[dict[str, Any]]:
    """The blocks of a nested argument, without empty ones."""
    return [block for block in value or () if block]


def free(key: str, taken: Mapping[str, Any]) -> str:
    """A key that no entry has yet."""
    number, found = 2, key
    while found in taken:
        found = f"{key[:29]}-{number}"
        number += 1
    return found


def settings_from(held: Held, *pairs: tuple[str, str]) -> dict[str, Any]:
    """Attributes under the names of settings, without those that say nothing."""
    found = {setting: held.take(attribute) for attribute, setting in pairs}
    return {setting: value for setting, value in found.items() if value not in (None, "")}


def read_state(file: Path, ledger: Ledger) -> State:
    """The resources in a state.

    Raises:
        StackFileError: it can't be read, or is something else.
    """
    name = file.name
    root = ledger.read(file, name)
    # Accounts are kept by resource and attribute, not by value: see `Held.left`.
    ledger.take(root)
    if get(root, "values", "root_module") is not None:
        found = list(_shown(get(root, "values", "root_module"), name))
    elif text(get(root, "version")) == str(VERSION) and get(root, "resources") is not None:
        found = list(_stated(get(root, "resources"), name))
    else:
        allowed = (
            f"a state file of version {VERSION}, or what `terraform show -json` prints of a state"
        )
        place = Source("state", name, 1)
        raise StackFileError([Problem((), "no state", allowed, source=place)], subject=SUBJECT)
    if not found:
        place = Source("state", name, 1)
        raise StackFileError(
            [Problem((), "no resources", "a state that holds something", source=place)],
            subject=SUBJECT,
        )
    return State(tuple(found))


def _shown(module: Node | None, file: str) -> Iterator[Held]:
    for resource in items(get(module, "resources")):
        address = text(get(resource, "address")) or ""
        values = get(resource, "values")
        if values is not None:
            yield _held(resource, values, address, file)
    for child in items(get(module, "child_modules")):
        yield from _shown(child, file)


def _stated(resources: Node | None, file: str) -> Iterator[Held]:
    for resource in items(resources):
        module, type_ = text(get(resource, "module")), text(get(resource, "type"))
        data = "data." if text(get(resource, "mode")) == "data" else ""
        address = ".".join(filter(None, (module, f"{data}{type_}.{text(get(resource, 'name'))}")))
        for instance in items(get(resource, "instances")):
            values = get(instance, "attributes")
            if values is None:
                continue
            key = plain(get(instance, "index_key") or values)
            index = f"[{key}]" if isinstance(key, int) else f'["{key}"]'
            where = f"{address}{index}" if get(instance, "index_key") is not None else address
            yield _held(resource, values, where, file)


def _held(resource: Node, values: Node, address: str, file: str) -> Held:
    managed = text(get(resource, "mode")) != "data"
    type_ = text(get(resource, "type")) or ""
    line = next(iter(_lines(values)), values.line)
    whole: Any = plain(values)
    return Held(address, type_, _named(address, type_), managed, values, file, line, whole or {})


def _lines(values: Node) -> Iterator[int]:
    yield from (node.line for node in entries(values).values())


def _named(address: str, type_: str) -> str:
    """What tells it apart: modules and index with its name, without the words that all have."""
    short = address.replace("module.", "").replace("data.", "").replace(f"{type_}.", "")
    for common in (".this", ".main", ".default"):
        if short.removesuffix("[0]").endswith(common):
            short = short.removesuffix("[0]").removesuffix(common)
    return short.replace("[0]", "")
