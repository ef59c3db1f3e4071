"""The images that ran before a deployment, out of the state that was exported before it.

Going back by an image alone is safe by itself: a service gets the image that it had, and nothing
that holds data is touched. The rest of a stack file is not taken back: what was made may hold data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components.services.task.settings import TaskSettings
from trellis.operate.system import SERVICE, plain
from trellis.planner.places import owner_of
from trellis.planner.recording import Recorded, Recording
from trellis.stackfile.layers import Layers
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings

TASKS = "aws:ecs/taskDefinition:TaskDefinition"


@dataclass(frozen=True)
class Former:
    """One service or job, and the image that it had."""

    path: KeyPath
    """As in `("services", "api")`."""
    image: str
    """As ECS has it: registry, name and digest."""
    setting: Mapping[str, str]
    """The same as the stack file's `image`."""
    is_so: bool
    """Whether the stack file says so already."""
    targets: tuple[str, ...]
    """URNs of its task definition and its service."""


@dataclass(frozen=True)
class Unknown:
    """A service or job of which no former image can be told, and why."""

    path: KeyPath
    why: str


def former_images(
    before: Recording, settings: SystemSettings, layers: Layers
) -> Iterator[Former | Unknown]:
    """What each service and job of the stack file ran before.

    Args:
        before: the state before the deployment.
        settings: the stack file that was deployed.
    """
    resources = {resource.urn: resource for resource in before}
    by_path: dict[KeyPath, list[Recorded]] = {}
    for resource in before:
        if resource.type in (TASKS, SERVICE):
            by_path.setdefault(owner_of(resource, resources, layers), []).append(resource)
    tasks: dict[KeyPath, TaskSettings] = {
        **{("services", key): task for key, task in settings.services.items()},
        **{("jobs", key): task for key, task in settings.jobs.items()},
    }
    for path, task in tasks.items():
        there = by_path.get(path, [])
        definition = next((found for found in there if found.type == TASKS), None)
        if definition is None:
            yield Unknown(path, "it is new, so nothing ran before")
            continue
        image = _image(definition, task.container)
        if image is None:
            yield Unknown(path, "its former task can't be read in the state")
        elif "@sha256:" not in image:
            yield Unknown(path, f"its former image, {image}, has no digest")
        else:
            setting = _setting(image, task)
            yield Former(path, image, setting, _names_image(task, setting), _urns(there))


def _urns(there: list[Recorded]) -> tuple[str, ...]:
    return tuple(sorted(resource.urn for resource in there))


def _image(definition: Recorded, container: str) -> str | None:
    """The image of the main container; None where the containers are hidden or others."""
    text: Any = plain(definition.inputs.get("containerDefinitions"))
    try:
        found: Any = json.loads(text) if isinstance(text, str) else text
        return next((str(one["image"]) for one in found if one.get("name") == container), None)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _setting(image: str, task: TaskSettings) -> dict[str, str]:
    """An image of the same repository stays one of its key, so that the rest of the plan does."""
    url, digest = image.split("@", 1)
    if task.image.repository is not None and ".dkr.ecr." in url:
        return {"repository": task.image.repository, "digest": digest}
    return {"uri": f"{url}@{digest}"}


def _names_image(task: TaskSettings, setting: Mapping[str, str]) -> bool:
    image = {
        "repository": task.image.repository,
        "digest": task.image.digest,
        "uri": task.image.uri,
    }
    return all(image[key] == value for key, value in setting.items())
