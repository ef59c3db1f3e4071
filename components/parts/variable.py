"""Names of environment variables that follow from keys of the stack file."""

from __future__ import annotations


def variable(key: str) -> str:
    """`my-orders` as a part of a variable's name: `MY_ORDERS`."""
    return key.upper().replace("-", "_")
