"""What only the whole can tell of several databases on one server: who makes and who uses which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from components.database.existing import ExistingDatabase
from components.database.further import iam_users_of
from components.parts.uses import UseSettings
from components.secrets.settings import CredentialsSecret
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings


def further_databases(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Credentials of a database that its server has not, and databases that nothing makes."""
    made: set[tuple[str, str]] = set()
    for key, secret in settings.secrets.items():
        if not isinstance(secret, CredentialsSecret) or secret.db_name is None:
            continue
        server = settings.databases.get(secret.database or "")
        if server is None:
            continue
        made.add((secret.database or "", secret.db_name))
        offered = (server.database, *server.databases)
        if secret.db_name not in offered:
            yield unknown(("secrets", key, "dbName"), "database", secret.db_name, offered)
    for key, server in settings.databases.items():
        for name in server.databases:
            if (key, name) not in made:
                yield (
                    ("databases", key, "databases", name),
                    f"database {name}, which no secret is of",
                    f"a secret of `kind: credentials` with `database: {key}` and `dbName: {name}`",
                    "its rotation function makes the database and its users",
                )


def within_the_server(path: KeyPath, use: UseSettings, server: Any) -> Iterator[Complaint]:
    """A `uses:` line that names a database or a user which its server has not.

    Args:
        server: the settings of what the line names.
    """
    if isinstance(server, ExistingDatabase):
        hint = "an entry of `existing.databases` is one database: give each its own"
        if use.db_name is not None:
            yield (*path, "dbName"), f"`dbName` of {use.key}", "no `dbName`", hint
        if use.iam_user is not None:
            allowed = "no `iamUser`: who uses it may sign in as each of its `users`"
            yield (*path, "iamUser"), f"`iamUser` of {use.key}", allowed, ""
        return
    if use.db_name is not None:
        offered = (server.database, *server.databases)
        if use.db_name not in offered:
            yield unknown((*path, "dbName"), "database", use.db_name, offered)
            return
    if use.iam_user is not None:
        users = iam_users_of(server, use.db_name)
        if use.iam_user not in users:
            name = use.db_name or server.database
            yield (
                (*path, "iamUser"),
                f"user {use.iam_user}, whom database {name} of {use.key} lets sign in by no token",
                f"one of {', '.join(users)}"
                if users
                else "one of its `iamUsers`, of which it has none",
                "",
            )


CHECKS = (further_databases,)
