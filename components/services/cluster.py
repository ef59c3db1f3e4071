"""The cluster component: where all tasks of a system run, and how they find one another.

Builds an ECS cluster with Fargate and Fargate Spot, a Cloud Map namespace for Service Connect, and
a log group that keeps what operators type and see in shells they open in containers. Where somebody
else made the cluster, only the namespace.

Promises:
- On demand is the default; only a service that says so runs on Spot.
- A shell can't be opened without a record.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.naming import Naming
from components.parts.log_group import log_group
from components.services.names import CLUSTER_NAME
from components.services.platform_settings import ClusterSettings
from components.tags import name_tag

FARGATE, FARGATE_SPOT = "FARGATE", "FARGATE_SPOT"


class Cluster(pulumi.ComponentResource):
    """One ECS cluster. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: ClusterSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        log_key_arn: Arn | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the cluster.

        Args:
            name: Pulumi name; the prefix of every child's.
            log_key_arn: customer key of the recorded sessions and their log group.
        """
        own_name = naming.chosen(CLUSTER_NAME, settings.name)
        self._physical_name = settings.existing.found_name if settings.existing else own_name
        super().__init__("trellis:services:Cluster", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._key_arn = log_key_arn
        self._child = pulumi.ResourceOptions(parent=self)

        self._sessions_name = f"/ecs/{self._physical_name}/sessions"
        self._namespace = self._create_namespace(own_name)
        self._created_arn = pulumi.Output.from_input(self.arn)
        self._capacity: tuple[pulumi.Resource, ...] = ()
        self._cluster: aws.ecs.Cluster | None = None
        if settings.existing is None:
            self._cluster = self._create_cluster(self._create_sessions())
            self._created_arn = self._cluster.arn
            self._capacity = (self._create_capacity(self._cluster),)
        self.register_outputs({"name": self._physical_name, "arn": self._created_arn})

    @property
    def name(self) -> str:
        """Physical name."""
        return self._physical_name

    @property
    def arn(self) -> Arn:
        """ARN, known from the start."""
        return self._where.arn("ecs", f"cluster/{self._physical_name}")

    @property
    def resource(self) -> aws.ecs.Cluster | None:
        """The cluster; None of one that exists."""
        return self._cluster

    @property
    def created_arn(self) -> pulumi.Output[str]:
        """ARN once the cluster is there."""
        return self._created_arn

    @property
    def namespace_arn(self) -> pulumi.Output[str]:
        """The Service Connect namespace."""
        return self._namespace.arn

    @property
    def insights(self) -> bool:
        """Whether Container Insights' metrics are there."""
        return self._settings.counts_tasks

    @property
    def ready(self) -> tuple[pulumi.Resource, ...]:
        """What a service that names a capacity provider waits for."""
        return self._capacity

    def session_grants(self) -> tuple[Grant, ...]:
        """What a task needs for recorded shells ("Using Amazon ECS Exec", 2026-11).

        The session channels belong to no resource, so those four actions know none.

        Raises:
            ValueError: somebody else made the cluster, and decides where sessions are recorded.
        """
        if self._settings.existing is not None:
            raise ValueError(f"no recorded shells in {self._physical_name}, an existing cluster")
        group = self._where.arn("logs", f"log-group:{self._sessions_name}")
        grants = [
            Grant(
                "OpenSessionChannels",
                (
                    "ssmmessages:CreateControlChannel",
                    "ssmmessages:CreateDataChannel",
                    "ssmmessages:OpenControlChannel",
                    "ssmmessages:OpenDataChannel",
                ),
                ("*",),
            ),
            Grant("FindSessionLog", ("logs:DescribeLogGroups",), ("*",)),
            Grant(
                "RecordSessions",
                ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
                (_concat(group, ":*"),),
            ),
        ]
        if self._key_arn is not None:
            via = f"logs.{self._where.region}.amazonaws.com"
            grants.append(
                Grant(
                    "EncryptSessions",
                    ("kms:Decrypt",),
                    (self._key_arn,),
                    {"StringEquals": {"kms:ViaService": via}},
                )
            )
        return tuple(grants)

    def _create_sessions(self) -> aws.cloudwatch.LogGroup:
        return log_group(
            f"{self._key}-sessions",
            physical_name=self._sessions_name,
            retention_days=self._settings.exec_retention_days,
            key_arn=self._key_arn,
            opts=self._child,
        )

    def _create_namespace(self, name: str) -> aws.servicediscovery.HttpNamespace:
        # No DNS zone and no charge: Service Connect's own proxies resolve the names.
        return aws.servicediscovery.HttpNamespace(
            self._key,
            name=name,
            description="Services that call one another by name",
            tags=name_tag(name),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
        )

    def _create_cluster(self, sessions: aws.cloudwatch.LogGroup) -> aws.ecs.Cluster:
        return aws.ecs.Cluster(
            self._key,
            name=self._physical_name,
            settings=[{"name": "containerInsights", "value": _insights(self._settings)}],
            configuration={
                "execute_command_configuration": {
                    "logging": "OVERRIDE",
                    "log_configuration": {
                        "cloud_watch_log_group_name": sessions.name,
                        "cloud_watch_encryption_enabled": self._key_arn is not None,
                    },
                }
            },
            service_connect_defaults={"namespace": self._namespace.arn},
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
        )

    def _create_capacity(self, cluster: aws.ecs.Cluster) -> aws.ecs.ClusterCapacityProviders:
        return aws.ecs.ClusterCapacityProviders(
            self._key,
            cluster_name=cluster.name,
            capacity_providers=[FARGATE, FARGATE_SPOT],
            default_capacity_provider_strategies=[
                {"capacity_provider": FARGATE, "base": 0, "weight": 1}
            ],
            opts=self._child,
        )


def _insights(settings: ClusterSettings) -> str:
    if settings.insights == "enhanced":
        return "enhanced"
    return "enabled" if settings.insights else "disabled"


def _concat(first: Arn, rest: str) -> Arn:
    return first + rest if isinstance(first, str) else pulumi.Output.concat(first, rest)
