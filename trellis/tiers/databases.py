"""Databases of a stack file, and the proxies before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import pulumi

from components.contracts import Domain, Placement, SecretRef
from components.database.cluster import AuroraCluster
from components.database.engines import ENGINES, major_of
from components.database.further import all_iam_users
from components.database.instance import RelationalDatabase
from components.database.proxy import DatabaseProxy
from components.database.settings import DatabaseSettings, InstanceSettings
from components.secrets.secret import Secret
from components.secrets.settings import CredentialsSecret
from components.secrets.specification import ClientAddress
from trellis.tiers.stack_context import StackContext

_BY_PLUGIN = "CREATE USER ... IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'"
TOKEN_USER = {
    "postgres": "CREATE USER ... LOGIN; GRANT rds_iam TO ...",
    "mysql": _BY_PLUGIN,
    "mariadb": _BY_PLUGIN,
}
"""How a user that signs in with IAM tokens is made, by the server's kind ("Creating a database
account using IAM authentication", Amazon RDS User Guide, 2026-11)."""

Database: TypeAlias = RelationalDatabase | AuroraCluster


def make_databases(stack: StackContext) -> dict[str, Database]:
    """The databases, by the stack file's keys: in the subnets that `network.dataSubnets` says."""
    filled = {
        secret.database
        for secret in stack.settings.secrets.values()
        if isinstance(secret, CredentialsSecret)
    }
    for key, database in stack.settings.databases.items():
        known = ENGINES[database.engine]
        until = known.extended.get(major_of(database.engine, database.version))
        if until is not None:
            pulumi.log.warn(
                f"database {key} runs {known.title} {database.version} under paid extended "
                f"support, which AWS bills by vCPU and hour and ends on {until}: plan the upgrade"
            )
        if database.iam_users and key not in filled:
            names = ", ".join(database.iam_users)
            pulumi.log.warn(
                f"nothing makes {names} in database {key}, which sign in with IAM tokens: have a "
                f"secret of `kind: credentials` for it, or make them as its master user by "
                f"{TOKEN_USER[known.login]}"
            )
    return {
        key: _make(stack, key, settings, stack.data_placement())
        for key, settings in stack.settings.databases.items()
    }


def make_proxies(
    stack: StackContext,
    databases: Mapping[str, Database],
    users: Mapping[str, Iterable[SecretRef]],
) -> dict[str, DatabaseProxy]:
    """The proxies, by their database's key.

    Args:
        users: by database key, the credentials secrets of its users.
    """
    return {
        key: DatabaseProxy(
            key,
            settings.proxy,
            naming=stack.naming,
            where=stack.where,
            placement=stack.data_placement(),
            server=databases[key].login_server,
            cluster=isinstance(databases[key], AuroraCluster),
            users=tuple(users.get(key, ())),
            iam_users=all_iam_users(settings),
            sign_in=databases[key].sign_in,
            after=(databases[key],),
            log_retention_days=settings.log_retention_days,
            log_key_arn=stack.key(Domain.LOGS),
            opts=stack.child,
        )
        for key, settings in stack.settings.databases.items()
        if settings.proxy is not None
    }


def client_addresses(proxies: Mapping[str, DatabaseProxy]) -> dict[str, ClientAddress]:
    """Where the clients of a database with a proxy connect, by the database's key."""
    return {key: ClientAddress(proxy.host, proxy.endpoint.port) for key, proxy in proxies.items()}


def database_users(
    stack: StackContext, secrets: Mapping[str, Secret]
) -> dict[str, list[SecretRef]]:
    """The credentials secrets of each database's users, by its key: what a proxy signs in with."""
    found: dict[str, list[SecretRef]] = {}
    for key, settings in stack.settings.secrets.items():
        if isinstance(settings, CredentialsSecret) and settings.database is not None:
            reference = SecretRef("", secrets[key].arn, key_arn=stack.key(Domain.SECRETS))
            found.setdefault(settings.database, []).append(reference)
    return found


def _make(
    stack: StackContext, key: str, settings: DatabaseSettings, placement: Placement
) -> Database:
    if isinstance(settings, InstanceSettings):
        return RelationalDatabase(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            placement=placement,
            key_arn=stack.key(Domain.DATA),
            secret_key_arn=stack.key(Domain.SECRETS),
            log_key_arn=stack.key(Domain.LOGS),
            protect=stack.protect,
            opts=stack.child,
        )
    return AuroraCluster(
        key,
        settings,
        naming=stack.naming,
        where=stack.where,
        placement=placement,
        key_arn=stack.key(Domain.DATA),
        secret_key_arn=stack.key(Domain.SECRETS),
        log_key_arn=stack.key(Domain.LOGS),
        protect=stack.protect,
        opts=stack.child,
    )
