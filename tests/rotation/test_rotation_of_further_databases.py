"""Several databases on one real server: made in place, each entered by its own users only."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pymysql
import pytest
from rotation_servers import MASTER, mysql_admin, postgres_admin
from rotation_systems import System
from used_servers import POSTGRES, NewSystem, run_as_client, spec, value

from functions.rotation.errors import RotationError

pytestmark = pytest.mark.servers
DATABASES = (*POSTGRES, "mysql")
REFUSED = (psycopg.Error, pymysql.MySQLError)


def two_on_one_server(new_system: NewSystem, kind: str) -> tuple[System, System]:
    """The secret of a server's first database, and that of a further one which is not there."""
    first, further = new_system(kind), new_system(kind)
    drop(further)
    spec(further)["initialDatabase"] = spec(first)["dbname"]
    spec(further)["master"] = spec(first)["master"]
    return first, further


def execute(system: System, statement: str, database: str = "") -> list[Any]:
    """As the server's administrator."""
    if system.kind == "mysql":
        admin = mysql_admin(system.server)
        with admin.cursor() as cursor:
            cursor.execute(statement)
            rows = list(cursor.fetchall())
        admin.close()
        return rows
    with postgres_admin(system.server, database or "postgres") as admin:
        asked: Any = admin
        found = asked.execute(statement)
        return found.fetchall() if found.description else []


def drop(system: System) -> None:
    execute(system, f"DROP DATABASE {spec(system)['dbname']}")


def is_there(system: System) -> bool:
    name = spec(system)["dbname"]
    asked = (
        f"SHOW DATABASES LIKE '{name}'"
        if system.kind == "mysql"
        else f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
    )
    return bool(execute(system, asked))


def in_database(system: System, dbname: str) -> str:
    """The secret's value, were it of another database."""
    held = json.loads(value(system))
    return json.dumps(
        {**held, "dbname": dbname, "url": held["url"].replace(f"/{held['dbname']}", f"/{dbname}")}
    )


def enters(system: System, dbname: str) -> bool:
    try:
        system.log_in(in_database(system, dbname)).close()
    except REFUSED:
        return False
    return True


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize("order", ["first one before", "further one before"])
def test_each_databases_users_enter_it_alone_now_and_after_rotations(
    kind: str, order: str, new_system: NewSystem
) -> None:
    first, further = two_on_one_server(new_system, kind)
    systems = (first, further) if order == "first one before" else (further, first)
    for system in systems:
        system.service.initialize(system.secret)
    for _ in range(3):
        for own, other in ((first, further), (further, first)):
            assert own.accepts(value(own))
            assert json.loads(value(own))["dbname"] == spec(own)["dbname"]
            assert not enters(own, str(spec(other)["dbname"]))
            table = f"t_{spec(own)['user']}"
            run_as_client(
                own, f"CREATE TABLE IF NOT EXISTS {table} (id int)", f"SELECT * FROM {table}"
            )
        for system in systems:
            system.service.rotate(system.secret)


def test_a_schema_says_nothing_to_the_other_ones_user(new_system: NewSystem) -> None:
    first, further = two_on_one_server(new_system, "mysql")
    for system in (first, further):
        system.service.initialize(system.secret)
    run_as_client(first, "CREATE TABLE orders (id int)")
    for statement in (
        f"SELECT * FROM {spec(first)['dbname']}.orders",
        f"USE {spec(first)['dbname']}",
        f"CREATE TABLE {spec(first)['dbname']}.mine (id int)",
    ):
        with pytest.raises(pymysql.MySQLError):
            run_as_client(further, statement)


@pytest.mark.parametrize("kind", DATABASES)
def test_a_second_deployment_changes_nothing(kind: str, new_system: NewSystem) -> None:
    first, further = two_on_one_server(new_system, kind)
    made = [system.service.initialize(system.secret) for system in (first, further)]
    shown = (
        "SELECT datname, datacl::text, datdba FROM pg_database ORDER BY 1"
        if kind != "mysql"
        else "SELECT * FROM mysql.db ORDER BY Host, Db, User"
    )
    before = execute(first, shown)
    again = [system.service.initialize(system.secret) for system in (first, further)]
    assert again == made
    assert execute(first, shown) == before


@pytest.mark.parametrize("kind", DATABASES)
def test_a_database_that_went_is_made_again_and_one_with_data_is_kept(
    kind: str, new_system: NewSystem
) -> None:
    _, further = two_on_one_server(new_system, kind)
    further.service.initialize(further.secret)
    run_as_client(further, "CREATE TABLE kept (id int)")
    further.service.initialize(further.secret)
    run_as_client(further, "SELECT * FROM kept")
    drop(further)
    further.service.initialize(further.secret)
    assert is_there(further)
    assert further.accepts(value(further))


