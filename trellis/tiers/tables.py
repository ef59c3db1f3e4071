"""Tables of a stack file."""

from __future__ import annotations

from components.contracts import NetworkNeeds
from components.keys.settings import Domain
from components.table.table import Table, needs_of_tables
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.stack_context import StackContext


def table_needs(settings: SystemSettings) -> NetworkNeeds:
    """The gateway to DynamoDB, where there are tables."""
    return needs_of_tables(len(settings.tables))


def make_tables(stack: StackContext) -> dict[str, Table]:
    """The tables, by the stack file's keys."""
    return {
        key: Table(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            key_arn=stack.key(Domain.DATA),
            replica_key_arns={
                region: stack.key(Domain.DATA, region) for region in settings.replicas
            },
            protect=stack.protect,
            opts=stack.child,
        )
        for key, settings in stack.settings.tables.items()
    }
