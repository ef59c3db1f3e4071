"""`uses:`, the one line that connects a service to what it needs: which producer, which access."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.model import Key, Settings
from components.parts.outside import OutsideAddress
from components.parts.own_grant import GrantSettings

EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
"""Name of an environment variable ("Environment Variables", POSIX.1-2017, chapter 8)."""

TaskVariable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$")]
"""The same in a container, whose program may ask for names that no shell has, as Elasticsearch does
for `discovery.type`; ECS takes any ("KeyValuePair", Amazon ECS API Reference, from memory,
2026-11)."""

FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+$", max_length=256)]
"""Key of a JSON value; a colon would end it ("Pass Secrets Manager secrets through Amazon ECS
environment variables", Amazon ECS Developer Guide, 2026-11)."""


MountFolder = Annotated[str, StringConstraints(pattern=r"^/[^\s:]*[^\s:/]$", max_length=160)]
"""A folder in a container or function, as in `/srv/media`."""

LINK = "link"
"""The kind of what the program made beside the stack file: no part of the file has its key."""

ELSEWHERE = (LINK, "address", "grant")
"""Kinds of what no part of the stack file has."""

ProgramKey = Annotated[Key, "named by the program, not by the stack file"]


ONLY_WITH: Mapping[str, str] = {
    "db_name": "database",
    "handling_seconds": "queue",
    "iam_user": "database",
    "pool": "database",
}
"""Words of a line that say something of one kind only."""


class UseSettings(Settings):
    """One thing that is used: exactly one kind, its key, and how it is used."""

    database: Key | None = None
    """Key of a database of this stack file."""
    db_name: Annotated[str, StringConstraints(max_length=63), "of its server"] | None = None
    """Which of the server's `databases`; the first when left out."""
    iam_user: Annotated[str, StringConstraints(max_length=16), "of its server"] | None = None
    """The one of the database's `iamUsers` to sign in as, whose name is in DB_USER; any of them
    when left out, and no variable."""
    cache: Key | None = None
    """Key of a cache of this stack file."""
    table: Key | None = None
    """Key of a table of this stack file."""
    bucket: Key | None = None
    """Key of a bucket of this stack file."""
    secret: Key | None = None
    """Key of a secret of this stack file."""
    parameter: Key | None = None
    """One of `existing.parameters`."""
    kms: Key | None = None
    """One of `existing.keys`, to encrypt, decrypt or sign with it directly."""
    topic: Key | None = None
    """Key of a topic of this stack file."""
    queue: Key | None = None
    """Key of a queue of this stack file."""
    mail: Key | None = None
    """Key of a mail domain of this stack file."""
    stream: Key | None = None
    """Key of a stream of this stack file."""
    service: Key | None = None
    """Another service, called by name inside the cluster."""
    metrics: Key | None = None
    """A namespace of `monitoring.metrics`, to put metrics into."""
    catalog: Key | None = None
    """A catalog with `from: {put: true}`, to put records into."""
    query: Key | None = None
    """One of `queries`, to ask its catalog."""
    model: Key | None = None
    """One of `models`, to ask it."""
    link: ProgramKey | None = None
    """What the program itself made beside the stack file and named in `build(..., links={...})`."""
    function: Key | None = None
    """A function, to call it."""
    api: Key | None = None
    """An API, to call it with requests signed with IAM."""
    users: Key | None = None
    """One of `userPools`, to look at its users or keep them."""
    logs: Key | None = None
    """One of `monitoring.logs`, to write lines into it."""
    files: Key | None = None
    """One of `fileSystems`, to mount it."""
    at: Annotated[str, StringConstraints(pattern=r"^/[^\s:]*[^\s:/]$", max_length=160)] | None = (
        None
    )
    """Folder in which the program finds the files; a function's begins with `/mnt/`."""
    point: Annotated[Key, "within the file system"] | None = None
    """The access point of the file system; the only one when left out."""
    address: OutsideAddress | None = None
    """An address beyond the system: a DNS name, a block (CIDR), a prefix list (`pl-...`) or a
    security group (`sg-...`). Security groups know no names: for one, the port is open to any
    address."""
    port: int | None = Field(default=None, ge=1, le=65_535)
    """Of the address."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """Of the address."""
    grant: GrantSettings | None = None
    """A statement in IAM's own words, for what no part of a stack file offers."""
    access: str | None = None
    """What may be done with it; the producer's default when left out."""
    as_: Annotated[EnvironmentName | None, Field(alias="as")] = None
    """Environment variable that receives the one value this brings, instead of its own name."""
    prefix: EnvironmentName | None = None
    """Put before the names of all variables this brings: with `ORDERS_`, the host of a second
    database is in `ORDERS_DB_HOST`."""
    field: FieldName | None = None
    """Field of a secret's JSON value that `as` receives: when left out, the `url` of credentials
    and the whole value of any other secret."""
    pool: int | None = Field(default=None, ge=1, le=1000)
    """Database connections each task opens at most; checked against the server's limit."""
    handling_seconds: int | None = Field(default=None, ge=1, le=43_200)
    """Longest time one message takes; the queue's visibility timeout must cover it."""

    @model_validator(mode="after")
    def _one_kind(self) -> UseSettings:
        named = [kind for kind in (*KINDS, *ELSEWHERE) if getattr(self, kind) is not None]
        if len(named) != 1:
            raise ValueError(f"exactly one of {', '.join((*KINDS, *ELSEWHERE))}")
        if (self.address is None) != (self.port is None):
            raise ValueError("`address` together with `port`")
        if self.address is None and self.protocol != "tcp":
            raise ValueError("`protocol` together with `address`, and only then")
        if self.address is not None and (self.access or self.as_ or self.prefix):
            raise ValueError("`address` without `access`, `as` and `prefix`: it brings no variable")
        if (self.files is None) != (self.at is None):
            raise ValueError("`files` together with `at`, the folder in which they are found")
        if self.point is not None and self.files is None:
            raise ValueError("`point` together with `files`, and only then")
        if self.grant is not None and (self.access or self.as_ or self.prefix):
            raise ValueError("`grant` without `access`, `as` and `prefix`: it brings no variable")
        if named == [LINK] and (self.access is not None or self.as_ is not None):
            raise ValueError("`link` without `access` and `as`, which the program decides")
        for word, kind in ONLY_WITH.items():
            if getattr(self, word) is not None and named != [kind]:
                alias = type(self).model_fields[word].alias
                raise ValueError(f"`{alias}` together with `{kind}`, and only then")
        if self.field is not None and (named != ["secret"] or self.as_ is None):
            raise ValueError("`field` together with `secret` and `as`, and only then")
        if self.prefix is not None and self.as_ is not None:
            raise ValueError("either `prefix` or `as`")
        return self

    @property
    def kind(self) -> str:
        """Which of `KINDS` it names, or of `ELSEWHERE`."""
        return next(kind for kind in (*KINDS, *ELSEWHERE) if getattr(self, kind) is not None)

    @property
    def giver(self) -> str:
        """What brings the line's variables: another database or user of a server is another one."""
        within = {"dbName": self.db_name, "iamUser": self.iam_user}
        suffix = "".join(
            f" with {word} {name}" for word, name in within.items() if name is not None
        )
        return f"{self.kind} {self.key}{suffix}"

    @property
    def is_elsewhere(self) -> bool:
        """Whether what it names is no part of the stack file."""
        return self.kind in ELSEWHERE

    @property
    def key(self) -> str:
        """The producer's key in the stack file."""
        return self.grant.label if self.grant is not None else str(getattr(self, self.kind))


_KEY = UseSettings.model_fields["database"].annotation
KINDS = tuple(name for name, field in UseSettings.model_fields.items() if field.annotation == _KEY)
"""What a line can name: each of these is the key of something in one part of the stack file."""
