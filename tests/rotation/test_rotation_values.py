"""Passwords, the secret's JSON and its URL, and the stored form PostgreSQL takes."""

import base64
import dataclasses
import hashlib
import hmac
import json
import re
import string
from typing import cast
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.rotation import alternating, mysql, passwords, scram
from functions.rotation.configuration import DatabaseSpec
from functions.rotation.credentials import Credentials, parse_login
from functions.rotation.errors import RotationError
from functions.rotation.master import MasterSecret
from functions.rotation.waiting import ATTEMPTS, LONGEST_DELAY, Waiting

SPEC = DatabaseSpec(
    "postgres",
    "db",
    5432,
    "shop",
    "app",
    "app_owner",
    "master",
    None,
    "sslmode=require",
    "db",
    5432,
)


def test_a_password_suits_every_service_that_gets_one() -> None:
    seen = {passwords.password() for _ in range(500)}
    assert len(seen) == 500
    for password in seen:
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{47}", password)  # ElastiCache, AUTH, URL, shell
        for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-"):
            assert set(password) & set(kind)  # MySQL's validate_password at MEDIUM


@pytest.mark.long
@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_a_url_gives_back_every_part_whatever_is_in_it(user: str, password: str, db: str) -> None:
    held = json.loads(
        Credentials("db.example", 5432, user, password, db, "postgres", "sslmode=require").to_json()
    )
    url = urlsplit(held["url"])
    assert (url.scheme, url.hostname, url.port) == ("postgresql", "db.example", 5432)
    assert unquote(url.username or "") == user
    assert unquote(url.password or "") == password
    assert unquote(url.path[1:]) == db
    assert url.query == "sslmode=require"


def test_a_value_sends_its_readers_to_the_proxy_where_there_is_one() -> None:
    proxied = dataclasses.replace(SPEC, client_host="proxy.example", client_port=6543)
    held = json.loads(alternating.propose(proxied, None))
    assert (held["host"], held["port"]) == ("proxy.example", 6543)
    assert "@proxy.example:6543/shop?sslmode=require" in held["url"]


@pytest.mark.parametrize(
    ("engine", "scheme"),
    [("mysql", "mysql"), ("mariadb", "mysql"), ("redis", "rediss"), ("valkey", "rediss")],
)
def test_each_engine_has_its_scheme(engine: str, scheme: str) -> None:
    assert Credentials("h", 1, "u", "p", "0", engine).url == f"{scheme}://u:p@h:1/0"


def test_the_verifier_proves_the_password_and_does_not_hold_it() -> None:
    """Checked with the client's side of RFC 5802, section 3."""
    verifier = scram.verifier("correct-horse")
    assert "correct-horse" not in verifier
    found = re.fullmatch(r"SCRAM-SHA-256\$(\d+):(.+)\$(.+):(.+)", verifier)
    assert found
    salt, stored, server = (base64.b64decode(part) for part in found.groups()[1:])
    salted = hashlib.pbkdf2_hmac("sha256", b"correct-horse", salt, int(found[1]))
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    assert hashlib.sha256(client_key).digest() == stored
    assert hmac.digest(salted, b"Server Key", "sha256") == server
    assert scram.verifier("correct-horse") != verifier  # a salt of its own each time


def test_the_users_take_turns() -> None:
    value, names = None, []
    for _ in range(4):
        value = alternating.propose(SPEC, value)
        names.append(json.loads(value)["username"])
    assert names == ["app", "app_clone", "app", "app_clone"]


def test_a_user_of_another_pair_is_not_touched() -> None:
    pending = json.dumps({"username": "master", "password": "x"})
    with pytest.raises(RotationError, match="allowed are app and app_clone"):
        alternating.idle_login(SPEC, pending, None)


@pytest.mark.parametrize("value", ["", "secret text", "[]", "{}", '{"username": "app"}'])
def test_a_value_that_is_no_login_is_told_without_quoting_it(value: str) -> None:
    with pytest.raises(RotationError, match="username and a password") as failure:
        parse_login(value, "The current value")
    assert not value or value not in str(failure.value)


def test_waiting_ends_within_a_lambdas_time_with_growing_pauses() -> None:
    pauses: list[float] = []
    with pytest.raises(RotationError, match="Gave up waiting: the thing"):
        Waiting(pauses.append).until(lambda: False, "the thing")
    assert len(pauses) == ATTEMPTS - 1
    assert pauses[0] < pauses[2] < pauses[4] <= LONGEST_DELAY
    assert sum(pauses) < 400  # seconds


class Master:
    """A login whose server takes every statement and keeps it."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, tuple[str, ...] | None]] = []

    def connect(self, _: object) -> "Master":
        return self

    def cursor(self) -> "Master":
        return self

    def execute(self, query: str, args: tuple[str, ...] | None = None) -> int:
        self.statements.append((query, args))
        return 0

    def close(self) -> None: ...


def test_mysql_users_with_iam_tokens_are_known_to_the_plugin_and_have_the_pairs_rights() -> None:
    spec = dataclasses.replace(SPEC, engine="mysql", token_users=("repo2",))
    master = Master()
    mysql.MysqlUsers(spec, cast("MasterSecret", master)).make_token_users()
    (made, who), (granted, whom) = master.statements
    assert made == (
        "CREATE USER IF NOT EXISTS %s@%s IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' "
        "REQUIRE SSL"
    )
    assert granted == f"GRANT {mysql.PRIVILEGES} ON `shop`.* TO %s@%s"
    assert who == whom == ("repo2", "%")


def test_no_master_signs_in_where_no_user_has_tokens() -> None:
    master = Master()
    mysql.MysqlUsers(SPEC, cast("MasterSecret", master)).make_token_users()
    assert master.statements == []
