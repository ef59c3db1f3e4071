"""What only the whole can tell of APIs: their routes, and who is asked whether one goes through."""

from __future__ import annotations

from collections.abc import Iterator

from components.api.routes import authorizer_key
from components.api.settings import JWT_KIND, ApiSettings
from components.auth.settings import PoolMailSettings
from components.parts.api_routes import (
    ApiRouteSettings,
    AuthorizerSettings,
    FunctionRouteSettings,
    ServiceApiRouteSettings,
)
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.edge import network_balancer_of
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings


def routes(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Routes of no API, two that answer the same, and what the API's kind does not have."""
    taken: dict[tuple[str, str, str], KeyPath] = {}
    for path, route in routes_of(settings):
        api = settings.apis.get(route.api)
        if api is None:
            yield unknown((*path, "api"), "API", route.api, settings.apis)
            continue
        for method in route.methods:
            same = (route.api, method, _shape(route.path))
            before = taken.setdefault(same, path)
            if before != path:
                yield (
                    (*path, "path"),
                    f"{method} {route.path}, which {before[1]} answers already",
                    "each method of a path once",
                    "",
                )
        if isinstance(route, ServiceApiRouteSettings):
            yield from _way(settings, str(path[1]), (*path, "api"), api)
        of_function = route if isinstance(route, FunctionRouteSettings) else None
        if api.kind == "http" and of_function and (of_function.query or of_function.body):
            yield (
                (*path, "body" if of_function.body is not None else "query"),
                "what an HTTP API checks nothing of",
                "`kind: rest`, or neither `query` nor `body`",
                "the function itself can check it",
            )
        if api.kind == "rest" and route.authorizer and route.authorizer.jwt is not None:
            yield (*path, "authorizer", "jwt"), "keys that an issuer publishes", JWT_KIND, ""


def _way(
    settings: SystemSettings, key: str, path: KeyPath, api: ApiSettings
) -> Iterator[Complaint]:
    """A service that an API has no way to."""
    service = settings.services[key]
    if api.kind == "http" and service.entry is None:
        yield (
            path,
            "an HTTP API, and no route that it could call the service by",
            f"a route with one whole `host` and nothing else in services.{key}.routes",
            "",
        )
    if api.kind == "http":
        return
    listeners = service.secure_listeners
    if len(listeners) != 1:
        yield (
            path,
            f"a REST API, and {len(listeners) or 'no'} listeners with `protocol: tls`",
            f"exactly one in services.{key}.listeners: a REST API reaches network load balancers",
            "or `kind: http` of the API, which reaches load balancers by `routes`",
        )
        return
    balancer = network_balancer_of(settings, listeners[0])
    there = settings.network_load_balancers.get(balancer or "")
    if balancer is not None and there is not None and not there.names:
        yield (
            path,
            f"a REST API by network load balancer {balancer}, which has no name",
            f"`names` of networkLoadBalancers.{balancer}: its certificate is verified by the first",
            "",
        )


def answered(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A REST API that nobody answers: AWS deploys none without a method.

    Source: "The REST API doesn't contain any methods" of CreateDeployment (API Gateway API
    Reference and moto's model of it, 2026-11).
    """
    named = {route.api for _, route in routes_of(settings)}
    for key, api in settings.apis.items():
        if api.kind == "rest" and key not in named:
            yield (
                ("apis", key),
                "a REST API that no route leads by",
                f"a function with `routes: [{{api: {key}, path: ...}}]`, or a service with "
                "`apiRoutes`",
                "AWS deploys no REST API without a method",
            )


def parameters(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two names for one part of a path: API Gateway keeps one."""
    names: dict[tuple[str, str], tuple[str, KeyPath]] = {}
    for path, route in routes_of(settings):
        parts = route.path.split("/")
        for length, part in enumerate(parts):
            if not part.startswith("{"):
                continue
            place = (route.api, _shape("/".join(parts[:length])) + "/{}")
            name, before = names.setdefault(place, (part.replace("+", ""), path))
            if name != part.replace("+", ""):
                yield (
                    (*path, "path"),
                    f"{part} where {before[1]} has {name}",
                    f"{name} in both: API Gateway has one parameter at a place",
                    "",
                )


def authorizers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Somebody who is asked and is not there, or of whom two things are said."""
    first: dict[str, tuple[AuthorizerSettings, KeyPath]] = {}
    for path, checker in authorizers_of(settings):
        if checker.function is not None and checker.function not in settings.functions:
            yield unknown((*path, "function"), "function", checker.function, settings.functions)
        if checker.user_pool is not None and checker.user_pool not in settings.user_pools:
            yield unknown((*path, "userPool"), "user pool", checker.user_pool, settings.user_pools)
        shared = checker.shared_secret
        if shared is not None:
            secret = settings.secrets.get(shared.secret)
            place: KeyPath = (*path, "sharedSecret")
            if secret is None:
                yield unknown((*place, "secret"), "secret", shared.secret, settings.secrets)
            elif secret.kind == "generated" and shared.field is not None:
                yield (
                    (*place, "field"),
                    f"the field {shared.field} of a random value",
                    "no `field`: the value is plain text",
                    "",
                )
        key = authorizer_key(checker)
        if key is None:
            continue
        if checker.shared_secret is not None and key in settings.functions:
            yield (
                ("functions", key),
                f"a function named {key}, as the one that checks tokens is",
                "another name",
                "",
            )
        before, where = first.setdefault(f"{path[0]}/{key}", (checker, path))
        if before != checker:
            yield (
                path,
                f"another word of {key} than at {'.'.join(map(str, where))}",
                "the same settings wherever it is asked",
                "",
            )


def _pool_mail(settings: SystemSettings, key: str, mail: PoolMailSettings) -> Iterator[Complaint]:
    """A domain that there is none of, and a sender that is none of it."""
    place: KeyPath = ("userPools", key, "mail")
    domain = settings.mail.get(mail.domain)
    if domain is None:
        yield unknown((*place, "domain"), "domain of mail", mail.domain, settings.mail)
    elif domain.senders and mail.sender not in domain.senders:
        allowed = f"one of mail.{mail.domain}.senders: {', '.join(domain.senders)}"
        yield ((*place, "sender"), mail.sender, allowed, "")
    elif not mail.sender.endswith(f"@{domain.domain}"):
        allowed = f"an address of the domain, as in no-reply@{domain.domain}"
        yield ((*place, "sender"), mail.sender, allowed, "")


def user_pools(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Triggers that no function answers; a pool without clients that a token is asked of."""
    for key, pool in settings.user_pools.items():
        for name, function in pool.triggers.model_dump(by_alias=True, exclude_none=True).items():
            if function not in settings.functions:
                place: KeyPath = ("userPools", key, "triggers", name)
                yield unknown(place, "function", function, settings.functions)
        for name, provider in pool.providers.items():
            place = ("userPools", key, "providers", name, "secret")
            secret = settings.secrets.get(provider.secret or "")
            if provider.secret is not None and secret is None:
                yield unknown(place, "secret", provider.secret, settings.secrets)
            elif secret is not None and secret.kind != "given":
                yield (
                    place,
                    f"secret {provider.secret}, whose value is made here",
                    "a secret of the kind `given`: the provider makes its value",
                    "",
                )
        if pool.mail is not None:
            yield from _pool_mail(settings, key, pool.mail)
    for path, checker in authorizers_of(settings):
        pool = settings.user_pools.get(checker.user_pool or "")
        api = settings.apis.get(str(path[1])) if path[0] == "apis" else None
        if pool is not None and pool.existing is None and not pool.clients:
            yield (
                (*path, "userPool"),
                f"user pool {checker.user_pool}, which no application signs in with",
                "a pool with `clients`",
                f"add userPools.{checker.user_pool}.clients",
            )
        is_http = api is not None and api.kind == "http"
        if pool is not None and pool.existing is not None and not pool.client_ids and is_http:
            yield (
                (*path, "userPool"),
                f"user pool {checker.user_pool}, whose clients are not known here",
                f"userPools.{checker.user_pool}.clientIds, whose tokens are taken",
                "or `jwt: {issuer, audiences}` instead of the pool",
            )


def firewalls(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A firewall before an HTTP API: AWS has none."""
    for key, firewall in settings.firewalls.items():
        for position, name in enumerate(firewall.apis if isinstance(firewall.apis, tuple) else ()):
            api = settings.apis.get(name)
            if api is not None and api.kind == "http":
                yield (
                    ("firewalls", key, "apis", position),
                    f"API {name}, which is an HTTP API",
                    "a REST API: AWS WAF stands before no other",
                    f"set apis.{name}.kind: rest",
                )


def domains(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A certificate of another region."""
    for key, api in settings.apis.items():
        given = api.domain.certificate if api.domain is not None else None
        if given is not None and f":{settings.region}:" not in given:
            yield (
                ("apis", key, "domain", "certificate"),
                f"a certificate of another region: {given}",
                f"one of {settings.region}, where the API is",
                "",
            )


def routes_of(settings: SystemSettings) -> Iterator[tuple[KeyPath, ApiRouteSettings]]:
    """Every route of a function or service, and where it is said."""
    for key, function in settings.functions.items():
        for position, route in enumerate(function.routes):
            yield ("functions", key, "routes", position), route
    for key, service in settings.services.items():
        for position, route in enumerate(service.api_routes):
            yield ("services", key, "apiRoutes", position), route


def authorizers_of(settings: SystemSettings) -> Iterator[tuple[KeyPath, AuthorizerSettings]]:
    """Everybody who is asked whether a request goes through, and where that is said."""
    for key, api in settings.apis.items():
        yield ("apis", key, "authorizer"), api.authorizer
    for path, route in routes_of(settings):
        if route.authorizer is not None:
            yield (*path, "authorizer"), route.authorizer


def _shape(path: str) -> str:
    """A path without the names of its parameters."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


CHECKS = (routes, answered, parameters, authorizers, user_pools, firewalls, domains)
