"""What a person says of canaries: scripts that open a public address every few minutes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.parts.model import Key, Keyed
from components.parts.reference import Reference

Runtime = Annotated[str, StringConstraints(pattern=r"^syn-nodejs-puppeteer-([89]|1\d)\.\d+$")]
"""Those with a deprecation date past are older ("Runtime versions support policy", 2026-11)."""


class CanarySettings(Keyed):
    """A script that opens a public address as a user would, by CloudWatch Synthetics.

    A run costs 0.0012 USD, so one every 5 minutes about 10.40 USD a month, and its function and
    artifacts a few cents (us-east-1, 2026-11); a health check is cheaper, a canary sees the answer.
    """

    host: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+\.[a-z]{2,}$", max_length=253)]
    """The host that the canary opens."""
    path: Annotated[str, StringConstraints(pattern=r"^/\S*$")] = "/"
    """The path that it opens."""
    status: Annotated[int, Field(ge=100, le=599)] = 200
    """The answer's status that counts as success; redirections are not followed."""
    contains: str | None = None
    """Text that the answer must hold."""
    minutes: Annotated[int, Field(ge=1, le=60)] = 5
    """Between two runs."""
    seconds: Annotated[int, Field(ge=1, le=60)] = 10
    """How long it waits for an answer."""
    artifacts: Annotated[Key, Reference("buckets")]
    """Key of the bucket that keeps what a run leaves, under `canaries/`."""
    runtime: Runtime = "syn-nodejs-puppeteer-13.1"
    """Version of Synthetics; AWS writes when one is about to be retired."""
    severity: Literal["notify", "page"] = "page"
    """Whether a failure notifies or pages."""
