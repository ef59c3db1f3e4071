"""The value of a cache's secret, for a user or for an AUTH token."""

from . import passwords
from .configuration import CacheTokenSpec, CacheUserSpec
from .credentials import Credentials, parse_login

FIRST_DATABASE = "0"  # the only one a cluster has


def propose(spec: CacheUserSpec | CacheTokenSpec, username: str) -> str:
    """A new password for `username`, as the secret's JSON."""
    return _value(spec, username, passwords.password())


def is_of(spec: CacheUserSpec | CacheTokenSpec, username: str, value: str) -> bool:
    """Whether `value` is what this configuration writes: its cache, its user."""
    return value == _value(spec, username, parse_login(value, "The current value").password)


def _value(spec: CacheUserSpec | CacheTokenSpec, username: str, password: str) -> str:
    return Credentials(
        host=spec.host,
        port=spec.port,
        username=username,
        password=password,
        dbname=FIRST_DATABASE,
        engine=spec.engine,
        url_query=spec.url_query,
    ).to_json()
