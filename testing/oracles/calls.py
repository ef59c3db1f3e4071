"""Which API operation makes each registered type, and which types none makes."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call
from trellis.registry import beside

OTHERS: Mapping[str, Call] = {
    "aws:backup/vaultNotifications:VaultNotifications": call(
        "backup", "PutBackupVaultNotifications"
    ),
    "aws:backup/vaultPolicy:VaultPolicy": call("backup", "PutBackupVaultAccessPolicy"),
    "aws:kms/keyPolicy:KeyPolicy": call("kms", "PutKeyPolicy"),
    "aws:scheduler/scheduleGroup:ScheduleGroup": call("scheduler", "CreateScheduleGroup"),
    "aws:secretsmanager/secretPolicy:SecretPolicy": call(
        "secretsmanager", "PutResourcePolicy", secretArn="SecretId", policy="ResourcePolicy"
    ),
}
"""Those of types that no tier makes."""

CALLS: Mapping[str, Call] = {
    **OTHERS,
    **{type_: made for module in beside("operations") for type_, made in module.CALLS.items()},
}
"""By Pulumi type token."""

UNCONSTRAINED: Mapping[str, str] = {
    type_: why
    for module in beside("operations")
    for type_, why in getattr(module, "WITHOUT", {}).items()
}
"""Registered types that no API operation makes, and why."""
