"""Databases that are not empty, users that exist, configurations that change: on real servers."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from rotation_servers import mysql_admin, postgres_admin
from rotation_systems import KINDS, System
from used_servers import POSTGRES, NewSystem, run_as_client, spec, value

from functions.rotation.errors import RotationError

pytestmark = pytest.mark.servers
DATABASES = (*POSTGRES, "mysql")


# MySQL and MariaDB


@contextmanager
def no_password_twice(system: System) -> Iterator[None]:
    """MariaDB's password history, which MySQL 8 has as `password_history`."""
    admin = mysql_admin(system.server)
    with admin.cursor() as cursor:
        cursor.execute("INSTALL SONAME 'password_reuse_check'")
        try:
            yield
        finally:
            cursor.execute("UNINSTALL SONAME 'password_reuse_check'")
    admin.close()


def test_every_step_may_be_repeated_where_the_server_remembers_passwords(
    new_system: NewSystem,
) -> None:
    system = new_system("mysql")
    with no_password_twice(system):
        system.service.initialize(system.secret)
        assert system.accepts(value(system))
        for _ in range(3):
            token = system.service.start(system.secret)
            for step in ("createSecret", "setSecret", "setSecret", "testSecret", "finishSecret"):
                system.service.step(system.secret, token, step)
            assert system.accepts(value(system))


def test_a_mysql_server_that_logs_statements_never_sees_a_password(new_system: NewSystem) -> None:
    system = new_system("mysql")
    admin = mysql_admin(system.server)
    with admin.cursor() as cursor:
        cursor.execute("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = 1")
        try:
            system.service.initialize(system.secret)
            for _ in range(2):
                system.service.rotate(system.secret)
        finally:
            cursor.execute("SET GLOBAL general_log = 0, GLOBAL log_output = 'FILE'")
        cursor.execute("SELECT argument FROM mysql.general_log")
        log = "\n".join(str(row[0]) for row in cursor.fetchall())
    admin.close()
    assert "CREATE USER" in log
    passwords = {json.loads(held)["password"] for held in system.service.all_values(system.secret)}
    assert len(passwords) == 3
    assert not [password for password in passwords if password in log]


def test_the_hash_that_mariadb_gets_is_the_one_it_makes_itself(new_system: NewSystem) -> None:
    from functions.rotation.mysql import native_hash

    admin = mysql_admin(new_system("mysql").server)
    with admin.cursor() as cursor:
        for password in ("a", "Pass-word9", "x" * 79):
            cursor.execute("SELECT PASSWORD(%s)", (password,))
            assert cursor.fetchone() == (native_hash(password),)
    admin.close()


def test_a_locked_twin_is_unlocked_when_its_turn_comes(new_system: NewSystem) -> None:
    for kind in DATABASES:
        system = new_system(kind)
        system.service.initialize(system.secret)
        system.service.rotate(system.secret)
        idle = spec(system)["user"]
        if kind == "mysql":
            admin = mysql_admin(system.server)
            with admin.cursor() as cursor:
                cursor.execute(f"ALTER USER {idle}@'%' ACCOUNT LOCK")
            admin.close()
        else:
            with postgres_admin(system.server, "postgres") as admin:
                admin.execute(f"ALTER ROLE {idle} NOLOGIN")
        system.service.rotate(system.secret)
        assert json.loads(value(system))["username"] == idle
        assert system.accepts(value(system))


@pytest.mark.parametrize("kind", DATABASES)
def test_first_values_of_one_database_are_made_at_once(kind: str, new_system: NewSystem) -> None:
    systems = [new_system(kind) for _ in range(4)]
    for system in systems:
        for name in ("dbname", "master"):
            spec(system)[name] = spec(systems[0])[name]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda system: system.service.initialize(system.secret), systems))
    assert all(system.accepts(value(system)) for system in systems)


# What the secret is of changes


@pytest.mark.parametrize("kind", DATABASES)
def test_former_users_are_locked_once_no_value_names_them(kind: str, new_system: NewSystem) -> None:
    system = new_system(kind)
    system.service.initialize(system.secret)
    values = [value(system)]
    system.service.rotate(system.secret)
    values.append(value(system))
    run_as_client(system, "CREATE TABLE orders (id int)")
    spec(system)["user"] = f"{spec(system)['user']}x"
    system.service.rotate(system.secret)
    assert system.accepts(values[1])  # whoever is one rotation late goes on working
    run_as_client(system, "SELECT * FROM orders", "ALTER TABLE orders ADD COLUMN note int")
    for _ in range(2):
        system.service.rotate(system.secret)
    assert [system.accepts(held) for held in values] == [False, False]
    run_as_client(system, "SELECT note FROM orders", "DROP TABLE orders")


