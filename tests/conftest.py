"""Recordings of the real stack files, made once a test process."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from trellis.planner.record import Mode, Recording, record

ROOT = Path(__file__).resolve().parent.parent

STACKS: tuple[tuple[str, str], ...] = (
    (".", "dev"),
    (".", "prod"),
    ("systems/afric-analyzer", "starter"),
    ("systems/afric-analyzer", "prod"),
    ("systems/mantissa-log", "dev"),
    ("systems/mantissa-log", "staging"),
    ("systems/mantissa-log", "prod"),
    ("systems/chat-backend", "dev"),
    ("systems/chat-backend", "staging"),
    ("systems/chat-backend", "prod"),
    ("systems/engify", "prod"),
)
"""Project folder and stack of every stack file there is; a test holds it against the files."""


@functools.cache
def recorded(project: str, stack: str, mode: Mode = "deployed") -> Recording:
    """The recording of one real stack file, shared by the tests of a process."""
    return record(ROOT / project, stack, mode)


@pytest.fixture(scope="session")
def recording_of() -> Callable[..., Recording]:
    """`recording_of(project, stack, mode="deployed")`, made once a test process."""
    return recorded


@pytest.fixture(params=STACKS, ids=lambda each: f"{Path(each[0]).name or 'clubapp'}-{each[1]}")
def any_stack(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Every real stack file in turn, as project folder and stack."""
    return request.param
