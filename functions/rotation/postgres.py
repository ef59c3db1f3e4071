"""Alternating users of a PostgreSQL database, with one role that owns what either makes.

Each user is a member of the owner role and becomes it at login (`ALTER ROLE ... SET role`), so
tables, sequences and functions belong to the owner, and the other user may alter and drop them.
"""

import ssl
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Protocol, cast

import pg8000.native as driver

from . import alternating, further_database, postgres_rights, scram, tls
from .configuration import OWNER_SUFFIX, DatabaseSpec
from .credentials import Login, parse_login
from .errors import RotationError
from .master import LoginRefusedError, MasterSecret

TIMEOUT = 10  # seconds, for a connection and for each answer
APPLICATION = "secret-rotation"
# SQLSTATE: invalid authorization, invalid password, and no right to connect, as to a database that
# was made anew.
REFUSED = ("28000", "28P01", "42501")
# One number for all that this function does in a database: grants of two secrets at once would
# change the same rows of the catalogue, which PostgreSQL refuses.
LOCK = 7_265_746_100


class Session(Protocol):
    """What is used of the driver's connection."""

    def run(self, sql: str, **parameters: Any) -> list[list[Any]]: ...
    def close(self) -> None: ...


def connect(spec: DatabaseSpec, login: Login, database: str | None = None) -> Session:
    """Log in over verified TLS, to `dbname` unless another one is named.

    Raises LoginRefusedError, or RotationError without a server.
    """
    context = tls.verified(tls.database_bundle(spec.ca_bundle))
    with _plain_errors(spec, f"a login as {login.username}"):
        return cast(
            "Session",
            driver.Connection(
                login.username,
                host=spec.host,
                port=spec.port,
                database=database or spec.dbname,
                password=login.password,
                ssl_context=context,
                timeout=TIMEOUT,
                application_name=APPLICATION,
            ),
        )


