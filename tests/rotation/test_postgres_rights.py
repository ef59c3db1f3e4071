"""PostgreSQL servers on which others made tables, roles and grants before the secret came."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from rotation_certificates import HOST
from rotation_servers import MASTER, MASTER_PASSWORD, postgres_admin
from rotation_systems import System
from used_servers import POSTGRES, NewSystem, run_as_client, spec

from functions.rotation.errors import RotationError

pytestmark = pytest.mark.servers


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
