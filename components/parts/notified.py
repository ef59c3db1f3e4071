"""A function that a bucket tells of its objects: the bucket has one notification, its own."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi


@dataclass(frozen=True)
class NotifiedFunction:
    """Which function, and of what."""

    key: str
    """Of the function and its trigger, unique in the bucket."""
    arn: pulumi.Input[str]
    events: tuple[str, ...]
    prefix: str | None
    suffix: str | None
    after: tuple[pulumi.Resource, ...]
    """S3 tries at once whether it may call."""
