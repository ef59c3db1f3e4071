"""The cache component: a Redis or Valkey replication group.

Builds the subnet group, an empty security group, a parameter group of the version's family, log
groups, users with a group whose default user is switched off (or a group that waits for an AUTH
token), a topic for its events, and the replication group.

Promises:
- Private, encrypted with the customer key, TLS only, nobody signs in without a name and a password
  or an IAM token.
- No password or token is known here: the first rotation makes it inside AWS. Until then a user is
  switched off; a cache with a token lets in whoever reaches it, which nobody does before the links'
  rules.
- Failover is automatic, and zones differ, exactly where there is a replica.
- A change of the family makes a new parameter group before the old one goes.
- The final snapshot's name is used once (as a database's is).

Numbers: "Amazon ElastiCache User Guide" and "CreateReplicationGroup" (API Reference), 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.cache import alarms
from components.cache.engines import family_of, is_tiered
from components.cache.events import Receiver, events_topic
from components.cache.names import CACHE_NAME
from components.cache.settings import CacheSettings
from components.cache.users import CacheUser, create_group, create_users
from components.cache.widgets import cache_widgets
from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    Endpoint,
    Grant,
    Link,
    LoginServer,
    Placement,
    WidgetSpec,
)
from components.naming import Naming
from components.parts.access import sid_part
from components.parts.log_group import log_group
from components.parts.offer import Offer
from components.parts.security_group import security_group
from components.tags import name_tag


def _user_of_tokens(settings: CacheSettings) -> Mapping[str, str]:
    """The one user that signs in by IAM token, whose name an application can't know."""
    by_token = [user for user in settings.users.values() if user.authentication == "iam"]
    return {"user": "REDIS_USER"} if len(by_token) == 1 else {}


OFFER = Offer[CacheSettings](
    kind="cache",
    accesses=("connect",),
    default="connect",
    variables={"host": "REDIS_HOST", "port": "REDIS_PORT"},
    more=_user_of_tokens,
    listens=True,
)

SUFFIX = 7
"""Characters that Pulumi adds to a name it makes up ("Autonaming", Pulumi docs, 2026-11)."""


