"""What the rotation function is told of each secret: see functions/rotation/README.md."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.contracts import LoginServer
from components.secrets.settings import CredentialsSecret, GeneratedSecret

CHARACTERS = {
    "lettersAndDigits": string.ascii_letters + string.digits,
    "hex": "0123456789abcdef",
}

ENVIRONMENT_BYTES = 4096
"""Of all of a function's variables ("Lambda quotas", 2026-11)."""

CREDENTIALS_BYTES = 450
"""The longest specification of a user, with its secret's ARN, without what follows."""

TOKEN_USER_BYTES = 20
"""What one user that signs in with IAM tokens adds to it."""

FURTHER_BYTES = 150
"""What a further database's name, and that of the server's first, add to it."""

PROXIED_BYTES = 110
"""What a proxy's name and port add to it."""

RANDOM_BYTES = 300
"""The longest specification of a random value, with its secret's ARN."""


@dataclass(frozen=True)
class ClientAddress:
    """The proxy's address, for clients that may not reach the server directly."""

    host: pulumi.Input[str]
    port: int


@dataclass(frozen=True)
class Member:
    """One secret of a rotation function."""

    arn: pulumi.Input[str]
    specification: dict[str, Any]
    """Fields by name, nothing secret among them."""
    server: LoginServer | None = None
    """Where the user is; None for a random value. All members of a function share one."""


def random_value(settings: GeneratedSecret) -> dict[str, Any]:
    """A random text."""
    return {
        "kind": "random",
        "length": settings.length,
        "characters": CHARACTERS[settings.characters],
    }


def user_of(
    settings: CredentialsSecret,
    server: LoginServer,
    clients: ClientAddress | None = None,
    *,
    first: bool = True,
) -> dict[str, Any]:
    """A user of a database or cache, or a cache's AUTH token where it has no users.

    Args:
        clients: where the value sends its readers, where that is not the server.
        first: whether it is the database's first secret, which the users with IAM tokens are made
            with: they may then do what its user may.

    Raises:
        ValueError: the server can't have the user; says what it lacks.
    """
    shared: dict[str, Any] = {
        "engine": server.engine,
        "host": server.host,
        "port": server.port,
        **({"urlQuery": settings.url_query} if settings.url_query else {}),
    }
    if settings.database is not None:
        if server.admin_secret_arn is None or server.database is None:
            raise ValueError(f"{server.name} has no database with a master secret to log in to")
        further = settings.db_name if settings.db_name != server.database else None
        tokens = server.token_users if further is None else server.further[further]
        return {
            "kind": "database",
            **shared,
            "dbname": further or server.database,
            **({"initialDatabase": server.database} if further else {}),
            "user": settings.user,
            "master": server.admin_secret_arn,
            **({"tokenUsers": list(tokens)} if first and tokens else {}),
            **({"clientHost": clients.host, "clientPort": clients.port} if clients else {}),
        }
    if server.user_id is not None:
        return {
            "kind": "cacheUser",
            **shared,
            "userId": server.user_id,
            "user": server.user_id,
            "access": settings.cache_access,
        }
    if server.identifier is None:
        raise ValueError(f"{server.name} has neither users nor a replication group's AUTH token")
    return {"kind": "cacheToken", **shared, "replicationGroup": server.identifier}


def rotation_variable(members: Sequence[Member]) -> pulumi.Output[str]:
    """The function's `ROTATION` variable: a JSON object, secret ARN to specification.

    A secret's ARN ends in characters that AWS makes up, so the text is known at deployment.
    """
    import json

    arns = pulumi.Output.all(*[member.arn for member in members])
    specifications = pulumi.Output.all(*[member.specification for member in members])
    return pulumi.Output.all(arns, specifications).apply(
        lambda both: json.dumps(
            dict(zip(both[0], both[1], strict=True)), sort_keys=True, separators=(",", ":")
        )
    )
