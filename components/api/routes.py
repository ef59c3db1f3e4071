"""What an API is given to build: routes with the functions behind them, and who may call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pulumi

from components.contracts import Arn
from components.parts.api_routes import AuthorizerSettings, ThrottleSettings

Permit: TypeAlias = Callable[[str, pulumi.Input[str]], pulumi.Resource]
"""Lets the API call a function: end of the permission's name, and what of the API calls."""


@dataclass(frozen=True)
class Target:
    """A function behind routes or in the place of an authorizer."""

    key: str
    invoke_arn: Arn
    """What integrations and authorizers name, known before the function is made."""
    permit: Permit

    @property
    def label(self) -> str:
        """What its integration is named by."""
        return self.key


@dataclass(frozen=True)
class Address:
    """What the record of an API's own name leads to."""

    name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    """Of AWS's zone that the name stands in."""


def exported(url: pulumi.Input[str], address: Address | None) -> dict[str, pulumi.Input[str]]:
    """Where an API is called; with a name of its own, what that name's record leads to."""
    return {"url": url, **({"target": address.name} if address is not None else {})}


@dataclass(frozen=True)
class ServiceTarget:
    """A service behind routes of an HTTP API, reached through a VPC link and a load balancer."""

    key: str
    link_id: pulumi.Input[str]
    listener_arn: pulumi.Input[str]
    host: str
    """What the load balancer knows it by, and its certificate is verified by."""

    @property
    def label(self) -> str:
        """What its integration is named by: a function may have the same key."""
        return f"service-{self.key}"


@dataclass(frozen=True)
class NetworkTarget:
    """A service behind routes of a REST API, reached through a VPC link and a network load
    balancer."""

    key: str
    link_id: pulumi.Input[str]
    origin: str
    """The load balancer's name and TLS port, as in `https://orders.example.com:443`."""


@dataclass(frozen=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    target: Target | ServiceTarget | NetworkTarget
    authorizer: AuthorizerSettings
    throttle: ThrottleSettings | None = None
    query: tuple[str, ...] = ()
    body: Mapping[str, Any] | None = None

    @property
    def label(self) -> str:
        """What its resources are named by: method and path, as in `GET/alerts/{alertId}`."""
        return f"{self.method}{self.path}"


@dataclass(frozen=True)
class Pool:
    """A user pool whose tokens open routes."""

    arn: pulumi.Input[str]
    issuer: pulumi.Input[str]
    client_ids: tuple[pulumi.Input[str], ...]


@dataclass(frozen=True)
class Callers:
    """Who may be asked whether a request goes through."""

    functions: Mapping[str, Target]
    """By key."""
    secrets: Mapping[str, Target]
    """Functions that check tokens signed with a shared secret, by `authorizer_key`."""
    pools: Mapping[str, Pool]


def authorizer_key(settings: AuthorizerSettings) -> str | None:
    """The name of an authorizer, the same for the same settings; None where nobody is asked."""
    match settings.kind:
        case "function":
            return f"{settings.function}"
        case "user_pool":
            return f"{settings.user_pool}-users"
        case "shared_secret":
            shared = settings.shared_secret
            return f"{shared.secret}-tokens" if shared is not None else None
        case "jwt":
            return "issuer"
        case _:
            return None


def source_path(path: str) -> str:
    """A path as an ARN of an API has it: any value where it has a parameter."""
    parts = ["*" if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)
