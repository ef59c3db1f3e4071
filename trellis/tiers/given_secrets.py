"""Secrets that a person fills: who waits for them, and whether they have a value, unread."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.secrets.settings import GivenSecret
from components.services.task.settings import TaskSettings
from trellis.stackfile.context import Context
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.asking import found_or_none
from trellis.tiers.images import images_of

NOT_FOUND = ("couldn't find resource", "ResourceNotFoundException", "empty result")
"""How the provider says that there is no such secret (data source
`aws_secretsmanager_secret_versions`, v6)."""


def given_secrets(settings: SystemSettings, task: TaskSettings) -> dict[str, GivenSecret]:
    """Secrets without whose value a task does not start, by key, each once.

    They are what its containers get as they start, and what its images are pulled with.
    """
    used = [use.secret for use in task.uses if use.as_ is not None]
    pulled = [image.credentials for image in images_of(task).values()]
    named = dict.fromkeys(key for key in (*used, *pulled) if key is not None)
    found = {key: settings.secrets.get(key) for key in named}
    return {key: secret for key, secret in found.items() if isinstance(secret, GivenSecret)}


def has_value(name: str, context: Context, provider: pulumi.ProviderResource) -> bool:
    """Whether a secret has a value, from the context file, else from AWS at a preview.

    Only the versions' ids are listed; the value is not read.

    Raises:
        Exception: anything else than a missing secret went wrong.
    """
    if context.has_value(name):
        return True
    found = found_or_none(
        lambda: aws.secretsmanager.get_secret_versions(
            secret_id=name, opts=pulumi.InvokeOptions(provider=provider)
        ),
        NOT_FOUND,
    )
    return found is not None and bool(found.versions)
