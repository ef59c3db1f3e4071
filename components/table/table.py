"""The table component: a DynamoDB table and, where its capacity is provisioned, its scaling.

Builds the table with its indexes and copies, and scaling targets and policies for the table and
each global index.

Promises:
- Encrypted with the customer key, recoverable to any second, protected from deletion in production.
- What scaling has set is left as it is: a deployment does not turn it back.
- Links name exactly this table and exactly its indexes, and the key only by way of DynamoDB.

Numbers: "Amazon DynamoDB Developer Guide", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    Link,
    WidgetSpec,
)
from components.naming import Naming
from components.table.alarms import table_alarms
from components.table.links import OFFER, table_link
from components.table.names import TABLE_NAME
from components.table.scaling import scale
from components.table.settings import (
    AttributeSettings,
    GlobalIndexSettings,
    ProvisionedCapacity,
    TableSettings,
)
from components.table.widgets import table_widgets
from components.tags import name_tag

TYPES = {"string": "S", "number": "N", "binary": "B"}
STREAMS = {
    "keys": "KEYS_ONLY",
    "new": "NEW_IMAGE",
    "old": "OLD_IMAGE",
    "both": "NEW_AND_OLD_IMAGES",
}
CLASSES = {"standard": "STANDARD", "infrequentAccess": "STANDARD_INFREQUENT_ACCESS"}


class Table(pulumi.ComponentResource):
    """One table. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: TableSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        key_arn: Arn,
        replica_key_arns: Mapping[str, Arn] | None = None,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the table.

        Args:
            name: key in the stack file: Pulumi name, and the prefix of every child's.
            key_arn: customer key of the table's data.
            replica_key_arns: by region of `replicas`, the customer key of the copy.
            protect: whether the table survives a mistaken deletion.

        Raises:
            ValueError: a copy's key is missing.
        """
        missing = set(settings.replicas) - (replica_key_arns or {}).keys()
        if missing:
            raise ValueError(f"table {name}: no key was given for {', '.join(sorted(missing))}")
        super().__init__("trellis:table:Table", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._key_arn = key_arn
        self._replica_key_arns = replica_key_arns or {}
        self._kept = protect
        self._table_name = naming.of(TABLE_NAME, settings.name or name)
        self._table = self._create_table()
        if isinstance(settings.capacity, ProvisionedCapacity):
            scale(
                name,
                self._table.name,
                settings.capacity,
                settings.global_indexes,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({"name": self._table_name})

    @property
    def name(self) -> str:
        """DynamoDB's name of the table."""
        return self._table_name

    @property
    def arn(self) -> Arn:
        """ARN of the table, known before it is made."""
        return self._where.arn("dynamodb", f"table/{self._table_name}")

    @property
    def resource(self) -> aws.dynamodb.Table:
        """The table."""
        return self._table

    @property
    def stream_arn(self) -> pulumi.Output[str]:
        """ARN of the stream of changes; empty where there is none."""
        return self._table.stream_arn

    @property
    def stateful(self) -> dict[str, Arn]:
        """What a backup plan should cover: ARNs by producer key."""
        return {f"table-{self._key}": self.arn}

    def link(self, access: str | None = None) -> Link:
        """What follows from using it; `readWrite` when no access is named.

        Raises:
            UnknownAccessError: there is no such access, or no stream to read.
        """
        return table_link(
            OFFER,
            self._key,
            self._settings,
            access,
            table_name=self._table_name,
            arn=self.arn,
            indexes=(*self._settings.global_indexes, *self._settings.local_indexes),
            stream_arn=self._table.stream_arn,
            key_arn=self._key_arn,
            where=self._where,
            depends_on=(self._table,),
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Alarms of throttled and failing requests."""
        return table_alarms(self._key, self._table_name, tuple(self._settings.global_indexes))

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Capacity used, throttled requests and latency."""
        return table_widgets(f"table-{self._key}", self._table_name)

    def _create_table(self) -> aws.dynamodb.Table:
        settings = self._settings
        provisioned = isinstance(settings.capacity, ProvisionedCapacity)
        recovery = settings.point_in_time_recovery
        # Copies follow the stream, so DynamoDB switches it on with them.
        stream = settings.stream or ("both" if settings.replicas else None)
        read, write = _capacity(settings, "read"), _capacity(settings, "write")
        return aws.dynamodb.Table(
            self._key,
            name=self._table_name,
            billing_mode="PROVISIONED" if provisioned else "PAY_PER_REQUEST",
            read_capacity=read,
            write_capacity=write,
            table_class=CLASSES[settings.table_class],
            hash_key=settings.partition_key.name,
            range_key=settings.sort_key.name if settings.sort_key else None,
            attributes=_attributes(settings.keys()),
            global_secondary_indexes=[
                _global_index(name, index, read, write)
                for name, index in settings.global_indexes.items()
            ],
            local_secondary_indexes=[
                aws.dynamodb.TableLocalSecondaryIndexArgs(
                    name=name,
                    range_key=index.sort_key.name,
                    projection_type=_projection_type(index.projection),
                    non_key_attributes=_projected(index.projection),
                )
                for name, index in settings.local_indexes.items()
            ],
            ttl=(
                aws.dynamodb.TableTtlArgs(attribute_name=settings.ttl, enabled=True)
                if settings.ttl
                else None
            ),
            stream_enabled=True if stream else None,
            stream_view_type=STREAMS[stream] if stream else None,
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(
                enabled=recovery.enabled,
                recovery_period_in_days=recovery.days if recovery.enabled else None,
            ),
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=True, kms_key_arn=self._key_arn
            ),
            deletion_protection_enabled=settings.deletion_protection,
            replicas=[
                aws.dynamodb.TableReplicaArgs(
                    region_name=region,
                    kms_key_arn=self._replica_key_arns[region],
                    point_in_time_recovery=recovery.enabled,
                    deletion_protection_enabled=settings.deletion_protection,
                    propagate_tags=True,
                )
                for region in sorted(settings.replicas)
            ],
            tags=name_tag(self._table_name),
            opts=pulumi.ResourceOptions(
                parent=self,
                ignore_changes=_left_to_scaling(settings),
                protect=self._kept,
                retain_on_delete=self._kept,
            ),
        )


