"""How identities outside AWS are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.identities.settings import IdentitySettings
from components.naming import Kind, Naming
from components.parts.declaration import TakenName, Tier
from components.parts.shown import Category, Column, Shown


def _names(key: str, _: IdentitySettings, naming: Naming) -> Iterator[TakenName]:
    yield TakenName("role", partial(naming.of, Kind.ROLE, key, "identity"), scope="account")


TIERS = (
    Tier(
        field="identities",
        settings=IdentitySettings,
        components={
            "trellis:identities:Identity": Shown(
                "identity",
                glyph="M2 4h14v10H2zM6 7a1.500 1.500 0 100 3 1.500 1.500 0 000-3zM4 12c0-2 4-2 4 0"
                "M10.500 7.500h3.500M10.500 10.500h3.500",
                category=Category.SECURITY,
                column=Column.EDGE,
                acts=True,
            ),
        },
        resources={},
        keys=frozenset(),
        names=_names,
    ),
)
"""What this package adds to a stack file."""
