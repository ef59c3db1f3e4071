"""APIs of a stack file: routes of functions, and who may call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import pulumi

from components.api.http_api import HttpApi
from components.api.network_link import NetworkLink
from components.api.rest_api import RestApi
from components.api.routes import (
    Callers,
    NetworkTarget,
    Route,
    ServiceTarget,
    Target,
    authorizer_key,
)
from components.api.token_checker import TokenChecker
from components.api.vpc_link import VpcLink
from components.auth.user_pool import UserPool
from components.contracts import Domain
from components.functions.function import Function
from components.parts.api_routes import AuthorizerSettings
from components.secrets.secret import Secret
from components.services.routing.load_balancer import LoadBalancer
from components.services.routing.network_balancer import NetworkLoadBalancer
from trellis.stackfile.api_checks import routes_of as api_routes
from trellis.stackfile.edge import balancer_of, network_balancer_of
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.dns import Dns, make_api_addresses
from trellis.tiers.stack_context import StackContext
from trellis.tiers.user_pools import as_authorizers, let_pools_call

Api: TypeAlias = RestApi | HttpApi

GATEWAY = "apigateway.amazonaws.com"


def make_apis(stack: StackContext) -> dict[str, Api]:
    """Every API without its routes: its address is known from here on."""
    found: dict[str, Api] = {}
    for key, settings in stack.settings.apis.items():
        made = RestApi if settings.kind == "rest" else HttpApi
        found[key] = made(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            log_key_arn=stack.key(Domain.LOGS),
            opts=stack.child,
        )
    return found


def serve_apis(
    stack: StackContext,
    apis: Mapping[str, Api],
    functions: Mapping[str, Function],
    secrets: Mapping[str, Secret],
    pools: Mapping[str, UserPool],
    dns: Dns,
    balancers: Mapping[str, LoadBalancer],
    network_balancers: Mapping[str, NetworkLoadBalancer],
    *,
    after: Sequence[pulumi.Resource] = (),
) -> list[TokenChecker]:
    """Make what is behind the addresses, once the functions are there, and let pools call them.

    Args:
        dns: certificates and zones of names of one's own.
        balancers: which services are called through by HTTP APIs.
        network_balancers: which they are called through by REST APIs.
        after: what a stage that logs needs of the account.

    Returns:
        The functions that check tokens.
    """
    let_pools_call(pools, functions)
    checkers = _token_checkers(stack, secrets)
    callers = Callers(
        {key: _target(function) for key, function in functions.items()},
        {key: Target(key, checker.invoke_arn, checker.permit) for key, checker in checkers.items()},
        as_authorizers(pools),
    )
    services = _service_targets(stack, balancers)
    networked = _network_targets(stack, network_balancers)
    for key, api in apis.items():
        domain = stack.settings.apis[key].domain
        given = domain.certificate if domain is not None else None
        api.serve(
            routes_of(
                stack.settings, key, callers, networked if isinstance(api, RestApi) else services
            ),
            callers,
            certificate=given or dns.certificate("api", key),
            after=after,
        )
    make_api_addresses(
        stack, dns, {key: api.address for key, api in apis.items() if api.address is not None}
    )
    if apis:
        pulumi.export("apis", {key: api.exports() for key, api in apis.items()})
    return list(checkers.values())


def _service_targets(
    stack: StackContext, balancers: Mapping[str, LoadBalancer]
) -> dict[str, ServiceTarget]:
    """Services that APIs call, by key, and the links to their load balancers, each once."""
    found: dict[str, ServiceTarget] = {}
    links: dict[str, VpcLink] = {}
    for key, service in stack.settings.services.items():
        entry = service.entry
        called = any(stack.settings.apis[route.api].kind == "http" for route in service.api_routes)
        if not called or entry is None or entry.whole_host is None:
            continue
        name = balancer_of(stack.settings, entry)
        if name is None:
            raise LookupError(f"checks refuse service {key}, whose route has no load balancer")
        balancer = balancers[name]
        if name not in links:
            links[name] = VpcLink(name, balancer.doorway, naming=stack.naming, opts=stack.child)
        found[key] = ServiceTarget(
            key, links[name].link_id, links[name].listener_arn, entry.whole_host
        )
    return found


def _network_targets(
    stack: StackContext, balancers: Mapping[str, NetworkLoadBalancer]
) -> dict[str, NetworkTarget]:
    """Services that REST APIs call, by key, and the links to their load balancers, each once."""
    settings = stack.settings
    found: dict[str, NetworkTarget] = {}
    links: dict[str, NetworkLink] = {}
    for key, service in settings.services.items():
        if not any(settings.apis[route.api].kind == "rest" for route in service.api_routes):
            continue
        (listener,) = service.secure_listeners
        name = network_balancer_of(settings, listener)
        if name is None:
            raise LookupError(f"checks refuse service {key}, whose listener has no load balancer")
        if name not in links:
            links[name] = NetworkLink(
                name, balancers[name].arn, naming=stack.naming, opts=stack.child
            )
        host = settings.network_load_balancers[name].names[0]
        found[key] = NetworkTarget(key, links[name].link_id, f"https://{host}:{listener.port}")
    return found


def routes_of(
    settings: SystemSettings,
    api: str,
    callers: Callers,
    services: Mapping[str, ServiceTarget] | Mapping[str, NetworkTarget],
) -> list[Route]:
    """The routes of one API, in the order of their paths: that of functions is none of theirs."""
    default = settings.apis[api].authorizer
    found = [
        Route(method, route.path, services[key], route.authorizer or default, route.throttle)
        for key, service in settings.services.items()
        for route in service.api_routes
        if route.api == api
        for method in route.methods
    ]
    found += [
        Route(
            method,
            route.path,
            callers.functions[key],
            route.authorizer or default,
            route.throttle,
            route.query,
            route.body,
        )
        for key, function in settings.functions.items()
        for route in function.routes
        if route.api == api
        for method in route.methods
    ]
    return sorted(found, key=lambda route: (route.path, route.method))


def authorizers_of(settings: SystemSettings) -> dict[str, AuthorizerSettings]:
    """Every authorizer that is asked, by its key."""
    authorizers = [api.authorizer for api in settings.apis.values()]
    authorizers += [
        route.authorizer for _, route in api_routes(settings) if route.authorizer is not None
    ]
    keyed = [(authorizer_key(authorizer), authorizer) for authorizer in authorizers]
    return {key: authorizer for key, authorizer in keyed if key is not None}


def _token_checkers(stack: StackContext, secrets: Mapping[str, Secret]) -> dict[str, TokenChecker]:
    found: dict[str, TokenChecker] = {}
    for key, settings in sorted(authorizers_of(stack.settings).items()):
        shared = settings.shared_secret
        if shared is None:
            continue
        secret = secrets[shared.secret]
        found[key] = TokenChecker(
            key,
            shared,
            secret.link("read"),
            secret.arn,
            naming=stack.naming,
            where=stack.where,
            log_days=stack.log_days,
            log_key_arn=stack.key(Domain.LOGS),
            environment_key_arn=stack.key(Domain.SECRETS),
            opts=stack.child,
        )
    return found


def _target(function: Function) -> Target:
    def permit(name: str, source_arn: pulumi.Input[str]) -> pulumi.Resource:
        return function.permit(name, GATEWAY, source_arn)

    return Target(function.key, function.invoke_arn, permit)
