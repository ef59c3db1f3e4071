"""What a PostgreSQL role may do with what is in a database already, and what it lacks.

A database that was restored, or that the master's own login filled, holds objects of others. GRANT
without the right to grant is a warning in PostgreSQL, so what came of it is asked for. Source:
"GRANT" and "Access Privilege Inquiry Functions", PostgreSQL documentation, 2026-11.
"""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

import pg8000.native as driver

from .errors import RotationError

NAMED = 5  # objects that an error names; it says how many more there are
AT_ONCE = 500  # objects of one GRANT
# Relations that a person made: not the server's own, and not an extension's.
MADE = """
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i')
    )
"""
USABLE = """(CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(:owner, c.oid, 'USAGE')
    ELSE has_table_privilege(:owner, c.oid, 'SELECT') END)"""
WHOLE = """(CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(:owner, c.oid, 'UPDATE')
    ELSE has_table_privilege(:owner, c.oid, 'SELECT')
    AND has_table_privilege(:owner, c.oid, 'INSERT')
    AND has_table_privilege(:owner, c.oid, 'UPDATE')
    AND has_table_privilege(:owner, c.oid, 'DELETE') END)"""
ATTRIBUTES = {
    "rolsuper": "SUPERUSER",
    "rolcreaterole": "CREATEROLE",
    "rolcreatedb": "CREATEDB",
    "rolreplication": "REPLICATION",
    "rolbypassrls": "BYPASSRLS",
}


class Session(Protocol):
    """What is used of the driver's connection."""

    def run(self, sql: str, **parameters: Any) -> list[list[Any]]: ...


def share(session: Session, owner: str) -> None:
    """Grant `owner` what belongs to whoever the session is: schemas, tables, views, sequences."""
    role = driver.identifier(owner)
    schemas = session.run(
        "SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = current_user "
        "AND nspname !~ '^pg_' AND NOT (has_schema_privilege(:owner, oid, 'USAGE') "
        "AND has_schema_privilege(:owner, oid, 'CREATE'))",
        owner=owner,
    )
    if schemas:
        names = ", ".join(driver.identifier(name) for (name,) in schemas)
        session.run(f"GRANT USAGE, CREATE ON SCHEMA {names} TO {role}")
    found = session.run(
        f"SELECT n.nspname, c.relname, c.relkind = 'S' {MADE} "
        f"AND pg_get_userbyid(c.relowner) = current_user AND NOT {WHOLE}",
        owner=owner,
    )
    for kind, sequences in (("TABLE", False), ("SEQUENCE", True)):
        names = [_dotted(row) for row in found if row[2] is sequences]
        for start in range(0, len(names), AT_ONCE):
            session.run(
                f"GRANT ALL ON {kind} {', '.join(names[start : start + AT_ONCE])} TO {role}"
            )


def check_database(session: Session, database: str, role: str) -> None:
    """Refuse a role that can't work in the database the session is in, whoever the session is.

    Raises:
        RotationError: names each privilege that is missing and the statement that gives it.
    """
    missing = [
        f"{privilege} ON DATABASE {driver.identifier(database)}"
        for privilege in ("CONNECT", "CREATE", "TEMPORARY")
        if not _may(
            session, f"has_database_privilege(:role, current_database(), '{privilege}')", role
        )
    ]
    if session.run("SELECT FROM pg_namespace WHERE nspname = 'public'"):
        missing += [
            f"{privilege} ON SCHEMA public"
            for privilege in ("USAGE", "CREATE")
            if not _may(session, f"has_schema_privilege(:role, 'public', '{privilege}')", role)
        ]
    if missing:
        grants = "; ".join(f"GRANT {item} TO {driver.identifier(role)}" for item in missing)
        raise RotationError(
            f"{role} lacks {', '.join(missing)}, which the master may not grant. "
            f"As their owner run: {grants}"
        )


def check_objects(session: Session, owner: str, pair_suffix: str) -> None:
    """Refuse a database whose tables belong to others and can't be read.

    Args:
        pair_suffix: what the owner roles of other secrets' users end in, whose tables are theirs.

    Raises:
        RotationError: names tables, their owners and the statements that let `owner` in.
    """
    closed = session.run(
        f"SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner) {MADE} AND NOT ({USABLE} "
        "AND has_schema_privilege(:owner, n.oid, 'USAGE')) "
        "AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = c.relowner AND NOT r.rolcanlogin "
        "AND right(r.rolname, length(:suffix)) = :suffix) ORDER BY 3, 1, 2",
        owner=owner,
        suffix=pair_suffix,
    )
    if not closed:
        return
    named = ", ".join(_dotted(row) for row in closed[:NAMED])
    more = f" and {len(closed) - NAMED} more" if len(closed) > NAMED else ""
    owners: Sequence[str] = sorted({row[2] for row in closed})
    grants = "; ".join(
        f"GRANT {driver.identifier(name)} TO {driver.identifier(owner)}" for name in owners
    )
    raise RotationError(
        f"{owner} may not use {named}{more}, which belong to {', '.join(owners)}. "
        f"As one who may grant it run: {grants}; then deploy again"
    )


def check_roles(session: Session, roles: Collection[str]) -> None:
    """Refuse to take over a role that may more than use its database.

    Raises:
        RotationError: names the role and its attributes.
    """
    found = session.run(
        f"SELECT rolname, {', '.join(ATTRIBUTES)} FROM pg_roles WHERE rolname = ANY(:roles)",
        roles=list(roles),
    )
    for name, *flags in found:
        held = [word for word, flag in zip(ATTRIBUTES.values(), flags, strict=True) if flag is True]
        if held:
            taken = " ".join(f"NO{word}" for word in held)
            raise RotationError(
                f"Role {name} was there already and has {', '.join(held)}, which no service needs. "
                f"Choose another `user`, or run: ALTER ROLE {driver.identifier(name)} {taken}"
            )


def _may(session: Session, question: str, role: str) -> bool:
    return session.run(f"SELECT {question}", role=role)[0][0] is True


def _dotted(row: Sequence[Any]) -> str:
    return f"{driver.identifier(row[0])}.{driver.identifier(row[1])}"
