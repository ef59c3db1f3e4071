"""Reads a stack without the engine: its files become the configuration the engine would hand on.

Sources: Pulumi's workspace loader and `config.Value`, 3.259: top-level values reach a program as
text (lists and mappings as JSON), `null` as empty text, project values where the stack has none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from components.parts.model import ENCRYPTED
from trellis.stackfile import document, nodes
from trellis.stackfile.document import SHARED, STACK, Document, UnreadableError, Unsaved
from trellis.stackfile.nodes import Data, Entry, Leaf, Node
from trellis.stackfile.problems import KeyPath, Problem, Source, StackFileError
from trellis.stackfile.project import SUFFIXES, Project, project_file, shown
from trellis.stackfile.scalars import number_text, whole
from trellis.stackfile.suggesting import did_you_mean

STACK_FILE_KEYS = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")
"""What the engine reads at the top of a stack file (`ProjectStack`, 3.259)."""


STACK_NAME = re.compile(r"(?:[\w.-]{1,100}/){0,2}[A-Za-z0-9_.-]{1,100}")
"""A stack, alone or with organisation and project ("Stacks", Pulumi docs, 2026-11)."""


@dataclass(frozen=True)
class Origin:
    """Where one configuration key is set, and the value as read from there."""

    layer: str
    file: str
    line: int
    column: int
    node: Node

    def source(self, path: KeyPath) -> Source | None:
        """Where the value at a path below the key stands; None if there is none."""
        if not path and not isinstance(self.node, Leaf):
            return Source(self.layer, self.file, self.line, self.column)
        found = nodes.find(self.node, path)
        return None if found is None else Source(self.layer, self.file, found[1], found[2])

    def key_source(self, path: KeyPath) -> Source | None:
        """Where the key at a path below this one stands."""
        if not path:
            return Source(self.layer, self.file, self.line, self.column)
        place = nodes.find_key(self.node, path)
        return None if place is None else Source(self.layer, self.file, *place)


@dataclass(frozen=True)
class StackInput:
    """A stack as its files say it: nothing is checked against the settings yet."""

    project: Project
    stack: str
    file: Path
    config: Mapping[str, str]
    """Pulumi's configuration: `{"aws:region": "us-east-1", "trellis:network": "{...}"}`."""
    origins: Mapping[str, Origin]
    """By configuration key."""
    problems: tuple[Problem, ...]
    """What is wrong with the files beside the values: doubled keys, unknown keys, ..."""
    supposed: dict[str, None] | None = None
    """Gets the images and values of secrets that are taken for there; None: none are."""


def read_files(
    directory: Path, stack: str, config_file: Path | None = None, unsaved: Unsaved | None = None
) -> StackInput:
    """Reads `Pulumi.yaml` and a stack's file.

    Args:
        unsaved: texts that are read instead of the files of these paths.

    Raises:
        StackFileError: a file is missing or is no YAML mapping.
    """
    project, shared = _project(directory, unsaved)
    if config_file is None and not STACK_NAME.fullmatch(stack):
        raise StackFileError([_misnamed(stack, project)])
    # The program runs in a folder of its own, where a relative name would lead elsewhere.
    file = (config_file or project.stack_file(stack)).absolute()
    if not _is_file(file) and file.resolve() not in (unsaved or {}):
        raise StackFileError([_missing(file, stack, project, given=config_file is not None)])
    try:
        own = document.read(file, shown(file), STACK, unsaved)
    except UnreadableError as error:
        raise StackFileError([_setting(error.problem)]) from None
    problems = [*_trimmed(shared), *_trimmed(own)]
    origins = _project_values(shared, project.name, problems)
    origins |= _stack_values(own, project.name, problems)
    config = {key: text(origin.node) for key, origin in sorted(origins.items())}
    return StackInput(project, stack, file, config, origins, tuple(problems))


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # such as a name that is too long
        return False


