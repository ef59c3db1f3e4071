"""The value of a cache's secret, for a user or for an AUTH token."""

from . import passwords
from .configuration import CacheTokenSpec, CacheUserSpec
from .credentials import Credentials

FIRST_DATABASE = "0"  # the only one a cluster has


def propose(spec: CacheUserSpec | CacheTokenSpec, username: str) -> str:
    """A new password for `username`, as the secret's JSON."""
    return Credentials(
        host=spec.host,
        port=spec.port,
        username=username,
        password=passwords.password(),
        dbname=FIRST_DATABASE,
        engine=spec.engine,
    ).to_json()
