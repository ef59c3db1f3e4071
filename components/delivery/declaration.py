"""How deliveries are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.delivery.settings import DeliverySettings
from components.naming import Kind, Naming
from components.parts.declaration import TakenName, Tier
from components.parts.shown import Shown


def _names(key: str, _: DeliverySettings, naming: Naming) -> Iterator[TakenName]:
    yield TakenName("role", partial(naming.of, Kind.ROLE, key, "deploy"), scope="account")


TIERS = (
    Tier(
        field="deliveries",
        settings=DeliverySettings,
        components={
            "trellis:delivery:Delivery": Shown("delivery"),
        },
        resources={},
        keys=frozenset(),
        names=_names,
    ),
)
"""What this package adds to a stack file."""
