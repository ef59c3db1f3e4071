"""What a person says of a secret: who makes its value, and how often a new one."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag, model_validator

from components.parts.access_string import check_access_words
from components.parts.adoption import Adoptable
from components.parts.model import Development, Entry, HiddenValueError, Key, Settings
from components.parts.reference import Reference
from components.secrets.rotation_schedule import schedule_problem

PLACEHOLDERS = ("{name}", "{environment}")
"""What a secret's name may hold: the system's name and the environment."""

SecretName = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Za-z0-9/_+=.@-]|\{name\}|\{environment\})+$", min_length=1, max_length=512
    ),
]

DatabaseName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""As `databases.*.databases` names them."""

UserName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,25}$")]
"""A database user; six characters are left for its twin's suffix, `_clone`."""


def _without_state(access: str) -> str:
    state, _, rest = access.partition(" ")
    if state != "on" or not rest.split():
        raise HiddenValueError(
            f"the whole access string, which starts with `on `, as in {CACHE_ACCESS!r}"
        )
    check_access_words(rest, CACHE_ACCESS)
    return access


CacheAccess = Annotated[str, AfterValidator(_without_state)]
"""`on `, then keys, channels and commands."""

CACHE_ACCESS = "on ~* &* +@all -@admin -@dangerous +info"
"""Every key, channel and command but those that run or endanger the server ("Specifying permissions
using an access string", Amazon ElastiCache User Guide, 2026-11); clients ask `info` at start."""

CLEAR_TEXT_WORDS = (
    "sslmode=disable",
    "sslmode=allow",
    "sslmode=prefer",
    "ssl=false",
    "ssl-mode=DISABLED",
)
"""Words of a connection string that let a client fall back to clear text, which the server refuses
("SSL Support", PostgreSQL documentation; "Connecting using URI-like strings", MySQL, 2026-11)."""

UrlQuery = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_.~%=&/:@+,-]+$", min_length=1, max_length=150)
]
"""What follows the `?` of a connection string, already percent-encoded."""

RECOVERY_DAYS = (7, 30)
"""Days a deleted secret can be restored; its name can't be used meanwhile ("DeleteSecret", AWS
Secrets Manager API Reference, 2026-11). 0 deletes at once."""


CREDENTIAL_FIELDS = ("host", "port", "username", "password", "dbname", "engine", "url")
"""Fields of the JSON value that the rotation function makes of credentials."""


class RotationSettings(Settings):
    """When a new value is made."""

    every_days: int = Field(default=30, ge=1, le=1000)
    """Days between rotations."""
    schedule: Annotated[str, StringConstraints(pattern=r"^(cron|rate)\(.+\)$")] | None = None
    """Instead of `everyDays`: `cron(0 3 ? * SUN *)` in UTC, or `rate(12 hours)`; at most every four
    hours."""
    window_hours: int = Field(default=3, ge=1, le=24)
    """Hours within which a rotation starts: within one UTC day, and before the next one."""

    @model_validator(mode="after")
    def _a_schedule_secrets_manager_takes(self) -> RotationSettings:
        if self.schedule is not None:
            problem = schedule_problem(self.schedule, self.window_hours)
            if problem is not None:
                raise ValueError(problem)
        return self


class _Secret(Entry):
    name: SecretName | None = None
    """Whole name, which may hold `{name}` and `{environment}`; else
    `{name}/{environment}/{key}`."""
    description: Annotated[str, StringConstraints(max_length=2048)] | None = None
    """What the secret is, as the console shows it."""
    recovery_days: Annotated[int, Development(0)] = 30
    """7 to 30, or 0 for none."""

    @model_validator(mode="after")
    def _recovery_is_one_aws_takes(self) -> _Secret:
        least, most = RECOVERY_DAYS
        if self.recovery_days and not least <= self.recovery_days <= most:
            raise ValueError(f"`recoveryDays`: {least} to {most}, or 0 to delete at once")
        return self


class GivenSecret(_Secret, Adoptable):
    """A value that an operator sets; the secret is created empty."""

    kind: Literal["given"] = "given"
    """A person puts the value in after the deployment."""


class GeneratedSecret(_Secret):
    """A random value made inside AWS."""

    kind: Literal["generated"]
    """The value is random text, made in AWS."""
    length: int = Field(default=64, ge=32, le=4096)
    """Characters."""
    characters: Literal["lettersAndDigits", "hex"] = "lettersAndDigits"
    """The characters of the random text."""
    rotation: RotationSettings | Literal["none"] = "none"
    """`none` keeps the first value. A new value at once makes the former one useless: a key that
    signs sessions then signs everybody out, unless the application takes both for a while."""


class CredentialsSecret(_Secret):
    """A database's or cache's user of its own, made and rotated inside AWS.

    The value is JSON: host, port, username, password, dbname, engine and url.
    """

    kind: Literal["credentials"]
    """A user of a database or cache of this stack file, with its password."""
    database: Annotated[Key, Reference("databases")] | None = None
    """Key of the database the user is of."""
    db_name: DatabaseName | None = None
    """Which of the server's `databases` the user is of; the first when left out."""
    cache: Annotated[Key, Reference("caches")] | None = None
    """Key of the cache the user is of; instead of `database`."""
    user: UserName = "service"
    """The database user; rotation alternates between it and its twin."""
    cache_user: Key | None = None
    """Which of the cache's password users; the first when left out."""
    cache_access: CacheAccess = CACHE_ACCESS
    """What the cache user may do: the whole access string, which starts with `on `."""
    url_query: UrlQuery | None = None
    """The end of the `url`, in the driver's words. `sslmode=require` for PostgreSQL and nothing
    for MySQL and MariaDB when left out: encrypted, and the server's certificate unchecked.
    `sslmode=verify-full&sslrootcert=/etc/ssl/rds-ca.pem` checks it, where the image has that file
    (docs/operations.md). Of a cache nothing when left out; Celery takes no `rediss://` without
    `ssl_cert_reqs=required`."""
    rotation: RotationSettings = Field(default_factory=RotationSettings)

    @model_validator(mode="after")
    def _url_stays_encrypted(self) -> CredentialsSecret:
        if self.url_query is None:
            return self
        words = self.url_query.split("&")
        for word in CLEAR_TEXT_WORDS:
            if word in words:
                raise ValueError(f"`urlQuery` without {word}: the server refuses clear text")
        return self

    @model_validator(mode="after")
    def _of_one_server(self) -> CredentialsSecret:
        if (self.database is None) == (self.cache is None):
            raise ValueError("either `database` or `cache`: the key of one of them")
        if self.db_name is not None and self.database is None:
            raise ValueError("`dbName` with `database`, and only there: a cache has none")
        if self.cache_user is not None and self.cache is None:
            raise ValueError("`cacheUser` with `cache`, and only there; `user` is a database's")
        return self


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return str(cast("dict[str, Any]", value).get("kind", "given"))
    return str(getattr(value, "kind", "given"))


SecretSettings = Annotated[
    Annotated[GivenSecret, Tag("given")]
    | Annotated[GeneratedSecret, Tag("generated")]
    | Annotated[CredentialsSecret, Tag("credentials")],
    Discriminator(_kind),
]
"""`given` (the default), `generated` or `credentials`. None of them has a field for a value."""
