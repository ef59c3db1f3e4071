"""DNS names as a person writes them."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

DomainName = Annotated[
    str, StringConstraints(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")
]
"""A DNS name in lower case, without a trailing dot."""


def under(name: str, domain: str) -> bool:
    """Whether a name is the domain or stands under it.

    >>> under("api.desh.co", "desh.co"), under("desh.co", "desh.co"), under("ndesh.co", "desh.co")
    (True, True, False)
    """
    return name == domain or name.endswith(f".{domain}")


def bare(name: str) -> str:
    """The name without a leading wildcard: what a certificate authority wants to see proof of."""
    return name.removeprefix("*.")


def covers(pattern: str, name: str) -> bool:
    """Whether a certificate's name stands for a host: itself, or one label for a leading `*`."""
    if pattern == name:
        return True
    return pattern.startswith("*.") and name.partition(".")[2] == pattern.removeprefix("*.")
