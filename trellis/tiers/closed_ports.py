"""Tells of addresses in variables to which a security group lets nothing out."""

from __future__ import annotations

import pulumi

from components.functions.settings import FunctionSettings
from components.services.task.settings import TaskSettings
from trellis.stackfile.calls_out import closed
from trellis.stackfile.service_checks import tasks_of
from trellis.stackfile.settings import SystemSettings


def warn_of_closed_ports(settings: SystemSettings) -> None:
    """Tell of each host with a port in `environment` that no line of `uses` opens a way to."""
    users: dict[str, TaskSettings | FunctionSettings] = {
        ".".join(map(str, path)): task for path, task in tasks_of(settings).items()
    }
    users |= {
        f"functions.{key}": function
        for key, function in settings.functions.items()
        if function.subnets != "none"  # outside of the network nothing is closed
    }
    programs = {path: (user.environment, user.uses) for path, user in users.items()}
    for path, user in users.items():
        if not isinstance(user, FunctionSettings):
            # A task's containers share its security group.
            programs |= {
                f"{path}.sidecars.{name}": (sidecar.environment, user.uses)
                for name, sidecar in user.sidecars.items()
            }
    for path, (environment, uses) in programs.items():
        for call in closed(environment, uses, settings):
            line = (
                f"{{service: {call.host}}}"
                if call.host in settings.services
                else f"{{address: {call.host}, port: {call.port}}}"
            )
            pulumi.log.warn(
                f"{path}: {call.variable} names {call.host}, and port {call.port} is closed to it: "
                f"nothing leaves but what `uses` names, as `uses: [{line}]` would"
            )
