"""Secrets of a stack file, and the functions that make their values."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pulumi

from components.contracts import Domain, LoginServer, NetworkNeeds, Placement, SubnetTier
from components.secrets.package import HANDLER, PackageError, rotation_package
from components.secrets.rotation import RotationFunction
from components.secrets.secret import Secret
from components.secrets.settings import CredentialsSecret, GeneratedSecret, GivenSecret
from components.secrets.specification import ClientAddress, Member, random_value, user_of
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.stack_context import StackContext

RANDOM = "random"
"""The function that makes values which belong to no server."""


def server_of(settings: CredentialsSecret) -> str:
    """The name of the server that a credentials secret's user is of, as `LoginServer` has it."""
    return f"cache-{settings.cache}" if settings.cache else f"database-{settings.database}"


class Database(Protocol):
    """What a database component offers here."""

    @property
    def login_server(self) -> LoginServer: ...


class Cache(Protocol):
    """What a cache component offers here."""

    @property
    def login_server(self) -> LoginServer: ...

    def login_server_of(self, user: str | None) -> LoginServer: ...


def logins(
    databases: Mapping[str, Database],
    caches: Mapping[str, Cache],
    clients: Mapping[str, ClientAddress],
) -> Callable[[CredentialsSecret], tuple[LoginServer, ClientAddress | None]]:
    """How to find the database or cache that a credentials secret's user is of.

    Args:
        clients: by database key, where its clients connect instead.
    """

    def user_for(secret: CredentialsSecret) -> tuple[LoginServer, ClientAddress | None]:
        if secret.database is not None:
            return databases[secret.database].login_server, clients.get(secret.database)
        cache = caches[secret.cache or ""]
        if secret.cache_user is None:
            return cache.login_server, None
        return cache.login_server_of(secret.cache_user), None

    return user_for


def secret_needs(settings: SystemSettings) -> NetworkNeeds:
    """What the rotation functions need of the network.

    A function for random values is in no network. One for a server calls Secrets Manager, and for
    a cache ElastiCache too; where no NAT gateway is, by interface endpoints.
    """
    network = settings.network
    credentials = [s for s in settings.secrets.values() if isinstance(s, CredentialsSecret)]
    if network is None or not credentials:
        return NetworkNeeds()
    zones = network.zones if isinstance(network.zones, int) else len(network.zones)
    services: set[str] = set()
    if not network.has_egress(SubnetTier.PRIVATE):
        services.add("secretsmanager")
        if any(credential.cache for credential in credentials):
            services.add("elasticache")
    # Lambda makes one interface a subnet and group, whatever runs at a time.
    functions = len({server_of(credential) for credential in credentials})
    return NetworkNeeds(
        interface_endpoints=frozenset(services), addresses={SubnetTier.PRIVATE: functions * zones}
    )


def make_secrets(stack: StackContext) -> dict[str, Secret]:
    """The secrets by the stack file's keys, empty."""
    return {
        key: Secret(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            key_arn=stack.key(Domain.SECRETS),
            protect=stack.protect,
            opts=stack.child,
        )
        for key, settings in stack.settings.secrets.items()
    }


def fill_secrets(
    stack: StackContext,
    secrets: Mapping[str, Secret],
    user_for: Callable[[CredentialsSecret], tuple[LoginServer, ClientAddress | None]],
    placement: Placement | None,
) -> dict[str, RotationFunction]:
    """Have the values made that are not given; returns the functions by their servers' names.

    Args:
        user_for: the database or cache that a credentials secret's user is of, and where its
            clients connect instead, if anywhere.
        placement: the private subnets, for functions that reach a server.
    """
    functions: dict[str, RotationFunction] = {}
    for name, keys in _functions(stack.settings).items():
        firsts = _first_of_each_database(stack.settings, keys)
        members = {
            key: _member(stack.settings.secrets[key], secrets[key], user_for, first=key in firsts)
            for key in keys
        }
        functions[name] = function = _make_function(stack, name, members, placement)
        for key, member in members.items():
            server = member.server.made if member.server is not None else None
            made_for = {**member.specification, **({"server": server} if server else {})}
            secrets[key].fill(function, made_for=made_for)
    return functions


def _functions(settings: SystemSettings) -> dict[str, list[str]]:
    """Keys of secrets by the function that makes their values."""
    found: dict[str, list[str]] = {}
    for key, secret in settings.secrets.items():
        if isinstance(secret, GeneratedSecret):
            found.setdefault(RANDOM, []).append(key)
        elif isinstance(secret, CredentialsSecret):
            found.setdefault(server_of(secret), []).append(key)
    return found


def _first_of_each_database(settings: SystemSettings, keys: list[str]) -> set[str]:
    """Of one server's secrets, the first of each of its databases."""
    firsts: dict[str | None, str] = {}
    for key in keys:
        secret = settings.secrets[key]
        named = secret.db_name if isinstance(secret, CredentialsSecret) else None
        server = settings.databases.get(getattr(secret, "database", None) or "")
        firsts.setdefault(None if server and named == server.database else named, key)
    return set(firsts.values())


def _make_function(
    stack: StackContext,
    name: str,
    members: Mapping[str, Member],
    placement: Placement | None,
) -> RotationFunction:
    return RotationFunction(
        name,
        list(members.values()),
        naming=stack.naming,
        where=stack.where,
        package=_package(),
        handler=HANDLER,
        key_arn=stack.key(Domain.SECRETS),
        log_key_arn=stack.key(Domain.LOGS),
        log_days=stack.log_days,
        placement=placement,
        opts=stack.child,
    )


def _member(
    settings: CredentialsSecret | GeneratedSecret | GivenSecret,
    secret: Secret,
    user_for: Callable[[CredentialsSecret], tuple[LoginServer, ClientAddress | None]],
    *,
    first: bool,
) -> Member:
    if isinstance(settings, CredentialsSecret):
        server, clients = user_for(settings)
        return Member(secret.arn, user_of(settings, server, clients, first=first), server)
    if isinstance(settings, GeneratedSecret):
        return Member(secret.arn, random_value(settings))
    raise TypeError("no function makes the value of a secret that is given")


def _package() -> Path:
    try:
        package = rotation_package()
    except PackageError as error:
        raise pulumi.RunError(f"the rotation function can't be packaged: {error}") from None
    # Relative, so that a plan reads the same wherever the project stands.
    return Path(os.path.relpath(package))
