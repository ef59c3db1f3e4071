"""The Aurora component: a cluster with its writer and readers, provisioned or Serverless v2.

Builds the subnet group, an empty security group, the cluster and instance parameter groups of the
version's family with TLS forced, a log group for each exported log, the role of enhanced
monitoring, the cluster, and its instances.

Promises:
- Private, encrypted with the customer key, TLS only; the master password is RDS's own.
- The log groups are there before the cluster, so their retention and key apply from the start.
- Instances are known by the names they have in the stack file: one more or one less touches no
  other.
- The final snapshot's name is used once (see `surroundings.final_snapshot`).
- Zones are left to Aurora: naming them would replace the cluster whenever the region has more.

Numbers: "Amazon Aurora User Guide" and "CreateDBCluster" (RDS API Reference), 2026-11.
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
from components.database.classes import SERVERLESS, memory_gib
from components.database.connections import connections_of, member_connections
from components.database.engines import ENGINES, lifecycle_support
from components.database.master_password import begins_managed, left_alone, set_password
from components.database.names import DATABASE_NAME
from components.database.served import Served
from components.database.server import Server
from components.database.settings import ClusterInstanceSettings, ClusterSettings
from components.database.surroundings import (
    cluster_parameter_group,
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

STORAGE_TYPES = {"standard": "", "ioOptimized": "aurora-iopt1"}
"""RDS's own names ("Storage configurations for Amazon Aurora DB clusters", 2026-11)."""

HOUR = 3_600
"""Seconds."""


