"""What a stack file names that is there already: see docs/reference.md."""

from __future__ import annotations

from pydantic import Field

from components.bucket.existing import ExistingBucket
from components.cache.existing import ExistingCache
from components.database.existing import ExistingDatabase
from components.keys.existing import ExistingKey
from components.messaging.existing import ExistingQueue, ExistingTopic
from components.parts.model import Key, Settings
from components.secrets.existing import ExistingParameter, ExistingSecret
from components.services.existing import ExistingRepository
from components.services.routing.existing_listener import ExistingListener
from components.table.existing import ExistingTable


class ExistingPartSettings(Settings):
    """What somebody else made and `uses:` lines or settings name: nothing of it is made here,
    changed or deleted."""

    keys: dict[Key, ExistingKey] = Field(default_factory=dict[str, ExistingKey])
    """KMS keys that somebody else made, by the key that `keys.existing` and `uses` lines name."""
    buckets: dict[Key, ExistingBucket] = Field(default_factory=dict[str, ExistingBucket])
    """Buckets that somebody else made, by key."""
    tables: dict[Key, ExistingTable] = Field(default_factory=dict[str, ExistingTable])
    """Tables that somebody else made, by key."""
    topics: dict[Key, ExistingTopic] = Field(default_factory=dict[str, ExistingTopic])
    """Topics that somebody else made, by key."""
    queues: dict[Key, ExistingQueue] = Field(default_factory=dict[str, ExistingQueue])
    """Queues that somebody else made, by key."""
    secrets: dict[Key, ExistingSecret] = Field(default_factory=dict[str, ExistingSecret])
    """Secrets that somebody else made, by key."""
    parameters: dict[Key, ExistingParameter] = Field(default_factory=dict[str, ExistingParameter])
    """SSM parameters that somebody else made, by key."""
    databases: dict[Key, ExistingDatabase] = Field(default_factory=dict[str, ExistingDatabase])
    """Databases that somebody else made, by key."""
    caches: dict[Key, ExistingCache] = Field(default_factory=dict[str, ExistingCache])
    """Caches that somebody else made, by key."""
    repositories: dict[Key, ExistingRepository] = Field(
        default_factory=dict[str, ExistingRepository]
    )
    """ECR repositories that somebody else made, by the key that `image.repository` names."""
    load_balancers: dict[Key, ExistingListener] = Field(default_factory=dict[str, ExistingListener])
    """Load balancers that somebody else made, by the key that a route's `loadBalancer` names."""
