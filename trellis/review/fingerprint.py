"""The fingerprint of a plan: each input of each resource as a digest, so two plans can be compared.

A pull request's plan is reviewed; what is deployed is the plan of the commit that the merge made,
which other merges may have changed. Both are plans of files alone, so the same files give the same
fingerprint anywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from trellis.planner.recording import Recorded, Recording
from trellis.planner.wire import FileContent, to_json

VERSION = 1
DIGITS = 16
"""Hex digits of each input's digest."""

OPTIONS = "options"
"""Stands beside a resource's inputs for how the engine treats it: protection, parent, provider."""


@dataclass(frozen=True)
class Difference:
    """One thing in which a plan is other than the reviewed one."""

    urn: str
    what: str
    """An input, `options`, or empty for the whole resource."""
    kind: str
    """`added`, `gone` or `other`, seen from the reviewed plan."""

    def __str__(self) -> str:
        name = "::".join(self.urn.split("::")[2:])
        words = {"added": "is new", "gone": "is gone", "other": "is other"}
        return f"{name}{f': {self.what}' if self.what else ''} {words[self.kind]}"


class UnreadableError(ValueError):
    """A file that is no fingerprint, or one of another stack."""


def fingerprint(recording: Recording, folder: Path) -> dict[str, Any]:
    """The fingerprint of a plan, as JSON has it.

    Args:
        folder: of the program, which paths of files start from.
    """
    resources = {resource.urn: _resource(resource, folder) for resource in recording}
    return {
        "version": VERSION,
        "project": recording.project,
        "stack": recording.stack,
        "whole": _digest(resources),
        "resources": resources,
    }


def differences(reviewed: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """In what a plan is other than the reviewed one, resource by resource.

    Raises:
        UnreadableError: the reviewed one is no fingerprint, or one of another stack.
    """
    for key in ("version", "project", "stack"):
        if reviewed.get(key) != now[key]:
            raise UnreadableError(
                f"{key} {reviewed.get(key)!r} in the reviewed fingerprint, {now[key]!r} here"
            )
    before: Mapping[str, Mapping[str, str]] = reviewed["resources"]
    after: Mapping[str, Mapping[str, str]] = now["resources"]
    for urn in dict.fromkeys((*before, *after)):
        if urn not in after:
            yield Difference(urn, "", "gone")
        elif urn not in before:
            yield Difference(urn, "", "added")
        else:
            yield from _inputs(urn, before[urn], after[urn])


def read(file: Path) -> dict[str, Any]:
    """A fingerprint that was written to a file.

    Raises:
        UnreadableError: it is none.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableError(f"{file}: {error}") from None
    if not isinstance(found, dict) or not isinstance(
        cast("dict[str, Any]", found).get("resources"), dict
    ):
        raise UnreadableError(f"{file} is not what `trellis fingerprint --output` writes")
    return cast("dict[str, Any]", found)


def _inputs(urn: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for what in sorted({*before, *after}):
        if before.get(what) != after.get(what):
            kind = "gone" if what not in after else "added" if what not in before else "other"
            yield Difference(urn, what, kind)


def _resource(resource: Recorded, folder: Path) -> dict[str, str]:
    options = [
        resource.parent, resource.protect, resource.retain_on_delete,
        resource.delete_before_replace, list(resource.ignore_changes),
        list(resource.replace_on_changes), list(resource.aliases),
        resource.provider.rpartition("::")[0], resource.read,
    ]  # fmt: skip
    inputs = {key: _digest(_content(value, folder)) for key, value in resource.inputs.items()}
    return {**dict(sorted(inputs.items())), OPTIONS: _digest(options)}


def _content(value: Any, folder: Path) -> Any:
    """A value as JSON, with what is in a file in the place of its name."""
    if isinstance(value, FileContent):
        if value.kind.endswith("file"):
            return {"$file": value.kind, "content": _files(folder / str(value.value))}
        return {"$file": value.kind, "value": _content(value.value, folder)}
    if isinstance(value, Mapping):
        found = cast("Mapping[str, Any]", value)
        return {key: _content(member, folder) for key, member in found.items()}
    if isinstance(value, (list, tuple)):
        return [_content(member, folder) for member in cast("list[Any]", value)]
    return to_json(value)


def _files(path: Path) -> list[tuple[str, str]]:
    """Names and digests of a file, or of all files of a folder."""
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return [
        (
            "" if file == path else file.relative_to(path).as_posix(),
            hashlib.sha256(file.read_bytes()).hexdigest(),
        )
        for file in files
    ]


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