def _missing(file: Path, stack: str, project: Project, *, given: bool) -> Problem:
    source = Source(STACK, shown(file))
    if given:
        return Problem((), f"no file {file}", "a file that is there", source=source)
    stacks = project.stacks()
    return Problem(
        (),
        f"no file {shown(file)}",
        f"a stack that has a file: {', '.join(stacks) or 'none yet'}",
        did_you_mean(_stack_of(stack), stacks),
        source,
    )


def _misnamed(stack: str, project: Project) -> Problem:
    stacks = project.stacks()
    return Problem(
        (),
        f"the stack name {stack!r:.60}{'...' if len(stack) > 60 else ''}",
        "letters, digits, `-`, `_` and `.`, at most 100 of them: " + (", ".join(stacks) or "dev"),
        did_you_mean(_stack_of(stack), stacks),
        Source(STACK, shown(project.directory)),
    )


def _stack_of(words: str) -> str:
    """The stack that somebody meant who named its file: `Pulumi.dev.yaml`, `./Pulumi.dev.yml`."""
    name = Path(words).name
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name.removeprefix("Pulumi.")


def text(node: Node) -> str:
    """The text of a configuration value, as a program under the engine gets it."""
    if is_secure(node):
        return ENCRYPTED
    if isinstance(node, Leaf) and node.scalar.kind == "integer":
        return str(node.scalar.value)
    value = data(node)
    if value is None:
        return ""
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def data(node: Node) -> Data:
    """The value of a node as JSON has it, with a placeholder for what is encrypted."""
    if isinstance(node, Leaf):
        value = node.scalar.value
        return whole(value) if type(value) is int else value
    if isinstance(node, nodes.Sequence):
        return [data(element) for element in node.items]
    if is_secure(node):
        return ENCRYPTED
    return {key: data(entry.node) for key, entry in node.entries.items()}


def is_secure(node: Node) -> bool:
    """Whether a node is `{secure: ciphertext}`."""
    if not isinstance(node, nodes.Mapping) or set(node.entries) != {"secure"}:
        return False
    inner = node.entries["secure"].node
    return isinstance(inner, Leaf) and inner.scalar.kind == "text"


def secure_paths(node: Node, path: KeyPath = ()) -> list[KeyPath]:
    """The paths at and below a node whose values are encrypted."""
    if is_secure(node):
        return [path]
    if isinstance(node, nodes.Sequence):
        return [
            p for i, element in enumerate(node.items) for p in secure_paths(element, (*path, i))
        ]
    if isinstance(node, nodes.Mapping):
        return [p for k, e in node.entries.items() for p in secure_paths(e.node, (*path, k))]
    return []


def _project(given: Path, unsaved: Unsaved | None) -> tuple[Project, Document]:
    # A program runs in its own folder, which `main` may put elsewhere.
    directory = given.absolute()
    file = project_file(directory)
    if file is None:
        name = shown(directory / "Pulumi.yaml")
        raise StackFileError([
            Problem((), f"no {name}", "a folder with a Pulumi project, or one inside it",
                    "name it: --project DIR", Source(SHARED, name))
        ])  # fmt: skip
    try:
        shared = document.read(file, shown(file), SHARED, unsaved)
    except UnreadableError as error:
        raise StackFileError([error.problem]) from None
    name = _words(shared, "name")
    if not name:
        source = Source(SHARED, shown(file), 1, 1)
        raise StackFileError([
            Problem(("name",), "nothing", "the project's name", "add `name:`", source)
        ])  # fmt: skip
    inside = _words(shared, "stackConfigDir")
    stacks = directory / inside if inside else directory
    main = directory / _words(shared, "main")
    return Project(directory, file, name, stacks, main, _main_place(shared)), shared


def _main_place(shared: Document) -> Source:
    entry = shared.root.entries.get("main")
    line, column = (1, 1) if entry is None else (entry.line, entry.column)
    return Source(SHARED, shared.name, line, column)


def _words(file: Document, key: str) -> str:
    entry = file.root.entries.get(key)
    if entry is None or not isinstance(entry.node, Leaf):
        return ""
    value = entry.node.scalar.value
    return value if isinstance(value, str) else ""


