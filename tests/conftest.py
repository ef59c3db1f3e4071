"""Fixtures of the real stack files' recordings, and what keeps a whole run fast."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.recordings import FOLDER, ROOT, STACKS, recorded
from trellis.planner.record import Recording

__all__ = ["ROOT", "STACKS", "recorded"]

_RECORDINGS = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """The process that starts a run makes the folder that its workers share."""
    if FOLDER not in os.environ:
        made = tempfile.TemporaryDirectory(prefix="trellis-recordings-")
        config.stash[_RECORDINGS] = made
        os.environ[FOLDER] = made.name


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the folder removes it."""
    made = config.stash.get(_RECORDINGS, None)
    if made is not None:
        del os.environ[FOLDER]
        made.cleanup()


def pytest_collection_finish() -> None:
    """Thousands of tests and the AWS SDK stay to the end: looking through them for garbage, as
    every recording makes Python do, took half of a run's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


@pytest.fixture(scope="session")
def recording_of() -> Callable[..., Recording]:
    """`recording_of(project, stack, mode="deployed")`, made once a run."""
    return recorded


@pytest.fixture(params=STACKS, ids=lambda case: f"{Path(case[0]).name or 'clubapp'}-{case[1]}")
def any_stack(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Every real stack file in turn, as project folder and stack."""
    return request.param
