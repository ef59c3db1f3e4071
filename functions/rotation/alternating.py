"""Two users of one database that take turns.

The secret names one of them. A rotation gives the other a new password and moves the secret to it,
so whoever still holds the former value keeps working until the rotation after. Source: "Rotation
strategies: alternating users", AWS Secrets Manager, 2026-11.
"""

from collections.abc import Collection

from . import passwords
from .configuration import CLONE_SUFFIX, DatabaseSpec
from .credentials import Credentials, Login, dbname_of, parse_login
from .errors import RotationError


def propose(spec: DatabaseSpec, current: str | None) -> str:
    """A new password for the user whose turn it is; the plain `user` goes first."""
    taken = parse_login(current, "The current value").username if current else None
    user = spec.user + CLONE_SUFFIX if taken == spec.user else spec.user
    return _value(spec, Login(user, passwords.password()))


def pair(spec: DatabaseSpec) -> tuple[str, str]:
    """The two users."""
    return spec.user, spec.user + CLONE_SUFFIX


def is_of(spec: DatabaseSpec, value: str) -> bool:
    """Whether `value` is what this configuration writes: its server, its database, its users."""
    login = parse_login(value, "The current value")
    return login.username in pair(spec) and value == _value(spec, login)


def base_of(user: str) -> str:
    """The `user` setting that a user of a pair comes from."""
    return user.removesuffix(CLONE_SUFFIX)


def former_base(spec: DatabaseSpec, live: str | None) -> str | None:
    """The `user` setting before this one, while the live value still names one of its pair."""
    base = _base_written_here(spec, live)
    return None if base == spec.user else base


def retired(
    spec: DatabaseSpec, former: str | None, live: str | None, others: Collection[str]
) -> tuple[str, ...]:
    """Users of a former `user` setting that no value names once this rotation ends.

    Args:
        former: the value before the live one, which ends to work as `pending` becomes current.
        others: the `user` of every other secret of this server, whose users stay.
    """
    base = _base_written_here(spec, former)
    if base is None or base == spec.user or base in others:
        return ()
    kept = parse_login(live, "The current value").username if live else None
    return tuple(user for user in (base, base + CLONE_SUFFIX) if user != kept)


def left_database(spec: DatabaseSpec, former: str | None, live: str | None) -> str | None:
    """The database that the secret was of before, which no value names once this rotation ends."""
    names = [dbname_of(value) if value is not None else None for value in (former, live)]
    if former is None or None in names or names == [spec.dbname] * 2:
        return None
    ours = parse_login(former, "A former value").username in pair(spec)
    return names[0] if ours and names[1] == spec.dbname else None


def _base_written_here(spec: DatabaseSpec, value: str | None) -> str | None:
    """The `user` setting of a value that this function wrote for the same database.

    None for one that somebody wrote by hand: whom that names is not this function's to touch.
    """
    if value is None:
        return None
    try:
        login = parse_login(value, "A former value")
    except RotationError:
        return None
    return base_of(login.username) if value == _value(spec, login) else None


def _value(spec: DatabaseSpec, login: Login) -> str:
    return Credentials(
        host=spec.client_host,
        port=spec.client_port,
        username=login.username,
        password=login.password,
        dbname=spec.dbname,
        engine=spec.engine,
        url_query=spec.url_query,
    ).to_json()


def idle_login(spec: DatabaseSpec, pending: str, live: str | None) -> Login:
    """The login to set, once it is sure that it is one of the pair and not the live one."""
    login = parse_login(pending, "The pending value")
    if login.username not in pair(spec):
        raise RotationError(
            f"The pending value names user {login.username}; allowed are {spec.user} and "
            f"{spec.user}{CLONE_SUFFIX}. Remove AWSPENDING from the version and rotate again"
        )
    if not login.password.isascii():
        raise RotationError(
            f"The pending password of {login.username} has characters beyond ASCII, which servers "
            "read in different ways. Remove AWSPENDING from the version and rotate again"
        )
    if live and parse_login(live, "The current value").username == login.username:
        raise RotationError(
            f"The pending value names user {login.username}, whom the current value uses. "
            "Remove AWSPENDING from the version and rotate again"
        )
    return login