def _stack_values(file: Document, project: str, problems: list[Problem]) -> dict[str, Origin]:
    for key, entry in file.root.entries.items():
        if key not in STACK_FILE_KEYS:
            problems.append(
                Problem(
                    (key,),
                    "an unknown key",
                    "one of " + ", ".join(STACK_FILE_KEYS),
                    did_you_mean(key, STACK_FILE_KEYS)
                    or ("settings stand under `config:`" if ":" in key else ""),
                    Source(STACK, file.name, entry.line, entry.column),
                )
            )
    origins: dict[str, Origin] = {}
    for key, entry in _config(file, STACK, problems):
        _put(origins, key, entry, entry.node, project, STACK, file.name, problems)
    return origins


def _project_values(file: Document, project: str, problems: list[Problem]) -> dict[str, Origin]:
    origins: dict[str, Origin] = {}
    for key, entry in _config(file, SHARED, problems):
        node: Node | None = entry.node
        if isinstance(node, nodes.Mapping):
            given = node.entries.get("value") or node.entries.get("default")
            if given is None and key.startswith("trellis:"):
                problems.append(
                    Problem(
                        (key,),
                        "no `value:`",
                        "`value:` with the settings below it",
                        source=Source(SHARED, file.name, entry.line, entry.column),
                    )
                )
            node = given.node if given is not None else None
        if node is None or (isinstance(node, Leaf) and node.scalar.kind == "null"):
            continue
        _put(origins, key, entry, node, project, SHARED, file.name, problems)
    return origins


def _config(file: Document, layer: str, problems: list[Problem]) -> list[tuple[str, Entry]]:
    entry = file.root.entries.get("config")
    if entry is None:
        return []
    if isinstance(entry.node, nodes.Mapping):
        return list(entry.node.entries.items())
    if isinstance(entry.node, Leaf) and (entry.node.scalar.kind == "null" or layer == SHARED):
        return []  # in Pulumi.yaml, text there is an old way to say `stackConfigDir`
    problems.append(
        Problem(
            ("config",),
            "a list" if isinstance(entry.node, nodes.Sequence) else "a scalar",
            "a mapping of `namespace:key` to values",
            source=Source(layer, file.name, entry.line, entry.column),
        )
    )
    return []


def _put(
    origins: dict[str, Origin], key: str, entry: Entry, node: Node, project: str, layer: str,
    file: str, problems: list[Problem],
) -> None:  # fmt: skip
    source = Source(layer, file, entry.line, entry.column)
    whole = _namespaced(key, project)
    if whole is None:
        problems.append(
            Problem((key,), "a key with too many colons", "`namespace:key`", "", source)
        )
    elif whole in origins and origins[whole].layer == layer:
        problems.append(Problem((key,), "a second time, as " + whole, "each key once", "", source))
    else:
        origins[whole] = Origin(layer, file, entry.line, entry.column, node)


def _namespaced(key: str, project: str) -> str | None:
    parts = key.split(":")
    if len(parts) == 1:
        return f"{project}:{key}"
    if len(parts) == 3 and parts[1] == "config":  # an old form that the engine still reads
        return f"{parts[0]}:{parts[2]}"
    return key if len(parts) == 2 else None


def _trimmed(file: Document) -> list[Problem]:
    """A file's own problems, with paths as a person types settings."""
    return [_setting(problem) for problem in file.problems]


def _setting(problem: Problem) -> Problem:
    return replace(problem, path=setting_path(problem.path))


def setting_path(path: KeyPath) -> KeyPath:
    """A setting's path from a path in a file: `config`, `trellis:` and `value` are dropped."""
    if len(path) < 2 or path[0] != "config" or not str(path[1]).startswith("trellis:"):
        return path[1:] if len(path) > 1 and path[0] == "config" else path
    top, rest = str(path[1]).removeprefix("trellis:").removeprefix("config:"), path[2:]
    if top == "system":
        return rest[1:] if rest[:1] == ("value",) else rest
    return (top, *rest)
