"""What only the whole can tell of shared file systems: where they stand, who may mount them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.functions.settings import FunctionSettings
from components.parts.uses import UseSettings
from components.services.task.settings import TaskSettings
from trellis.registry import producers
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.service_checks import Consumer, consumers_of, tasks_of
from trellis.stackfile.settings import SystemSettings

FUNCTION_FOLDER = re.compile(r"/mnt/[a-zA-Z0-9._-]+")
"""Where a function finds its files ("Configuring file system access for Lambda functions", AWS
Lambda Developer Guide, 2026-11)."""


def network_for_files(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Mount targets stand in subnets, one a zone, which have to be known."""
    network = settings.network
    for key in settings.file_systems:
        path: KeyPath = ("fileSystems", key)
        if network is not None and network.from_ is not None:
            yield (
                path,
                "a file system in another stack's network, whose zones only a deployment tells",
                "a network that is made here, or `network.existing`",
                "an existing file system mounts in tasks by ids: `services.KEY.fileSystems`",
            )


def mounts(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Lines to file systems that can't be mounted as they say."""
    for path, consumer in consumers_of(settings).items():
        lines = [
            (position, use)
            for position, use in enumerate(consumer.uses)
            if use.files is not None and use.files in settings.file_systems
        ]
        seen: dict[str, str] = dict.fromkeys(_folders(consumer), "another mount")
        points: set[tuple[str, str]] = set()
        for position, use in lines:
            at: KeyPath = (*path, "uses", position)
            yield from _line(settings, at, use, consumer)
            folder = (use.at or "").rstrip("/")
            if folder in seen:
                yield (*at, "at"), f"{use.at}, where {seen[folder]} is", "another folder", ""
            seen[folder] = f"files {use.files}"
            point = (str(use.files), use.point or "")
            if point in points:
                yield at, f"files {use.files} twice by one access point", "one line for it", ""
            points.add(point)
        if isinstance(consumer, FunctionSettings) and len(lines) > 1:
            yield (
                (*path, "uses", lines[1][0]),
                "a second file system",
                "one in a function: Lambda mounts one at most",
                "",
            )


def _line(
    settings: SystemSettings, path: KeyPath, use: UseSettings, consumer: Consumer
) -> Iterator[Complaint]:
    points = settings.file_systems[str(use.files)].points
    if use.point is not None and use.point not in points:
        yield unknown((*path, "point"), "access point", use.point, points)
    elif use.point is None and len(points) > 1:
        yield path, f"no `point`, and {len(points)} of them", f"one of {', '.join(points)}", ""
    if isinstance(consumer, TaskSettings):
        return
    if not isinstance(consumer, FunctionSettings):
        yield (
            (*path, "files"),
            "files of a workload outside AWS",
            "services, jobs and functions: a mount target stands in the network",
            "",
        )
        return
    if not FUNCTION_FOLDER.fullmatch(str(use.at)):
        yield (*path, "at"), str(use.at), "in a function /mnt/ and one name", ""


def _folders(consumer: Consumer) -> Iterator[str]:
    """Where the main container has folders already."""
    if isinstance(consumer, TaskSettings):
        own = [*consumer.scratch, *(mount.path for mount in consumer.mounts.values())]
        own += [mount.path for mount in consumer.file_systems.values()]
        for folder in own:
            yield folder.rstrip("/")


def environment_files(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Files of variables in a bucket that is not there, or twice."""
    there = producers(settings, "bucket")
    for path, task in tasks_of(settings).items():
        seen: set[tuple[str, str]] = set()
        for position, file in enumerate(task.environment_files):
            at: KeyPath = (*path, "environmentFiles", position)
            if file.bucket not in there:
                yield unknown((*at, "bucket"), "bucket", file.bucket, there)
            if (file.bucket, file.file) in seen:
                yield at, f"{file.file} a second time", "each file once", ""
            seen.add((file.bucket, file.file))


CHECKS = (network_for_files, mounts, environment_files)
