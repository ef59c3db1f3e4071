"""Prices a stack of a project: plans it, reads what it states of use, and counts."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.parts.charges import Reason
from trellis.planner.record import record
from trellis.planner.recording import Recording
from trellis.price.estimate import Estimate, estimate
from trellis.price.prices import price_list
from trellis.price.usage import Usage
from trellis.stackfile.findings import locate
from trellis.stackfile.loading import read_stack
from trellis.stackfile.problems import KeyPath, dotted
from trellis.stackfile.provenance import DEFAULT, PROFILE, source_of
from trellis.stackfile.resolution import Resolution, resolve


@dataclass(frozen=True)
class StackFolder:
    """Where a stack's files are."""

    project: Path
    """Folder of `Pulumi.yaml`."""
    stack: str
    config_file: Path | None = None
    """Instead of `Pulumi.<stack>.yaml`."""


@dataclass(frozen=True)
class Priced:
    """A stack's price, and the stack file that explains it."""

    estimate: Estimate
    resolution: Resolution

    def source(self, reason: Reason) -> str:
        """The file and line that a reason comes from, or what says it where no file does.

        A setting that nobody set is told by what it belongs to: the profile, or the default.
        """
        if not reason.path:
            return ""
        source = source_of(self.resolution, reason.path)
        if source.file is not None:
            return str(source)
        nearest = locate(self.resolution.layers, reason.path, key=True)
        layer = {PROFILE: "the development profile", DEFAULT: "the default"}.get(
            source.layer, source.layer
        )
        written = _written(self.resolution, reason.path)
        if nearest is not None and nearest.file is not None and written:
            return f"{layer}; {dotted(written)} is at {nearest}"
        return layer


def _written(resolution: Resolution, path: KeyPath) -> KeyPath:
    """The longest beginning of a path that a file says."""
    for length in range(len(path), 0, -1):
        if any(layer.has(path[:length]) for layer in resolution.layers.ordered):
            return path[:length]
    return ()


def price_of(
    where: StackFolder,
    recording: Recording | None = None,
    *,
    free_tier: bool = False,
    changes: Mapping[KeyPath, Any] | None = None,
) -> Priced:
    """The price of a stack; what waits for an image or a value is priced as it will run.

    Args:
        recording: its plan, where there is one already.
        changes: settings that are other than the files say; no part of a given recording.

    Raises:
        StackFileError: the stack file, or a price file of the project, is wrong.
    """
    if recording is None or recording.waiting:
        # What the program warns of was said when the stack itself was planned.
        again = changes or recording is not None
        quiet = contextlib.redirect_stderr(io.StringIO()) if again else contextlib.nullcontext()
        with quiet:
            recording = record(
                where.project,
                where.stack,
                config_file=where.config_file,
                changes=changes,
                complete=True,
            )
    files = read_stack(where.project, where.stack, where.config_file)
    resolution = resolve(files.config, files)
    settings = resolution.settings
    found = estimate(
        recording,
        price_list(recording.region, files.project.directory),
        Usage(settings.usage if settings is not None else None),
        layers=resolution.layers,
        settings=settings,
        free_tier=free_tier,
    )
    return Priced(found, resolution)
