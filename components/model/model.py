"""A language model as something to use: what its consumers are told and granted.

It makes no resource: AWS and other providers have the models already.

Promises:
- At Bedrock exactly this model may be invoked, and in other regions only by way of its profile.
- Elsewhere the key is read from its secret by who uses it; it stands nowhere else.

Source: "Prerequisites for inference profiles", Amazon Bedrock User Guide, 2026-11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.contracts import AccountRegion, Arn, Grant, Link
from components.model.settings import GLOBAL, ModelSettings
from components.parts.access import sid_part
from components.parts.offer import Offer

INVOKE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")


def _more(settings: ModelSettings) -> dict[str, str]:
    found = {"id": "MODEL_{KEY}_ID"} if settings.id is not None else {}
    return found | ({"secret": "MODEL_{KEY}_SECRET_ARN"} if settings.secret is not None else {})


OFFER = Offer[ModelSettings](
    kind="model",
    accesses=("invoke",),
    default="invoke",
    variables={"provider": "MODEL_{KEY}_PROVIDER"},
    more=_more,
)


@dataclass(frozen=True)
class LanguageModel:
    """One model of the stack file."""

    key: str
    settings: ModelSettings
    where: AccountRegion
    regions: Sequence[str]
    """Where its profile routes to; the stack's own without a profile, none at other providers."""
    secret: Link | None = None
    """How the provider's key is read; None at Bedrock."""
    secret_arn: Arn | None = None

    @property
    def identifier(self) -> str | None:
        """What a call names: the profile's id where there is one."""
        return self.settings.profile_id or self.settings.id

    def link(self, access: str | None = None) -> Link:
        """What follows from asking it.

        Raises:
            UnknownAccessError: there is no such access.
            ValueError: the provider's key was not given.
        """
        access = OFFER.chosen(self.key, self.settings, access)
        values: dict[str, Arn] = {"provider": self.settings.provider}
        if self.identifier is not None:
            values["id"] = self.identifier
        if self.settings.secret is not None:
            if self.secret is None or self.secret_arn is None:
                raise ValueError(f"model {self.key}: no link to the secret of its key was given")
            values["secret"] = self.secret_arn
        return Link(
            producer=f"model-{self.key}",
            access=access,
            grants=(*self._grants(), *(self.secret.grants if self.secret is not None else ())),
            environment=OFFER.environment(self.key, self.settings, values),
            depends_on=self.secret.depends_on if self.secret is not None else (),
        )

    def _grants(self) -> tuple[Grant, ...]:
        settings, where = self.settings, self.where
        if settings.provider != "bedrock":
            return ()
        label = sid_part(f"model-{self.key}")
        models = tuple(
            f"arn:{where.partition}:bedrock:{region}::foundation-model/{settings.id}"
            for region in sorted(self.regions)
        )
        if settings.profile is None:
            return (Grant(f"Invoke{label}", INVOKE, models),)
        profile = where.arn("bedrock", f"inference-profile/{self.identifier}")
        if settings.profile == GLOBAL:
            return self._global_grants(label, profile)
        return (
            Grant(f"Invoke{label}", INVOKE, (profile,)),
            Grant(
                f"Route{label}",
                INVOKE,
                models,
                {"StringEquals": {"bedrock:InferenceProfileArn": profile}},
            ),
        )

    def _global_grants(self, label: str, profile: Arn) -> tuple[Grant, ...]:
        """By a global profile AWS asks three times: for the profile, for the model of this region,
        and for the model of no region ("Global cross-Region inference", Amazon Bedrock User Guide,
        2026-11)."""
        partition, region = self.where.partition, self.where.region
        by_profile = {"bedrock:InferenceProfileArn": profile}
        return tuple(
            Grant(f"{word}{label}", INVOKE, (resource,), {"StringEquals": condition})
            for word, resource, condition in (
                ("Invoke", profile, {"aws:RequestedRegion": region}),
                (
                    "Here",
                    f"arn:{partition}:bedrock:{region}::foundation-model/{self.settings.id}",
                    {"aws:RequestedRegion": region, **by_profile},
                ),
                (
                    "Anywhere",
                    f"arn:{partition}:bedrock:::foundation-model/{self.settings.id}",
                    {"aws:RequestedRegion": "unspecified", **by_profile},
                ),
            )
        )
