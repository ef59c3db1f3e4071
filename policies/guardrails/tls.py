"""Whether a data store refuses connections without TLS."""

from typing import Final

from . import aws
from .evidence import Resource, Stack
from .unknown import Tri, all_of

# The parameter that refuses plain connections, by engine; PostgreSQL's is on by default from 15.
FORCE_TLS: Final = {
    "postgres": "rds.force_ssl",
    "mysql": "require_secure_transport",
    "mariadb": "require_secure_transport",
}
TLS_BY_DEFAULT_FROM_POSTGRES: Final = 15


def forcing_parameter(db: Resource) -> str | None:
    """The parameter that forces TLS for a database's engine; none when it has none."""
    return FORCE_TLS.get(db["engine"].text() or "")


def database_speaks_tls(db: Resource, stack: Stack) -> Tri:
    """Whether the attached parameter group, or the engine's default, refuses plain connections."""
    parameter = forcing_parameter(db)
    if parameter is None or db.type != aws.DB_INSTANCE:
        return Tri.UNKNOWN
    groups = stack.follow(db, "parameterGroupName", aws.DB_PARAMETER_GROUP)
    if not groups.found:
        return _by_default(db) if db["parameterGroupName"].is_absent else Tri.UNKNOWN
    return all_of(_forces(db, group, parameter) for group in groups.found) & groups.complete


def _forces(db: Resource, group: Resource, parameter: str) -> Tri:
    parameters = group["parameters"]
    named = parameters.some(lambda one: one["name"].equals(parameter))
    on = parameters.some(
        lambda one: one["name"].equals(parameter) & one["value"].one_of(("1", 1, "on", "ON"))
    )
    return on | (~named & _by_default(db))


def _by_default(db: Resource) -> Tri:
    version = db["engineVersion"]
    if db["engine"].equals("postgres") is not Tri.YES:
        return Tri.NO
    if version.is_unknown:
        return Tri.UNKNOWN
    major = (version.text() or "").split(".", 1)[0]
    return Tri.of(major.isdigit() and int(major) >= TLS_BY_DEFAULT_FROM_POSTGRES)


def cache_speaks_tls(cache: Resource) -> Tri:
    """Whether a cache refuses plain connections."""
    preferred = cache["transitEncryptionMode"].equals("preferred")
    return cache["transitEncryptionEnabled"].is_true() & ~preferred
