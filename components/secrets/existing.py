"""Secrets and parameters that exist already: their values are read, and nothing else is done."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import StringConstraints, model_validator

from components.contracts import AccountRegion, Arn, Grant, Link, RegistrySignIn, SecretRef
from components.parts.access import sid_part
from components.parts.existing import Existing, ExistingSettings, KeyArn
from components.parts.key_grant import READ, key_grant
from components.parts.offer import Offer
from components.secrets.secret import OFFER

SecretArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$"
    ),
]
"""Whole, with the six characters that Secrets Manager ends it in."""

OwnName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/_+=.@!-]+$", max_length=512)]

ParameterName = Annotated[str, StringConstraints(pattern=r"^/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$")]
"""As in `/shop/prod/stripe` ("PutParameter", AWS Systems Manager API Reference, 2026-11)."""

LIKE_A_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")

PARAMETER_READS = ("ssm:GetParameter", "ssm:GetParameters")


class ExistingSecret(ExistingSettings):
    """A secret that somebody else made: exactly one of `arn` and `name`."""

    arn: SecretArn | None = None
    """One of another account must let this one read, and its customer key, too."""
    name: OwnName | None = None
    """Of one in this account and region."""
    key: KeyArn | None = None
    """The customer key that encrypts it, where one does."""

    @model_validator(mode="after")
    def _one_way_to_find_it(self) -> ExistingSecret:
        if (self.arn is None) == (self.name is None):
            raise ValueError("exactly one of arn, name")
        if self.name is not None and LIKE_A_SUFFIX.search(self.name):
            raise ValueError(
                "`arn` for a name that ends in a hyphen and six characters: Secrets Manager takes "
                "those for its own suffix and finds nothing"
            )
        return self


class ExistingParameter(ExistingSettings):
    """A parameter of Systems Manager in this account and region."""

    name: ParameterName
    """Name of the parameter in SSM Parameter Store."""
    key: KeyArn | None = None
    """The customer key of a SecureString, where it is not AWS's own."""


SECRET_OFFER = OFFER.of_existing(ExistingSecret)
PARAMETER_OFFER = Offer[ExistingParameter](
    kind="parameter",
    accesses=("read",),
    default="read",
    variables={"name": "{KEY}_PARAMETER"},
    part="existing.parameters",
    interface="ssm",
)


def _arns(settings: ExistingSecret, where: AccountRegion) -> tuple[Arn, Arn]:
    """What finds the secret, and what a policy calls it.

    Without its suffix an ARN finds a secret of this account; a policy takes question marks for it
    ("Finding a secret from a partial ARN" and "IAM policy examples", AWS Secrets Manager User
    Guide, 2026-11, from memory).
    """
    if settings.arn is not None:
        return settings.arn, settings.arn
    return tuple(  # pyright: ignore[reportReturnType]  two of them
        where.arn("secretsmanager", f"secret:{settings.name}{suffix}") for suffix in ("", "-??????")
    )


def _secret(key: str, settings: ExistingSecret, access: str | None, where: AccountRegion) -> Link:
    chosen = SECRET_OFFER.chosen(key, settings, access)
    words = sid_part(key)
    found, granted = _arns(settings, where)
    actions = ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")
    return Link(
        producer=f"secret-{key}",
        access=chosen,
        grants=(
            Grant(f"ReadSecret{words}", actions, (granted,)),
            *_key_grants(f"KeyOfSecret{words}", settings.key, "secretsmanager", where),
        ),
        environment=SECRET_OFFER.environment(key, settings, {"arn": found}),
    )


def _secret_value(
    key: str, settings: ExistingSecret, variable: str, field: str | None, where: AccountRegion
) -> Link:
    found, granted = _arns(settings, where)
    reference = SecretRef(variable, found, field, key_arn=settings.key, granted=granted)
    return Link(producer=f"secret-{key}", access="read", secrets=(reference,))


def existing_registry_sign_in(
    key: str, settings: ExistingSecret, container: str, where: AccountRegion
) -> Link:
    """What ECS needs to pull a container's image from the registry whose password this is."""
    found, granted = _arns(settings, where)
    reference = SecretRef("", found, key_arn=settings.key, granted=granted)
    # ECS takes whole ARNs and names ("RepositoryCredentials", Amazon ECS API Reference, 2026-11,
    # from memory).
    sign_in = RegistrySignIn(container, settings.arn or str(settings.name), reference)
    return Link(producer=f"secret-{key}", access="read", registry_sign_ins=(sign_in,))


def _parameter_arn(settings: ExistingParameter, where: AccountRegion) -> Arn:
    return where.arn("ssm", f"parameter/{settings.name.lstrip('/')}")


def _parameter(
    key: str, settings: ExistingParameter, access: str | None, where: AccountRegion
) -> Link:
    chosen = PARAMETER_OFFER.chosen(key, settings, access)
    words = sid_part(key)
    return Link(
        producer=f"parameter-{key}",
        access=chosen,
        grants=(
            Grant(f"ReadParameter{words}", PARAMETER_READS, (_parameter_arn(settings, where),)),
            *_key_grants(f"KeyOfParameter{words}", settings.key, "ssm", where),
        ),
        environment=PARAMETER_OFFER.environment(key, settings, {"name": settings.name}),
    )


def _parameter_value(
    key: str, settings: ExistingParameter, variable: str, _: str | None, where: AccountRegion
) -> Link:
    arn = _parameter_arn(settings, where)
    reference = SecretRef(variable, arn, key_arn=settings.key, service="ssm")
    return Link(producer=f"parameter-{key}", access="read", secrets=(reference,))


def _key_grants(sid: str, key: str | None, service: str, where: AccountRegion) -> tuple[Grant, ...]:
    return () if key is None else (key_grant(sid, key, READ, service, where),)


EXISTING_SECRET = Existing("secrets", ExistingSecret, SECRET_OFFER, _secret, _secret_value)
EXISTING_PARAMETER = Existing(
    "parameters", ExistingParameter, PARAMETER_OFFER, _parameter, _parameter_value
)
