"""Addresses that people are told at."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

Email = Annotated[
    str, StringConstraints(pattern=r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$", max_length=254)
]
"""With a domain that mail can reach from outside."""
