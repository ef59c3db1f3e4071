"""Where a task's log goes instead of CloudWatch: a router beside the main container (FireLens).

ECS hands what routed containers write to one of Fluent Bit or Fluentd in the same task, which
sends it on ("Send Amazon ECS logs to an AWS service or AWS Partner", Amazon ECS Developer Guide,
2026-11). The router's own words, and the log of every container that it does not take, stay in the
task's log group. It starts before what it takes and stops after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

import pulumi
from pydantic import Field, StringConstraints, model_validator

from components.parts.image_settings import ImageSettings
from components.parts.model import Key, Settings
from components.parts.uses import EnvironmentName, TaskVariable

ROUTER = "log-router"
"""Name of the container."""

SECRET_OPTION = re.compile(r"(?i)api_?key|token|passw|secret|license|shared_key|credential")
"""What outputs of Fluent Bit call what nobody may read ("Outputs", Fluent Bit Manual, 2026-11)."""

KIND_OF = {"fluentbit": "Name", "fluentd": "@type"}
"""The option that says which output it is."""

CLOUDWATCH = frozenset({"cloudwatch", "cloudwatch_logs"})

OptionName = Annotated[
    str, StringConstraints(pattern=r"^@?[A-Za-z][A-Za-z0-9_.-]*$", max_length=64)
]


class LogRouterSettings(Settings):
    """The container that takes the main container's log and sends it on (FireLens).

    Fluent Bit, as `public.ecr.aws/aws-observability/aws-for-fluent-bit`. CloudWatch no longer gets
    what it takes: `trellis logs` shows the rest, and what the router itself says.
    """

    image: ImageSettings
    """By digest, or in a repository of one's own, where tasks have no way to the internet."""
    type: Literal["fluentbit", "fluentd"] = "fluentbit"
    """Which router the image is."""
    options: dict[OptionName, Annotated[str, Field(min_length=1)]] = Field(
        default_factory=dict[str, str]
    )
    """Options of the output, as the router has them: `{Name: datadog, Host: ..., TLS: "on"}`. What
    an output in AWS does is granted by `uses`; what it calls elsewhere is let out by `internet` or
    `uses: [{address: ...}]`."""
    secret_options: dict[OptionName, EnvironmentName] = Field(
        default_factory=dict[str, EnvironmentName]
    )
    """Options that are secrets, each by the variable that a secret has in the task
    (`uses: [{secret: datadog, as: DD_API_KEY}]`)."""
    configuration: Annotated[str, StringConstraints(pattern=r"^/\S+$")] | None = None
    """A file in the image with more of the router's configuration, as in `/extra.conf`: filters,
    and further outputs."""
    metadata: bool = True
    """Whether each record says cluster, task and container."""
    containers: tuple[Key, ...] = ()
    """Sidecars whose log it takes too, by name."""
    variables: tuple[TaskVariable, ...] = ()
    """Variables of the task (of its `environment` and `uses`, secrets among them) that it gets too,
    for what `configuration` refers to."""
    buffer_records: int | None = Field(default=None, ge=0, le=2**29)
    """Records that wait in memory for the router, before a container that writes more loses them;
    AWS's own number when left out."""
    essential: bool = True
    """Whether the task ends with it; without it, what is written is lost from then on."""
    cpu: int = Field(default=32, ge=1)
    """CPU units reserved of the task's."""
    memory: int = Field(default=128, ge=64)
    """MiB at most, of the task's."""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if not self.options and self.configuration is None:
            raise ValueError(
                "`options` of an output, or a `configuration` that has one: nothing says where to"
            )
        if self.secret_options and not self.options:
            raise ValueError("`secretOptions` together with the `options` of the same output")
        kind = KIND_OF[self.type]
        if self.options and not any(name.lower() == kind.lower() for name in self.options):
            raise ValueError(f"`{kind}` in `options`, which says the output, as in `{kind}: http`")
        plain = next((name for name in self.options if SECRET_OPTION.search(name)), None)
        if plain is not None:
            raise ValueError(
                f"`{plain}` under `secretOptions`, by the variable of a secret: options are read "
                "by whoever sees the task definition"
            )
        both = {name.lower() for name in self.options} & {
            name.lower() for name in self.secret_options
        }
        if both:
            raise ValueError(f"each option once; {min(both)} is a secret one too")
        if self.output in CLOUDWATCH and self.configuration is None:
            raise ValueError(
                "another output than CloudWatch, where the log goes without a router; or a "
                "`configuration` that does something to it"
            )
        return self

    @property
    def output(self) -> str:
        """Which output `options` are of, in small letters; empty where the configuration says."""
        kind = KIND_OF[self.type].lower()
        return next((v.lower() for name, v in self.options.items() if name.lower() == kind), "")


def routed(
    settings: LogRouterSettings, references: Mapping[EnvironmentName, pulumi.Input[str]]
) -> dict[str, Any]:
    """What a routed container says of its log.

    Args:
        references: where the value of each secret variable of the task comes from.
    """
    options = dict(sorted(settings.options.items()))
    if settings.buffer_records is not None:
        options["log-driver-buffer-limit"] = str(settings.buffer_records)
    log: dict[str, Any] = {"logDriver": "awsfirelens", "options": options}
    if settings.secret_options:
        log["secretOptions"] = [
            {"name": name, "valueFrom": references[variable]}
            for name, variable in sorted(settings.secret_options.items())
            if variable in references
        ]
    return log


def router_configuration(settings: LogRouterSettings) -> Mapping[str, Any]:
    """What makes a container the router; Fargate takes files of the image only."""
    options = {"enable-ecs-log-metadata": "true" if settings.metadata else "false"}
    if settings.configuration is not None:
        options |= {"config-file-type": "file", "config-file-value": settings.configuration}
    return {"type": settings.type, "options": options}
