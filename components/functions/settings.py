"""What a person says of a function: its code, size, place, and what calls it."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.functions.runtimes import DEFAULT, RUNTIMES
from components.functions.trigger_settings import TriggerSettings
from components.parts.api_routes import FunctionRouteSettings
from components.parts.image_settings import ImageSettings
from components.parts.model import Development, Entry, Key, Settings
from components.parts.reference import Reference
from components.parts.retention import Retention
from components.parts.uses import UseSettings

MEMORY_MIB = (128, 10_240)
"""MiB, least and most ("Lambda quotas", AWS Lambda Developer Guide, 2026-11)."""

TIMEOUT_SECONDS = (1, 900)
"""Seconds, least and most (same page)."""

EPHEMERAL_MIB = (512, 10_240)
"""MiB of `/tmp`, least and most (same page)."""

MOST_LAYERS = 5
"""Of a function (same page)."""

ENVIRONMENT_BYTES = 4_096
"""Of all environment variables together (same page)."""

RESERVED_VARIABLES = frozenset(
    {
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
        "AWS_LAMBDA_MAX_CONCURRENCY", "AWS_LAMBDA_METADATA_API", "AWS_LAMBDA_METADATA_TOKEN",
    }
)  # fmt: skip
"""Variables that Lambda sets itself ("Defined runtime environment variables", 2026-11)."""


FunctionVariable = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]+$"),
]
"""Name of an environment variable, two characters or more ("CreateFunction", 2026-11)."""

LayerArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws(-[a-z]+)*:lambda:[a-z]+(-[a-z]+)+-\d:\d{12}:layer:[a-zA-Z0-9_-]+:[0-9]+$"
    ),
]
"""One version of a layer ("CreateFunction", 2026-11: Layers)."""

RelativePath = Annotated[str, StringConstraints(pattern=r"^[^/\\][^\\]*$")]
"""With forward slashes, from the project's folder."""


def _inside(path: str) -> str:
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not parts or ".." in parts:
        raise ValueError("a folder of the function's own inside the project, as functions/resize")
    return path


FolderPath = Annotated[RelativePath, AfterValidator(_inside)]


class CodeSettings(Settings):
    """Code in a folder: `pulumi up` makes a zip of it and of what its lock file names."""

    path: FolderPath
    """The folder, from the project's. Several functions may share one."""
    handler: Annotated[str, StringConstraints(pattern=r"^[\w./-]+\.[A-Za-z_$][\w$]*$")]
    """File and function that is called: `app.handle` is `handle` in `app.py` or `app.js`."""
    lock: RelativePath | None = None
    """Lock file in the folder, with a hash for everything it names: `requirements.txt` or
    `requirements.lock` for Python, `package-lock.json` for Node, where one of these is there."""
    exclude: tuple[Annotated[str, StringConstraints(min_length=1)], ...] = ()
    """Patterns of files that stay out, as `tests/*`; `*` also stands for slashes."""
    bucket: Annotated[Key, Reference("buckets")] | None = None
    """Bucket that a zip above 50 MB goes through: Lambda takes no larger one directly."""


class ConcurrencySettings(Settings):
    """How many runs at once, and how many of them wait warm."""

    reserved: int | None = Field(default=None, ge=1, le=100_000)
    """Runs at most, taken from the account's for this function alone. An account has 1000, a new
    one 10, of which 100 (or all of the 10) stay for functions that reserve none. `trellis lookup`
    records how many it has; more than that leaves is then refused."""
    provisioned: int | None = Field(default=None, ge=1, le=100_000)
    """Runs that are ready before somebody calls. They cost also while nobody does. Everything then
    calls the alias `live`, which leads to the newest version."""

    @model_validator(mode="after")
    def _is_not_empty(self) -> ConcurrencySettings:
        if self.reserved is None and self.provisioned is None:
            raise ValueError("`reserved`, `provisioned` or both")
        if self.reserved is not None and (self.provisioned or 0) > self.reserved:
            raise ValueError(f"`provisioned` of at most `reserved` ({self.reserved})")
        return self


class EventRetrySettings(Settings):
    """What happens to an event that the function fails on, where nobody waits for an answer."""

    attempts: int = Field(default=2, ge=0, le=2)
    """How often Lambda tries again before the event goes to the dead letters."""
    hours: int = Field(default=6, ge=1, le=6)
    """Hours after which it goes there without another attempt."""


