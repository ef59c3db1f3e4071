"""What a person says of a provider that users of a pool sign in with: Google, OIDC, SAML and so on.

Source: "User pool sign-in with third party identity providers" (Amazon Cognito Developer Guide) and
`ProviderDetails` of "CreateIdentityProvider" (its API Reference), 2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.model import Key, Settings
from components.parts.reference import Reference

Kind = Literal["google", "facebook", "amazon", "apple", "oidc", "saml"]

HttpsUrl = Annotated[str, StringConstraints(pattern=r"^https://[^\s?#]+(\?\S*)?$", max_length=2048)]

UserAttribute = Annotated[str, StringConstraints(pattern=r"^(custom:)?[A-Za-z][A-Za-z0-9_]{0,19}$")]
"""One that all pools have, as `email`, or `custom:NAME` of the pool's `attributes`."""

Claim = Annotated[str, StringConstraints(pattern=r"^\S+$", max_length=2048)]
"""What the provider calls it."""

STANDARD = frozenset(
    {
        "address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name",
        "locale", "middle_name", "name", "nickname", "phone_number", "phone_number_verified",
        "picture", "preferred_username", "profile", "updated_at", "username", "website", "zoneinfo",
    }
)  # fmt: skip
"""Attributes of every pool ("Standard attributes", 2026-11)."""

SAML_EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"


@dataclass(frozen=True)
class Rules:
    """What a kind of provider is to Cognito, and what has to be said of it."""

    type: str
    """`ProviderType`."""
    name: str | None
    """`ProviderName`, where Cognito knows no other; None for the entry's key."""
    needs: tuple[str, ...]
    """Fields beside `secret`."""
    scopes: tuple[str, ...] = ()
    """What is asked for where nobody says otherwise."""
    separator: str = " "
    """Between scopes."""
    secret: str | None = "client_secret"
    """What the secret is among the details; None without one."""


RULES: dict[str, Rules] = {
    "google": Rules("Google", "Google", ("client_id",), ("openid", "email", "profile")),
    "facebook": Rules(
        "Facebook", "Facebook", ("client_id",), ("public_profile", "email"), separator=", "
    ),
    "amazon": Rules("LoginWithAmazon", "LoginWithAmazon", ("client_id",), ("profile",)),
    "apple": Rules(
        "SignInWithApple", "SignInWithApple", ("client_id", "team_id", "key_id"),
        ("email", "name"), secret="private_key",
    ),
    "oidc": Rules("OIDC", None, ("client_id", "issuer"), ("openid", "email")),
    "saml": Rules("SAML", None, ("metadata",), secret=None),
}  # fmt: skip
"""By kind."""

LONGEST_NAME = 32
"""Characters of a provider's name ("CreateIdentityProvider": ProviderName)."""

_WORDS = {"client_id": "clientId", "team_id": "teamId", "key_id": "keyId"}


class ProviderSettings(Settings):
    """Sign-in by somebody else's users, on the pool's sign-in pages.

    Its secret is one of `secrets`, of which a function tells Cognito inside AWS; it is in no plan
    and no state.
    """

    kind: Kind
    """Who signs users in. With `oidc` and `saml` the entry's key is the provider's name, which
    begins the names of its users: for good."""
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=2048)] | None = None
    """What the provider calls this application; with all but `saml`."""
    secret: Annotated[Key, Reference("secrets")] | None = None
    """One of `secrets`, of the kind `given`: the application's secret there, or Apple's private
    key. Until it has a value the provider is left out, and told."""
    field: Annotated[str, StringConstraints(min_length=1)] | None = None
    """Field of the secret's JSON value; the whole value when left out."""
    secret_version: int = Field(default=1, ge=1)
    """Cognito keeps a copy of the secret: raise this once it has another value."""
    issuer: HttpsUrl | None = None
    """With `oidc`: whose discovery document names its addresses."""
    metadata: HttpsUrl | None = None
    """With `saml`: where its metadata is."""
    team_id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{10}$")] | None = None
    """With `apple`."""
    key_id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{10}$")] | None = None
    """With `apple`: of the private key."""
    scopes: Annotated[tuple[Claim, ...], Field(min_length=1)] | None = None
    """What is asked of the provider; email and the like when left out."""
    attributes: dict[UserAttribute, Claim] = Field(default_factory=dict[str, str])
    """What of the provider's answer becomes which attribute of the user, beside `email`."""

    @model_validator(mode="after")
    def _what_its_kind_needs(self) -> ProviderSettings:
        rules = RULES[self.kind]
        own = ["secret"] if rules.secret is not None else []
        needed: set[str] = {*rules.needs, *own}
        possible: set[str] = {*needed, *(["scopes", "field", "secret_version"] if own else [])}
        every = {
            *("client_id", "secret", "field", "secret_version", "issuer", "metadata"),
            *("team_id", "key_id", "scopes"),
        }
        missing = sorted(name for name in needed if getattr(self, name) is None)
        spare = sorted((every - possible) & self.model_fields_set)
        if missing or spare:
            words = [f"`{_WORDS.get(setting, setting)}`" for setting in sorted(needed)]
            raise ValueError(
                f"{', '.join(words)} with `kind: {self.kind}`, and nothing that another kind needs"
            )
        unknown = sorted(
            name for name in self.attributes if ":" not in name and name not in STANDARD
        )
        if unknown:
            raise ValueError(
                f"`attributes` of {', '.join(unknown)}: allowed are custom:NAME of the pool's "
                f"`attributes`, and {', '.join(sorted(STANDARD))}"
            )
        return self

    def provider_name(self, key: str) -> str:
        """What Cognito calls it."""
        return RULES[self.kind].name or key

    @property
    def details(self) -> dict[str, str]:
        """What Cognito is told, without the secret."""
        rules = RULES[self.kind]
        found = {
            "client_id": self.client_id,
            "oidc_issuer": self.issuer,
            "attributes_request_method": "GET" if self.kind == "oidc" else None,
            "MetadataURL": self.metadata,
            "team_id": self.team_id,
            "key_id": self.key_id,
            "authorize_scopes": rules.separator.join(self.scopes or rules.scopes) or None,
        }
        return {name: value for name, value in found.items() if value is not None}

    @property
    def mapping(self) -> dict[str, str]:
        """Attributes of the user by what the provider calls them."""
        email = SAML_EMAIL if self.kind == "saml" else "email"
        return {"email": email, **self.attributes}
