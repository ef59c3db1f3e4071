"""Two users of one database that take turns.

The secret names one of them. A rotation gives the other a new password and moves the secret to it,
so whoever still holds the former value keeps working until the rotation after. Source: "Rotation
strategies: alternating users", AWS Secrets Manager, 2026-11.
"""

from . import passwords
from .configuration import CLONE_SUFFIX, DatabaseSpec
from .credentials import Credentials, Login, parse_login
from .errors import RotationError


def propose(spec: DatabaseSpec, current: str | None) -> str:
    """A new password for the user whose turn it is; the plain `user` goes first."""
    taken = parse_login(current, "The current value").username if current else None
    return Credentials(
        host=spec.client_host,
        port=spec.client_port,
        username=spec.user + CLONE_SUFFIX if taken == spec.user else spec.user,
        password=passwords.password(),
        dbname=spec.dbname,
        engine=spec.engine,
        url_query=spec.url_query,
    ).to_json()


def idle_login(spec: DatabaseSpec, pending: str, live: str | None) -> Login:
    """The login to set, once it is sure that it is one of the pair and not the live one."""
    login = parse_login(pending, "The pending value")
    if login.username not in (spec.user, spec.user + CLONE_SUFFIX):
        raise RotationError(
            f"The pending value names user {login.username}; allowed are {spec.user} and "
            f"{spec.user}{CLONE_SUFFIX}. Remove AWSPENDING from the version and rotate again"
        )
    if live and parse_login(live, "The current value").username == login.username:
        raise RotationError(
            f"The pending value names user {login.username}, whom the current value uses. "
            "Remove AWSPENDING from the version and rotate again"
        )
    return login
