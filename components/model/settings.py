"""What a person says of a language model."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.model import Entry, Key
from components.parts.reference import Reference
from components.parts.regions import RegionName

ModelId = Annotated[
    str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._:-]*$", max_length=140)
]
"""("FoundationModelIdentifier", Amazon Bedrock API Reference, 2026-11)."""


GLOBAL = "global"
"""The profile that routes to any commercial region."""


class ModelSettings(Entry):
    """A language model, by provider: changing `provider` is one line of the stack file."""

    provider: Literal["bedrock", "anthropic", "openai"]
    """`bedrock` is asked with the consumer's role; others with a key out of `secret`."""
    id: ModelId | None = None
    """The model, by its provider's name. Bedrock needs it: `anthropic.claude-sonnet-4-5-...`; an
    operator switches access to it on in the account."""
    profile: Literal["us", "eu", "apac", "jp", "au", "global"] | None = None
    """Bedrock's inference profile, by which newer models are reached: it routes to several regions.
    `trellis lookup` records which. `global` routes anywhere, so that prompts may leave the
    continent."""
    regions: Annotated[tuple[RegionName, ...], Field(min_length=1, max_length=40)] | None = None
    """Regions that the profile routes to, where `trellis lookup` shall not say so."""
    secret: Annotated[Key, Reference("secrets")] | None = None
    """One of `secrets`, with the provider's key."""

    @model_validator(mode="after")
    def _what_its_provider_needs(self) -> ModelSettings:
        if self.provider == "bedrock":
            if self.id is None or self.secret is not None:
                raise ValueError("`id` and no `secret` with `provider: bedrock`")
            if self.regions is not None and self.profile in (None, GLOBAL):
                raise ValueError(
                    "`regions` together with a `profile` of named regions, and only then"
                )
        elif self.secret is None or self.profile is not None or self.regions is not None:
            raise ValueError(
                f"`secret`, and neither `profile` nor `regions`, with `provider: {self.provider}`"
            )
        return self

    @property
    def profile_id(self) -> str | None:
        """Bedrock's id of the inference profile; None without one."""
        return f"{self.profile}.{self.id}" if self.profile is not None else None

    @property
    def routed_profile_id(self) -> str | None:
        """Id of the profile whose regions have to be known; None where there are none to know."""
        return self.profile_id if self.profile != GLOBAL else None
