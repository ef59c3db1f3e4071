"""What a person says of users: how they sign in, what is known of them, and who lets them in.

Numbers: "User pool attributes", "App client settings" and "Quotas in Amazon Cognito" (Amazon
Cognito Developer Guide, 2026-11).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.auth.provider_settings import LONGEST_NAME, ProviderSettings
from components.parts.adoption import AdoptableByName
from components.parts.model import Key, Keyed, Settings
from components.parts.reference import Reference

SignIn = Literal["email", "phone", "username"]

Url = Annotated[
    str,
    StringConstraints(
        pattern=r"^(https://\S+|http://localhost(:\d+)?(/\S*)?|[a-z][\w.+-]*://\S+)$"
    ),
]
"""With https, or http at localhost, or a scheme of an application's own."""

Scope = Literal["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"]

Flow = Literal["srp", "userAuth", "custom", "userPassword"]

FLOWS: dict[str, str] = {
    "srp": "ALLOW_USER_SRP_AUTH",
    "userAuth": "ALLOW_USER_AUTH",
    "custom": "ALLOW_CUSTOM_AUTH",
    "userPassword": "ALLOW_USER_PASSWORD_AUTH",
}

MOST_ATTRIBUTES = 50
"""Custom attributes of a pool ("Quotas in Amazon Cognito", 2026-11)."""

AttributeName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,19}$")]
"""At most 20 characters; tokens have it as `custom:NAME`."""


class AttributeSettings(Settings):
    """One more thing that is known of a user. It stays once it was made, as it was made."""

    type: Literal["string", "number", "boolean", "dateTime"] = "string"
    """The attribute's type."""
    mutable: bool = True
    """Whether it may be changed once it was set."""
    least: int | None = Field(default=None, ge=0, le=2**31 - 1)
    """Fewest characters of text, or smallest number."""
    most: int | None = Field(default=None, ge=0, le=2**31 - 1)
    """Most characters of text (2048 at most), or greatest number."""

    @model_validator(mode="after")
    def _limits_that_fit(self) -> AttributeSettings:
        limited = self.least is not None or self.most is not None
        if limited and self.type not in ("string", "number"):
            raise ValueError("`least` and `most` with `type: string` or `number` only")
        if self.type == "string" and (self.most or 0) > 2048:
            raise ValueError("`most` of 2048 at most")
        if (self.least or 0) > (self.most if self.most is not None else 2**31):
            raise ValueError("`least` of at most `most`")
        return self


class PasswordSettings(Settings):
    """What a password must be; always with capitals, small letters, digits and symbols."""

    length: int = Field(default=14, ge=8, le=99)
    """Characters at least."""
    temporary_days: int = Field(default=3, ge=1, le=7)
    """Days for which a first password that somebody else set can be used."""


class GroupSettings(Settings):
    """A group of users; tokens name it."""

    description: Annotated[str, StringConstraints(max_length=2048)] | None = None
    """Who belongs to the group, as the console shows it."""
    precedence: int | None = Field(default=None, ge=0, le=2**31 - 1)
    """Lower ones come first where a user is in several."""


class ClientSettings(Keyed):
    """An application that users sign in with: it has no secret, for it could not keep one, unless
    it is a load balancer.

    With `callbacks` it takes the authorization code with PKCE, which it starts itself.
    """

    flows: tuple[Flow, ...] = ("srp",)
    """How it may ask who a user is. `srp` never sends the password; `userPassword` does."""
    callbacks: tuple[Url, ...] = ()
    """Where the sign-in pages lead back to; with the pool's `domain`."""
    logouts: tuple[Url, ...] = ()
    """Where the sign-out page leads to."""
    scopes: tuple[Scope, ...] = ("openid", "email", "profile")
    """What its tokens tell; with `callbacks`."""
    providers: tuple[Key, ...] | None = None
    """Which of the pool's `providers` its users may sign in with, beside the pool itself: all when
    left out; with `callbacks`."""
    token_minutes: int = Field(default=60, ge=5, le=1440)
    """Minutes for which id and access tokens stand."""
    refresh_days: int = Field(default=30, ge=1, le=3650)
    """Days for which it gets new ones without asking."""
    secret: bool = False
    """Whether Cognito gives it a secret, as a load balancer needs one that signs users in (a
    route's `signIn`). AWS hands it to the load balancer itself; the engine's state holds it too,
    encrypted. To change this makes another client, with another id: sessions end."""

    @model_validator(mode="after")
    def _pages(self) -> ClientSettings:
        spare = self.model_fields_set & {"scopes", "providers"}
        if not self.callbacks and (self.logouts or spare):
            raise ValueError("`logouts`, `scopes` and `providers` with `callbacks` only")
        if not self.callbacks and not self.flows:
            raise ValueError("`flows`, `callbacks` or both")
        if self.secret and not self.callbacks:
            raise ValueError("`secret` with `callbacks` only: a load balancer leads users back")
        return self


