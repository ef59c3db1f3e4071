"""Recordings of the real stack files, made once a test run and shared by its processes."""

from __future__ import annotations

import contextlib
import functools
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path

from testing.stacks import ROOT, STACKS
from trellis.planner.record import Mode, Recording, record

__all__ = ["FOLDER", "ROOT", "STACKS", "recorded", "recorded_everything"]

FOLDER = "TRELLIS_TEST_RECORDINGS"
"""Environment variable with the folder of one run's recordings; its processes inherit it."""


@functools.cache
def recorded(project: str, stack: str, mode: Mode = "deployed") -> Recording:
    """The recording of one real stack file, shared by the tests of a run; leave it as it is."""
    name = f"{project.replace('/', '-')}-{stack}-{mode}"
    return _shared(name, lambda: record(ROOT / project, stack, mode))


@functools.cache
def recorded_everything() -> Recording:
    """The recording of a system of every tier, shared alike."""
    from testing.everything import record_everything, site_folder

    def made() -> Recording:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(site_folder(Path(folder))):
            return record_everything()

    return _shared("everything", made)


def _shared(name: str, make: Callable[[], Recording]) -> Recording:
    if FOLDER not in os.environ:
        return make()
    folder = Path(os.environ[FOLDER])
    file = folder / f"{name}.pickle"
    if file.is_file():
        return pickle.loads(file.read_bytes())
    recording = make()
    # Renamed when whole: another process sees all of it or makes its own, which is the same.
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:
        pickle.dump(recording, part)
    Path(part.name).replace(file)
    return recording
