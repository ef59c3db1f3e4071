"""What only the whole can tell of secrets: names, servers, and room in the rotation functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from components.contracts import Tier
from components.naming import IllegalNameError, Naming
from components.network.settings import Nat
from components.secrets.authorities import HOW_TO_ADD, knows_region
from components.secrets.secret import secret_name
from components.secrets.settings import CredentialsSecret, GeneratedSecret
from components.secrets.specification import (
    CREDENTIALS_BYTES,
    ENVIRONMENT_BYTES,
    PROXIED_BYTES,
    RANDOM_BYTES,
)
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.settings import SystemSettings


def names(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two secrets of one name, or a name that Secrets Manager refuses."""
    naming = Naming(settings.name, settings.environment)
    taken: dict[str, str] = {}
    for key, secret in settings.secrets.items():
        path = ("secrets", key, "name") if secret.name else ("secrets", key)
        try:
            name = secret_name(key, secret, naming)
        except IllegalNameError as error:
            yield path, f"a name Secrets Manager refuses: {error}", "another name", ""
            continue
        if name in taken:
            yield path, f"the name {name}", f"another: {taken[name]} has it", ""
        taken[name] = key


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
        elif Tier.PRIVATE not in network.subnets:
            yield path, "credentials without private subnets", "`network.subnets.private`", why
        elif network.nat is Nat.NONE and network.endpoints != "auto":
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
        if database is not None and database.proxy is not None and database.iam_users:
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
    return CREDENTIALS_BYTES + len(secret.url_query or "") + proxied


CHECKS = (names, servers, paths, authorities, proxies, room)
