"""What a person says of a place behind an API: path, methods, who may call."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.parts.model import Key, Settings
from components.parts.reference import Reference

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "ANY"]
"""OPTIONS is not among them: the API answers preflights itself (`cors`)."""


def _path(path: str) -> str:
    parts = [] if path == "/" else path[1:].split("/")
    greedy = [part for part in parts if part.endswith("+}")]
    if any(not part for part in parts) or greedy not in ([], parts[-1:]):
        raise ValueError("a path without empty parts, and `{name+}` only at its end")
    names = [part.strip("{}+") for part in parts if part.startswith("{")]
    if len(set(names)) < len(names):
        raise ValueError("each parameter of a path once")
    return path


_PART = r"([\w.~:-]+|\{[A-Za-z]\w*\+?\})"

RoutePath = Annotated[
    str,
    StringConstraints(pattern=rf"^/({_PART}(/{_PART})*)?$"),
    AfterValidator(_path),
]
"""As in `/alerts/{alertId}`; `{rest+}` at the end stands for all that follows."""

Rate = Annotated[float, Field(gt=0, le=100_000)]
Burst = Annotated[int, Field(ge=1, le=100_000)]


class ThrottleSettings(Settings):
    """How often an API or a route may be called: beyond it callers get 429."""

    rate: Rate = 100.0
    """Requests a second, over time."""
    burst: Burst = 200
    """Requests at once."""


class JwtSettings(Settings):
    """Tokens that an issuer signs with keys it publishes."""

    issuer: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    """As the tokens say it (`iss`)."""
    audiences: Annotated[tuple[str, ...], Field(min_length=1)]
    """Whom they may be meant for (`aud`)."""


class SharedSecretSettings(Settings):
    """Tokens that the application itself signs, with a secret that both sides have.

    A function of Trellis's own checks signature, expiry, issuer and audience.
    """

    secret: Annotated[Key, Reference("secrets")]
    """Key of the secret: its value, or the value of `field`, signs the tokens (HS256, HS384 or
    HS512). Tokens signed with its last value stay good for five minutes after a rotation."""
    field: str | None = None
    """Field of the secret's JSON value."""
    issuer: str | None = None
    """What `iss` must be; not asked for when left out."""
    audience: str | None = None
    """What `aud` must be, or contain; not asked for when left out."""


class OpenSettings(Settings):
    """Why anyone may call: an exemption from the policy pack's APIGateway.8, for these routes."""

    reason: Annotated[str, StringConstraints(min_length=10)]
    """Why everybody may call it."""
    owner: Annotated[str, StringConstraints(min_length=1)]
    """Who answers for that."""
    until: date
    """Last day it holds, as a quoted ISO date."""


class AuthorizerSettings(Settings):
    """Who may call: exactly one of these."""

    function: Annotated[Key, Reference("functions")] | None = None
    """One of your functions, which says so: it gets the request, and answers as API Gateway's
    authorizers do."""
    jwt: JwtSettings | None = None
    """With `kind: http`."""
    shared_secret: SharedSecretSettings | None = None
    user_pool: Annotated[Key, Reference("userPools")] | None = None
    """Users of one of `userPools`, by the token that it gave them."""
    iam: Literal[True] | None = None
    """Who signs requests with IAM, as whatever `uses: [{api: KEY}]`."""
    none: OpenSettings | None = None
    """Anyone may call, as a login or a health check."""
    cache_seconds: int = Field(default=300, ge=0, le=3600)
    """Seconds for which the answer of `function` or `sharedSecret` stands for the same token."""

    @model_validator(mode="after")
    def _one_of_them(self) -> AuthorizerSettings:
        named = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(named) != 1:
            raise ValueError("exactly one of function, jwt, sharedSecret, userPool, iam, none")
        if "cache_seconds" in self.model_fields_set and named[0] not in _ASKED:
            raise ValueError("`cacheSeconds` with `function` or `sharedSecret` only")
        return self

    @property
    def kind(self) -> str:
        """Which of `KINDS` it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)


KINDS = ("function", "jwt", "shared_secret", "user_pool", "iam", "none")
_ASKED = ("function", "shared_secret")


class ApiRouteSettings(Settings):
    """Requests of an API that somebody answers."""

    api: Annotated[Key, Reference("apis")]
    """Key of an API of this stack file."""
    path: RoutePath
    """The path below the API, as in `/items/{id}`."""
    methods: Annotated[tuple[Method, ...], Field(min_length=1)]
    """HTTP methods of the route; `ANY` is all of them."""
    authorizer: AuthorizerSettings | None = None
    """Who may call, if not whom the API says."""
    throttle: ThrottleSettings | None = None
    """How often, if not as the API says."""

    @model_validator(mode="after")
    def _each_once(self) -> ApiRouteSettings:
        if len(set(self.methods)) < len(self.methods):
            raise ValueError("each method once")
        if "ANY" in self.methods and len(self.methods) > 1:
            raise ValueError("`ANY` alone")
        return self


class FunctionRouteSettings(ApiRouteSettings):
    """Requests of an API that a function answers."""

    query: tuple[Annotated[str, StringConstraints(pattern=r"^[\w.-]+$")], ...] = ()
    """Query parameters without which the API refuses a request; with `kind: rest`."""
    body: dict[str, Any] | None = None
    """JSON schema (draft 4) of the body: the API refuses another with 400; with `kind: rest`."""


class ServiceApiRouteSettings(ApiRouteSettings):
    """Requests of an API that a service answers, by way of its load balancer."""