@pytest.mark.parametrize("kind", DATABASES)
def test_two_secrets_of_a_new_database_are_filled_at_once(kind: str, new_system: NewSystem) -> None:
    first, further = two_on_one_server(new_system, kind)
    others = [further, *(new_system(kind) for _ in range(3))]
    for system in others:
        for name in ("dbname", "master", "initialDatabase"):
            spec(system)[name] = spec(further)[name]

    def fill(system: System) -> None:
        system.service.initialize(system.secret)

    with ThreadPoolExecutor(5) as threads:
        list(threads.map(fill, [first, *others]))
    assert all(system.accepts(value(system)) for system in (first, *others))
    assert not any(enters(system, str(spec(first)["dbname"])) for system in others)


@pytest.mark.parametrize("kind", DATABASES)
def test_users_leave_their_former_database_once_no_value_names_it(
    kind: str, new_system: NewSystem
) -> None:
    first, further = two_on_one_server(new_system, kind)
    for system in (first, further):
        system.service.initialize(system.secret)
    former = str(spec(further)["dbname"])
    held = value(further)
    execute(further, f"CREATE DATABASE moved_{former}")
    spec(further)["dbname"] = f"moved_{former}"
    if kind != "mysql":
        execute(further, f"ALTER DATABASE moved_{former} OWNER TO {MASTER}")
    further.service.initialize(further.secret)
    assert further.accepts(held)  # whoever still has the former value goes on working
    assert further.accepts(value(further))
    for _ in range(2):
        further.service.rotate(further.secret)
    assert not enters(further, former)
    assert further.accepts(value(further))


# PostgreSQL: a database that gets another name by hand


@pytest.mark.parametrize("kind", POSTGRES)
def test_a_database_that_was_renamed_by_hand_is_found_under_its_name(
    kind: str, new_system: NewSystem
) -> None:
    _, further = two_on_one_server(new_system, kind)
    further.service.initialize(further.secret)
    run_as_client(further, "CREATE TABLE kept (id int)")
    former = spec(further)["dbname"]
    execute(further, f"ALTER DATABASE {former} RENAME TO new_{former}")
    spec(further)["dbname"] = f"new_{former}"
    further.service.initialize(further.secret)
    for _ in range(3):
        run_as_client(further, "SELECT * FROM kept")
        further.service.rotate(further.secret)
    further.service.initialize(further.secret)


# PostgreSQL: who could connect before


@pytest.mark.parametrize("kind", POSTGRES)
def test_logins_that_were_there_still_enter_and_later_ones_do_not(
    kind: str, new_system: NewSystem
) -> None:
    first, further = two_on_one_server(new_system, kind)
    user, name = spec(first)["user"], spec(first)["dbname"]
    execute(first, f"CREATE ROLE hand_{user} LOGIN")
    further.service.initialize(further.secret)
    execute(first, f"CREATE ROLE late_{user} LOGIN")
    asked = "SELECT has_database_privilege('{}_{}', '{}', 'CONNECT')"
    assert execute(first, asked.format("hand", user, name)) == [(True,)]
    assert execute(first, asked.format("late", user, name)) == [(False,)]


@pytest.mark.parametrize("kind", POSTGRES)
def test_users_that_rds_makes_later_enter_after_the_next_deployment(
    kind: str, new_system: NewSystem
) -> None:
    first, further = two_on_one_server(new_system, kind)
    spec(further)["user"] = f"rds_{spec(further)['user']}"  # no reason to let it in
    further.service.initialize(further.secret)
    proxy = f"rdsproxy_{spec(first)['user']}"
    execute(first, f"CREATE ROLE {proxy} LOGIN")
    further.service.initialize(further.secret)
    for system in (first, further):
        asked = f"SELECT has_database_privilege('{proxy}', '{spec(system)['dbname']}', 'CONNECT')"
        assert execute(first, asked) == [(True,)]
    assert not enters(further, str(spec(first)["dbname"]))


@pytest.mark.parametrize("kind", POSTGRES)
@pytest.mark.parametrize("which", ["first", "further"])
def test_a_strangers_database_is_refused_with_what_its_owner_runs(
    kind: str, which: str, new_system: NewSystem
) -> None:
    first, further = two_on_one_server(new_system, kind)
    name, user = spec(further)["dbname"], spec(further)["user"]
    execute(first, f"CREATE ROLE legacy_{user} NOLOGIN")
    if which == "further":
        execute(first, f"CREATE DATABASE {name} OWNER legacy_{user}")
    else:
        execute(first, f"ALTER DATABASE {spec(first)['dbname']} OWNER TO legacy_{user}")
    with pytest.raises(RotationError, match="Everybody may connect") as refused:
        further.service.initialize(further.secret)
    for statement in str(refused.value).split("run: ")[1].split("; ")[:-1]:
        execute(first, statement)
    if which == "further":
        # What the master may not give is told as for the first database.
        with pytest.raises(RotationError, match="lacks") as refused:
            further.service.initialize(further.secret)
        for statement in str(refused.value).split("run: ")[1].split("; "):
            execute(first, statement, str(name))
    further.service.initialize(further.secret)
    assert further.accepts(value(further))
