"""Recordings of the real stack files, made once a test run and shared by its processes."""

from __future__ import annotations

import functools
import os
import pickle
import tempfile
from pathlib import Path

from testing.stacks import ROOT, STACKS
from trellis.planner.record import Mode, Recording, record

__all__ = ["FOLDER", "ROOT", "STACKS", "recorded"]

FOLDER = "TRELLIS_TEST_RECORDINGS"
"""Environment variable with the folder of one run's recordings; its processes inherit it."""


@functools.cache
def recorded(project: str, stack: str, mode: Mode = "deployed") -> Recording:
    """The recording of one real stack file, shared by the tests of a run; leave it as it is."""
    if FOLDER not in os.environ:
        return record(ROOT / project, stack, mode)
    folder = Path(os.environ[FOLDER])
    file = folder / f"{project.replace('/', '-')}-{stack}-{mode}.pickle"
    if file.is_file():
        return pickle.loads(file.read_bytes())
    recording = record(ROOT / project, stack, mode)
    # Renamed when whole: another process sees all of it or makes its own, which is the same.
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:
        pickle.dump(recording, part)
    Path(part.name).replace(file)
    return recording