def _left_to_scaling(settings: TableSettings) -> list[str]:
    """What Application Auto Scaling sets: a deployment after a refresh would set it back."""
    if not isinstance(settings.capacity, ProvisionedCapacity) or settings.capacity.reset:
        return []
    ignored = ["readCapacity", "writeCapacity"]
    if settings.global_indexes:
        # A list can be followed only while its length stays; see `ProvisionedCapacity.reset`.
        ignored += [f"globalSecondaryIndexes[*].{property_}" for property_ in ignored]
    return ignored


def _capacity(settings: TableSettings, kind: Literal["read", "write"]) -> int | None:
    if not isinstance(settings.capacity, ProvisionedCapacity):
        return None
    return (settings.capacity.read if kind == "read" else settings.capacity.write).min


def _attributes(keys: Iterable[AttributeSettings]) -> list[aws.dynamodb.TableAttributeArgs]:
    """Each key's attribute once, by name: the order must not follow that of the indexes."""
    types = {key.name: TYPES[key.type] for key in keys}
    return [aws.dynamodb.TableAttributeArgs(name=name, type=types[name]) for name in sorted(types)]


def _global_index(
    name: str, index: GlobalIndexSettings, read: int | None, write: int | None
) -> aws.dynamodb.TableGlobalSecondaryIndexArgsDict:
    found: aws.dynamodb.TableGlobalSecondaryIndexArgsDict = {
        "name": name,
        "projection_type": _projection_type(index.projection),
    }
    if len(index.partition) > 1 or len(index.sort) > 1:
        found["key_schemas"] = [
            *(
                {"attribute_name": attribute.name, "key_type": "HASH"}
                for attribute in index.partition
            ),
            *({"attribute_name": attribute.name, "key_type": "RANGE"} for attribute in index.sort),
        ]
    else:
        # Keep `hash_key`: with `key_schemas` the provider recreates the indexes of existing tables.
        found["hash_key"] = index.partition_key.name
        if index.sort_key is not None:
            found["range_key"] = index.sort_key.name
    projected = _projected(index.projection)
    if projected is not None:
        found["non_key_attributes"] = projected
    if read is not None and write is not None:
        found["read_capacity"] = read
        found["write_capacity"] = write
    return found


def _projection_type(projection: str | tuple[str, ...]) -> str:
    if isinstance(projection, tuple):
        return "INCLUDE"
    return {"all": "ALL", "keys": "KEYS_ONLY"}[projection]


def _projected(projection: str | tuple[str, ...]) -> list[str] | None:
    return sorted(projection) if isinstance(projection, tuple) else None
