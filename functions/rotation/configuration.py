"""What each secret is, read from the function's environment.

`ROTATION` holds a JSON object: secret ARN -> specification (see README.md). The environment is
chosen over tags on the secret because it decides where the database's master password is sent:
whoever may tag a secret must not be able to choose that. Changing it asks for
`lambda:UpdateFunctionConfiguration`, which is as strong as changing the code. Nothing in it is
secret. Lambda allows 4 KB for all variables ("Lambda quotas", 2026-11); a specification takes 150
to 600 bytes, and the component makes one function per database or cache, so there is room.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from .errors import RotationError
from .passwords import LETTERS_AND_DIGITS

VARIABLE = "ROTATION"
DATABASE_ENGINES = ("postgres", "mysql", "mariadb")
CACHE_ENGINES = ("redis", "valkey")
DEFAULT_URL_QUERY = {"postgres": "sslmode=require", "mysql": "", "mariadb": ""}
CLONE_SUFFIX = "_clone"
OWNER_SUFFIX = "_owner"
# The shorter of PostgreSQL's 63 bytes and MySQL's 32 characters, less the longest suffix.
LONGEST_USER = 32 - len(CLONE_SUFFIX)
USER_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_USER - 1}}}")
DEFAULT_RANDOM_LENGTH = 64  # characters
LEAST_RANDOM_BITS = 128  # NIST SP 800-57 part 1 rev. 5: the security strength to plan for


@dataclass(frozen=True)
class RandomSpec:
    """A random text of `length` characters out of `characters`."""

    length: int
    characters: str


@dataclass(frozen=True)
class DatabaseSpec:
    """Two alternating users, `user` and `user_clone`, of one database."""

    engine: str
    host: str
    port: int
    dbname: str
    user: str
    owner: str
    master: str
    ca_bundle: str | None
    url_query: str
    client_host: str
    """Where the value sends clients: to a proxy where one stands before `host`."""
    client_port: int
    initial_database: str | None = None
    """The server's first database, where `dbname` is a further one: that is made if it is missing,
    and neither may be entered by users of the other."""
    token_users: tuple[str, ...] = ()
    """Users beside the pair who sign in with an IAM token, and have no password."""


@dataclass(frozen=True)
class CacheUserSpec:
    """An ElastiCache RBAC user: `access` is its whole access string, starting with `on`."""

    engine: str
    host: str
    port: int
    user_id: str
    user: str
    access: str
    ca_bundle: str | None
    url_query: str = ""


@dataclass(frozen=True)
class CacheTokenSpec:
    """The AUTH token of an ElastiCache replication group."""

    engine: str
    host: str
    port: int
    replication_group: str
    ca_bundle: str | None
    url_query: str = ""


Spec = RandomSpec | DatabaseSpec | CacheUserSpec | CacheTokenSpec


def spec_of(secret: str, environment: Mapping[str, str]) -> Spec:
    """The specification of the secret with this ARN. Raises RotationError when there is none."""
    fields = _specs(environment).get(secret)
    if not isinstance(fields, dict):
        raise RotationError(
            f"Secret {secret} is not one of this function's. Add its ARN to {VARIABLE}, "
            "or set the secret's rotation to the function that knows it"
        )
    return _Fields(secret, cast("dict[str, object]", fields)).spec()


def users_of_others(secret: str, environment: Mapping[str, str]) -> frozenset[str]:
    """The `user` of every other secret of this function."""
    users = (
        cast("dict[str, object]", fields).get("user")
        for other, fields in _specs(environment).items()
        if other != secret and isinstance(fields, dict)
    )
    return frozenset(user for user in users if isinstance(user, str))


def _specs(environment: Mapping[str, str]) -> dict[str, object]:
    try:
        specs: object = json.loads(environment.get(VARIABLE, ""))
    except ValueError:
        specs = None
    if not isinstance(specs, dict):
        raise RotationError(f"The variable {VARIABLE} is not a JSON object of secret ARN to spec")
    return cast("dict[str, object]", specs)


class _Fields:
    """One specification while it is read: every field is taken once, and none may remain."""

    def __init__(self, secret: str, fields: dict[str, object]) -> None:
        self._secret = secret
        self._left = dict(fields)

    def spec(self) -> Spec:
        kind = self._text("kind")
        readers = {
            "random": self._random,
            "database": self._database,
            "cacheUser": self._cache_user,
            "cacheToken": self._cache_token,
        }
        if kind not in readers:
            raise self._refuse("kind", kind, "one of " + ", ".join(readers))
        spec = readers[kind]()
        if self._left:
            name, value = next(iter(self._left.items()))
            raise self._refuse(name, value, f"no such field for kind {kind}")
        return spec

    def _random(self) -> RandomSpec:
        length = self._number("length", DEFAULT_RANDOM_LENGTH)
        characters = self._text("characters", LETTERS_AND_DIGITS)
        bits = length * math.log2(len(set(characters)))
        if len(set(characters)) != len(characters) or bits < LEAST_RANDOM_BITS:
            allowed = f"distinct characters that make at least {LEAST_RANDOM_BITS} bits"
            raise self._refuse("length", f"{length} of {len(set(characters))}", allowed)
        return RandomSpec(length, characters)

    def _database(self) -> DatabaseSpec:
        engine = self._one_of("engine", DATABASE_ENGINES)
        user = self._user()
        host, port = self._text("host"), self._number("port")
        return DatabaseSpec(
            engine=engine,
            host=host,
            port=port,
            dbname=self._text("dbname"),
            user=user,
            owner=self._text("owner", user + OWNER_SUFFIX),
            master=self._text("master"),
            ca_bundle=self._text("caBundle", "") or None,
            url_query=self._text("urlQuery", DEFAULT_URL_QUERY[engine]),
            client_host=self._text("clientHost", host),
            client_port=self._number("clientPort", port),
            initial_database=self._text("initialDatabase", "") or None,
            token_users=self._names("tokenUsers"),
        )

    def _cache_user(self) -> CacheUserSpec:
        access = self._text("access")
        if not access.startswith("on "):
            raise self._refuse("access", access, "an access string that starts with 'on '")
        return CacheUserSpec(
            engine=self._one_of("engine", CACHE_ENGINES),
            host=self._text("host"),
            port=self._number("port"),
            user_id=self._text("userId"),
            user=self._text("user"),
            access=access,
            ca_bundle=self._text("caBundle", "") or None,
            url_query=self._text("urlQuery", ""),
        )

    def _cache_token(self) -> CacheTokenSpec:
        return CacheTokenSpec(
            engine=self._one_of("engine", CACHE_ENGINES),
            host=self._text("host"),
            port=self._number("port"),
            replication_group=self._text("replicationGroup"),
            ca_bundle=self._text("caBundle", "") or None,
            url_query=self._text("urlQuery", ""),
        )

    def _names(self, field: str) -> tuple[str, ...]:
        names = self._left.pop(field, [])
        if not isinstance(names, list):
            raise self._refuse(field, names, "a list of user names")
        for name in cast("list[object]", names):
            if not isinstance(name, str) or not USER_NAME.fullmatch(name):
                raise self._refuse(field, name, "lower-case names of letters, digits, underscores")
        return tuple(cast("list[str]", names))

    def _user(self) -> str:
        user = self._text("user")
        if not USER_NAME.fullmatch(user):
            allowed = f"a lower-case name of at most {LONGEST_USER} letters, digits and underscores"
            raise self._refuse("user", user, allowed)
        return user

    def _one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self._text(name)
        if value not in allowed:
            raise self._refuse(name, value, "one of " + ", ".join(allowed))
        return value

    def _text(self, name: str, default: str | None = None) -> str:
        value = self._left.pop(name, default)
        if not isinstance(value, str) or (not value and default is None):
            raise self._refuse(name, value, "text")
        return value

    def _number(self, name: str, default: int | None = None) -> int:
        value = self._left.pop(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._refuse(name, value, "a whole number above zero")
        return value

    def _refuse(self, name: str, found: object, allowed: str) -> RotationError:
        return RotationError(
            f"{VARIABLE} of {self._secret}: {name} is {found!r}; allowed is {allowed}"
        )
