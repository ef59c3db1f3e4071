"""The accesses that a producer offers, and how statements of its links are named."""

from __future__ import annotations

import re
from collections.abc import Iterable


class UnknownAccessError(ValueError):
    """A `uses:` line names an access that the producer does not offer."""


def check_access(producer: str, access: str, offered: Iterable[str]) -> None:
    """Refuse an access that is not offered.

    Raises:
        UnknownAccessError: says which there are.
    """
    allowed = tuple(offered)
    if access not in allowed:
        raise UnknownAccessError(
            f"{producer} offers no access {access!r}; allowed is {', '.join(allowed)}"
        )


def sid_part(producer: str) -> str:
    """`database-main` as a part of a statement's id: `DatabaseMain`."""
    return "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", producer))