class AuroraCluster(Served, pulumi.ComponentResource):
    """One Aurora cluster. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: ClusterSettings,
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
        """Make the cluster.

        Args:
            name: key in the stack file: Pulumi name, and the prefix of every child's.
            placement: isolated or private subnets.
            key_arn: customer key of data, snapshots and insights.
            secret_key_arn: customer key of the master secret; `key_arn` when left out.
            log_key_arn: customer key of the log groups.
            protect: whether the cluster survives a mistaken deletion.
        """
        super().__init__("trellis:database:AuroraCluster", name, None, opts)
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
        self._cluster_parameters = cluster_parameter_group(
            name,
            self._identifier,
            settings,
            kept=keeps_groups(settings, protect=protect),
            opts=self._child,
        )
        # A group of their own, so that an instance can be tuned without a replacement later.
        self._instance_parameters = parameter_group(
            name,
            self._identifier,
            settings,
            None,
            description=f"Instance parameters of {self._identifier}",
            kept=keeps_groups(settings, protect=protect),
            opts=self._child,
        )
        self._logs = log_groups(
            name,
            settings,
            settings.engine,
            f"/aws/rds/cluster/{self._identifier}",
            key_arn=log_key_arn,
            opts=self._child,
        )
        self._monitoring = monitoring_role(
            name,
            identifier=self._identifier,
            naming=naming,
            thing=self._thing,
            instances=[self._instance_identifier(key) for key in settings.instances],
            where=where,
            opts=self._child,
        )
        self._cluster = self._create_cluster()
        self._instances = self._create_instances()
        self._server = Server(
            name=name,
            settings=settings,
            where=where,
            identifier=self._identifier,
            arn=where.arn("rds", f"cluster:{self._identifier}"),
            describe="rds:DescribeDBClusters",
            host=self._cluster.endpoint,
            resource_id=self._cluster.cluster_resource_id,
            security_group_id=self._group.id,
            managed_secret_arn=(
                managed_secret(self._cluster.master_user_secrets)
                if settings.master_password == "managed"
                else None
            ),
            secret_key_arn=self._secret_key_arn,
        )
        self._password = set_password(
            self._server, naming=naming, log_key_arn=log_key_arn, opts=self._child
        )
        self._server = replace(self._server, password_set=self._password.done)
        self.register_outputs({"identifier": self._identifier, "endpoint": self._cluster.endpoint})

    @property
    def resource(self) -> aws.rds.Cluster:
        """The cluster."""
        return self._cluster

    def max_connections(self) -> int:
        """Connections one instance allows."""
        return connections_of(self._settings)

    @property
    def _readers(self) -> Mapping[str, pulumi.Input[str]]:
        return {"reader": self._cluster.reader_endpoint}

    @property
    def _answering(self) -> tuple[pulumi.Resource, ...]:
        # A cluster answers once it has a writer.
        return tuple(self._instances.values())

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Alarms of each instance, and of readers that fall behind."""
        producer = f"database-{self._key}"
        found: list[AlarmSpec] = []
        for key, instance_class in self._classes().items():
            label = f"{producer}-{key}"
            own = {"DBInstanceIdentifier": self._instance_identifier(key)}
            found.append(alarms.cpu(producer, label, own))
            found.append(
                alarms.connections(
                    producer, label, own, member_connections(self._settings, instance_class)
                )
            )
            if instance_class == SERVERLESS:
                found.append(alarms.capacity(producer, label, own))
            else:
                found.append(alarms.memory(producer, label, own, memory_gib(instance_class)))
        if len(self._settings.instances) > 1:
            cluster = {"DBClusterIdentifier": self._identifier}
            found.append(alarms.reader_lag(producer, producer, cluster))
        return (*found, *self._password.alarms)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Processor, connections, queries, disk, readers' delay and capacity."""
        producer = f"database-{self._key}"
        servers = {
            key: {"DBInstanceIdentifier": self._instance_identifier(key)}
            for key in self._settings.instances
        }
        cluster = {self._key: {"DBClusterIdentifier": self._identifier}}
        limit = int(self.max_connections() * alarms.CONNECTIONS_SHARE)
        lag = widgets.chart(
            f"{producer}: reader lag", cluster, "AuroraReplicaLagMaximum", unit="ms"
        )
        units = widgets.chart(f"{producer}: capacity units", servers, "ServerlessDatabaseCapacity")
        return (
            *widgets.server_widgets(
                producer, servers, limit, insights=self._settings.performance_insights.enabled
            ),
            widgets.chart(f"{producer}: storage used", cluster, "VolumeBytesUsed", unit="bytes"),
            *((lag,) if len(servers) > 1 else ()),
            *((units,) if self._settings.capacity is not None else ()),
        )

    def _instance_identifier(self, key: str) -> str:
        return self._naming.of(DATABASE_NAME, self._thing, key)

    def _classes(self) -> Mapping[str, str]:
        return {
            key: instance.instance_class or self._settings.instance_class
            for key, instance in self._settings.instances.items()
        }

    def _create_cluster(self) -> aws.rds.Cluster:
        settings = self._settings
        managed = begins_managed(settings)
        insights = settings.performance_insights
        advanced = insights.enabled and insights.mode == "advanced"
        replacing = {"engine": settings.engine, "database": settings.database,
                     "username": settings.master_username}  # fmt: skip
        return aws.rds.Cluster(
            self._key,
            cluster_identifier=self._identifier,
            engine=settings.engine,
            engine_version=settings.version,
            engine_mode="provisioned",
            engine_lifecycle_support=lifecycle_support(
                ENGINES[self._settings.engine], extended=self._settings.extended_support
            ),
            serverlessv2_scaling_configuration=self._scaling(),
            storage_type=STORAGE_TYPES[settings.storage_type],
            storage_encrypted=True,
            kms_key_id=self._key_arn,
            database_name=settings.database,
            port=self._port,
            master_username=settings.master_username,
            manage_master_user_password=True if managed else None,
            master_user_secret_kms_key_id=self._secret_key_arn if managed else None,
            iam_database_authentication_enabled=settings.iam_authentication,
            snapshot_identifier=settings.restore_from,
            db_subnet_group_name=self._subnets.name,
            vpc_security_group_ids=[self._group.id],
            db_cluster_parameter_group_name=self._cluster_parameters.name,
            # With a major upgrade the instances' groups change in the same step.
            db_instance_parameter_group_name=(
                self._instance_parameters.name if settings.major_upgrades else None
            ),
            enabled_cloudwatch_logs_exports=list(self._logs),
            # Advanced mode is asked of the cluster, and only there; see the instances for the rest.
            database_insights_mode=insights.mode if insights.enabled else None,
            performance_insights_enabled=True if advanced else None,
            performance_insights_kms_key_id=self._key_arn if advanced else None,
            performance_insights_retention_period=insights.retention_days if advanced else None,
            backtrack_window=settings.backtrack_hours * HOUR or None,
            backup_retention_period=settings.backups.retention_days,
            preferred_backup_window=settings.backups.window,
            preferred_maintenance_window=settings.maintenance_window,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not settings.final_snapshot,
            deletion_protection=settings.deletion_protection,
            skip_final_snapshot=not settings.final_snapshot,
            final_snapshot_identifier=(
                final_snapshot(self._identifier, self._subnets, replacing)
                if settings.final_snapshot
                else None
            ),
            allow_major_version_upgrade=settings.major_upgrades,
            apply_immediately=settings.apply_immediately,
            tags=name_tag(self._identifier),
            opts=pulumi.ResourceOptions(
                parent=self,
                # RDS makes a missing log group itself, without retention.
                depends_on=list(self._logs.values()),
                # What it began with is the snapshot's own; other values would replace it each time.
                ignore_changes=[
                    "snapshotIdentifier",
                    *(["databaseName", "masterUsername"] if settings.restore_from else []),
                    *left_alone(settings),
                ],
                protect=self._kept,
                retain_on_delete=self._kept,
            ),
        )

    def _scaling(self) -> aws.rds.ClusterServerlessv2ScalingConfigurationArgs | None:
        capacity = self._settings.capacity
        if capacity is None:
            return None
        return aws.rds.ClusterServerlessv2ScalingConfigurationArgs(
            min_capacity=capacity.min,
            max_capacity=capacity.max,
            seconds_until_auto_pause=capacity.pause_after_seconds,
        )

    def _create_instances(self) -> dict[str, aws.rds.ClusterInstance]:
        """The first becomes the writer; the others wait for it, so that it is the first."""
        made: dict[str, aws.rds.ClusterInstance] = {}
        for key, instance in self._settings.instances.items():
            first = list(made.values())[:1]
            made[key] = self._create_instance(key, instance, first)
        return made

    def _create_instance(
        self, key: str, instance: ClusterInstanceSettings, first: list[aws.rds.ClusterInstance]
    ) -> aws.rds.ClusterInstance:
        settings, insights = self._settings, self._settings.performance_insights
        identifier = self._instance_identifier(key)
        return aws.rds.ClusterInstance(
            f"{self._key}-{key}",
            identifier=identifier,
            cluster_identifier=self._cluster.cluster_identifier,
            engine=aws.rds.EngineType(settings.engine),
            instance_class=instance.instance_class or settings.instance_class,
            db_subnet_group_name=self._subnets.name,
            db_parameter_group_name=self._instance_parameters.name,
            publicly_accessible=False,
            ca_cert_identifier=settings.certificate_authority,
            monitoring_interval=settings.monitoring.interval_seconds,
            monitoring_role_arn=self._monitoring.arn,
            performance_insights_enabled=insights.enabled,
            performance_insights_kms_key_id=self._key_arn if insights.enabled else None,
            performance_insights_retention_period=(
                insights.retention_days if insights.enabled else None
            ),
            preferred_maintenance_window=settings.maintenance_window,
            copy_tags_to_snapshot=True,
            auto_minor_version_upgrade=settings.minor_upgrades,
            apply_immediately=settings.apply_immediately,
            tags=name_tag(identifier),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=first,
                # Of one name only one can stand, and it holds no data: a reader may go.
                delete_before_replace=True,
            ),
        )
