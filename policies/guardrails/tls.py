"""Whether a data store refuses connections without TLS.

Parameters and their defaults: "Using SSL/TLS to encrypt a connection to a DB instance" and the
pages of the engines (Amazon RDS and Aurora User Guides), 2026-11.
"""

import re
from dataclasses import dataclass
from typing import Final

from . import aws
from .evidence import Resource, Stack, Targets
from .reading import Reading
from .unknown import Tri, all_of, any_of

_ON: Final = ("1", 1, "on", "ON", "true", "TRUE")


@dataclass(frozen=True, slots=True)
class Forcing:
    """How an engine is told to refuse plain connections: a parameter, and where it is the default.

    ``default_from`` is the first major version that refuses them when nothing is said.
    """

    parameter: str
    values: tuple[object, ...] = _ON
    default_from: tuple[int, ...] | None = None


_POSTGRES: Final = Forcing("rds.force_ssl", default_from=(15,))
_MYSQL: Final = Forcing("require_secure_transport")
# By the beginning of an engine's or a parameter group family's name; the first that fits counts.
_FORCING: Final = {
    "aurora-postgresql": Forcing("rds.force_ssl", default_from=(17,)),
    "aurora-mysql": _MYSQL,
    "postgres": _POSTGRES,
    "mysql": _MYSQL,
    "mariadb": Forcing("require_secure_transport", default_from=(11, 8)),
    "sqlserver": Forcing("rds.force_ssl"),
    "db2": Forcing("db2comm", ("SSL",)),
    # An option, not a parameter: plain text ends where the server's own encryption is required.
    "oracle": Forcing("SQLNET.ENCRYPTION_SERVER", ("REQUIRED",)),
}
_ORACLE_OPTION: Final = "NATIVE_NETWORK_ENCRYPTION"


@dataclass(frozen=True, slots=True)
class Engine:
    """A database's engine and version, with the groups that say how it takes connections."""

    name: str | None
    version: str
    groups: Targets
    own_group: bool

    @property
    def forcing(self) -> Forcing | None:
        """What makes it refuse plain connections; none for an engine that has no such setting."""
        name = self.name or ""
        return next((one for start, one in _FORCING.items() if name.startswith(start)), None)

    @property
    def refuses_by_default(self) -> Tri:
        """Whether it refuses plain connections when no group says anything."""
        forcing = self.forcing
        if forcing is None or forcing.default_from is None:
            return Tri.NO
        numbers = tuple(int(one) for one in re.findall(r"\d+", self.version))
        if not numbers:
            # Without a version AWS takes its own default one, which moves.
            return Tri.UNKNOWN
        return Tri.of(numbers[: len(forcing.default_from)] >= forcing.default_from)


# Where each type names its group, and of which type that is.
_GROUPS: Final = {
    aws.DB_INSTANCE: ("parameterGroupName", aws.DB_PARAMETER_GROUP),
    aws.DB_CLUSTER: ("dbClusterParameterGroupName", aws.CLUSTER_PARAMETER_GROUP),
}


def engine_of(db: Resource, stack: Stack) -> Engine:
    """The engine of an instance or cluster: what it says, else its group's family, else its source.

    What is restored from a snapshot, or is a replica, often names no engine.
    """
    path, kind = _GROUPS[db.type]
    group = db[path]
    groups = stack.follow(db, path, kind)
    name, version = db["engine"].text(), db["engineVersion"].text() or ""
    family = next((text for one in groups.found if (text := one["family"].text())), "")
    if name is None and family:
        name, version = family, version or family
    own = (group.text() or "").startswith("default.")  # AWS's: default.postgres16
    if name is None and own and not groups.found:
        name = (group.text() or "").removeprefix("default.")
    if name is None and db.type == aws.DB_INSTANCE:
        sources = stack.follow(db, "replicateSourceDb", aws.DB_INSTANCE).found
        if len(sources) == 1 and sources[0].urn != db.urn:
            source = sources[0]
            name = source["engine"].text()
            version = version or source["engineVersion"].text() or ""
    if db["engineVersion"].is_unknown:
        version = ""
    elif not version:
        version = _family_version(family)
    return Engine(name, version, groups, not group.is_absent)


def _family_version(family: str) -> str:
    found = re.search(r"\d+(?:\.\d+)?$", family)
    return found[0] if found else ""


def database_speaks_tls(db: Resource, stack: Stack) -> Tri:
    """Whether the attached groups, or the engine's default, refuse plain connections."""
    if db.type not in _GROUPS:
        return Tri.UNKNOWN
    engine = engine_of(db, stack)
    forcing = engine.forcing
    if forcing is None:
        return Tri.UNKNOWN
    if (engine.name or "").startswith("oracle"):
        return _option_requires(db, stack, forcing)
    if not engine.groups.found:
        text = db[_GROUPS[db.type][0]].text()
        as_made = not engine.own_group or (text is not None and text.startswith("default."))
        return engine.refuses_by_default if as_made else Tri.UNKNOWN
    answers = (_forces(group, engine, forcing) for group in engine.groups.found)
    return all_of(answers) & engine.groups.complete


def _forces(group: Resource, engine: Engine, forcing: Forcing) -> Tri:
    parameters = group["parameters"]
    named = parameters.some(lambda one: one["name"].equals(forcing.parameter))
    on = parameters.some(
        lambda one: one["name"].equals(forcing.parameter) & one["value"].one_of(forcing.values)
    )
    return on | (~named & engine.refuses_by_default)


def _option_requires(db: Resource, stack: Stack, forcing: Forcing) -> Tri:
    groups = stack.follow(db, "optionGroupName", aws.DB_OPTION_GROUP)
    if not groups.found:
        return Tri.NO if db["optionGroupName"].is_absent else Tri.UNKNOWN

    def required(option: Reading) -> Tri:
        return option["optionName"].equals(_ORACLE_OPTION) & option["optionSettings"].some(
            lambda one: one["name"].equals(forcing.parameter) & one["value"].one_of(forcing.values)
        )

    return any_of(group["options"].some(required) for group in groups.found) & groups.complete


def cache_speaks_tls(cache: Resource) -> Tri:
    """Whether a cache refuses plain connections."""
    preferred = cache["transitEncryptionMode"].equals("preferred")
    return cache["transitEncryptionEnabled"].is_true() & ~preferred