@pytest.mark.parametrize("kind", DATABASES)
def test_a_user_that_another_secret_has_taken_over_stays(kind: str, new_system: NewSystem) -> None:
    first, second = new_system(kind), new_system(kind)
    first.service.initialize(first.secret)
    former = spec(first)["user"]
    spec(first)["user"] = f"{former}x"
    first.service.rotate(first.secret)
    spec(second)["user"], spec(second)["dbname"] = former, spec(first)["dbname"]
    second.service.initialize(second.secret)
    for _ in range(3):
        first.service.rotate(first.secret)
    assert second.accepts(value(second))


@pytest.mark.parametrize("kind", DATABASES)
def test_a_user_that_a_value_written_by_hand_names_is_left_alone(
    kind: str, new_system: NewSystem
) -> None:
    stranger, system = new_system(kind), new_system(kind)
    stranger.service.initialize(stranger.secret)
    system.service.initialize(system.secret)
    held = json.loads(value(stranger))
    system.service.client.put_secret_value(
        SecretId=system.secret,
        SecretString=json.dumps({"username": held["username"], "password": held["password"]}),
    )
    for _ in range(3):
        system.service.rotate(system.secret)
    assert stranger.accepts(value(stranger))


@pytest.mark.parametrize("kind", DATABASES)
def test_a_renamed_user_is_made_at_the_next_deployment(kind: str, new_system: NewSystem) -> None:
    system = new_system(kind)
    first = system.service.initialize(system.secret)
    former = value(system)
    spec(system)["user"] = f"{spec(system)['user']}x"
    made = system.service.initialize(system.secret)
    assert made != first
    assert json.loads(value(system))["username"] == spec(system)["user"]
    assert system.accepts(value(system))
    assert system.accepts(former)
    assert system.service.initialize(system.secret) == made


@pytest.mark.parametrize("kind", KINDS)
def test_a_moved_server_is_in_the_value_after_the_next_deployment(
    kind: str, new_system: NewSystem
) -> None:
    system = new_system(kind)
    system.service.initialize(system.secret)
    former = json.loads(value(system))
    held = {**former, "host": "former.example.com"}
    system.service.client.put_secret_value(SecretId=system.secret, SecretString=json.dumps(held))
    system.service.initialize(system.secret)
    assert json.loads(value(system))["host"] == former["host"]
    assert system.accepts(value(system))


@pytest.mark.parametrize("kind", DATABASES)
def test_a_value_that_a_restored_server_refuses_is_made_anew(
    kind: str, new_system: NewSystem
) -> None:
    system = new_system(kind)
    system.service.initialize(system.secret)
    user = spec(system)["user"]
    if kind == "mysql":
        admin = mysql_admin(system.server)
        with admin.cursor() as cursor:
            cursor.execute(f"ALTER USER {user}@'%' IDENTIFIED BY 'of-the-snapshot'")
        admin.close()
    else:
        with postgres_admin(system.server, "postgres") as admin:
            admin.execute(f"ALTER ROLE {user} PASSWORD 'of-the-snapshot'")
    assert not system.accepts(value(system))
    system.service.initialize(system.secret)
    assert system.accepts(value(system))


@pytest.mark.parametrize("kind", DATABASES)
def test_a_pending_password_beyond_ascii_is_refused_by_name(
    kind: str, new_system: NewSystem
) -> None:
    system = new_system(kind)
    system.service.initialize(system.secret)
    token = system.service.start(system.secret)
    user = f"{spec(system)['user']}_clone"
    system.service.client.put_secret_value(
        SecretId=system.secret,
        ClientRequestToken=token,
        SecretString=json.dumps({"username": user, "password": "pässword"}),
        VersionStages=["AWSPENDING"],
    )
    with pytest.raises(RotationError, match="beyond ASCII"):
        system.service.step(system.secret, token, "setSecret")
    assert system.accepts(value(system))
