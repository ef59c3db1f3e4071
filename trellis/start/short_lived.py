"""A stack that is there for a while, like another one: its own file, names and domains.

Its environment is part of every physical name, and a label of every host below the other stack's
zones, which stay the other's: records are made in them. So the two clash in nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from trellis.stackfile.editing import changed_text
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.tree import is_list, is_mapping


class UnfitError(ValueError):
    """A name that no such stack may have; the text says why."""


def refuse_name(name: str, environments: Mapping[str, str]) -> None:
    """Refuse a name whose physical names could be another stack's.

    Args:
        environments: of the project's stacks, by stack.

    Raises:
        UnfitError: it is one of them, or begins one, or one begins it.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,18}[a-z0-9]", name):
        raise UnfitError(f"{name}: 2 to 20 lower-case letters, digits and hyphens, a letter first")
    for stack, environment in environments.items():
        if name == environment:
            raise UnfitError(f"{name} is the environment of the stack {stack}")
        if name.startswith(f"{environment}-") or environment.startswith(f"{name}-"):
            raise UnfitError(
                f"{name} and {environment} (stack {stack}) would share names: one begins the other"
            )


def text_of(text: str, file: str, data: Mapping[str, Any], name: str, end: date) -> str:
    """The file of the new stack.

    Args:
        text: of the other stack's own file.
        file: its name, for errors.
        data: the other stack's settings, with what all stacks share.

    Raises:
        StackFileError: a setting stands where it can't be changed by itself.
    """
    for path, value in changes(data, name, end):
        text = changed_text(text, path, value, file)
    return text


def changes(data: Mapping[str, Any], name: str, end: date) -> Iterator[tuple[KeyPath, Any]]:
    """The settings that the new stack has otherwise; lists are whole."""
    yield ("environment",), name
    yield ("profile",), "development"
    yield ("expires",), end.isoformat()
    zones: Mapping[str, Mapping[str, Any]] = data.get("zones") or {}
    for key, zone in zones.items():
        if not zone.get("private") and not zone.get("existing"):
            yield ("zones", key), {"domain": zone["domain"], "existing": True}
    domains = sorted((str(zone["domain"]) for zone in zones.values()), key=len, reverse=True)
    for part, value in data.items():
        if part != "zones" and domains:
            yield from _renamed((part,), value, domains, name)


def _renamed(
    path: KeyPath, value: Any, domains: Sequence[str], name: str
) -> Iterator[tuple[KeyPath, Any]]:
    if is_mapping(value):
        for key, inner in value.items():
            yield from _renamed((*path, key), inner, domains, name)
        return
    new = below(value, domains, name)
    if new != value:
        yield path, new


def below(value: Any, domains: Sequence[str], name: str) -> Any:
    """A value in which each host below one of the domains has the name as a label before it.

    Args:
        domains: the longest first.
    """
    if is_list(value):
        return [below(inner, domains, name) for inner in value]
    if is_mapping(value):
        return {key: below(inner, domains, name) for key, inner in value.items()}
    if not isinstance(value, str):
        return value
    any_of = "|".join(re.escape(domain) for domain in domains)
    # Not the domain of an address of mail, nor a part of a longer name.
    host = re.compile(rf"(?<![\w.@-])((?:[\w*-]+\.)*?)({any_of})(?![\w-]|\.\w)")
    return host.sub(rf"\g<1>{name}.\g<2>", value)
