"""Databases that are not empty, users that exist, configurations that change: on real servers."""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from rotation_certificates import HOST
from rotation_servers import MASTER, MASTER_PASSWORD, mysql_admin, postgres_admin
from rotation_systems import KINDS, System

from functions.rotation.errors import RotationError

pytestmark = pytest.mark.servers

NewSystem = Callable[[str], System]
POSTGRES = ("postgres", "newest postgres")
DATABASES = (*POSTGRES, "mysql")


def spec(system: System) -> dict[str, Any]:
    return system.service.specs[system.secret]


def value(system: System) -> str:
    return system.service.value(system.secret)


@contextmanager
def as_master(system: System) -> Iterator[Any]:
    connection = psycopg.connect(
        host=HOST,
        port=system.server.port,
        user=MASTER,
        password=MASTER_PASSWORD,
        dbname=str(spec(system)["dbname"]),
        sslmode="require",
        autocommit=True,
    )
    with connection:
        yield connection


def run_as_client(system: System, *statements: str) -> None:
    client = system.log_in(value(system))
    try:
        for statement in statements:
            client.connection.cursor().execute(statement)  # type: ignore[attr-defined]
    finally:
        client.close()


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


# PostgreSQL


@pytest.mark.parametrize("kind", POSTGRES)
def test_the_first_user_may_use_what_the_master_made(kind: str, new_system: NewSystem) -> None:
    system = new_system(kind)
    with as_master(system) as master:
        master.execute("CREATE SCHEMA shop")
        for schema in ("public", "shop"):
            master.execute(f'CREATE TABLE {schema}."Orders" (id serial PRIMARY KEY, note text)')
            master.execute(f'CREATE VIEW {schema}.recent AS SELECT * FROM {schema}."Orders"')
            master.execute(f"CREATE SEQUENCE {schema}.numbers")
    system.service.initialize(system.secret)
    for _ in range(2):
        for schema in ("public", "shop"):
            run_as_client(
                system,
                f"INSERT INTO {schema}.\"Orders\" (note) VALUES ('new')",
                f"UPDATE {schema}.\"Orders\" SET note = 'paid'",
                f"SELECT * FROM {schema}.recent",
                f"SELECT nextval('{schema}.numbers')",
                f'DELETE FROM {schema}."Orders"',
            )
        system.service.rotate(system.secret)
    with as_master(system) as master:
        master.execute("CREATE TABLE later (id int)")
    system.service.rotate(system.secret)
    run_as_client(system, "SELECT * FROM later", "CREATE TABLE shop.own (id int)")


@pytest.mark.parametrize("kind", POSTGRES)
@pytest.mark.parametrize("schema", ["public", "elsewhere"])
def test_tables_of_a_stranger_are_named_with_the_grant_that_opens_them(
    kind: str, schema: str, new_system: NewSystem
) -> None:
    system = new_system(kind)
    owner = f"{spec(system)['user']}_owner"
    with postgres_admin(system.server, str(spec(system)["dbname"])) as admin:
        admin.execute(f"CREATE ROLE legacy_{owner} LOGIN")
        admin.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for number in range(7):
            admin.execute(f"CREATE TABLE {schema}.t{number} (id int)")
            admin.execute(f"ALTER TABLE {schema}.t{number} OWNER TO legacy_{owner}")
        admin.execute(f"GRANT USAGE ON SCHEMA {schema} TO legacy_{owner}")
    with pytest.raises(RotationError) as refused:
        system.service.initialize(system.secret)
    text = str(refused.value)
    assert f'"{schema}"."t0"' in text or f"{schema}.t0" in text
    assert "and 2 more" in text
    (grant,) = re.findall(r"run: (GRANT .+ TO .+?);", text)
    with postgres_admin(system.server, "postgres") as admin:
        assert not admin.execute(
            "SELECT FROM pg_roles WHERE rolname = %s", (spec(system)["user"],)
        ).fetchall()  # nothing half-made
        admin.execute(f"CREATE ROLE {owner} NOLOGIN")
        admin.execute(f"GRANT {owner} TO {MASTER} WITH ADMIN OPTION")
        admin.execute(grant)
    system.service.initialize(system.secret)
    run_as_client(system, f"SELECT * FROM {schema}.t0", f"DROP TABLE {schema}.t1")


