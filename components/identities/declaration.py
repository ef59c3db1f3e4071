"""How identities outside AWS are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.identities.settings import IdentitySettings
from components.naming import Kind, Naming
from components.parts.declaration import TakenName, Tier


def _names(key: str, _: IdentitySettings, naming: Naming) -> Iterator[TakenName]:
    yield TakenName("role", partial(naming.of, Kind.ROLE, key, "identity"), scope="account")


TIERS = (
    Tier(
        field="identities",
        settings=IdentitySettings,
        components=("trellis:identities:Identity",),
        resources={},
        names=_names,
    ),
)
"""What this package adds to a stack file."""
