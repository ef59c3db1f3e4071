"""Alternating users of a MySQL or MariaDB database.

There is no role here, on purpose. In these servers no user owns a table: what one may do to it
follows from grants on the schema, and both users are given the same, so either may alter and drop
what the other made. A shared role would be weaker: RDS for MariaDB's master may not set
another user's default role, MySQL 5.7 has none, and MariaDB runs views and routines of a definer
without the definer's roles.
"""

import hashlib
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
# Logins that are refused for the password's or the account's sake: ER_ACCESS_DENIED_ERROR,
# ER_MUST_CHANGE_PASSWORD_LOGIN, and a locked account's number in MySQL and in MariaDB.
REFUSED = (1045, 1862, 3118, 4151)
CANNOT_USER = 1396  # ER_CANNOT_USER: here, that the user exists
NO_SUCH_GRANT = 1141  # ER_NONEXISTING_GRANT
OPTION_PREVENTS = 1290  # ER_OPTION_PREVENTS_STATEMENT: here, strict_password_validation
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

    def __init__(
        self, spec: DatabaseSpec, master: MasterSecret, others: frozenset[str] = frozenset()
    ) -> None:
        self._spec = spec
        self._master = master
        self._others = others

    def make_database(self) -> None:
        """Make the database where it is a further one of its server.

        Who has no rights on a schema of these servers does not so much as see it.
        """
        if self._spec.initial_database is None:
            return
        session = self._master.connect(lambda master: connect(self._spec, master))
        try:
            with _plain_errors(self._spec, f"making database {self._spec.dbname}"):
                name = self._spec.dbname.replace("`", "``")
                session.cursor().execute(f"CREATE DATABASE IF NOT EXISTS `{name}`")
        finally:
            session.close()

    def propose(self, current: str | None) -> str:
        return alternating.propose(self._spec, current)

    def fits(self, value: str) -> bool:
        return alternating.is_of(self._spec, value) and self._accepts(
            parse_login(value, "The current value")
        )

    def apply(self, pending: str, live: str | None, former: str | None) -> None:
        login = alternating.idle_login(self._spec, pending, live)
        session = self._master.connect(lambda master: connect(self._spec, master))
        user = (login.username, ANY_HOST)
        # MySQL has no transaction around these; each may be repeated.
        try:
            with _plain_errors(self._spec, f"setting up user {login.username}"):
                cursor = session.cursor()
                created = self._create(cursor, login)
                if not created:
                    cursor.execute("ALTER USER %s@%s REQUIRE SSL ACCOUNT UNLOCK", user)
                cursor.execute(f"GRANT {PRIVILEGES} ON {self._schema()}.* TO %s@%s", user)
            # A password history refuses a password that is set a second time, so a step that is
            # repeated asks first whether the server has it.
            if not created and not self._accepts(login):
                with _plain_errors(self._spec, f"a new password of {login.username}"):
                    self._identified(cursor, "ALTER USER %s@%s", login)
            for name in alternating.retired(self._spec, former, live, self._others):
                with _plain_errors(self._spec, f"locking the former user {name}"):
                    cursor.execute("ALTER USER IF EXISTS %s@%s ACCOUNT LOCK", (name, ANY_HOST))
            left = alternating.left_database(self._spec, former, live)
            if left is not None:
                self._leave(cursor, left)
        finally:
            session.close()

    def make_token_users(self) -> None:
        """Make the users that sign in with an IAM token, with the pair's rights on the schema.

        Source: "Creating a database account using IAM authentication", Amazon RDS User Guide,
        2026-11.
        """
        if not self._spec.token_users:
            return
        session = self._master.connect(lambda master: connect(self._spec, master))
        try:
            cursor = session.cursor()
            for name in self._spec.token_users:
                with _plain_errors(self._spec, f"setting up user {name}"):
                    cursor.execute(
                        "CREATE USER IF NOT EXISTS %s@%s "
                        "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
                        (name, ANY_HOST),
                    )
                    cursor.execute(
                        f"GRANT {PRIVILEGES} ON {self._schema()}.* TO %s@%s", (name, ANY_HOST)
                    )
        finally:
            session.close()

    def _create(self, cursor: Cursor, login: Login) -> bool:
        """Make the user; False where it is there already."""
        try:
            self._identified(cursor, "CREATE USER %s@%s", login)
        except pymysql.MySQLError as error:
            if error.args[:1] == (CANNOT_USER,):
                return False
            raise
        return True

    def _identified(self, cursor: Cursor, statement: str, login: Login) -> None:
        """CREATE or ALTER a user with its password.

        MariaDB writes statements to its logs as they come, so it gets the hash. MySQL takes
        passwords out of what it logs ("Passwords and Logging", MySQL, 2026-11). A MariaDB with a
        plugin that validates passwords refuses hashes and has to see the password.
        """
        user = (login.username, ANY_HOST)
        plain = f"{statement} IDENTIFIED BY %s REQUIRE SSL"
        if self._spec.engine != "mariadb":
            cursor.execute(plain, (*user, login.password))
            return
        try:
            cursor.execute(
                f"{statement} IDENTIFIED BY PASSWORD %s REQUIRE SSL",
                (*user, native_hash(login.password)),
            )
        except pymysql.MySQLError as error:
            # ALTER hides the reason behind 1396, which CREATE gives of a user that is there.
            hidden = CANNOT_USER if statement.startswith("ALTER") else OPTION_PREVENTS
            if error.args[0] not in (OPTION_PREVENTS, hidden):
                raise
            cursor.execute(plain, (*user, login.password))

    def _accepts(self, login: Login) -> bool:
        try:
            connect(self._spec, login, self._spec.dbname).close()
        except LoginRefusedError:
            return False
        return True

    def verify(self, value: str) -> None:
        login = parse_login(value, "The pending value")
        session = connect(self._spec, login, self._spec.dbname)
        try:
            with _plain_errors(self._spec, f"a query as {login.username}"):
                session.cursor().execute("SELECT 1")
        finally:
            session.close()

    def _leave(self, cursor: Cursor, database: str) -> None:
        """Take the pair's rights on a database that the secret was of before."""
        for name in alternating.pair(self._spec):
            with _plain_errors(self._spec, f"taking the rights of {name} on {database}"):
                try:
                    cursor.execute(
                        f"REVOKE {PRIVILEGES} ON {_pattern(database)}.* FROM %s@%s",
                        (name, ANY_HOST),
                    )
                except pymysql.MySQLError as error:
                    if error.args[:1] != (NO_SUCH_GRANT,):
                        raise

    def _schema(self) -> str:
        return _pattern(self._spec.dbname)


def _pattern(schema: str) -> str:
    """A schema's name for GRANT, where `_` and `%` would match other schemas too."""
    name = schema.replace("`", "``").replace("_", r"\_")
    return "`" + name.replace("%", r"\%%") + "`"  # the driver reads %% as one %


def native_hash(password: str) -> str:
    """The stored form of mysql_native_password: SHA-1 of SHA-1 in hexadecimal, after a `*`.

    SHA-1 is the server's choice, not ours; the password has 280 bits to guess.
    """
    once = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
    return "*" + hashlib.sha1(once, usedforsecurity=False).hexdigest().upper()


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
            kind = LoginRefusedError if number in REFUSED else RotationError
            text = f"MySQL at {spec.host} refused {what} (error {number})"
    else:
        return
    raise kind(text)
