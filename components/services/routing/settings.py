"""What a person says of routes: which requests of a load balancer reach a service."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.parts.model import Key, Settings
from components.parts.reference import Reference

VALUES_PER_RULE = 5
"""Condition values of one rule ("Quotas for your Application Load Balancers", 2026-11)."""

WILDCARDS_PER_RULE = 6
"""Wildcards (`*`, `?`) in one rule (same page)."""

PRIORITIES = (1, 50_000)
"""Least and greatest priority of a rule ("Listener rules", Application Load Balancers guide)."""


RESERVED_COOKIE = "AWSALB"
"""The load balancer's own ("Sticky sessions for your Application Load Balancer", 2026-11)."""


def _lower(value: str) -> str:
    if value != value.lower():
        raise ValueError(f"a host in lower case, {value.lower()}")
    return value


HostPattern = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9*?-]+(\.[A-Za-z0-9*?-]+)+$", max_length=128),
    AfterValidator(_lower),
]
"""A host name, in which `*` stands for any characters and `?` for one."""

PathPattern = Annotated[
    str, StringConstraints(pattern=r"^/[A-Za-z0-9_.$/~\"'@:+&*?-]*$", max_length=128)
]
"""A path, in which `*` stands for any characters and `?` for one; case matters."""

Method = Annotated[str, StringConstraints(pattern=r"^[A-Z_-]{1,40}$")]


class RewriteSettings(Settings):
    """Another path than the client's for the service, as without the beginning that the route
    matches ("URL transforms", Application Load Balancers guide, 2026-11)."""

    regex: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    """What is replaced of the path, as in `^/api/(.*)$`."""
    replace: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    """What stands there instead, as in `/$1`: `$1` to `$9` are what the groups matched."""

    @model_validator(mode="after")
    def _groups_that_there_are(self) -> RewriteSettings:
        try:
            groups = re.compile(self.regex).groups
        except re.error as error:
            raise ValueError(f"`regex` as a regular expression: {error}") from None
        named = [int(number) for number in re.findall(r"\$(\d)", self.replace)]
        if any(number > groups for number in named):
            raise ValueError(
                f"in `replace` no group above {groups}, as many as `regex` has; found ${max(named)}"
            )
        return self


SESSION_COOKIE = "AWSELBAuthSessionCookie"
"""What the load balancer calls its session by default ("Authenticate users using an Application
Load Balancer", 2026-11)."""

LONGEST_SESSION = 7 * 24 * 60
"""Minutes: 604,800 seconds (same page)."""


class SignInSettings(Settings):
    """Users sign in at the load balancer before the service gets their request, which then says
    who they are (`x-amzn-oidc-data`). Health checks ask the tasks and need no sign-in.

    The service also checks the signature of that header: whoever reaches the tasks without the load
    balancer could write it ("User claims encoding and signature verification", Application Load
    Balancers guide, 2026-11).
    """

    user_pool: Annotated[Key, Reference("userPools")]
    """Key of one of `userPools` with a `domain`. Another identity provider (OpenID Connect, SAML,
    Google) is one of the pool's `providers`."""
    client: Annotated[Key, Reference("userPools.{}.clients", within="userPool")]
    """One of the pool's `clients`, with `secret: true` and the callback
    `https://HOST/oauth2/idpresponse` for each of the route's hosts. What its `scopes` tell the
    service is told."""
    provider: Key | None = None
    """One of the pool's `providers` that the client offers, to which users are led at once; when
    left out, Cognito's page lets them choose."""
    session_minutes: int = Field(default=720, ge=1, le=LONGEST_SESSION)
    """Minutes after which a user signs in again, seven days at most."""
    unauthenticated: Literal["authenticate", "deny", "allow"] = "authenticate"
    """What becomes of a request without a session: it is led to the sign-in pages, refused (401),
    as scripts of a page need it, or let through to a service that shows more to who signed in."""
    cookie: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$")] = (
        SESSION_COOKIE
    )
    """Name of the session's cookie; another one for another client at the same host."""


