"""The relational database component: an RDS instance, its standby and its read replicas.

Builds the subnet group, an empty security group, a parameter group of the version's family with
TLS forced, a log group for each exported log, the role of enhanced monitoring, the instance, and
its read replicas.

Promises:
- Private, encrypted with the customer key, TLS only; the master password is RDS's own.
- The log groups are there before the instance, so their retention and key apply from the start.
- A change of the family makes a new parameter group before the old one goes: its name has the
  family.
- Storage that grows by itself is never shrunk again, nor is a difference shown.
- The final snapshot's name is used once (see `surroundings.final_snapshot`).
- What AWS can change in place never changes a Pulumi name or replaces the instance.

Numbers: "Amazon RDS User Guide" and "CreateDBInstance" (API Reference), 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    Placement,
    WidgetSpec,
)
from components.database import alarms, widgets
from components.database.classes import memory_gib
from components.database.connections import connections_of
from components.database.engines import ENGINES, lifecycle_support
from components.database.master_password import begins_managed, left_alone, set_password
from components.database.names import DATABASE_NAME
from components.database.served import Served
from components.database.server import Server
from components.database.settings import InstanceSettings, ReplicaSettings
from components.database.surroundings import (
    final_snapshot,
    keeps_groups,
    log_groups,
    managed_secret,
    monitoring_role,
    parameter_group,
    subnet_group,
)
from components.naming import Naming
from components.parts.security_group import security_group
from components.tags import name_tag


class RelationalDatabase(Served, pulumi.ComponentResource):
    """One RDS instance. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: InstanceSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        placement: Placement,
        key_arn: Arn,
        secret_key_arn: Arn | None = None,
        log_key_arn: Arn | None = None,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the database.

        Args:
            name: key in the stack file: Pulumi name, and the prefix of every child's.
            placement: isolated or private subnets.
            key_arn: customer key of data, snapshots and insights.
            secret_key_arn: customer key of the master secret; `key_arn` when left out.
            log_key_arn: customer key of the log groups.
            protect: whether the instance survives a mistaken deletion.
        """
        super().__init__("trellis:database:RelationalDatabase", name, None, opts)
        self._key = name
        self._settings = settings
        self._naming = naming
        self._key_arn = key_arn
        self._secret_key_arn = secret_key_arn or key_arn
        self._child = pulumi.ResourceOptions(parent=self)
        self._kept = protect
        self._thing = settings.name or name
        self._identifier = naming.of(DATABASE_NAME, self._thing)
        self._engine = ENGINES[settings.engine]
        self._port = settings.port or self._engine.port

        self._group = security_group(
            name,
            physical_name=self._identifier,
            description=f"Database {self._identifier}: each rule names who reaches it",
            vpc_id=placement.vpc_id,
            opts=self._child,
        )
        self._subnets = subnet_group(name, self._identifier, placement, opts=self._child)
        self._parameters = parameter_group(
            name,
            self._identifier,
            settings,
            settings.parameters,
            description=f"Parameters of {self._identifier}",
            kept=keeps_groups(settings, protect=protect),
            opts=self._child,
        )
        self._log_key_arn = log_key_arn
        self._logs = self._log_groups(name, self._identifier)
        self._monitoring = monitoring_role(
            name,
            identifier=self._identifier,
            naming=naming,
            thing=self._thing,
            instances=[self._identifier, *map(self._replica_identifier, settings.read_replicas)],
            where=where,
            opts=self._child,
        )
        self._instance = self._create_instance()
        self._server = Server(
            name=name,
            settings=settings,
            where=where,
            identifier=self._identifier,
            arn=where.arn("rds", f"db:{self._identifier}"),
            describe="rds:DescribeDBInstances",
            host=self._instance.address,
            resource_id=self._instance.resource_id,
            security_group_id=self._group.id,
            managed_secret_arn=(
                managed_secret(self._instance.master_user_secrets)
                if settings.master_password == "managed"
                else None
            ),
            secret_key_arn=self._secret_key_arn,
        )
        self._password = set_password(
            self._server, naming=naming, log_key_arn=log_key_arn, opts=self._child
        )
        self._server = replace(self._server, password_set=self._password.done)
        self._replicas = {
            key: self._create_replica(key, replica)
            for key, replica in settings.read_replicas.items()
        }
        self.register_outputs({"identifier": self._identifier, "address": self._instance.address})

    @property
    def resource(self) -> aws.rds.Instance:
        """The instance."""
        return self._instance

    def max_connections(self) -> int:
        """Connections the server allows."""
        return connections_of(self._settings)

    @property
    def _readers(self) -> Mapping[str, pulumi.Input[str]]:
        return {f"replica-{key}": replica.address for key, replica in self._replicas.items()}

    @property
    def _answering(self) -> tuple[pulumi.Resource, ...]:
        return (self._instance,)

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Alarms of the instance and of its replicas' delay."""
        settings, producer = self._settings, f"database-{self._key}"
        own = {"DBInstanceIdentifier": self._identifier}
        return (
            alarms.cpu(producer, producer, own),
            alarms.connections(producer, producer, own, self.max_connections()),
            self._storage_alarm(producer, own),
            alarms.memory(producer, producer, own, memory_gib(settings.instance_class)),
            *(
                alarms.replica_lag(
                    producer,
                    f"{producer}-{key}",
                    {"DBInstanceIdentifier": self._replica_identifier(key)},
                )
                for key in settings.read_replicas
            ),
            *self._password.alarms,
        )

    def _storage_alarm(self, producer: str, own: alarms.Dimensions) -> AlarmSpec:
        storage = self._settings.storage
        if storage.max_gib is None or not self._settings.performance_insights.enabled:
            return alarms.free_storage(producer, producer, own, storage.initial_gib)
        return alarms.storage_in_use(
            producer, producer, self._instance.resource_id, storage.max_gib
        )

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Processor, connections, queries, disk latency, IOPS, storage and the replicas' delay."""
        producer = f"database-{self._key}"
        replicas = {
            key: {"DBInstanceIdentifier": self._replica_identifier(key)}
            for key in self._settings.read_replicas
        }
        servers = {self._key: {"DBInstanceIdentifier": self._identifier}, **replicas}
        limit = int(self.max_connections() * alarms.CONNECTIONS_SHARE)
        lag = (widgets.chart(f"{producer}: replica lag", replicas, "ReplicaLag", unit="s"),)
        return (
            *widgets.server_widgets(
                producer, servers, limit, insights=self._settings.performance_insights.enabled
            ),
            widgets.chart(f"{producer}: free storage", servers, "FreeStorageSpace", unit="bytes"),
            *(lag if replicas else ()),
        )

    def _log_groups(self, name: str, identifier: str) -> dict[str, aws.cloudwatch.LogGroup]:
        """Of the instance or of a replica."""
        return log_groups(
            name,
            self._settings,
            self._settings.engine,
            f"/aws/rds/instance/{identifier}",
            key_arn=self._log_key_arn,
            opts=self._child,
        )

    def _replica_identifier(self, key: str) -> str:
        return self._naming.of(DATABASE_NAME, self._thing, key)

    def _create_instance(self) -> aws.rds.Instance:
        settings, storage = self._settings, self._settings.storage
        insights = settings.performance_insights
        managed = begins_managed(settings)
        ignored = ["snapshotIdentifier"]  # A snapshot is where it began, not what it is.
        if settings.restore_from is not None:
            # They are the snapshot's; asking for others would replace the database every time.
            ignored += ["dbName", "kmsKeyId", "username"]
        ignored += left_alone(settings)
        if storage.max_gib is not None:
            # RDS enlarges the volume itself; asking for the first size again would be refused.
            ignored.append("allocatedStorage")
        replacing = {"engine": settings.engine, "database": settings.database,
                     "username": settings.master_username}  # fmt: skip
        return aws.rds.Instance(
            self._key,
            identifier=self._identifier,
            engine=settings.engine,
            engine_version=settings.version,
            engine_lifecycle_support=(
                lifecycle_support(self._engine, extended=self._settings.extended_support)
            ),
            instance_class=settings.instance_class,
            allocated_storage=storage.initial_gib,
            max_allocated_storage=storage.max_gib,
            storage_type=storage.type,
            iops=storage.iops,
            storage_throughput=storage.throughput,
            storage_encrypted=True,
            kms_key_id=self._key_arn,
            db_name=settings.database,
            port=self._port,
            username=settings.master_username,
            manage_master_user_password=True if managed else None,
            master_user_secret_kms_key_id=self._secret_key_arn if managed else None,
            iam_database_authentication_enabled=settings.iam_authentication,
            snapshot_identifier=settings.restore_from,
            multi_az=settings.multi_az,
            publicly_accessible=False,
            db_subnet_group_name=self._subnets.name,
            vpc_security_group_ids=[self._group.id],
            ca_cert_identifier=settings.certificate_authority,
            parameter_group_name=self._parameters.name,
            enabled_cloudwatch_logs_exports=list(self._logs),
            monitoring_interval=settings.monitoring.interval_seconds,
            monitoring_role_arn=self._monitoring.arn,
            database_insights_mode=insights.mode if insights.enabled else None,
            performance_insights_enabled=insights.enabled,
            performance_insights_kms_key_id=self._key_arn if insights.enabled else None,
            performance_insights_retention_period=(
                insights.retention_days if insights.enabled else None
            ),
            backup_retention_period=settings.backups.retention_days,
            backup_window=settings.backups.window,
            maintenance_window=settings.maintenance_window,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not settings.final_snapshot,
            deletion_protection=settings.deletion_protection,
            skip_final_snapshot=not settings.final_snapshot,
            final_snapshot_identifier=(
                final_snapshot(self._identifier, self._subnets, replacing)
                if settings.final_snapshot
                else None
            ),
            auto_minor_version_upgrade=settings.minor_upgrades,
            allow_major_version_upgrade=settings.major_upgrades,
            apply_immediately=settings.apply_immediately,
            blue_green_update={"enabled": True} if settings.blue_green else None,
            tags=name_tag(self._identifier),
            opts=pulumi.ResourceOptions(
                parent=self,
                # RDS makes a missing log group itself, without retention.
                depends_on=list(self._logs.values()),
                ignore_changes=ignored,
                protect=self._kept,
                retain_on_delete=self._kept,
            ),
        )

    def _create_replica(self, key: str, replica: ReplicaSettings) -> aws.rds.Instance:
        """A replica has its source's engine, users, encryption and subnets."""
        settings, insights = self._settings, self._settings.performance_insights
        identifier = self._replica_identifier(key)
        logs = self._log_groups(f"{self._key}-{key}", identifier)
        return aws.rds.Instance(
            f"{self._key}-{key}",
            identifier=identifier,
            replicate_source_db=self._instance.identifier,
            instance_class=replica.instance_class or settings.instance_class,
            # Of its own accord RDS would give it a volume of another type.
            storage_type=settings.storage.type,
            iops=settings.storage.iops,
            storage_throughput=settings.storage.throughput,
            max_allocated_storage=settings.storage.max_gib,
            storage_encrypted=True,
            port=self._port,
            multi_az=replica.multi_az,
            publicly_accessible=False,
            vpc_security_group_ids=[self._group.id],
            iam_database_authentication_enabled=settings.iam_authentication,
            ca_cert_identifier=settings.certificate_authority,
            parameter_group_name=self._parameters.name,
            enabled_cloudwatch_logs_exports=list(logs),
            monitoring_interval=settings.monitoring.interval_seconds,
            monitoring_role_arn=self._monitoring.arn,
            database_insights_mode=insights.mode if insights.enabled else None,
            performance_insights_enabled=insights.enabled,
            performance_insights_kms_key_id=self._key_arn if insights.enabled else None,
            performance_insights_retention_period=(
                insights.retention_days if insights.enabled else None
            ),
            maintenance_window=settings.maintenance_window,
            copy_tags_to_snapshot=True,
            deletion_protection=settings.deletion_protection,
            # A replica holds no data of its own, so there is nothing to keep.
            skip_final_snapshot=True,
            auto_minor_version_upgrade=settings.minor_upgrades,
            apply_immediately=settings.apply_immediately,
            tags=name_tag(identifier),
            # RDS refuses replicas while it manages the source's master password.
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[*self._password.done, *logs.values()]
            ),
        )
