"""Asking again until something is so, at growing intervals, for a limited time."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from time import sleep

from .errors import RotationError

FIRST_DELAY = 1.0  # seconds
LONGEST_DELAY = 15.0  # seconds
# A change of an ElastiCache user or group takes seconds to a few minutes. Should a step outlast the
# Lambda's 900 seconds all the same, it is resumed like any other crash.
ATTEMPTS = 25  # about 300 seconds


@dataclass(frozen=True)
class Waiting:
    """How to wait; tests pass a `pause` that does not."""

    pause: Callable[[float], None] = sleep

    def until(self, is_so: Callable[[], bool], what: str, attempts: int = ATTEMPTS) -> None:
        """Return once `is_so()`. Raises RotationError when it was not in `attempts` tries."""
        delay = FIRST_DELAY
        for attempt in range(attempts):
            if is_so():
                return
            if attempt < attempts - 1:
                # Jitter, so that functions started by one schedule do not ask in step.
                self.pause(delay * random.uniform(0.8, 1.0))
                delay = min(delay * 2, LONGEST_DELAY)
        raise RotationError(f"Gave up waiting: {what}. The step is safe to run again")
