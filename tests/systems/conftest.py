"""Fixtures of the five systems."""

from __future__ import annotations

import pytest

from tests.systems.chat_backend import CHAT
from tests.systems.mantissa import MANTISSA, Recordings
from trellis.planner.recording import Recording


@pytest.fixture(params=["dev", "staging", "prod"])
def mantissa(request: pytest.FixtureRequest, recording_of: Recordings) -> Recording:
    """Each of Mantissa Log's stacks, recorded."""
    return recording_of(MANTISSA, request.param, "deployed")


@pytest.fixture(params=["dev", "staging", "prod"])
def chat(request: pytest.FixtureRequest, recording_of: Recordings) -> Recording:
    """Each of the chat backend's stacks, recorded."""
    return recording_of(CHAT, request.param, "deployed")
