"""Small systems, and the statements of their policies."""

from __future__ import annotations

import json
from typing import Any

from testing.small_systems import ACCOUNT, CACHE, DATABASE, NETWORK, REGION, small_system
from trellis.planner.recording import Recorded

__all__ = [
    "ACCOUNT",
    "CACHE",
    "DATABASE",
    "NETWORK",
    "REGION",
    "document",
    "small_system",
    "statement",
]


def document(resource: Recorded, key: str = "policy") -> list[dict[str, Any]]:
    """The statements of a resource's policy."""
    return json.loads(resource.inputs[key])["Statement"]


def statement(resource: Recorded, sid: str, key: str = "policy") -> dict[str, Any]:
    """One statement of a resource's policy, by its `Sid`.

    Raises:
        LookupError: there is none; the message lists the statements there are.
    """
    for element in document(resource, key):
        if element["Sid"] == sid:
            return element
    raise LookupError(f"no statement {sid}; there is {[e['Sid'] for e in document(resource, key)]}")
