"""How the customer keys are declared."""

from __future__ import annotations

from components.keys.existing import EXISTING
from components.keys.settings import KeysSettings
from components.parts.changes import Unique
from components.parts.declaration import RECORDS, ROUTING, Data, Resource, Tier
from components.parts.shown import Shown

TIERS = (
    Tier(
        field="keys",
        settings=KeysSettings,
        components={
            "trellis:keys:Keys": Shown("keys", hidden=True),
        },
        existing=(EXISTING,),
        resources={
            "aws:kms/alias:Alias": Resource(
                ROUTING, facts=("name",), unique=Unique("region", ("name",))
            ),
            "aws:kms/key:Key": Resource(
                RECORDS,
                facts=("description",),
                data=Data(
                    "the only means to read what it encrypted",
                    None,
                    "encrypt everything under the new key before the old one goes",
                ),
            ),
        },
        keys=frozenset(),
    ),
)
"""What this package adds to a stack file."""
