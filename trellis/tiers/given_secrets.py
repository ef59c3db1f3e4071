"""Whether an operator has set the value of a secret: asked without ever reading it."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from trellis.stackfile.context import Context
from trellis.tiers.asking import found_or_none

NOT_FOUND = ("couldn't find resource", "ResourceNotFoundException", "empty result")
"""How the provider says that there is no such secret (data source
`aws_secretsmanager_secret_versions`, v6)."""


def has_value(name: str, context: Context, provider: pulumi.ProviderResource) -> bool:
    """Whether a secret has a value, from the context file, else from AWS at a preview.

    Only the versions' ids are listed; the value is not read.

    Raises:
        Exception: anything else than a missing secret went wrong.
    """
    if name in context.secrets:
        return True
    found = found_or_none(
        lambda: aws.secretsmanager.get_secret_versions(
            secret_id=name, opts=pulumi.InvokeOptions(provider=provider)
        ),
        NOT_FOUND,
    )
    return found is not None and bool(found.versions)