class Cache(pulumi.ComponentResource):
    """One replication group. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: CacheSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        placement: Placement,
        key_arn: Arn,
        log_key_arn: Arn | None = None,
        receivers: Mapping[str, Receiver] | None = None,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the cache.

        Args:
            name: key in the stack file: Pulumi name, and the prefix of every child's.
            placement: isolated or private subnets.
            key_arn: customer key of data and snapshots.
            log_key_arn: customer key of the log groups.
            receivers: who hears of failovers and replaced nodes, by a name of their own.
            protect: whether the group survives a mistaken deletion.
        """
        super().__init__("trellis:cache:Cache", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._key_arn = key_arn
        self._child = pulumi.ResourceOptions(parent=self)
        self._kept = protect
        thing = settings.name or name
        self._identifier = naming.of(CACHE_NAME, thing)

        self._group = security_group(
            name,
            physical_name=self._identifier,
            description=f"Cache {self._identifier}: each rule names who reaches it",
            vpc_id=placement.vpc_id,
            opts=self._child,
        )
        self._subnets = aws.elasticache.SubnetGroup(
            name,
            description=f"{placement.tier.value} subnets of {self._identifier}",
            subnet_ids=placement.subnet_ids,
            tags=name_tag(self._identifier),
            opts=self._child,
        )
        self._parameters = self._create_parameter_group()
        self._logs = {
            log: log_group(
                f"{name}-{log}",
                physical_name=f"/aws/elasticache/{self._identifier}/{log}",
                retention_days=settings.log_retention_days,
                key_arn=log_key_arn,
                opts=self._child,
            )
            for log in settings.logs
        }
        self._users: dict[str, CacheUser] = {}
        self._user_group: aws.elasticache.UserGroup | None = None
        if settings.authentication == "user":
            self._users = create_users(
                name, settings.users, thing=thing, naming=naming, opts=self._child
            )
            self._user_group = create_group(
                name, self._users, thing=thing, naming=naming, opts=self._child
            )
        self._topic, topic_parameter = (
            events_topic(
                name,
                thing=thing,
                receivers=receivers or {},
                naming=naming,
                where=where,
                opts=self._child,
            )
            if settings.notify
            else (None, None)
        )
        self._replication = self._create_replication_group(
            [topic_parameter] if topic_parameter is not None else []
        )
        self.register_outputs({"identifier": self._identifier, "host": self.host})

    @property
    def name(self) -> str:
        """ElastiCache's name of the replication group."""
        return self._identifier

    @property
    def arn(self) -> Arn:
        """ARN of the replication group, known before it is made."""
        return self._where.arn("elasticache", f"replicationgroup:{self._identifier}")

    @property
    def host(self) -> pulumi.Output[str]:
        """The configuration endpoint in cluster mode, else the primary's."""
        if self._settings.cluster_mode is not None:
            return self._replication.configuration_endpoint_address
        return self._replication.primary_endpoint_address

    @property
    def endpoint(self) -> Endpoint:
        """Where every node listens."""
        return Endpoint(f"cache-{self._key}", self._group.id, self._settings.port)

    @property
    def resource(self) -> aws.elasticache.ReplicationGroup:
        """The replication group."""
        return self._replication

    @property
    def login_server(self) -> LoginServer:
        """Where the rotation function makes passwords of the first password user, or the token."""
        password = [name for name, user in self._users.items() if not user.iam]
        return self.login_server_of(password[0] if password else None)

    def login_server_of(self, user: str | None) -> LoginServer:
        """Where the rotation function makes passwords of one user; None for the AUTH token.

        Raises:
            KeyError: the cache has no such user.
        """
        found = self._users[user] if user is not None else None
        return LoginServer(
            name=f"cache-{self._key}",
            engine=self._settings.engine,
            host=self.host,
            port=self._settings.port,
            endpoint=self.endpoint,
            key_arn=self._key_arn,
            resource_arn=self.arn,
            identifier=self._identifier,
            user_arn=self._user_arn(found) if found else None,
            user_id=found.user_id if found else None,
        )

    def link(self, access: str | None = None) -> Link:
        """What follows from using it.

        Raises:
            UnknownAccessError: there is no such access.
        """
        producer = f"cache-{self._key}"
        access = OFFER.chosen(self._key, self._settings, access)
        iam = [user for user in self._users.values() if user.iam]
        grants = (
            Grant(
                f"Connect{sid_part(producer)}",
                ("elasticache:Connect",),
                (self.arn, *(self._user_arn(user) for user in iam)),
            ),
        )
        values: dict[str, pulumi.Input[str]] = {
            "host": self.host,
            "port": str(self._settings.port),
        }
        if len(iam) == 1:
            values["user"] = iam[0].user_id
        return Link(
            producer=producer,
            access=access,
            endpoints=(self.endpoint,),
            grants=grants if iam else (),
            environment=OFFER.environment(self._key, self._settings, values),
            depends_on=(self._replication,),
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Alarms of each shard."""
        producer = f"cache-{self._key}"
        found: list[AlarmSpec] = []
        for shard, nodes in self._shards().items():
            label = f"{producer}-{shard}" if shard else producer
            found += [
                alarms.evictions(producer, label, nodes),
                alarms.memory(producer, label, nodes),
                alarms.cpu(producer, label, nodes),
            ]
            if len(nodes) > 1:
                found.append(alarms.replica_lag(producer, label, nodes))
        return tuple(found)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Hit rate, evictions, processor, memory, connections and the replicas' delay."""
        nodes = [node for shard in self._shards().values() for node in shard]
        return cache_widgets(f"cache-{self._key}", nodes, self._replicas > 0)

    @property
    def _replicas(self) -> int:
        """Of the primary, or of each shard's."""
        mode = self._settings.cluster_mode
        return mode.replicas if mode is not None else self._settings.nodes - 1

    def _shards(self) -> dict[str, list[str]]:
        """Node ids by shard, as ElastiCache numbers them; without shards one that has no name."""
        mode = self._settings.cluster_mode
        numbers = [f"{number:03}" for number in range(1, self._replicas + 2)]
        if mode is None:
            return {"": [f"{self._identifier}-{number}" for number in numbers]}
        return {
            f"{shard:04}": [f"{self._identifier}-{shard:04}-{number}" for number in numbers]
            for shard in range(1, mode.shards + 1)
        }

    def _user_arn(self, user: CacheUser) -> Arn:
        return self._where.arn("elasticache", f"user:{user.user_id}")

    def _create_parameter_group(self) -> aws.elasticache.ParameterGroup:
        settings = self._settings
        family = family_of(settings.engine, settings.version)
        clustered = settings.cluster_mode is not None
        label = family.replace(".", "-") + ("-cluster" if clustered else "")
        parameters = {**settings.parameters, **({"cluster-enabled": "yes"} if clustered else {})}
        return aws.elasticache.ParameterGroup(
            f"{self._key}-{label}",
            family=family,
            description=f"Parameters of {self._identifier}",
            parameters=[
                aws.elasticache.ParameterGroupParameterArgs(name=key, value=str(parameters[key]))
                for key in sorted(parameters)
            ],
            tags=name_tag(f"{self._identifier}-{label}"),
            opts=pulumi.ResourceOptions(
                parent=self,
                # ElastiCache deletes none that a cache uses, and after an upgrade it uses the old
                # one until its maintenance window. A group that stays costs nothing.
                retain_on_delete=self._kept or not settings.apply_immediately,
            ),
        )

    def _create_replication_group(
        self, first: Sequence[pulumi.Resource]
    ) -> aws.elasticache.ReplicationGroup:
        settings, mode = self._settings, self._settings.cluster_mode
        snapshot = self._subnets.name.apply(
            lambda made: f"{self._identifier}-final-{made[-SUFFIX:]}"
        )
        # A token is set by its first rotation and never known here.
        ignored = ["authToken", "authTokenUpdateStrategy"]
        return aws.elasticache.ReplicationGroup(
            self._key,
            replication_group_id=self._identifier,
            description=f"{settings.engine} of {self._identifier}",
            engine=settings.engine,
            engine_version=settings.version,
            node_type=settings.node_type,
            data_tiering_enabled=True if is_tiered(settings.node_type) else None,
            num_cache_clusters=settings.nodes if mode is None else None,
            num_node_groups=mode.shards if mode is not None else None,
            replicas_per_node_group=mode.replicas if mode is not None else None,
            cluster_mode="enabled" if mode is not None else "disabled",
            # Failover needs somebody to fail over to, except that cluster mode always wants it.
            automatic_failover_enabled=self._replicas > 0 or mode is not None,
            multi_az_enabled=self._replicas > 0,
            port=settings.port,
            parameter_group_name=self._parameters.name,
            subnet_group_name=self._subnets.name,
            security_group_ids=[self._group.id],
            at_rest_encryption_enabled=True,
            kms_key_id=self._key_arn,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            # What takes a token off again when users come in its place; else it does nothing.
            auth_token_update_strategy="DELETE" if settings.authentication == "user" else None,
            user_group_ids=(
                [self._user_group.user_group_id] if self._user_group is not None else None
            ),
            snapshot_retention_limit=settings.snapshots.retention_days,
            snapshot_window=settings.snapshots.window,
            final_snapshot_identifier=snapshot if settings.final_snapshot else None,
            maintenance_window=settings.maintenance_window,
            notification_topic_arn=self._topic.arn if self._topic is not None else None,
            log_delivery_configurations=[
                aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
                    destination=group.name,
                    destination_type="cloudwatch-logs",
                    log_format="json",
                    log_type=log,
                )
                for log, group in self._logs.items()
            ],
            auto_minor_version_upgrade=settings.minor_upgrades,
            apply_immediately=settings.apply_immediately,
            tags=name_tag(self._identifier),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=first,
                ignore_changes=ignored if settings.authentication == "token" else [],
                protect=self._kept,
                retain_on_delete=self._kept,
            ),
        )
