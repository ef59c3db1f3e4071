"""A stack as its operator knows it: planned names, settings, and where they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.naming import Naming
from components.services.names import SERVICE_NAME
from components.services.settings import ServiceSettings
from components.services.task.task import log_group_of
from trellis.planner.places import owner_of
from trellis.planner.record import record
from trellis.planner.recording import Recorded, Recording
from trellis.planner.wire import Secret
from trellis.stackfile.adopting import naming_of
from trellis.stackfile.findings import locate
from trellis.stackfile.layers import Layers
from trellis.stackfile.loading import read_stack
from trellis.stackfile.problems import KeyPath, StackFileError, dotted
from trellis.stackfile.resolution import resolve
from trellis.stackfile.settings import SystemSettings

SERVICE = "aws:ecs/service:Service"
CLUSTER = "aws:ecs/cluster:Cluster"


class NotThereError(Exception):
    """A name of the command line that the stack does not have; the text lists those it has."""


@dataclass(frozen=True)
class System:
    """A stack's settings, and the plan of it."""

    recording: Recording
    """Of the mode `deployed`: inputs are whole. What AWS chooses is simulated there, so only names
    that the plan fixes may be looked up."""
    settings: SystemSettings
    layers: Layers

    @property
    def resources(self) -> Mapping[str, Recorded]:
        """By URN."""
        return {resource.urn: resource for resource in self.recording}

    def path(self, resource: Recorded) -> KeyPath:
        """The part of the stack file that makes a resource; empty where it can't be told."""
        return owner_of(resource, self.resources, self.layers)

    def place(self, resource: Recorded) -> str:
        """File, line and setting that make a resource, as `Pulumi.dev.yaml:12 (services.api)`."""
        return self.place_of(self.path(resource))

    def place_of(self, path: KeyPath) -> str:
        """File, line and setting of a path; empty where nothing is written."""
        source = locate(self.layers, path, key=True) if path else None
        if source is None or source.file is None:
            return ""
        return f"{source.file}:{source.line or 1} ({dotted(path)})"

    @property
    def naming(self) -> Naming:
        """Physical names of what the plan leaves out until its image is there."""
        return naming_of(self.settings)

    def service(self, key: str) -> Service:
        """The service of a key.

        Raises:
            NotThereError: there is none.
        """
        if key not in self.settings.services:
            there = ", ".join(sorted(self.settings.services)) or "none"
            raise NotThereError(f"no service {key} in {self.recording.stack}; there is {there}")
        return self._service(key, self.settings.services[key])

    def services(self) -> tuple[Service, ...]:
        """The container services, also those that wait for an image or a secret."""
        return tuple(self._service(key, service) for key, service in self.settings.services.items())

    def _cluster(self) -> str:
        existing = self.settings.cluster.existing
        if existing is not None:
            return existing.found_name
        return str(self.recording.of_type(CLUSTER)[0].inputs["name"])

    def _service(self, key: str, settings: ServiceSettings) -> Service:
        naming = self.naming
        created = {resource.name: resource for resource in self.recording.of_type(SERVICE)}
        return Service(
            key=key,
            name=naming.chosen(SERVICE_NAME, settings.name, key),
            cluster=self._cluster(),
            container=settings.container,
            log_group=log_group_of(key, settings, naming),
            settings=settings,
            planned=created.get(key),
            place=self.place_of(("services", key)),
        )


@dataclass(frozen=True)
class Service:
    """A container service by its physical names."""

    key: str
    name: str
    cluster: str
    container: str
    """The main one."""
    log_group: str
    settings: ServiceSettings
    planned: Recorded | None
    """None while it waits for its image or a secret's value."""
    place: str


def plain(value: Any) -> Any:
    """A recorded value, out of what marks it as secret."""
    return value.value if isinstance(value, Secret) else value


def system_of(
    project: Path, stack: str, config_file: Path | None = None, *, complete: bool = False
) -> System:
    """Read and plan a stack.

    Args:
        complete: as if nothing waited for an image or the value of a secret.

    Raises:
        StackFileError: the stack file is wrong.
    """
    files = read_stack(project, stack, config_file)
    resolution = resolve(files.config, files)
    if resolution.settings is None or resolution.problems:
        raise StackFileError(resolution.problems)
    recording = record(project, stack, "deployed", config_file=config_file, complete=complete)
    return System(recording, resolution.built, resolution.layers)