class RouteSettings(Settings):
    """Requests that reach a service: all of what is given must hold; of a list, one."""

    load_balancer: Annotated[Key, Reference("loadBalancers")] | None = None
    """Key of one of `loadBalancers` or `existing.loadBalancers`; may be left out where only one is
    made here."""
    host: HostPattern | tuple[HostPattern, ...] = ()
    """The request's host, or several; `*` and `?` are wildcards."""
    path: PathPattern | tuple[PathPattern, ...] = ()
    """The request's path, or several; `*` and `?` are wildcards."""
    methods: tuple[Method, ...] = ()
    """The request's HTTP methods; every method if empty."""
    headers: dict[
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$")],
        tuple[str, ...],
    ] = Field(default_factory=dict[str, tuple[str, ...]])
    """Values by header name, `*` and `?` as in paths; case does not matter."""
    priority: int | None = Field(default=None, ge=PRIORITIES[0], le=PRIORITIES[1])
    """Order among the rules, lowest first; follows from the route itself when left out."""
    rewrite: RewriteSettings | None = None
    """Another path for the service than the one that the client asked for."""
    sign_in: SignInSettings | None = None
    """Who signs in before the service is reached; nobody when left out. It goes with
    `deployment: {strategy: rolling}`: where versions swap, ECS has the rule's actions."""

    @model_validator(mode="after")
    def _a_rule_aws_takes(self) -> RouteSettings:
        by_header = self.headers.values()
        values = [
            *self.hosts, *self.paths, *self.methods, *(v for header in by_header for v in header)
        ]  # fmt: skip
        if not values:
            raise ValueError("at least one of host, path, methods, headers")
        if len(values) > VALUES_PER_RULE:
            raise ValueError(
                f"at most {VALUES_PER_RULE} values in one route, found {len(values)}: make two"
            )
        if "host" in {name.lower() for name in self.headers}:
            raise ValueError("`host` instead of the header Host, which AWS takes in no rule")
        wildcards = sum(value.count("*") + value.count("?") for value in values)
        if wildcards > WILDCARDS_PER_RULE:
            raise ValueError(f"at most {WILDCARDS_PER_RULE} wildcards in one route")
        return self

    @property
    def whole_host(self) -> str | None:
        """The one host that it is for, whatever else a request is; None for any other route."""
        narrower = self.paths or self.methods or self.headers
        if narrower or len(self.hosts) != 1 or set("*?") & set(self.hosts[0]):
            return None
        return self.hosts[0]

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host patterns; empty for any host."""
        return (self.host,) if isinstance(self.host, str) else self.host

    @property
    def paths(self) -> tuple[str, ...]:
        """Path patterns; empty for any path."""
        return (self.path,) if isinstance(self.path, str) else self.path


class HealthSettings(Settings):
    """How a load balancer finds out whether a task can serve."""

    path: PathPattern | None = None
    """`/` when left out; with `protocol: grpc` the standard health method."""
    codes: Annotated[str, StringConstraints(pattern=r"^\d{1,3}([,-]\d{1,3})*$")] | None = None
    """Status codes that are healthy, as in `200-299`; 200 (or gRPC's 0) when left out."""
    interval: int = Field(default=30, ge=5, le=300)
    """Seconds between two."""
    timeout: int = Field(default=5, ge=2, le=120)
    """Seconds."""
    up: int = Field(default=2, ge=2, le=10)
    """Successes in a row that make a target healthy."""
    down: int = Field(default=3, ge=2, le=10)
    """Failures in a row that make a target unhealthy."""
    port: int | None = Field(default=None, ge=1, le=65_535)
    """Port that is asked, where health has one of its own; the service's when left out."""

    @model_validator(mode="after")
    def _in_time(self) -> HealthSettings:
        if self.timeout >= self.interval:
            raise ValueError("a `timeout` below `interval`")
        return self


class StickinessSettings(Settings):
    """Sends a client to the same task again."""

    seconds: int = Field(default=86_400, ge=1, le=604_800)
    """How many seconds a client stays with one task."""
    cookie: str | None = None
    """The application's own cookie; the load balancer's when left out."""

    @model_validator(mode="after")
    def _a_cookie_that_is_free(self) -> StickinessSettings:
        if self.cookie is not None and self.cookie.startswith(RESERVED_COOKIE):
            raise ValueError(f"a `cookie` that does not begin with {RESERVED_COOKIE}")
        return self


Protocol = Literal["http", "http2", "grpc", "tcp"]
"""What a service speaks to its load balancer and callers; `tcp` is anything that is not HTTP, as
AMQP, Redis or PostgreSQL in a container, for callers by name and network load balancers."""


class CallSettings(Settings):
    """How long the proxies wait between a caller and a service that is called by name."""

    idle_seconds: int | None = Field(default=None, ge=0, le=2_147_483_647)
    """Without data; 0 for ever. AWS's 300, or 3,600 for `tcp`, when left out."""
    request_seconds: int | None = Field(default=None, ge=0, le=2_147_483_647)
    """For a whole answer; 0 for ever. AWS's 15 when left out, too short for streams and long
    polls; not for `tcp`."""
