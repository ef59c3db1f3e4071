"""The JSON that a database's or cache's secret holds, with a ready URL."""

import json
from dataclasses import asdict, dataclass
from typing import cast
from urllib.parse import quote

from .errors import RotationError

URL_SCHEMES = {
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "redis": "rediss",
    "valkey": "rediss",
}
AUTH_TOKEN_USER = ""  # a cache with an AUTH token has no user names


@dataclass(frozen=True)
class Credentials:
    """Where to connect and as whom. `dbname` is the database number for a cache."""

    host: str
    port: int
    username: str
    password: str
    dbname: str
    engine: str
    url_query: str = ""

    @property
    def url(self) -> str:
        """A ready URL; each part percent-encoded, so that any character survives."""
        user, password, dbname = (
            quote(part, safe="") for part in (self.username, self.password, self.dbname)
        )
        query = f"?{self.url_query}" if self.url_query else ""
        scheme = URL_SCHEMES[self.engine]
        return f"{scheme}://{user}:{password}@{self.host}:{self.port}/{dbname}{query}"

    def to_json(self) -> str:
        fields = asdict(self)
        del fields["url_query"]
        return json.dumps(fields | {"url": self.url})


@dataclass(frozen=True)
class Login:
    """The user name and password inside a secret's JSON."""

    username: str
    password: str


def dbname_of(value: str) -> str | None:
    """The database that a value names; None where it is no JSON object that names one."""
    try:
        fields: object = json.loads(value)
    except ValueError:
        return None
    name = cast("dict[str, object]", fields).get("dbname") if isinstance(fields, dict) else None
    return name if isinstance(name, str) else None


def parse_login(value: str, whose: str) -> Login:
    """Read the user name and password of a secret value; `whose` names the secret in the error."""
    try:
        fields: object = json.loads(value)
    except ValueError:
        fields = None
    if isinstance(fields, dict):
        held = cast("dict[str, object]", fields)
        username, password = held.get("username"), held.get("password")
        if isinstance(username, str) and isinstance(password, str) and password:
            return Login(username, password)
    raise RotationError(
        f"{whose} is not a JSON object with a username and a password. "
        "Leave the value to the rotation function: delete what was written by hand and rotate again"
    )
