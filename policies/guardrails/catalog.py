"""All controls of the pack, in the order of the services."""

from collections.abc import Sequence
from typing import Final

from .control import Control
from .controls import SERVICES


def _gathered() -> tuple[Control, ...]:
    seen: dict[str, Control] = {}
    for controls in SERVICES:
        for control in controls:
            if control.id in seen:
                raise ValueError(f"two controls are called {control.id}")
            seen[control.id] = control
    return tuple(seen.values())


CONTROLS: Final[Sequence[Control]] = _gathered()


def control(control_id: str) -> Control:
    """The control with this id. Raises ``KeyError`` when there is none."""
    return {one.id: one for one in CONTROLS}[control_id]