class FunctionSettings(Entry):
    """Code that runs when something calls it: an event, a schedule, an API, another function."""

    name: str | None = None
    """Last part of its name in AWS, the key when left out; changing it makes a new function."""
    description: Annotated[str, StringConstraints(max_length=256)] | None = None
    """What the function does, as the console shows it."""
    code: CodeSettings | None = None
    """Code in a folder, or else an `image`. From one to the other, the function is gone for some
    seconds."""
    image: ImageSettings | None = None
    """A container image of a private repository of ECR in this region."""
    runtime: Annotated[str | None, Field(json_schema_extra={"enum": [*RUNTIMES, None]})] = None
    """Of code in a folder; `python3.13` when left out."""
    architecture: Literal["arm64", "x86_64"] = "arm64"
    """What it runs on, and what wheels or the image are made for."""
    memory: int = Field(default=256, ge=MEMORY_MIB[0], le=MEMORY_MIB[1])
    """MiB; processors come with it, a whole one at 1769."""
    timeout: int = Field(default=30, ge=TIMEOUT_SECONDS[0], le=TIMEOUT_SECONDS[1])
    """Seconds a run may take. An API waits 29 seconds at most."""
    ephemeral_mib: int = Field(default=EPHEMERAL_MIB[0], ge=EPHEMERAL_MIB[0], le=EPHEMERAL_MIB[1])
    """MiB that can be written under `/tmp`; the first 512 cost nothing."""
    environment: dict[FunctionVariable, str] = Field(default_factory=dict[str, str])
    """Plain values, encrypted with the secrets key. A secret comes by its ARN through `uses`."""
    uses: tuple[UseSettings, ...] = ()
    """All the function may reach: its role, rules and environment follow from it."""
    layers: Annotated[tuple[LayerArn, ...], Field(max_length=MOST_LAYERS)] = ()
    """Versions of layers, by whole ARN, in the order they are laid over each other."""
    subnets: Annotated[Literal["private", "isolated", "none"], Development("none")] = "private"
    """Kind of subnets it has network interfaces in, or `none`: what it uses then decides whether it
    can be reached. Its security group takes up to 20 minutes to go."""
    internet: bool = True
    """Whether it may call HTTPS addresses anywhere; without, only AWS through private paths. Only
    in subnets."""
    tracing: Literal["none", "active"] = "none"
    """`active` sends traces of its runs to AWS X-Ray."""
    concurrency: ConcurrencySettings | None = None
    retries: EventRetrySettings = Field(default_factory=EventRetrySettings)
    """For events; who waits for an answer gets the error."""
    triggers: dict[Key, TriggerSettings] = Field(default_factory=dict[str, TriggerSettings])
    """What calls it, by a name of your choice."""
    routes: tuple[FunctionRouteSettings, ...] = ()
    """Requests of `apis` that it answers."""
    url: bool = False
    """An HTTPS address of its own, for who signs requests with IAM: `uses: [{function: KEY, access:
    url}]`. Public addresses are `apis`."""
    log_retention_days: Annotated[Retention, Development(30)] = 365
    """How many days CloudWatch keeps the function's logs."""

    @model_validator(mode="after")
    def _one_source(self) -> FunctionSettings:
        if (self.code is None) == (self.image is None):
            raise ValueError("either `code` (a folder) or `image`")
        if self.image is not None and self.runtime is not None:
            raise ValueError("`runtime` with `code` only: an image brings its own")
        if self.image is not None and self.layers:
            raise ValueError("`layers` with `code` only: they can't be laid over an image")
        if self.runtime is not None and self.runtime not in RUNTIMES:
            raise ValueError(f"`runtime` one of {', '.join(RUNTIMES)}")
        return self

    @model_validator(mode="after")
    def _free_names(self) -> FunctionSettings:
        taken = sorted(RESERVED_VARIABLES & self.environment.keys())
        if taken:
            raise ValueError(f"`environment` without {', '.join(taken)}: Lambda sets it itself")
        return self

    @model_validator(mode="after")
    def _what_has_an_effect(self) -> FunctionSettings:
        if self.subnets == "none" and not self.internet:
            raise ValueError(
                "`internet: false` with `subnets` only: outside a network nothing keeps it in"
            )
        tables = [
            trigger for trigger in self.triggers.values() if trigger.kind in ("table", "stream")
        ]
        reserved = self.concurrency.reserved if self.concurrency is not None else None
        for table in tables:
            if reserved is not None and table.parallel > reserved:
                raise ValueError(f"`parallel` of at most `concurrency.reserved` ({reserved})")
        for name, trigger in self.triggers.items():
            if (
                trigger.kind == "queue"
                and trigger.most is not None
                and (reserved or trigger.most) < trigger.most
            ):
                raise ValueError(
                    f"`triggers.{name}.most` of at most `concurrency.reserved` ({reserved})"
                )
        return self

    @property
    def runtime_name(self) -> str:
        """The runtime of code in a folder."""
        return self.runtime or DEFAULT

    @property
    def has_alias(self) -> bool:
        """Whether callers call the alias `live` and not the function itself."""
        return self.concurrency is not None and self.concurrency.provisioned is not None

    @property
    def in_network(self) -> bool:
        """Whether it has network interfaces."""
        return self.subnets != "none"


def handler_file(handler: str) -> str:
    """The file that a handler stands in, without its suffix: `src/app` of `src/app.handle`."""
    return re.sub(r"\.[^.]+$", "", handler)
