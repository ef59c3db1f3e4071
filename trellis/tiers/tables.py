"""Tables of a stack file."""

from __future__ import annotations

from components.contracts import NetworkNeeds
from components.keys.settings import Domain
from components.table.table import Table, needs_of_tables
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.ground import Ground


def table_needs(settings: SystemSettings) -> NetworkNeeds:
    """The gateway to DynamoDB, where there are tables."""
    return needs_of_tables(len(settings.tables))


def make_tables(ground: Ground) -> dict[str, Table]:
    """The tables, by the stack file's keys."""
    return {
        key: Table(
            key,
            settings,
            naming=ground.naming,
            where=ground.where,
            key_arn=ground.key(Domain.DATA),
            replica_key_arns={
                region: ground.key(Domain.DATA, region) for region in settings.replicas
            },
            protect=ground.protect,
            opts=ground.child,
        )
        for key, settings in ground.settings.tables.items()
    }
