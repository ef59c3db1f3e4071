"""What a person says of an API: its kind, who may call it, how often, and from which pages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.api_routes import AuthorizerSettings, ThrottleSettings
from components.parts.domain import DomainName
from components.parts.model import Development, Entry, Settings
from components.parts.retention import Retention

CertificateArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]{36}$"),
]

Origin = Annotated[str, StringConstraints(pattern=r"^https?://[a-z0-9.-]+(:\d{1,5})?$")]
"""Scheme and host of a page, as browsers send it, without a slash at its end."""

HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$", max_length=64)]


class CorsSettings(Settings):
    """Pages of other hosts that may call the API from a browser.

    Answers of the API itself (preflights, 401, 403, 429, 502) carry the headers; a function's own
    answers of a REST API must.
    """

    origins: Annotated[tuple[Origin, ...], Field(min_length=1, max_length=20)]
    """As in `https://chat.example.com`, or `http://localhost:3000` while one develops."""
    headers: tuple[HeaderName, ...] = ("Authorization", "Content-Type")
    """Request headers that a page may set."""
    expose: tuple[HeaderName, ...] = ()
    """Response headers that a page may read."""
    credentials: bool = False
    """Whether the browser may send cookies."""
    max_age_seconds: int = Field(default=600, ge=0, le=86_400)
    """Seconds for which a browser does not ask again."""


class ApiDomainSettings(Settings):
    """A name of one's own for an API."""

    name: DomainName
    """The domain name, as in `api.example.com`. In one of `zones`, its record is made; else
    `pulumi stack output apis` says where it must lead."""
    certificate: CertificateArn | None = None
    """Of AWS Certificate Manager, in the API's region, that covers the name. Left out, one is made,
    or one of `certificates` used, and proven in the name's zone."""


class ApiSettings(Entry):
    """An API on API Gateway. Functions say which of its paths they answer (`routes`)."""

    kind: Literal["rest", "http"] = "rest"
    """`rest` has request validation and can stand behind a firewall; `http` costs a third, is
    faster, and checks tokens of an issuer by itself. Another kind is another API and address."""
    name: str | None = None
    """Last part of its name in AWS, the key when left out."""
    description: Annotated[str, StringConstraints(max_length=1024)] | None = None
    """What the API is for, as the console shows it."""
    stage: Annotated[str, StringConstraints(pattern=r"^\w{1,128}$")] = "live"
    """First part of every path in its address; changing it changes the address."""
    authorizer: AuthorizerSettings
    """Who may call, where a route says nothing else."""
    cors: CorsSettings | None = None
    throttle: ThrottleSettings = Field(default_factory=ThrottleSettings)
    """Of all callers together."""
    domain: ApiDomainSettings | None = None
    """The address that AWS gives it is then switched off."""
    tracing: Literal["none", "active"] = "none"
    """`active` sends traces of requests to AWS X-Ray; with `kind: rest`."""
    access_log_days: Annotated[Retention, Development(30)] = 365
    """Days that a line for every request is kept."""

    @model_validator(mode="after")
    def _what_the_kind_has(self) -> ApiSettings:
        if self.kind == "http" and self.tracing == "active":
            raise ValueError("`tracing: active` with `kind: rest` only")
        if self.kind == "rest" and self.authorizer.jwt is not None:
            raise ValueError(JWT_KIND)
        return self


JWT_KIND = (
    "`authorizer.jwt` with `kind: http` only; a REST API takes `userPool`, `sharedSecret`, "
    "`function` or `iam`"
)
