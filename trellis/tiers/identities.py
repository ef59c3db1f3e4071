"""Identities outside AWS of a stack file: roles, and the issuers whose tokens open them."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.identities.identity import Identity
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.stack_context import StackContext
from trellis.tiers.uses import Producers


def audiences_of(settings: SystemSettings) -> dict[str, set[str]]:
    """Whom tokens may be meant for, by issuer (host and path)."""
    found: dict[str, set[str]] = {}
    for identity in settings.identities.values():
        found.setdefault(identity.provider, set()).add(identity.audience)
    return found


def make_identities(
    stack: StackContext, producers: Producers, sign_in: Sequence[pulumi.Resource]
) -> dict[str, Identity]:
    """The roles, by the stack file's keys.

    Args:
        sign_in: the account's providers of tokens.
    """
    found = {
        key: Identity(
            key,
            settings,
            producers.links(settings.uses),
            naming=stack.naming,
            where=stack.where,
            sign_in=sign_in,
            opts=stack.child,
        )
        for key, settings in stack.settings.identities.items()
    }
    if found:
        pulumi.export("identities", {key: identity.exports() for key, identity in found.items()})
    return found
