"""What a person says of a table; limits from "Quotas in Amazon DynamoDB", 2026-11."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.adoption import AdoptableByName
from components.parts.model import Development, Settings
from components.parts.regions import RegionName

MOST_GLOBAL, MOST_LOCAL = 20, 5
"""Indexes a table, by kind; 20 before the quota is raised (L-F7858A77)."""

MOST_KEY_ATTRIBUTES = 4
"""Attributes that together are a global index's partition key, and as many its sort key
("Multi-attribute keys pattern")."""

MOST_PROJECTED = 100
"""Attributes that all indexes of a table project by name."""

AttributeName = Annotated[str, StringConstraints(min_length=1, max_length=255)]
IndexName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_.-]{3,255}$")]


class AttributeSettings(Settings):
    """One attribute that is a key."""

    name: AttributeName
    """Name of the attribute."""
    type: Literal["string", "number", "binary"] = "string"
    """It can't change later: the table would be replaced."""


Projection = Literal["all", "keys"] | tuple[AttributeName, ...]
"""What is copied into an index: all, only the keys, or these attributes as well."""


MoreKeys = Annotated[tuple[AttributeSettings, ...], Field(max_length=MOST_KEY_ATTRIBUTES - 1)]


class GlobalIndexSettings(Settings):
    """An index over all partitions."""

    partition_key: AttributeSettings
    more_partition_keys: MoreKeys = ()
    """Up to three further attributes: a query names a value of every one."""
    sort_key: AttributeSettings | None = None
    more_sort_keys: MoreKeys = ()
    """Up to three further attributes, in the order they sort by; queries begin at the left."""
    projection: Projection = "all"
    """Which attributes the index holds: all, the keys, or the keys and those listed."""

    @model_validator(mode="after")
    def _first_things_first(self) -> GlobalIndexSettings:
        if self.more_sort_keys and self.sort_key is None:
            raise ValueError("`sortKey` with `moreSortKeys`: the first that it sorts by")
        names = [attribute.name for attribute in (*self.partition, *self.sort)]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"each attribute once in an index's keys; found twice: {twice}")
        return self

    @property
    def partition(self) -> tuple[AttributeSettings, ...]:
        """Every attribute of the partition key."""
        return (self.partition_key, *self.more_partition_keys)

    @property
    def sort(self) -> tuple[AttributeSettings, ...]:
        """Every attribute of the sort key, in order."""
        return (self.sort_key, *self.more_sort_keys) if self.sort_key is not None else ()


class LocalIndexSettings(Settings):
    """An index within each partition; it is made with the table and never changes."""

    sort_key: AttributeSettings
    projection: Projection = "all"
    """Which attributes the index holds: all, the keys, or the keys and those listed."""


class ScaledCapacity(Settings):
    """Capacity units a second, scaled between two bounds."""

    min: int = Field(default=1, ge=1, le=40_000)
    """Fewest capacity units a second."""
    max: int = Field(default=40, ge=1, le=40_000)
    """Most capacity units a second."""
    target_percent: int = Field(default=70, ge=20, le=90)
    """Share of the capacity that should be used."""

    @model_validator(mode="after")
    def _in_order(self) -> ScaledCapacity:
        if self.min > self.max:
            raise ValueError("`min` of at most `max`")
        return self


class ProvisionedCapacity(Settings):
    """Capacity paid by the hour, for the table and for each global index alike."""

    read: ScaledCapacity = Field(default_factory=ScaledCapacity)
    write: ScaledCapacity = Field(default_factory=ScaledCapacity)
    reset: bool = False
    """For the one deployment that comes from `onDemand`, or adds or drops a global index: capacity
    starts at `min` again. Pulumi can't leave alone what was not there before, and says so."""


class RecoverySettings(Settings):
    """Point-in-time recovery: any second can be restored."""

    enabled: bool = True
    """Whether the table can be restored to any second."""
    days: int = Field(default=35, ge=1, le=35)
    """How many days back."""


