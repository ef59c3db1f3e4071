"""Which settings of a production stack file turn which control of the pack red.

The table is the other side of "the safe choice is the default": who sets one of these otherwise
meets the control, whose text names the setting, and writes an exemption or takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

UNSAFE: Final[Mapping[str, tuple[str, ...]]] = {}
"""Patterns of paths by control: `*` for a key that a person chose."""

ADDED: Final[Mapping[str, Mapping[str, Any]]] = {}
"""Parts that a stack file is red without, by control, and what to add."""
