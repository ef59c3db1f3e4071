"""What the two alternating users may do, and whom the function asks to make them so."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pymysql
import pytest
from rotation_crashes import Outbound
from rotation_servers import (
    MASTER,
    MASTER_PASSWORD,
    Server,
    mysql_admin,
    postgres_admin,
)
from rotation_systems import System

from functions.rotation.errors import RotationError
from functions.rotation.waiting import Waiting

pytestmark = pytest.mark.servers

NewSystem = Callable[[str], System]


def both_users(system: System) -> tuple[Any, Any]:
    """Connections with the first value and with the one after the first rotation."""
    system.service.initialize(system.secret)
    first = system.log_in(system.service.value(system.secret))
    system.service.rotate(system.secret)
    second = system.log_in(system.service.value(system.secret))
    return first.connection, second.connection  # type: ignore[attr-defined]


def test_what_one_postgres_user_makes_the_other_may_alter_and_drop(new_system: NewSystem) -> None:
    first, second = both_users(new_system("postgres"))
    for maker, other in ((first, second), (second, first)):
        maker.execute("CREATE TABLE orders (id serial PRIMARY KEY)")
        maker.execute("INSERT INTO orders DEFAULT VALUES")
        other.execute("ALTER TABLE orders ADD COLUMN note text")
        assert other.execute("SELECT count(*) FROM orders").fetchone() == (1,)
        other.execute("CREATE INDEX ON orders (note)")
        other.execute("DROP TABLE orders")
        maker.execute("CREATE SCHEMA reports")
        other.execute("CREATE TABLE reports.daily (day date)")
        maker.execute("DROP SCHEMA reports CASCADE")
    first.close()
    second.close()


def test_a_postgres_table_belongs_to_the_owner_role_even_after_a_pooler_resets_the_session(
    new_system: NewSystem,
) -> None:
    system = new_system("postgres")
    first, second = both_users(system)
    second.execute("DISCARD ALL")
    second.execute("CREATE TABLE orders (id int)")
    owner = second.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'orders'").fetchone()
    user = system.service.specs[system.secret]["user"]
    assert owner == (f"{user}_owner",)
    first.close()
    second.close()


def test_postgres_users_have_no_right_beyond_their_database(new_system: NewSystem) -> None:
    system = new_system("postgres")
    first, second = both_users(system)
    flags = second.execute(
        "SELECT bool_or(rolsuper), bool_or(rolcreaterole), bool_or(rolcreatedb), "
        "bool_or(rolbypassrls), bool_or(rolreplication) FROM pg_roles WHERE rolname ~ %s",
        (f"^{system.service.specs[system.secret]['user']}(_|$)",),
    ).fetchone()
    assert flags == (False,) * 5
    first.close()
    second.close()


def test_what_one_mysql_user_makes_the_other_may_alter_use_and_drop(new_system: NewSystem) -> None:
    first, second = both_users(new_system("mysql"))
    for maker, other in ((first, second), (second, first)):
        with maker.cursor() as makes, other.cursor() as works:
            makes.execute("CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY)")
            makes.execute("INSERT INTO orders VALUES (NULL)")
            works.execute("ALTER TABLE orders ADD COLUMN note text")
            makes.execute("CREATE VIEW recent AS SELECT * FROM orders")
            makes.execute("CREATE FUNCTION answer() RETURNS int DETERMINISTIC RETURN 42")
            assert works.execute("SELECT * FROM recent") == 1
            works.execute("SELECT answer()")
            assert works.fetchone() == (42,)
            works.execute("CREATE OR REPLACE VIEW recent AS SELECT id FROM orders")
            works.execute("DROP FUNCTION answer")
            works.execute("DROP VIEW recent")
            works.execute("DROP TABLE orders")
    first.close()
    second.close()


def test_a_mysql_schema_name_with_an_underscore_opens_no_other_schema(
    new_system: NewSystem,
) -> None:
    system = new_system("mysql")
    name = str(system.service.specs[system.secret]["dbname"])
    alike = name.replace("_", "x")
    admin = mysql_admin(system.server)
    with admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {alike}")
    admin.close()
    first, second = both_users(system)
    with second.cursor() as cursor, pytest.raises(pymysql.OperationalError, match="denied"):
        cursor.execute(f"CREATE TABLE {alike}.stolen (id int)")
    first.close()
    second.close()


def test_a_mysql_user_is_refused_without_tls(new_system: NewSystem) -> None:
    system = new_system("mysql")
    system.service.initialize(system.secret)
    held = json.loads(system.service.value(system.secret))
    with pytest.raises(pymysql.OperationalError, match="denied"):
        pymysql.connect(
            host=held["host"],
            port=held["port"],
            user=held["username"],
            password=held["password"],
            ssl_disabled=True,
        )


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_a_master_password_that_rds_changes_while_it_is_read_is_read_again(
    kind: str, new_system: NewSystem, outbound: Outbound
) -> None:
    system = new_system(kind)
    service = system.service
    master = str(service.specs[system.secret]["master"])
    changed = "changed-by-rds-a-moment-ago-2"
    _set_master_password(kind, system.server, changed)
    refusals = 0

    def rds_catches_up() -> None:
        # RDS has set the server's password already and the secret's only after a refusal of ours.
        nonlocal refusals
        refusals += 1
        value = json.dumps({"username": MASTER, "password": changed})
        service.client.put_secret_value(SecretId=master, SecretString=value)

    try:
        outside = service.outside
        service.outside = lambda: _with_pause(outside(), rds_catches_up)  # type: ignore[method-assign]
        service.initialize(system.secret)
        assert refusals == 1
    finally:
        _set_master_password(kind, system.server, MASTER_PASSWORD)
    assert system.accepts(service.value(system.secret))


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_a_master_who_stays_refused_is_reported_without_a_password(
    kind: str, new_system: NewSystem
) -> None:
    system = new_system(kind)
    system.service.specs[system.secret]["master"] = system.service.make_master(
        f"wrong-{kind}", MASTER, "never-was-the-password"
    )
    with pytest.raises(RotationError, match=f"refused a login as {MASTER}") as failure:
        system.service.initialize(system.secret)
    assert "never-was" not in str(failure.value)


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_a_pending_value_for_the_live_user_is_refused_before_the_server_hears_of_it(
    kind: str, new_system: NewSystem
) -> None:
    system = new_system(kind)
    service, secret = system.service, system.secret
    service.initialize(secret)
    live = service.value(secret)
    token = service.start(secret)
    forged = json.dumps(json.loads(live) | {"password": "of-somebody-who-may-write-secrets"})
    service.client.put_secret_value(
        SecretId=secret, ClientRequestToken=token, SecretString=forged, VersionStages=["AWSPENDING"]
    )
    with pytest.raises(RotationError, match="whom the current value uses"):
        service.run(secret, token)
    assert system.accepts(live)


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_a_database_that_nobody_answers_for_is_named(kind: str, new_system: NewSystem) -> None:
    system = new_system(kind)
    system.service.specs[system.secret]["port"] = 1
    with pytest.raises(RotationError, match="No connection to .* at localhost:1"):  # noqa: RUF043
        system.service.initialize(system.secret)


def test_a_postgres_user_that_lost_its_role_setting_is_not_promoted(new_system: NewSystem) -> None:
    system = new_system("postgres")
    service, secret = system.service, system.secret
    service.initialize(secret)
    token = service.start(secret)
    service.step(secret, token, "createSecret")
    service.step(secret, token, "setSecret")
    with postgres_admin(system.server, "postgres") as admin:
        admin.execute(f"ALTER ROLE {service.specs[secret]['user']}_clone RESET role")
    with pytest.raises(RotationError, match="would belong to it alone"):
        service.step(secret, token, "testSecret")
    service.run(secret, token)
    assert system.accepts(service.value(secret))


def _set_master_password(kind: str, server: Server, password: str) -> None:
    if kind == "postgres":
        with postgres_admin(server, "postgres") as admin:
            admin.execute(f"ALTER ROLE {MASTER} PASSWORD '{password}'")
        return
    connection = mysql_admin(server)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER USER {MASTER}@'%' IDENTIFIED BY '{password}'".replace("%", "%%"), ())
    connection.close()


def _with_pause(outside: Any, pause: Callable[[], None]) -> Any:
    return replace(outside, waiting=Waiting(lambda _seconds: pause()))


def test_postgres_refuses_the_former_password_of_the_idle_user_at_once(
    new_system: NewSystem,
) -> None:
    system = new_system("postgres")
    service, secret = system.service, system.secret
    service.initialize(secret)
    service.rotate(secret)
    idle = service.value(secret, "AWSPREVIOUS")
    token = service.start(secret)
    service.step(secret, token, "createSecret")
    service.step(secret, token, "setSecret")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        system.log_in(idle)
