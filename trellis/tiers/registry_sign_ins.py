"""What images of registries that ask for a password are pulled with."""

from __future__ import annotations

from collections.abc import Iterator

from components.contracts import Link
from components.secrets.existing import existing_registry_sign_in
from components.secrets.secret import Secret
from components.services.task.settings import TaskSettings
from trellis.tiers.images import images_of
from trellis.tiers.stack_context import StackContext
from trellis.tiers.uses import Producers


def registry_sign_ins(
    stack: StackContext, producers: Producers, task: TaskSettings
) -> Iterator[Link]:
    """The links of a task's images. `checks` has refused secrets that are not there."""
    for container, image in images_of(task).items():
        if image.credentials is None:
            continue
        secret = producers.by_kind["secret"][image.credentials]
        if isinstance(secret, Secret):
            yield secret.registry_sign_in(container)
        else:
            there = stack.settings.existing.secrets[image.credentials]
            yield existing_registry_sign_in(image.credentials, there, container, stack.where)
