"""What only the whole can tell of signing in at load balancers: pools, clients, and ways there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.auth.settings import ClientSettings, UserPoolSettings
from components.contracts import SubnetTier
from components.services.routing.settings import RouteSettings, SignInSettings
from components.services.routing.sign_in import OPENID, callbacks
from components.services.settings import ServiceSettings
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.route_checks import routes_by_balancer
from trellis.stackfile.settings import SystemSettings


@dataclass(frozen=True)
class Guarded:
    """A route before which users sign in."""

    service: ServiceSettings
    route: RouteSettings
    asked: SignInSettings
    path: KeyPath
    """Of the route."""
    balancer: str

    @property
    def client(self) -> tuple[str, str]:
        """Keys of the pool and its client."""
        return self.asked.user_pool, self.asked.client


def guarded(settings: SystemSettings) -> Iterator[Guarded]:
    """Every route with `signIn`, of load balancers that there are."""
    for balancer, routes in routes_by_balancer(settings).items():
        for placed in routes:
            asked = placed.route.sign_in
            if asked is not None:
                path: KeyPath = ("services", placed.service, "routes", placed.position)
                service = settings.services[placed.service]
                yield Guarded(service, placed.route, asked, path, balancer)


def known_clients(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A pool or a client that there is not, or that no load balancer can let users in by."""
    for place in guarded(settings):
        path: KeyPath = (*place.path, "signIn")
        key, name = place.client
        pool = settings.user_pools.get(key)
        if pool is None:
            yield unknown((*path, "userPool"), "user pool", key, settings.user_pools)
        elif pool.existing is not None:
            yield from _of_somebody_else(place, pool, path)
        elif name not in pool.clients:
            yield unknown((*path, "client"), "client", name, pool.clients)
        else:
            yield from _usable(place, pool.clients[name])
            yield from _offered(place, pool, pool.clients[name])


def _of_somebody_else(place: Guarded, pool: UserPoolSettings, path: KeyPath) -> Iterator[Complaint]:
    key, name = place.client
    if pool.pages is None:
        yield (
            (*path, "userPool"),
            f"user pool {key}, whose sign-in pages are not known here",
            f"`pages` and `clientIds` of userPools.{key}",
            "the client has a secret, and the callback of each host of the route",
        )
    elif name not in pool.client_ids:
        yield unknown((*path, "client"), "client", name, pool.client_ids)
    if place.asked.provider is not None:
        yield unknown((*path, "provider"), "provider", place.asked.provider, ())


def _usable(place: Guarded, client: ClientSettings) -> Iterator[Complaint]:
    key, name = place.client
    where: KeyPath = ("userPools", key, "clients", name)
    if not client.secret:
        yield (
            (*place.path, "signIn", "client"),
            f"client {name}, which has no secret",
            "a client with `secret: true`",
            "that makes another client of one that is there; best add one for the load balancer",
        )
    if client.callbacks and OPENID not in client.scopes:
        yield (
            (*where, "scopes"),
            f"no {OPENID}",
            f"`scopes` with {OPENID}",
            "without it Cognito tells the load balancer nothing of a user",
        )
    missing = [url for url in callbacks(place.route) if url not in client.callbacks]
    if missing and not any("*" in host or "?" in host for host in place.route.hosts):
        yield (
            (*place.path, "signIn", "client"),
            f"client {name} without the callback {missing[0]}",
            "a callback for each host of the route",
            f"add it to userPools.{key}.clients.{name}.callbacks",
        )


def _offered(place: Guarded, pool: UserPoolSettings, client: ClientSettings) -> Iterator[Complaint]:
    provider = place.asked.provider
    path: KeyPath = (*place.path, "signIn", "provider")
    if provider is None:
        return
    if provider not in pool.providers:
        yield unknown(path, "provider", provider, pool.providers)
    elif provider not in pool.offered_by(client):
        key, name = place.client
        yield (
            path,
            f"provider {provider}, which client {name} does not offer",
            f"one of {', '.join(sorted(pool.offered_by(client))) or 'none'}",
            f"userPools.{key}.clients.{name}.providers says which it offers",
        )


def routes_that_can(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A route that no client can lead back to, that ECS changes, or that an API calls."""
    for place in guarded(settings):
        path: KeyPath = (*place.path, "signIn")
        hosts = place.route.hosts
        if not hosts or any("*" in host or "?" in host for host in hosts):
            yield (
                path,
                "signIn, and no host that users are led back to",
                "a route whose `host` is one name or several, without wildcards",
                "Cognito takes callbacks as whole addresses",
            )
        if place.service.deployment.swaps:
            yield (
                path,
                f"signIn with `strategy: {place.service.deployment.strategy}`",
                "`strategy: rolling`",
                "ECS moves traffic in the rule's actions, so an `up` leaves them alone: a change "
                "of `signIn` would never arrive",
            )
        if place.service.api_routes and place.service.entry == place.route:
            yield (
                path,
                "signIn on the route by which an API calls the service",
                "an `authorizer` of the API, or another route with `signIn`",
                "an API's requests have no session",
            )


def ways_to_cognito(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A load balancer that can't ask Cognito: its endpoints are on the internet."""
    network = settings.network
    if network is None or network.existing is not None or network.from_ is not None:
        return
    reported: set[str] = set()
    for place in guarded(settings):
        balancer = settings.load_balancers.get(place.balancer)
        if (
            balancer is None
            or balancer.scheme == "public"
            or network.has_egress(SubnetTier.PRIVATE)
            or place.balancer in reported
        ):
            continue
        reported.add(place.balancer)
        yield (
            (*place.path, "signIn"),
            f"signIn at the internal load balancer {place.balancer}, which has no way to Cognito",
            "`network.nat: single` or `perZone`, or `scheme: public`",
            "it asks Cognito for tokens over the internet, by IPv4",
        )


def own_cookies(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two clients whose sessions overwrite each other at one host."""
    places = list(guarded(settings))
    for position, second in enumerate(places):
        for first in places[:position]:
            if (
                first.balancer == second.balancer
                and first.client != second.client
                and first.asked.cookie == second.asked.cookie
                and set(first.route.hosts) & set(second.route.hosts)
            ):
                yield (
                    (*second.path, "signIn", "cookie"),
                    f"{second.asked.cookie}, as at {'.'.join(map(str, first.path))} of another "
                    "client at the same host",
                    "a `cookie` of its own",
                    "each sign-in would end the other's session",
                )
                break


def secrets_for_somebody(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A client's secret that no load balancer is given, and nobody else."""
    used = {place.client for place in guarded(settings)}
    there = {(key, name) for key, pool in settings.user_pools.items() for name in pool.clients}
    if used - there:
        return  # A typing error: it is told by itself.
    for key, pool in settings.user_pools.items():
        for name, client in pool.clients.items():
            if client.secret and (key, name) not in used:
                yield (
                    ("userPools", key, "clients", name, "secret"),
                    "a secret that no load balancer signs users in with",
                    f"a route with `signIn: {{userPool: {key}, client: {name}}}`, or no `secret`",
                    "nobody else is told it",
                )


CHECKS = (
    known_clients,
    routes_that_can,
    ways_to_cognito,
    own_cookies,
    secrets_for_somebody,
)
