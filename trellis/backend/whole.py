"""All parts of a backend, in the order in which they are made."""

from __future__ import annotations

from trellis.backend.access_log import LOG_PARTS
from trellis.backend.parts import STATE_PARTS, Part

PARTS: tuple[Part, ...] = (*STATE_PARTS, *LOG_PARTS)
"""What keeps everybody out of the state comes before what is kept, and its log last."""
