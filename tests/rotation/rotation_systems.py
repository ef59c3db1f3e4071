"""For each kind of secret: a fresh secret on a real server, and a client of it that is not ours.

The clients are psycopg, PyMySQL and redis-py, over verified TLS, so that what they see does not
depend on the code under test.
"""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg
import pymysql
import redis
from rotation_certificates import HOST
from rotation_elasticache import ElastiCacheDouble
from rotation_secrets import SecretsService
from rotation_servers import (
    MASTER,
    MASTER_PASSWORD,
    Server,
    cache_admin,
    mysql_admin,
    postgres_admin,
)

KINDS = ("postgres", "newest postgres", "mysql", "cacheUser", "cacheToken")
_numbers = itertools.count(1)


class Client(Protocol):
    """A program that uses the database or cache, logged in with some value of the secret."""

    def query(self) -> None:
        """Do something; raises when refused."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class System:
    """One secret, its server, and what must be true of the server besides."""

    kind: str
    secret: str
    service: SecretsService
    server: Server
    log_in: Callable[[str], Client]  # raises when the server refuses the value
    assert_nothing_left_over: Callable[[], None]

    def accepts(self, value: str) -> bool:
        try:
            client = self.log_in(value)
        except (psycopg.OperationalError, pymysql.MySQLError, redis.RedisError):
            return False
        client.query()
        client.close()
        return True


def make_system(kind: str, server: Server, service: SecretsService) -> System:
    """A new secret without a value, and a database, schema or cache user of its own."""
    number = next(_numbers)
    makers = {
        "postgres": _postgres,
        "mysql": _mysql,
        "cacheUser": _cache_user,
        "cacheToken": _cache_token,
    }
    return makers[kind](number, server, service)


def _postgres(number: int, server: Server, service: SecretsService) -> System:
    user, dbname = f"app{number}", f"shop_{number}"
    with postgres_admin(server, "postgres") as admin:
        admin.execute(f"CREATE DATABASE {dbname} OWNER {MASTER}")
    spec = _database_spec(service, server, "postgres", user, dbname, number)
    secret = service.make_empty(f"shop/{number}/rds", spec)

    def log_in(value: str) -> Client:
        held = json.loads(value)
        return _Postgres(
            psycopg.connect(
                f"{held['url']}".replace("sslmode=require", "sslmode=verify-full"),
                sslrootcert=server.ca,
                autocommit=True,
            )
        )

    def nothing_left_over() -> None:
        with postgres_admin(server, dbname) as admin:
            found = admin.execute(
                "SELECT rolname FROM pg_roles WHERE rolname ~ %s", (f"^{user}(_|$)",)
            ).fetchall()
        roles = {row[0] for row in found}
        assert roles <= {user, f"{user}_clone", f"{user}_owner"}

    return System("postgres", secret, service, server, log_in, nothing_left_over)


def _mysql(number: int, server: Server, service: SecretsService) -> System:
    user, dbname = f"app{number}", f"shop_{number}"
    admin = mysql_admin(server)
    with admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {dbname}")
    admin.close()
    spec = _database_spec(service, server, "mariadb", user, dbname, number)
    secret = service.make_empty(f"shop/{number}/mysql", spec)

    def log_in(value: str) -> Client:
        held = json.loads(value)
        return _Mysql(
            pymysql.connections.Connection(
                host=held["host"],
                port=held["port"],
                user=held["username"],
                password=held["password"],
                database=held["dbname"],
                ssl_ca=server.ca,
                ssl_verify_identity=True,
                autocommit=True,
            )
        )

    def nothing_left_over() -> None:
        admin = mysql_admin(server)
        with admin.cursor() as cursor:
            cursor.execute("SELECT User FROM mysql.user WHERE User RLIKE %s", (f"^{user}(_|$)",))
            users = {row[0] for row in cursor.fetchall()}
        admin.close()
        assert users <= {user, f"{user}_clone"}

    return System("mysql", secret, service, server, log_in, nothing_left_over)


def _database_spec(
    service: SecretsService, server: Server, engine: str, user: str, dbname: str, number: int
) -> dict[str, object]:
    return {
        "kind": "database",
        "engine": engine,
        "host": HOST,
        "port": server.port,
        "dbname": dbname,
        "user": user,
        "master": service.make_master(f"rds!db-{engine}-{number}", MASTER, MASTER_PASSWORD),
        "caBundle": server.ca,
    }


def _cache_user(number: int, server: Server, service: SecretsService) -> System:
    user, user_id = f"app{number}", f"shop-{number}"
    double = ElastiCacheDouble(cache_admin(server), "unused", user_id, user)
    service.elasticache = double.client
    spec: dict[str, object] = {
        "kind": "cacheUser",
        "engine": "redis",
        "host": HOST,
        "port": server.port,
        "userId": user_id,
        "user": user,
        "access": "on ~* +@all -@dangerous",
        "caBundle": server.ca,
    }

    def nothing_left_over() -> None:
        assert double.passwords(user) <= 2

    secret = service.make_empty(f"shop/{number}/redis-user", spec)
    return System("cacheUser", secret, service, server, _cache_login(server), nothing_left_over)


def _cache_token(number: int, server: Server, service: SecretsService) -> System:
    double = ElastiCacheDouble(cache_admin(server), f"shop-{number}", "unused", f"unused{number}")
    service.elasticache = double.client
    spec: dict[str, object] = {
        "kind": "cacheToken",
        "engine": "redis",
        "host": HOST,
        "port": server.port,
        "replicationGroup": f"shop-{number}",
        "caBundle": server.ca,
    }

    def nothing_left_over() -> None:
        assert double.passwords("default") <= 2

    secret = service.make_empty(f"shop/{number}/redis-token", spec)
    return System("cacheToken", secret, service, server, _cache_login(server), nothing_left_over)


def _cache_login(server: Server) -> Callable[[str], Client]:
    def log_in(value: str) -> Client:
        client = _Cache(redis.Redis.from_url(json.loads(value)["url"], ssl_ca_certs=server.ca))
        client.query()
        return client

    return log_in


@dataclass(frozen=True)
class _Postgres:
    connection: Any

    def query(self) -> None:
        assert self.connection.execute("SELECT 1").fetchone() == (1,)

    def close(self) -> None:
        self.connection.close()


@dataclass(frozen=True)
class _Mysql:
    connection: Any

    def query(self) -> None:
        with self.connection.cursor() as cursor:
            assert cursor.execute("SELECT 1") == 1

    def close(self) -> None:
        self.connection.close()


@dataclass(frozen=True)
class _Cache:
    connection: Any

    def query(self) -> None:
        assert self.connection.set("greeting", "hello")

    def close(self) -> None:
        self.connection.close()
