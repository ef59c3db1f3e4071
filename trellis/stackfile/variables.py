"""Which environment variables a `uses:` line brings, known before anything is made."""

from __future__ import annotations

from components.parts.uses import UseSettings
from trellis.registry import OFFERS, offer_of, producers
from trellis.stackfile.settings import SystemSettings

POOL = "DB_POOL_SIZE"
"""Environment variable with the connections each task may open."""

USER = "DB_USER"
"""Environment variable with the user to sign in as with an IAM token."""


def variables_of(use: UseSettings, settings: SystemSettings) -> tuple[str, ...]:
    """Names of the variables that a task gets from one line, whose producer there is."""
    if use.as_ is not None:
        return (use.as_,)
    producer = producers(settings, use.kind)[use.key]
    brought = offer_of(use.kind, producer).names(use.key, producer)
    pool = (POOL,) if use.pool is not None else ()
    user = (USER,) if use.iam_user is not None else ()
    return tuple(f"{use.prefix or ''}{name}" for name in (*brought.values(), *pool, *user))


def shared_variables(use: UseSettings) -> frozenset[str]:
    """Variables that say the same whichever of the kind brings them, as the region of all."""
    offer = OFFERS[use.kind]
    return frozenset(offer.variables[what] for what in offer.shared)
