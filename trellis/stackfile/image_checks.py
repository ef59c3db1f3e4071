"""What only the whole can tell of images: what they are pulled with, and who builds them where."""

from __future__ import annotations

from collections.abc import Iterator

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


CHECKS = (registry_credentials, builds)
