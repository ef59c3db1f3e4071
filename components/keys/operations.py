"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:kms/alias:Alias": call("kms", "CreateAlias", name="AliasName"),
    "aws:kms/key:Key": call(
        "kms",
        "CreateKey",
        "enableKeyRotation",
        "isEnabled",
        deletionWindowInDays="ScheduleKeyDeletion:PendingWindowInDays",
        rotationPeriodInDays="EnableKeyRotation:RotationPeriodInDays",
    ),
}
"""By Pulumi type token."""