FunctionKey = Annotated[Key, Reference("functions")]


class PoolTriggerSettings(Settings):
    """Functions that run when users sign up and in, by their keys."""

    pre_sign_up: FunctionKey | None = None
    """Function that may refuse or confirm a sign-up."""
    post_confirmation: FunctionKey | None = None
    """Function called after a user was confirmed."""
    pre_authentication: FunctionKey | None = None
    """Function that may refuse a sign-in."""
    post_authentication: FunctionKey | None = None
    """Function called after a sign-in."""
    pre_token_generation: FunctionKey | None = None
    """Function that may change the claims of a token."""
    custom_message: FunctionKey | None = None
    """Function that words mail and text messages."""
    user_migration: FunctionKey | None = None
    """Function that brings a user from another directory at the first sign-in."""
    define_auth_challenge: FunctionKey | None = None
    """Function that says which challenge of a custom sign-in comes next."""
    create_auth_challenge: FunctionKey | None = None
    """Function that makes the challenge of a custom sign-in."""
    verify_auth_challenge_response: FunctionKey | None = None
    """Function that judges the answer to a challenge."""


class PoolDomainSettings(Settings):
    """Sign-in pages that Cognito shows."""

    prefix: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    """First part of their address, which nobody else in the region has; without `aws`, `amazon`
    and `cognito`."""

    @model_validator(mode="after")
    def _free(self) -> PoolDomainSettings:
        if any(word in self.prefix for word in ("aws", "amazon", "cognito")):
            raise ValueError("a `prefix` without `aws`, `amazon` and `cognito`")
        return self


Address = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9.-]+\.[a-z0-9-]+$"),
]
"""An address of mail, its domain in small letters."""

SenderName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9 &'._-]{0,62}[A-Za-z0-9.])?$")
]
"""What stands before an address without quotes (RFC 5322, `phrase`, with full stops)."""


class PoolMailSettings(Settings):
    """Mail by Amazon SES, as a domain of `mail`, instead of Cognito's own mailer.

    Cognito writes to SES while the pool is made: the domain must be verified by then, and the
    account out of SES's sandbox, or AWS refuses the pool ("Email settings for Amazon Cognito user
    pools", Amazon Cognito Developer Guide, 2026-11).
    """

    domain: Annotated[Key, Reference("mail")]
    """Key of the domain in `mail`; its configuration set sends."""
    sender: Address
    """Address that users see, of that domain and of its `senders` if it has any."""
    name: SenderName | None = None
    """Name before the address, as in `Shop`."""
    reply_to: Address | None = None
    """Address that answers go to; the sender's when left out."""

    @property
    def shown(self) -> str:
        """What stands in `From`."""
        return self.sender if self.name is None else f"{self.name} <{self.sender}>"


OF_EXISTING = frozenset({"client_ids", "existing", "formerly", "pages"})
"""What there is to say of a pool that exists."""

ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+]{1,128}$")]
"""As Cognito makes it up ("CreateUserPoolClient", user pools API Reference, 2026-11)."""

Pages = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$")]
"""What a listener rule calls a pool's domain: the prefix, or the whole name of one's own
("AuthenticateCognitoActionConfig", Elastic Load Balancing API Reference, 2026-11)."""


