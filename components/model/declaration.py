"""How models are declared."""

from __future__ import annotations

from components.model.model import OFFER
from components.model.settings import ModelSettings
from components.parts.declaration import Tier

TIERS = (
    Tier(
        field="models",
        settings=ModelSettings,
        components={},
        resources={},
        keys=frozenset(),
        offer=OFFER,
    ),
)
"""What this package adds to a stack file."""
