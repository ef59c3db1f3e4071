"""How the backup plan is declared."""

from __future__ import annotations

from components.backups.settings import BackupsSettings
from components.parts.changes import Change, Unique
from components.parts.declaration import CONFIGURATION, Data, Resource, Tier, Watched
from components.parts.shown import Shown

TIERS = (
    Tier(
        field="backups",
        settings=BackupsSettings,
        components={
            "trellis:backups:Backups": Shown("backups", hidden=True),
        },
        resources={
            "aws:backup/plan:Plan": Resource(CONFIGURATION, facts=("name",)),
            "aws:backup/selection:Selection": Resource(CONFIGURATION, facts=("resources",)),
            "aws:backup/vault:Vault": Resource(
                Watched(("NumberOfBackupJobsFailed",)),
                facts=("name",),
                data=Data("recovery points", "name", "copy the recovery points into another vault"),
                unique=Unique("region", ("name",)),
            ),
            "aws:backup/vaultLockConfiguration:VaultLockConfiguration": Resource(
                CONFIGURATION, change=Change(same=("backupVaultName",))
            ),
        },
        keys=frozenset(),
    ),
)
"""What this package adds to a stack file."""
