"""Customer keys that exist already: domains are encrypted with them, and programs use them.

Nothing of a key is made here, its policy neither: what its owner must let in is an output of the
stack.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints, model_validator

from components.contracts import AccountRegion, Grant, Link
from components.parts.access import sid_part
from components.parts.existing import Existing, ExistingSettings, KeyArn
from components.parts.offer import Offer

KeyAlias = Annotated[str, StringConstraints(pattern=r"^alias/[A-Za-z0-9/_-]+$", max_length=256)]
"""As in `alias/central` ("CreateAlias", AWS KMS API Reference, 2026-11)."""

AWS_OWN = "alias/aws/"
"""What the aliases of keys that AWS manages begin with, which are no customer keys."""

ACTIONS = {
    "encrypt": ("kms:Encrypt", "kms:GenerateDataKey"),
    "decrypt": ("kms:Decrypt",),
    "encryptDecrypt": ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
    "sign": ("kms:GetPublicKey", "kms:Sign"),
    "verify": ("kms:GetPublicKey", "kms:Verify"),
}
"""By access. The first three are of a symmetric key or one of RSA, the others of one that signs
("AWS KMS permissions", AWS KMS Developer Guide, 2026-11)."""


class ExistingKey(ExistingSettings):
    """A customer key that somebody else made: exactly one of `arn` and `alias`."""

    arn: KeyArn | None = None
    """In this stack's region; of another account where its policy lets this one use it."""
    alias: KeyAlias | None = None
    """Of one in this account and region, as in `alias/central`; which key it is, each deployment
    asks. `uses:` lines take an `arn`: policies name keys."""

    @model_validator(mode="after")
    def _one_way_to_find_it(self) -> ExistingKey:
        if (self.arn is None) == (self.alias is None):
            raise ValueError("exactly one of arn, alias")
        if self.alias is not None and self.alias.startswith(AWS_OWN):
            raise ValueError(f"a customer key; {self.alias} is AWS's own, which serves one service")
        return self


OFFER = Offer[ExistingKey](
    kind="kms",
    accesses=tuple(ACTIONS),
    variables={"arn": "{KEY}_KEY_ARN"},
    part="existing.keys",
    interface="kms",
)


def _link(key: str, settings: ExistingKey, access: str | None, _: AccountRegion) -> Link:
    chosen = OFFER.chosen(key, settings, access)
    if settings.arn is None:
        raise ValueError(f"key {key} has no `arn`, which checks refuse")
    actions = ("kms:DescribeKey", *ACTIONS[chosen])
    return Link(
        producer=f"kms-{key}",
        access=chosen,
        grants=(Grant(f"UseKey{sid_part(key)}", actions, (settings.arn,)),),
        environment=OFFER.environment(key, settings, {"arn": settings.arn}),
    )


EXISTING = Existing("keys", ExistingKey, OFFER, _link)