@pytest.mark.parametrize("kind", POSTGRES)
def test_tables_of_another_secrets_user_are_that_ones_affair(
    kind: str, new_system: NewSystem
) -> None:
    first, second = new_system(kind), new_system(kind)
    spec(second)["dbname"] = spec(first)["dbname"]
    spec(second)["master"] = spec(first)["master"]
    first.service.initialize(first.secret)
    run_as_client(first, "CREATE TABLE mine (id int)")
    second.service.initialize(second.secret)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run_as_client(second, "SELECT * FROM mine")


@pytest.mark.parametrize("kind", POSTGRES)
def test_rights_on_the_database_that_the_master_cannot_give_are_named(
    kind: str,
    new_system: NewSystem,
) -> None:
    system = new_system(kind)
    name, owner = spec(system)["dbname"], f"{spec(system)['user']}_owner"
    with postgres_admin(system.server, "postgres") as admin:
        admin.execute(f"CREATE ROLE former_{owner} NOLOGIN")
        admin.execute(f"ALTER DATABASE {name} OWNER TO former_{owner}")
    with pytest.raises(RotationError, match="lacks CREATE ON DATABASE") as refused:
        system.service.initialize(system.secret)
    assert "CREATE ON SCHEMA public" in str(refused.value)
    with postgres_admin(system.server, str(name)) as admin:
        for grant in str(refused.value).split("run: ")[1].split("; "):
            admin.execute(grant)
    system.service.initialize(system.secret)
    run_as_client(system, "CREATE TABLE t (id int)")


@pytest.mark.parametrize("kind", POSTGRES)
@pytest.mark.parametrize("attribute", ["BYPASSRLS", "SUPERUSER", "CREATEROLE"])
def test_a_role_that_may_more_is_not_taken_over(
    kind: str, attribute: str, new_system: NewSystem
) -> None:
    system = new_system(kind)
    user = spec(system)["user"]
    with postgres_admin(system.server, "postgres") as admin:
        admin.execute(f"CREATE ROLE {user} {attribute}")
    with pytest.raises(RotationError):
        system.service.initialize(system.secret)
    with postgres_admin(system.server, "postgres") as admin:
        row = admin.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", (user,))
        assert row.fetchone() == (False,)


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


# Users that sign in with IAM tokens


def make_rds_iam(admin: Any) -> None:
    """The role whose members RDS lets in with a token; RDS's master may grant it."""
    admin.execute(
        "DO $$ BEGIN CREATE ROLE rds_iam NOLOGIN; EXCEPTION WHEN duplicate_object THEN END $$"
    )
    admin.execute(f"GRANT rds_iam TO {MASTER} WITH ADMIN OPTION")


@pytest.mark.parametrize("kind", POSTGRES)
def test_users_with_iam_tokens_are_made_with_the_secret_and_act_as_its_owner(
    new_system: NewSystem, kind: str
) -> None:
    system = new_system(kind)
    name = f"reader_{spec(system)['user']}"
    spec(system)["tokenUsers"] = [name]
    with postgres_admin(system.server, "postgres") as admin:
        make_rds_iam(admin)
    before = system.service.initialize(system.secret)
    assert system.service.initialize(system.secret) == before
    with as_master(system) as master:
        found = master.execute(
            "SELECT rolcanlogin, rolsuper, rolconfig FROM pg_roles WHERE rolname = %s", (name,)
        ).fetchone()
        groups = master.execute(
            "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid "
            "WHERE m.member = %s::regrole ORDER BY 1",
            (name,),
        ).fetchall()
    owner = f"{spec(system)['user']}_owner"
    assert found == (True, False, [f"role={owner}"])
    assert {group for (group,) in groups} == {"rds_iam", owner}


def test_an_existing_superuser_gets_no_sign_in_by_token(new_system: NewSystem) -> None:
    system = new_system("postgres")
    name = f"root_{spec(system)['user']}"
    spec(system)["tokenUsers"] = [name]
    with postgres_admin(system.server, "postgres") as admin:
        make_rds_iam(admin)
        admin.execute(f"CREATE ROLE {name} CREATEDB LOGIN")
        admin.execute(f"GRANT {name} TO {MASTER} WITH ADMIN OPTION")
    with pytest.raises(RotationError, match="CREATEDB"):
        system.service.initialize(system.secret)
    with as_master(system) as master:
        groups = master.execute(
            "SELECT FROM pg_auth_members WHERE member = %s::regrole", (name,)
        ).fetchall()
    assert groups == []