class UserPoolSettings(AdoptableByName):
    """Users who sign in: a pool of Cognito, or one that is there already (`existing`)."""

    existing: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+_[A-Za-z0-9]+$")] | None = None
    """Id of a pool that is not made here; then nothing else is said of it but `clientIds` and
    `pages`."""
    client_ids: dict[Key, ClientId] = Field(default_factory=dict[str, ClientId])
    """With `existing`: ids of its clients, by the names that `signIn.client` goes by. An HTTP API
    takes the tokens of all of them."""
    pages: Pages | None = None
    """With `existing`: first part of the address of its sign-in pages, or the whole name where it
    is a domain of one's own; for `signIn`."""
    name: str | None = None
    """Last part of its name, the key when left out."""
    sign_in: Annotated[tuple[SignIn, ...], Field(min_length=1)] = ("email",)
    """What users sign in as: email, telephone number or both, or else a name of their own. For
    good: another one is another pool, without the users."""
    attributes: Annotated[
        dict[AttributeName, AttributeSettings], Field(max_length=MOST_ATTRIBUTES)
    ] = Field(default_factory=dict[str, AttributeSettings])
    """More that is known of a user. Only added to: Cognito neither changes nor removes one."""
    passwords: PasswordSettings = Field(default_factory=PasswordSettings)
    mfa: Literal["optional", "required"] = "optional"
    """Whether users may or must give a second factor, a code of an authenticator."""
    self_sign_up: bool = False
    """Whether users may make themselves an account."""
    recovery: Literal["email", "administrator"] = "email"
    """How a user who forgot the password gets in again."""
    tier: Literal["lite", "essentials", "plus"] = "essentials"
    """Feature plan, priced by user; `plus` also refuses sign-ins that look stolen."""
    groups: dict[Key, GroupSettings] = Field(default_factory=dict[str, GroupSettings])
    """Groups of users, by name."""
    domain: PoolDomainSettings | None = None
    clients: dict[Key, ClientSettings] = Field(default_factory=dict[str, ClientSettings])
    """Applications that users sign in with, by name."""
    providers: dict[Key, ProviderSettings] = Field(default_factory=dict[str, ProviderSettings])
    """Others by whom users may sign in, by a name of your choice; with `domain`, whose pages offer
    them."""
    mail: PoolMailSettings | None = None
    """By whom codes and invitations are sent; by Cognito's own mailer when left out, as
    `no-reply@verificationemail.com` and 50 a day at most."""
    triggers: PoolTriggerSettings = Field(default_factory=PoolTriggerSettings)

    @model_validator(mode="after")
    def _fits_together(self) -> UserPoolSettings:
        if self.existing is not None and self.model_fields_set - OF_EXISTING:
            raise ValueError("`existing` alone, or with `clientIds` and `pages`: no pool is made")
        if self.existing is None and (self.client_ids or self.pages):
            raise ValueError("`clientIds` and `pages` with `existing`; else `clients` and `domain`")
        if "username" in self.sign_in and len(self.sign_in) > 1:
            raise ValueError("`username` alone, or email, phone or both")
        if len(set(self.sign_in)) < len(self.sign_in):
            raise ValueError("each way to sign in once")
        for name, client in self.clients.items():
            if client.callbacks and self.domain is None:
                raise ValueError(f"`domain` with `clients.{name}.callbacks`: it has the pages")
            if "custom" in client.flows and self.triggers.define_auth_challenge is None:
                raise ValueError(
                    f"`triggers.defineAuthChallenge` with the flow `custom` of `clients.{name}`: "
                    "it says what is asked"
                )
        return self

    @model_validator(mode="after")
    def _providers_that_somebody_offers(self) -> UserPoolSettings:
        for name, client in self.clients.items():
            unknown = set(client.providers or ()) - self.providers.keys()
            if unknown:
                raise ValueError(f"`clients.{name}.providers` of `providers`: no {min(unknown)}")
        names: dict[str, str] = {}
        for key, provider in self.providers.items():
            first = names.setdefault(provider.provider_name(key), key)
            if first != key:
                raise ValueError(f"one provider of the kind {provider.kind}; {first} is one")
            if len(provider.provider_name(key)) > LONGEST_NAME:
                raise ValueError(f"a key of at most {LONGEST_NAME} characters for provider {key}")
            own = {name[7:] for name in provider.attributes if name.startswith("custom:")}
            if not own <= self.attributes.keys():
                raise ValueError(
                    f"`providers.{key}.attributes` of `attributes` that there are; "
                    f"found custom:{min(own - self.attributes.keys())}"
                )
            if not any(key in self.offered_by(client) for client in self.clients.values()):
                raise ValueError(
                    f"a client with `callbacks` that offers provider {key}: nobody else can sign "
                    "in by it"
                )
        return self

    def offered_by(self, client: ClientSettings) -> tuple[str, ...]:
        """Keys of the providers that a client's users may sign in with."""
        if not client.callbacks:
            return ()
        return tuple(self.providers) if client.providers is None else client.providers
