"""How secrets are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.contracts import Domain
from components.naming import Naming
from components.parts.adoption import Adopts
from components.parts.changes import Change, Unique
from components.parts.declaration import Data, Resource, TakenName, Tier
from components.parts.shown import LAMBDA, Category, Column, Shown
from components.secrets.existing import EXISTING_PARAMETER, EXISTING_SECRET
from components.secrets.secret import OFFER, secret_name
from components.secrets.settings import SecretSettings


def _names(key: str, settings: SecretSettings, naming: Naming) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    yield TakenName("secret", partial(secret_name, key, settings, naming), setting)


TIERS = (
    Tier(
        field="secrets",
        settings=SecretSettings,
        components={
            "trellis:secrets:RotationFunction": Shown(
                "rotation function",
                glyph=LAMBDA,
                category=Category.COMPUTE,
                column=Column.COMPUTE,
                icon=r"AWS-?Lambda",
                grouped="rotation functions",
                title="rotation",
                part="rotation",
                runs=True,
            ),
            "trellis:secrets:Secret": Shown(
                "secret",
                glyph="M6 12a3.500 3.500 0 110-7 3.500 3.500 0 010 7zM9 8.500h7M14 8.500v3",
                category=Category.SECURITY,
                icon=r"Secrets-?Manager",
                grouped="secrets",
                rank=5,
            ),
        },
        resources={
            "aws:secretsmanager/secret:Secret": Resource(
                "its rotation function is watched",
                facts=("name",),
                data=Data("its value", "name", "set the value again; credentials are rotated anew"),
                unique=Unique("region", ("name",)),
            ),
            "aws:secretsmanager/secretRotation:SecretRotation": Resource(
                "its rotation function is watched",
                facts=("rotationRules",),
                change=Change(same=("secretId",)),
            ),
        },
        keys=frozenset({Domain.SECRETS}),
        offer=OFFER,
        existing=(EXISTING_SECRET, EXISTING_PARAMETER),
        adopts=Adopts(("aws:secretsmanager/secret:Secret",), name=secret_name, setting="name"),
        names=_names,
    ),
)
"""What this package adds to a stack file."""
