"""Further databases of one PostgreSQL server: making one, and keeping each to its own users.

Everybody may connect to a new database until that is taken from PUBLIC. Who could connect so far
and is no user of this function's still may: each such login is granted CONNECT by name first.
Source: "CREATE DATABASE" and "Privileges", PostgreSQL documentation, 2026-11.
"""

from typing import Any, Protocol

import pg8000.native as driver

from .errors import RotationError

OPEN = """
    SELECT FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    WHERE d.datname = :database AND a.grantee = 0 AND a.privilege_type = 'CONNECT'
"""
# Users of pairs and those with IAM tokens become an owner role at login: theirs has its own grant.
LOGINS = """
    SELECT rolname FROM pg_roles r WHERE rolcanlogin AND NOT rolsuper
    AND NOT EXISTS (SELECT FROM unnest(rolconfig) setting
        WHERE setting LIKE 'role=%' AND right(setting, length(:suffix)) = :suffix)
"""
SHUT_OUT = f"""{LOGINS}
    AND rolname ~ '^rds' AND NOT has_database_privilege(oid, :database, 'CONNECT')
"""


class Session(Protocol):
    """What is used of the driver's connection."""

    def run(self, sql: str, **parameters: Any) -> list[list[Any]]: ...


def make(session: Session, database: str) -> None:
    """Make the database, which then belongs to the master, unless it is there."""
    if not session.run("SELECT FROM pg_database WHERE datname = :database", database=database):
        session.run(f"CREATE DATABASE {driver.identifier(database)}")


def keep_to_its_users(session: Session, database: str, pair_suffix: str) -> None:
    """Let nobody connect that has no grant of its own.

    Args:
        pair_suffix: what the owner roles of secrets' users end in.

    Raises:
        RotationError: the database belongs to a stranger; names the statement for its owner.
    """
    name = driver.identifier(database)
    if not session.run(OPEN, database=database):
        # RDS makes users of its own later too, as those of a proxy.
        for (role,) in session.run(SHUT_OUT, database=database, suffix=pair_suffix):
            session.run(f"GRANT CONNECT ON DATABASE {name} TO {driver.identifier(role)}")
        return
    logins = sorted(row[0] for row in session.run(LOGINS, suffix=pair_suffix))
    strangers = [driver.identifier(login) for login in logins]
    statements = [
        *([f"GRANT CONNECT ON DATABASE {name} TO {', '.join(strangers)}"] if strangers else []),
        f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC",
    ]
    session.run("BEGIN")
    for statement in statements:
        session.run(statement)
    session.run("COMMIT")
    if session.run(OPEN, database=database):
        raise RotationError(
            f"Everybody may connect to database {database}, which the master may not change. As "
            f"its owner run: {'; '.join(statements)}; then deploy again"
        )


def leave(session: Session, database: str, owner: str) -> None:
    """Take an owner role's rights on a database that its secret was of before."""
    if session.run("SELECT FROM pg_database WHERE datname = :database", database=database):
        session.run(
            f"REVOKE ALL ON DATABASE {driver.identifier(database)} FROM {driver.identifier(owner)}"
        )
