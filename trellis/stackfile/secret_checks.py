"""What only the whole can tell of secrets: names, servers, and room in the rotation functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from components.contracts import SubnetTier
from components.database.further import all_iam_users
from components.secrets.authorities import HOW_TO_ADD, knows_region
from components.secrets.settings import CredentialsSecret, GeneratedSecret
from components.secrets.specification import (
    CREDENTIALS_BYTES,
    ENVIRONMENT_BYTES,
    FURTHER_BYTES,
    PROXIED_BYTES,
    RANDOM_BYTES,
    TOKEN_USER_BYTES,
)
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.settings import SystemSettings

RDS_USERS = ("rdsadmin", "rdsproxyadmin")
"""Users that RDS keeps for itself in every database ("Master user account privileges" and "Quotas
and limitations for RDS Proxy", Amazon RDS User Guide, 2026-11)."""

ROTATION_SUFFIXES = ("_clone", "_owner")
"""What the rotation function makes beside a user: its twin, and the role that both own by."""


def servers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Credentials of a database or cache that is none."""
    for key, secret in settings.secrets.items():
        if isinstance(secret, CredentialsSecret):
            field = "database" if secret.database is not None else "cache"
            offered: Mapping[str, Any] = settings.databases if secret.database else settings.caches
            named = secret.database or secret.cache or ""
            if named not in offered:
                yield unknown(("secrets", key, field), field, named, offered)


def paths(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Credentials whose rotation function could not reach its server or AWS."""
    network = settings.network
    for key, secret in settings.secrets.items():
        if not isinstance(secret, CredentialsSecret):
            continue
        path = ("secrets", key)
        why = "its rotation function runs there, beside the server"
        if network is None:
            yield path, "credentials without a network", "a `network`", why
        elif network.existing is not None or network.from_ is not None:
            continue
        elif SubnetTier.PRIVATE not in network.subnets:
            yield path, "credentials without private subnets", "`network.subnets.private`", why
        elif not network.has_egress(SubnetTier.PRIVATE) and network.endpoints != "auto":
            needed = {"secretsmanager", "elasticache"} if secret.cache else {"secretsmanager"}
            for service in sorted(needed - set(network.endpoints)):
                yield (
                    path,
                    f"no path from the private subnets to {service}",
                    f"{service} in `network.endpoints`, or a NAT gateway",
                    "its rotation function calls it",
                )


def authorities(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A database whose certificate the rotation function could not verify."""
    if knows_region(settings.region):
        return
    for key, secret in settings.secrets.items():
        if isinstance(secret, CredentialsSecret) and secret.database is not None:
            yield (
                ("secrets", key),
                f"credentials of a database in {settings.region}, whose authorities are not known",
                "a region of functions/rotation/rds-ca.pem",
                HOW_TO_ADD,
            )


def proxies(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A password for a database whose proxy takes IAM tokens only."""
    for key, secret in settings.secrets.items():
        if not isinstance(secret, CredentialsSecret) or secret.database is None:
            continue
        database = settings.databases.get(secret.database)
        if database is not None and database.proxy is not None and all_iam_users(database):
            yield (
                ("secrets", key),
                f"credentials of database {secret.database}, whose proxy lets in IAM users only",
                "no credentials of it, or no `iamUsers`",
                "services reach the proxy and nothing behind it",
            )


def room(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """More secrets of one server than its rotation function can be told of."""
    by_function: dict[str, dict[str, int]] = {}
    for key, secret in settings.secrets.items():
        if isinstance(secret, GeneratedSecret):
            by_function.setdefault("", {})[key] = RANDOM_BYTES
        elif isinstance(secret, CredentialsSecret):
            function = f"{secret.database}/{secret.cache}"
            by_function.setdefault(function, {})[key] = _bytes_of(secret, settings)
    for function, sizes in by_function.items():
        total = 0
        for number, (key, size) in enumerate(sizes.items()):
            total += size
            if total > ENVIRONMENT_BYTES:
                what = "of one server" if function else "generated"
                yield (
                    ("secrets", key),
                    f"{len(sizes)} secrets {what}",
                    f"at most {number}",
                    ("a rotation function's environment holds no more"),
                )


def _bytes_of(secret: CredentialsSecret, settings: SystemSettings) -> int:
    database = settings.databases.get(secret.database or "")
    proxied = PROXIED_BYTES if database is not None and database.proxy is not None else 0
    tokens = TOKEN_USER_BYTES * len(all_iam_users(database)) if database is not None else 0
    further = FURTHER_BYTES if secret.db_name is not None else 0
    return CREDENTIALS_BYTES + len(secret.url_query or "") + proxied + tokens + further


def database_users(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Credentials of a user that another secret, the master or RDS has: both would set it."""
    taken: dict[tuple[str, str], str] = {}
    for key, database in settings.databases.items():
        taken[key, database.master_username] = "the master user"
        taken.update(((key, user), "RDS") for user in RDS_USERS)
        taken.update(((key, user), "a user with IAM tokens") for user in all_iam_users(database))
    for key, secret in settings.secrets.items():
        if not isinstance(secret, CredentialsSecret) or secret.database is None:
            continue
        for user in (secret.user, *(f"{secret.user}{suffix}" for suffix in ROTATION_SUFFIXES)):
            before = taken.setdefault((secret.database, user), f"secret {key}")
            if before != f"secret {key}":
                yield (
                    ("secrets", key, "user"),
                    f"{user} in database {secret.database}, which {before} has",
                    "a `user` of its own for each secret",
                    f"rotation makes {secret.user} and those with "
                    f"{' and '.join(ROTATION_SUFFIXES)} behind it",
                )
                break


def cache_users(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Credentials of a cache's user that there is not, or that another secret has."""
    taken: dict[tuple[str, str], str] = {}
    for key, secret in settings.secrets.items():
        if not isinstance(secret, CredentialsSecret) or secret.cache not in settings.caches:
            continue
        cache = settings.caches[secret.cache]
        path = ("secrets", key, "cacheUser")
        offered = [
            n for n, cache_user in cache.users.items() if cache_user.authentication == "password"
        ]
        if cache.authentication != "user":
            offered = []
        if secret.cache_user is not None and secret.cache_user not in offered:
            yield unknown(path, "user with a password", secret.cache_user, offered)
            continue
        user = secret.cache_user or (offered[0] if offered else "")
        before = taken.setdefault((str(secret.cache), user), key)
        if before != key:
            named = f"user {user}" if user else "token"
            yield (
                path if secret.cache_user else ("secrets", key),
                f"the {named} of cache {secret.cache}, which secret {before} has",
                "a `cacheUser` of its own for each secret" if user else "one secret with the token",
                "both would rotate it, each making the other's value wrong",
            )


def existing_secrets_are_here(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A secret of another region: grants on its key name this region's service."""
    for key, secret in settings.existing.secrets.items():
        region = secret.arn.split(":")[3] if secret.arn is not None else settings.region
        if region != settings.region:
            yield (
                ("existing", "secrets", key, "arn"),
                f"a secret in {region}",
                f"one in {settings.region}, where it is read",
                "replicate it: Secrets Manager keeps copies in other regions",
            )


CREDENTIALS = ("password", "passwd", "pwd", "sslpassword", "user", "username")
"""Words of a connection string that say who signs in."""


def queries_without_credentials(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A password in the end of a connection string, which stands in clear in the state."""
    for key, secret in settings.secrets.items():
        query = secret.url_query if secret.kind == "credentials" else None
        for word in (query or "").split("&"):
            name = word.partition("=")[0].lower()
            if name in CREDENTIALS:
                yield (
                    ("secrets", key, "urlQuery"),
                    f"a query with {name}",
                    "one without: user and password stand before the host, and are rotated",
                    "",
                )


CHECKS = (
    queries_without_credentials,
    existing_secrets_are_here,
    servers,
    paths,
    authorities,
    proxies,
    database_users,
    cache_users,
    room,
)
