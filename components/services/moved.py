"""Services that became jobs, and jobs that became services: what both make goes on as it is."""

from __future__ import annotations

from typing import Final

import pulumi

from components.services.task.settings import TaskSettings

SERVICE: Final = "trellis:services:Service"
JOB: Final = "trellis:services:Job"
"""Types of the components."""


def moved_from(
    settings: TaskSettings, type_: str, opts: pulumi.ResourceOptions | None
) -> pulumi.ResourceOptions | None:
    """The options of a component, known by the other type too where its entry was of that part.

    Children follow their parent's alias ("Resource option: aliases", Pulumi docs, 2026-11): roles,
    log group and security group stay.

    Args:
        type_: of the component that the entry was.
    """
    if not settings.moved:
        return opts
    return pulumi.ResourceOptions.merge(
        opts, pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=type_)])
    )
