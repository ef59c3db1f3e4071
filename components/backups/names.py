"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

BACKUP_NAME = Kind("backup", 50, r"[a-zA-Z0-9_-]{2,}", "CreateBackupVault: BackupVaultName")
