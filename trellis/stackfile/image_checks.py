"""What only the whole can tell of images: how they are pulled, and who builds them where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.parts.domain import PATTERN
from components.parts.ways_out import HTTPS
from components.secrets.settings import CredentialsSecret, GeneratedSecret
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.room_checks import places_of_images
from trellis.stackfile.service_checks import tasks_of
from trellis.stackfile.settings import SystemSettings


def registry_credentials(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Credentials of a registry that are no secret, or one whose value is not the registry's."""
    there = {**settings.existing.secrets, **settings.secrets}
    for path, task in tasks_of(settings).items():
        for place, image in places_of_images(task).items():
            if image.credentials is None:
                continue
            at = (*path, *place, "credentials")
            secret = there.get(image.credentials)
            if secret is None:
                yield unknown(at, "secret", image.credentials, there)
            elif isinstance(secret, GeneratedSecret | CredentialsSecret):
                yield (
                    at,
                    f"{image.credentials}, a secret of kind {secret.kind}, made inside AWS",
                    "one that a person fills (`kind: given`), or one of `existing.secrets`",
                    "its value is JSON with the registry's `username` and `password`",
                )


def builds(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """An image that is built into a repository of somebody else."""
    for path, task in tasks_of(settings).items():
        for place, image in places_of_images(task).items():
            if image.build is not None and image.repository in settings.existing.repositories:
                yield (
                    (*path, *place, "build"),
                    f"a build into {image.repository}, one of `existing.repositories`",
                    "a `tag` or `digest` of it, or a repository that is made here",
                    "nothing is pushed to what somebody else made",
                )


def registry_ports(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A registry at a port that nothing lets the task out to: its image would never be pulled."""
    for path, task in tasks_of(settings).items():
        for place, image in places_of_images(task).items():
            registry = (image.uri or "").partition("/")[0]
            host, port = registry.partition(":")[0], registry.partition(":")[2]
            if not port.isdigit() or int(port) == HTTPS:
                continue
            let_out = any(
                use.port == int(port)
                and use.protocol == "tcp"
                # Whether the registry is in a block, a list or a group, only its owner knows.
                and (use.address == host or not re.fullmatch(PATTERN, use.address))
                for use in task.uses
                if use.address is not None
            )
            if not let_out:
                yield (
                    (*path, *place, "uri"),
                    f"an image of {host} at port {port}, which the task has no way to",
                    f"`uses: [{{address: {host}, port: {port}}}]` of {'.'.join(map(str, path))}",
                    f"tasks are let out to port {HTTPS} alone unless they say more",
                )


CHECKS = (registry_credentials, builds, registry_ports)
