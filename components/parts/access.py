"""An access that nobody offers, and how statements of links are named."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pulumi


class UnknownAccessError(pulumi.RunError, ValueError):
    """A link is asked for with an access that the producer does not offer."""

    def __init__(self, producer: str, access: str | None, offered: Iterable[str]) -> None:
        """Say what was asked of whom, and which accesses there are.

        Args:
            access: None where none was named, and the producer has no default.
        """
        self.producer = producer
        self.access = access
        self.offered = tuple(offered)
        asked = f"offers no access {access!r}" if access else "needs an access to be named"
        super().__init__(f"{producer} {asked}; allowed is {', '.join(self.offered)}")


def sid_part(producer: str) -> str:
    """`database-main` as a part of a statement's id: `DatabaseMain`."""
    return "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", producer))
