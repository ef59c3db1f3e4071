"""Alternating users of a MySQL or MariaDB database.

There is no role here, on purpose. In these servers no user owns a table: what one may do to it
follows from grants on the schema, and both users are given the same, so either may alter and drop
what the other made. A shared role would be weaker: RDS for MariaDB's master may not set
another user's default role, MySQL 5.7 has none, and MariaDB runs views and routines of a definer
without the definer's roles.
"""

import ssl
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Protocol, cast

import pymysql

from . import alternating, tls
from .configuration import DatabaseSpec
from .credentials import Login, parse_login
from .errors import RotationError
from .master import LoginRefusedError, MasterSecret

TIMEOUT = 10  # seconds, for a connection and for each answer
ACCESS_DENIED = 1045  # ER_ACCESS_DENIED_ERROR
# What there is to grant on a schema and RDS's master may grant in every version. Not ALL: into it
# MariaDB counts DELETE HISTORY from 10.3 on, which the master need not hold. Source: "Master user
# account privileges", Amazon RDS, 2026-11.
PRIVILEGES = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, "
    "CREATE TEMPORARY TABLES, LOCK TABLES, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, "
    "EXECUTE, EVENT, TRIGGER"
)
ANY_HOST = "%"  # which addresses may connect is the security group's to say


class Cursor(Protocol):
    """What is used of the driver's cursor."""

    def execute(self, query: str, args: tuple[str, ...] | None = None) -> int: ...


class Session(Protocol):
    """What is used of the driver's connection."""

    def cursor(self) -> Cursor: ...
    def close(self) -> None: ...


def connect(spec: DatabaseSpec, login: Login, database: str | None = None) -> Session:
    """Log in over verified TLS. Raises LoginRefusedError, or RotationError without a server."""
    open_session = cast("Any", pymysql.connect)
    context = tls.verified(tls.database_bundle(spec.ca_bundle))
    with _plain_errors(spec, f"a login as {login.username}"):
        return cast(
            "Session",
            open_session(
                host=spec.host,
                port=spec.port,
                user=login.username,
                password=login.password,
                database=database,
                ssl=context,
                connect_timeout=TIMEOUT,
                read_timeout=TIMEOUT,
                write_timeout=TIMEOUT,
                autocommit=True,
            ),
        )


class MysqlUsers:
    """The pair of users of one secret."""

    def __init__(self, spec: DatabaseSpec, master: MasterSecret) -> None:
        self._spec = spec
        self._master = master

    def propose(self, current: str | None) -> str:
        return alternating.propose(self._spec, current)

    def apply(self, pending: str, live: str | None) -> None:
        login = alternating.idle_login(self._spec, pending, live)
        session = self._master.connect(lambda master: connect(self._spec, master))
        user = (login.username, ANY_HOST)
        try:
            with _plain_errors(self._spec, f"setting up user {login.username}"):
                cursor = session.cursor()
                # MySQL has no transaction around these; each may be repeated.
                cursor.execute(
                    "CREATE USER IF NOT EXISTS %s@%s IDENTIFIED BY %s REQUIRE SSL",
                    (*user, login.password),
                )
                cursor.execute(f"GRANT {PRIVILEGES} ON {self._schema()}.* TO %s@%s", user)
                cursor.execute(
                    "ALTER USER %s@%s IDENTIFIED BY %s REQUIRE SSL", (*user, login.password)
                )
        finally:
            session.close()

    def verify(self, value: str) -> None:
        login = parse_login(value, "The pending value")
        session = connect(self._spec, login, self._spec.dbname)
        try:
            with _plain_errors(self._spec, f"a query as {login.username}"):
                session.cursor().execute("SELECT 1")
        finally:
            session.close()

    def _schema(self) -> str:
        """The schema's name for GRANT, where `_` and `%` would match other schemas too."""
        name = self._spec.dbname.replace("`", "``").replace("_", r"\_")
        return "`" + name.replace("%", r"\%%") + "`"  # the driver reads %% as one %


@contextmanager
def _plain_errors(spec: DatabaseSpec, what: str) -> Generator[None]:
    """Turn the driver's errors into ones with a number and no text: it can quote a statement."""
    try:
        yield
    except pymysql.MySQLError as error:
        cause = error.__context__
        number: object = error.args[0] if error.args else 0
        if isinstance(cause, ssl.SSLError):
            kind, text = RotationError, tls.complaint(spec.host, cause)
        elif isinstance(cause, OSError):
            kind, text = RotationError, f"No connection to MySQL at {spec.host}:{spec.port}"
        else:
            kind = LoginRefusedError if number == ACCESS_DENIED else RotationError
            text = f"MySQL at {spec.host} refused {what} (error {number})"
    else:
        return
    raise kind(text)