class TableSettings(AdoptableByName):
    """One DynamoDB table, encrypted with the customer key."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_.-]+$", max_length=64)] | None = (
        None
    )
    """Last part of the physical name; the key in the stack file when left out."""
    partition_key: AttributeSettings
    sort_key: AttributeSettings | None = None
    global_indexes: dict[IndexName, GlobalIndexSettings] = Field(
        default_factory=dict[IndexName, GlobalIndexSettings]
    )
    """By name; DynamoDB makes or drops one an update, so more take several deployments' time."""
    local_indexes: dict[IndexName, LocalIndexSettings] = Field(
        default_factory=dict[IndexName, LocalIndexSettings]
    )
    """Local secondary indexes by name: the table's partition key with another sort key."""
    ttl: AttributeName | None = None
    """Attribute with the second after which an item goes."""
    stream: Literal["keys", "new", "old", "both"] | None = None
    """Changes as a stream: the keys, the item after, before, or both."""
    capacity: Literal["onDemand"] | ProvisionedCapacity = "onDemand"
    table_class: Literal["standard", "infrequentAccess"] = "standard"
    """`infrequentAccess` costs less for storage and more for each request."""
    point_in_time_recovery: RecoverySettings = Field(default_factory=RecoverySettings)
    deletion_protection: Annotated[bool, Development(False)] = True
    """Whether DynamoDB refuses to delete the table."""
    replicas: tuple[RegionName, ...] = ()
    """Regions with a copy, kept alike within a second, each on a customer key of its own there."""

    def keys(self) -> Iterator[AttributeSettings]:
        """Every attribute that is a key of the table or of an index, repeated where it is."""
        yield self.partition_key
        for index in self.global_indexes.values():
            yield from index.partition
            yield from index.sort
        for local in self.local_indexes.values():
            yield local.sort_key
        if self.sort_key is not None:
            yield self.sort_key

    @model_validator(mode="after")
    def _one_type_an_attribute(self) -> TableSettings:
        types: dict[str, str] = {}
        for key in self.keys():
            if types.setdefault(key.name, key.type) != key.type:
                raise ValueError(
                    f"one type for the attribute {key.name}; found {types[key.name]} and {key.type}"
                )
        for sort, partition in (
            (self.sort_key, self.partition_key),
            *((i.sort_key, self.partition_key) for i in self.local_indexes.values()),
        ):
            if sort is not None and sort.name == partition.name:
                raise ValueError(f"a sort key other than the partition key {partition.name}")
        return self

    @model_validator(mode="after")
    def _indexes_are_allowed(self) -> TableSettings:
        if self.local_indexes and self.sort_key is None:
            raise ValueError("`sortKey` with `localIndexes`: they order the same partitions anew")
        if len(self.global_indexes) > MOST_GLOBAL or len(self.local_indexes) > MOST_LOCAL:
            raise ValueError(f"at most {MOST_GLOBAL} `globalIndexes` and {MOST_LOCAL} local ones")
        twice = self.global_indexes.keys() & self.local_indexes.keys()
        if twice:
            raise ValueError(f"a name of its own for each index; found twice: {min(twice)}")
        indexes = (*self.global_indexes.values(), *self.local_indexes.values())
        projected = sum(len(i.projection) for i in indexes if isinstance(i.projection, tuple))
        if projected > MOST_PROJECTED:
            raise ValueError(f"at most {MOST_PROJECTED} projected attributes; found {projected}")
        if any(i.projection == () for i in indexes):
            raise ValueError("`projection: keys` instead of an empty list")
        return self

    @model_validator(mode="after")
    def _seconds_are_numbers(self) -> TableSettings:
        wrong = next((k for k in self.keys() if k.name == self.ttl and k.type != "number"), None)
        if wrong is not None:
            raise ValueError(
                f"a `ttl` other than {self.ttl}: it is a key of type {wrong.type}, and items go by "
                "seconds in a number"
            )
        return self

    @model_validator(mode="after")
    def _replicas_can_follow(self) -> TableSettings:
        if len(set(self.replicas)) < len(self.replicas):
            raise ValueError("each region once in `replicas`")
        if self.replicas and self.stream not in (None, "both"):
            raise ValueError("`stream: both` with `replicas`: they follow by it")
        return self