class PostgresUsers:
    """The pair of users of one secret."""

    def __init__(
        self, spec: DatabaseSpec, master: MasterSecret, others: frozenset[str] = frozenset()
    ) -> None:
        self._spec = spec
        self._master = master
        self._others = others

    def make_database(self) -> None:
        """Make the database where it is a further one of its server, and keep it to its users."""
        initial = self._spec.initial_database
        if initial is None:
            return
        session = self._master.connect(lambda master: connect(self._spec, master, initial))
        try:
            with _plain_errors(self._spec, f"making database {self._spec.dbname}"):
                session.run(f"SELECT pg_advisory_lock({LOCK})")
                further_database.make(session, self._spec.dbname)
                for name in (initial, self._spec.dbname):
                    further_database.keep_to_its_users(session, name, OWNER_SUFFIX)
        finally:
            session.close()

    def propose(self, current: str | None) -> str:
        return alternating.propose(self._spec, current)

    def fits(self, value: str) -> bool:
        if not alternating.is_of(self._spec, value):
            return False
        try:
            connect(self._spec, parse_login(value, "The current value")).close()
        except LoginRefusedError:
            return False
        return True

    def apply(self, pending: str, live: str | None, former: str | None) -> None:
        login = alternating.idle_login(self._spec, pending, live)
        session = self._master.connect(lambda master: connect(self._spec, master))
        try:
            with _plain_errors(self._spec, f"setting up user {login.username}"):
                # One transaction: a crash leaves all of it or nothing of it.
                session.run("BEGIN")
                session.run(f"SELECT pg_advisory_xact_lock({LOCK})")
                self._make_owner(session)
                self._make_user(session, login)
                self._take_over(session, live)
                postgres_rights.share(session, self._spec.owner)
                for name in alternating.retired(self._spec, former, live, self._others):
                    self._lock(session, name)
                left = alternating.left_database(self._spec, former, live)
                if left is not None:
                    further_database.leave(session, left, self._spec.owner)
                if live is None or not alternating.is_of(self._spec, live):
                    # The first value for this database: later on, what others make in it and keep
                    # to themselves is their affair.
                    postgres_rights.check_roles(session, (self._spec.owner, login.username))
                    postgres_rights.check_objects(session, self._spec.owner, OWNER_SUFFIX)
                session.run("COMMIT")
        finally:
            session.close()

    def verify(self, value: str) -> None:
        login = parse_login(value, "The pending value")
        try:
            session = connect(self._spec, login)
        except LoginRefusedError:
            self._check_database_as_master()
            raise
        try:
            with _plain_errors(self._spec, f"a query as {login.username}"):
                role = session.run("SELECT current_user")[0][0]
                if role == self._spec.owner:
                    postgres_rights.check_database(session, self._spec.dbname, role)
        finally:
            session.close()
        if role != self._spec.owner:
            raise RotationError(
                f"{login.username} acts as {role}, not as {self._spec.owner}: what it makes would "
                "belong to it alone. Run the rotation again"
            )

    def _check_database_as_master(self) -> None:
        """Say what the owner role lacks where its users can't so much as connect."""
        session = self._master.connect(lambda master: connect(self._spec, master))
        try:
            with _plain_errors(self._spec, f"a question about {self._spec.owner}"):
                postgres_rights.check_database(session, self._spec.dbname, self._spec.owner)
        finally:
            session.close()

    def make_token_users(self) -> None:
        """Make the users that sign in with an IAM token; each acts as the owner, as the pair does.

        RDS takes no password of a member of `rds_iam` ("Creating a database account using IAM
        authentication", Amazon RDS User Guide, 2026-11), so it gets none.
        """
        if not self._spec.token_users:
            return
        owner = driver.identifier(self._spec.owner)
        session = self._master.connect(lambda master: connect(self._spec, master))
        try:
            for name in self._spec.token_users:
                user = driver.identifier(name)
                with _plain_errors(self._spec, f"setting up user {name}"):
                    session.run("BEGIN")
                    session.run(f"SELECT pg_advisory_xact_lock({LOCK})")
                    if not self._role_exists(session, name):
                        session.run(f"CREATE ROLE {user} LOGIN")
                    session.run(f"GRANT rds_iam, {owner} TO {user}")
                    session.run(f"ALTER ROLE {user} SET role TO {owner}")
                    postgres_rights.check_roles(session, (name,))
                    session.run("COMMIT")
        finally:
            session.close()

    def _make_owner(self, session: Session) -> None:
        owner, database = (
            driver.identifier(name) for name in (self._spec.owner, self._spec.dbname)
        )
        if not self._role_exists(session, self._spec.owner):
            session.run(f"CREATE ROLE {owner} NOLOGIN")
        session.run(f"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {owner}")
        if session.run("SELECT FROM pg_namespace WHERE nspname = 'public'"):
            session.run(f"GRANT USAGE, CREATE ON SCHEMA public TO {owner}")

    def _make_user(self, session: Session, login: Login) -> None:
        owner, user = (driver.identifier(name) for name in (self._spec.owner, login.username))
        if not self._role_exists(session, login.username):
            session.run(f"CREATE ROLE {user}")
        session.run(f"GRANT {owner} TO {user}")
        session.run(f"ALTER ROLE {user} SET role TO {owner}")
        verifier = driver.literal(scram.verifier(login.password))
        session.run(f"ALTER ROLE {user} LOGIN PASSWORD {verifier} VALID UNTIL 'infinity'")

    def _take_over(self, session: Session, live: str | None) -> None:
        """Where `user` is another one than before, its role owns what the former one's owns."""
        base = alternating.former_base(self._spec, live)
        if base is None or not self._is_of_pair(session, base, base):
            return
        former, owner = (
            driver.identifier(name) for name in (base + OWNER_SUFFIX, self._spec.owner)
        )
        session.run(f"GRANT {former} TO {owner}")

    def _lock(self, session: Session, user: str) -> None:
        if self._is_of_pair(session, user, alternating.base_of(user)):
            session.run(f"ALTER ROLE {driver.identifier(user)} NOLOGIN")

    @staticmethod
    def _is_of_pair(session: Session, user: str, base: str) -> bool:
        """Whether this function made the user: none but it lets one become such an owner role."""
        setting = f"role={base}{OWNER_SUFFIX}"
        return bool(
            session.run(
                "SELECT FROM pg_roles WHERE rolname = :user AND :setting = ANY(rolconfig)",
                user=user,
                setting=setting,
            )
        )

    @staticmethod
    def _role_exists(session: Session, role: str) -> bool:
        return bool(session.run("SELECT FROM pg_roles WHERE rolname = :role", role=role))


@contextmanager
def _plain_errors(spec: DatabaseSpec, what: str) -> Generator[None]:
    """Turn the driver's errors into ones with a SQLSTATE and no text of the statement."""
    try:
        yield
    except driver.DatabaseError as error:
        detail: object = error.args[0] if error.args else None
        fields = cast("dict[str, str]", detail) if isinstance(detail, dict) else {}
        state = fields.get("C", "unknown")
        kind = LoginRefusedError if state in REFUSED else RotationError
        text = f"PostgreSQL at {spec.host} refused {what} (SQLSTATE {state})"
    except ssl.SSLError as error:
        kind, text = RotationError, tls.complaint(spec.host, error)
    except (driver.InterfaceError, OSError) as error:
        kind = RotationError
        text = f"No connection to PostgreSQL at {spec.host}:{spec.port} ({type(error).__name__})"
    else:
        return
    raise kind(text)
