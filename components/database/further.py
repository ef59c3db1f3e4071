"""Further databases of one server: their names, which engine keeps which to itself, and IAM users.

The server's own users, its proxy, its backups and its alarms are for all of its databases.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Protocol

from pydantic import StringConstraints

from components.parts.model import FieldError, Settings

DatabaseName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""What every engine takes without quotes: at most 63 bytes, PostgreSQL's limit."""

UserName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,15}$")]
"""A name that every engine takes: lower case, at most 16 characters (MySQL's limit in RDS)."""

RESERVED_DATABASES: Mapping[str, frozenset[str]] = {
    "postgres": frozenset({"postgres", "rdsadmin", "template0", "template1"}),
    "mysql": frozenset(
        {"information_schema", "innodb", "mysql", "performance_schema", "sys", "tmp"}
    ),
}
"""What the servers, and RDS on them, keep for themselves, by how clients speak to them ("Template
Databases", PostgreSQL; "Data Dictionary Schema", MySQL; RDS's own from memory, 2026-11)."""


class FurtherDatabaseSettings(Settings):
    """A further database of the same server, with users of its own."""

    iam_users: tuple[UserName, ...] = ()
    """Users of this database that a link to it lets sign in with an IAM token, and no others. They
    are made with the first secret of `kind: credentials` that names this database by `dbName`."""


class _Databases(Protocol):
    """What of a server's settings says its databases and users."""

    @property
    def database(self) -> str: ...

    @property
    def databases(self) -> Mapping[str, FurtherDatabaseSettings]: ...

    @property
    def iam_users(self) -> tuple[str, ...]: ...


def check_further(login: str, settings: _Databases, *, iam: bool) -> None:
    """Refuse names that the server has already, and users that two databases would share.

    Args:
        login: how a client speaks to the engine.
        iam: whether users may sign in with an IAM token at all.

    Raises:
        FieldError: says which name, and what is allowed.
    """
    reserved = RESERVED_DATABASES["postgres" if login == "postgres" else "mysql"]
    taken = dict.fromkeys(settings.iam_users, settings.database)
    for name, further in settings.databases.items():
        if name == settings.database:
            raise FieldError("databases", f"names beside {name}, which `database` makes already")
        if name in reserved:
            raise FieldError(
                "databases",
                f"names without {', '.join(sorted(reserved))}, which the server keeps for itself; "
                f"found {name}",
            )
        if further.iam_users and not iam:
            raise FieldError(
                "databases", "`iamUsers` together with `iamAuthentication: true`, and only then"
            )
        for user in further.iam_users:
            before = taken.setdefault(user, name)
            if before != name:
                raise FieldError(
                    "databases",
                    f"a user in one database only: users are the server's; {user} is in {before} "
                    f"and in {name}",
                )


def iam_users_of(settings: _Databases, db_name: str | None = None) -> tuple[str, ...]:
    """Users with IAM tokens of one database; the first where none is named."""
    if db_name is None or db_name == settings.database:
        return settings.iam_users
    return settings.databases[db_name].iam_users


def all_iam_users(settings: _Databases) -> tuple[str, ...]:
    """Users with IAM tokens of all databases of the server."""
    further = (user for named in settings.databases.values() for user in named.iam_users)
    return (*settings.iam_users, *further)
