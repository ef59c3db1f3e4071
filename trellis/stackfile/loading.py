"""Loads a stack: reads, merges, fills in the profile, validates, and remembers where from.

Precedence: stack file, shared system (`trellis:system` in Pulumi.yaml), profile, default.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
from pulumi.runtime import config as runtime_config

from trellis.stackfile.checks import check
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context, context_file, context_for, read_context
from trellis.stackfile.findings import locate
from trellis.stackfile.identity import Renamed, shown_path
from trellis.stackfile.layers import REGION_KEY, Layers, layers
from trellis.stackfile.problems import KeyPath, Problem, Source, StackFileError
from trellis.stackfile.project import running_project
from trellis.stackfile.provenance import sources
from trellis.stackfile.reading import StackInput, read_files
from trellis.stackfile.resolution import resolve
from trellis.stackfile.settings import SystemSettings

_current: ContextVar[StackInput | None] = ContextVar("current_stack_input", default=None)


@dataclass(frozen=True)
class Loaded:
    """A stack's settings, and where each value came from."""

    settings: SystemSettings
    sources: Mapping[KeyPath, Source]
    """By path, for every value: `{("network", "zones"): Source("stack file", ...)}`."""
    context: Context
    folder: Path = field(default_factory=Path.cwd)
    """Of `Pulumi.yaml`: what relative paths in the stack file start from."""
    layers: Layers | None = None
    """What was read, for positions; None where nothing was."""
    renamed: Renamed = field(default_factory=dict[tuple[str, ...], str])
    """The first key of each entry that has another one in the file."""

    def error(self, complaints: Iterable[Complaint]) -> StackFileError:
        """What to raise for what only assembly could tell, each with its file and line."""
        return StackFileError(
            Problem(shown, found, allowed, hint, self._place(shown))
            for path, found, allowed, hint in complaints
            for shown in (shown_path(path, self.renamed),)
        )

    def _place(self, path: KeyPath) -> Source | None:
        return locate(self.layers, path, key=True) if self.layers is not None else None


def read_stack(project: Path, stack: str, config_file: Path | None = None) -> StackInput:
    """Reads a stack from its files, as the engine would.

    Args:
        project: the folder with `Pulumi.yaml`.
        stack: the stack's name.
        config_file: instead of `Pulumi.<stack>.yaml`.

    Raises:
        StackFileError: a file is missing, is no YAML, or says what no stack file may. Where its
            values can be read all the same, their problems are in the error too.
    """
    files = read_files(project, stack, config_file)
    if files.problems:
        raise StackFileError([*files.problems, *resolve(files.config, files).problems])
    return files


@contextmanager
def using(files: StackInput) -> Generator[None]:
    """Inside, `load` takes positions from these files instead of looking for them."""
    token = _current.set(files)
    try:
        yield
    finally:
        _current.reset(token)


def load(config: Mapping[str, str] | None = None) -> Loaded:
    """Loads the stack that runs, under the engine, a recorder or mocks alike.

    Args:
        config: Pulumi's configuration by key; what the engine handed on when left out.

    Raises:
        StackFileError: with every problem at once.
    """
    hidden: set[str] = set()
    if config is None:
        config, hidden = _engine_config()
    files = _current.get() or _found_files()
    used = files is not None and _are_read_by_engine(files, config)
    resolution = resolve(config, files, hidden)
    wrong = [*resolution.problems, *(files.problems if files is not None and used else ())]
    context = Context()
    if files is not None:
        try:
            context = read_context(context_file(files.file, files.stack))
        except StackFileError as error:
            wrong.extend(error.problems)
    if resolution.settings is None or wrong:
        raise StackFileError(wrong)
    context = context_for(resolution.settings.account, context)
    if files is not None and files.supposed is not None:
        context = context.supposing(files.supposed)
    wrong.extend(check(resolution, context))
    if wrong:
        raise StackFileError(wrong)
    folder = files.project.directory if files is not None else running_project() or Path.cwd()
    return Loaded(
        resolution.built,
        sources(resolution),
        context,
        folder,
        resolution.layers,
        resolution.renamed,
    )


def _engine_config() -> tuple[dict[str, str], set[str]]:
    values = {**runtime_config.get_config_env(), **runtime_config.CONFIG.get()}
    config = {key: str(value) for key, value in values.items()}
    return config, {key for key in config if runtime_config.is_config_secret(key)}


def _found_files() -> StackInput | None:
    """The running stack's files; None where they can't be found or read.

    They serve for positions only: the values are the engine's, which has read its own file.
    """
    directory = running_project()
    if directory is None:
        return None
    try:
        return read_files(directory, pulumi.get_stack())
    except StackFileError:
        return None


def _are_read_by_engine(files: StackInput, config: Mapping[str, str]) -> bool:
    """Whether the files found are what the engine read: another may have been given."""
    every = layers(config, files)
    keys = {key for key in files.origins if key == REGION_KEY or key.startswith("trellis:")}
    return keys <= config.keys() and all(
        all(layer.same.values()) and len(layer.same) == len(layer.origins)
        for layer in every.ordered
    )
