"""Asks AWS, at a preview or an update, for something that may not be there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Found = TypeVar("Found")


def found_or_none(ask: Callable[[], Found], not_found: Sequence[str]) -> Found | None:
    """What an invoke answers; None where the provider says that there is no such thing.

    Args:
        not_found: parts of the provider's words for that, any of which is enough.

    Raises:
        Exception: anything else went wrong. That must not look like a missing thing, which would
            take away what runs.
    """
    try:
        return ask()
    except Exception as error:
        if any(code in str(error) for code in not_found):
            return None
        raise
