"""What this package's resources cost.

Sources: "AWS Backup pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.parts.asked import Asked, Rule, known
from components.parts.charges import Charge, Free, NotPriced, Pricing, Row

TABLE = "aws:dynamodb/table:Table"


def backup_plan(asked: Asked) -> Iterator[Pricing]:
    """What AWS Backup keeps of databases and tables."""
    types = asked.plan.by_type
    for kind, type_, measure, what in (
        ("rds", "aws:rds/instance:Instance", "databases_gb", "copies of databases"),
        ("aurora", "aws:rds/cluster:Cluster", "databases_gb", "copies of clusters"),
        ("dynamodb", TABLE, "tables_gb", "copies of tables"),
    ):
        if type_ in types:
            gb, why = asked.plan.usage.of("backups", None, measure)
            yield Charge(f"AWSBackup/{kind}/warm/gbMonth", what, gb, (why,))
    rules: Sequence[Mapping[str, Any]] = asked.get("rules") or ()
    if any(known(rule.get("copyActions")) for rule in rules):
        yield NotPriced(
            "copies to another region or account", "no price of copies is in the data",
            (asked.because("", "copies"),),
        )  # fmt: skip


RULES: Mapping[str, Rule] = {
    "aws:backup/plan:Plan": backup_plan,
}

_BACKUP = Free("what is kept is priced with the plan", "AWS Backup pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:backup/selection:Selection": _BACKUP,
    "aws:backup/vault:Vault": _BACKUP,
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": _BACKUP,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("backups", "databases_gb"): ((0, 0, 50), (0, 50, 500), (50, 500, 5_000)),
    ("backups", "tables_gb"): ((0, 1, 5), (0, 10, 50), (10, 100, 500)),
}  # fmt: skip
