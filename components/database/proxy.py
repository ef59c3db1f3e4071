"""The proxy component: RDS Proxy, a pool of connections before a database.

Builds an empty security group, the rules between it and the database, a log group, a role that
reads exactly the secrets of the users it signs in, the proxy, its pool and its target. It stands
apart from the database because the users' secrets are made after the database and before the
proxy.

Promises: clients speak TLS only; with IAM users the proxy wants an IAM token; links lead to the
proxy and never past it.

Numbers: "Amazon RDS Proxy" (Amazon RDS User Guide) and "CreateDBProxy" (API Reference), 2026-11.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    Arn,
    Endpoint,
    Grant,
    Link,
    LoginServer,
    Placement,
    SecretRef,
)
from components.database.links import connect_link, user_arns
from components.database.settings import ProxySettings
from components.naming import Kind, Naming
from components.parts.key_grant import READ, key_grant
from components.parts.log_group import log_group
from components.parts.retention import Retention
from components.parts.role import service_role
from components.parts.security_group import connect, security_group
from components.tags import name_tag

FAMILIES = {"postgres": "POSTGRESQL", "mysql": "MYSQL", "mariadb": "MYSQL"}
"""Engine families by the way a client speaks to the server."""


class DatabaseProxy(pulumi.ComponentResource):
    """One proxy. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: ProxySettings,
        *,
        naming: Naming,
        where: AccountRegion,
        placement: Placement,
        server: LoginServer,
        cluster: bool,
        users: Sequence[SecretRef] = (),
        iam_users: Sequence[str] = (),
        log_retention_days: Retention = 365,
        log_key_arn: Arn | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the proxy.

        Args:
            name: the database's key; children are `{name}-proxy...`.
            server: the database, as it offers itself to the rotation function.
            cluster: whether that is an Aurora cluster.
            users: secrets of the users it signs in; the master's where there are none.
            iam_users: database users that links let sign in with an IAM token.
        """
        super().__init__("trellis:database:DatabaseProxy", name, None, opts)
        self._name = name
        self._where = where
        self._server = server
        self._iam_users = tuple(iam_users)
        self._child = pulumi.ResourceOptions(parent=self)
        self._label = f"{name}-proxy"
        self._physical_name = naming.of(Kind.DATABASE, name, "proxy")
        secrets = self._secrets(users)

        self._group = security_group(
            self._label,
            physical_name=self._physical_name,
            description=f"{self._physical_name}: who may reach it is said by links",
            vpc_id=placement.vpc_id,
            opts=self._child,
        )
        rules = connect(self._label, self._group.id, server.endpoint, opts=self._child)
        logs = log_group(
            self._label,
            physical_name=f"/aws/rds/proxy/{self._physical_name}",
            retention_days=log_retention_days,
            key_arn=log_key_arn,
            opts=self._child,
        )
        role = self._create_role(naming, secrets)
        self._proxy = aws.rds.Proxy(
            self._label,
            name=self._physical_name,
            engine_family=FAMILIES[server.engine],
            role_arn=role.arn,
            require_tls=True,
            idle_client_timeout=settings.idle_seconds,
            vpc_subnet_ids=placement.subnet_ids,
            vpc_security_group_ids=[self._group.id],
            auths=[
                aws.rds.ProxyAuthArgs(
                    auth_scheme="SECRETS",
                    iam_auth="REQUIRED" if iam_users else "DISABLED",
                    secret_arn=secret.arn,
                )
                for secret in secrets
            ],
            tags=name_tag(self._physical_name),
            # RDS makes a missing log group itself, without retention.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[logs, *rules]),
        )
        pool = aws.rds.ProxyDefaultTargetGroup(
            self._label,
            db_proxy_name=self._proxy.name,
            connection_pool_config=aws.rds.ProxyDefaultTargetGroupConnectionPoolConfigArgs(
                connection_borrow_timeout=settings.borrow_seconds,
                max_connections_percent=settings.connections_percent,
                max_idle_connections_percent=settings.connections_percent // 2,
            ),
            opts=self._child,
        )
        self._target = aws.rds.ProxyTarget(
            self._label,
            db_proxy_name=self._proxy.name,
            target_group_name=pool.name,
            db_cluster_identifier=server.identifier if cluster else None,
            db_instance_identifier=None if cluster else server.identifier,
            opts=self._child,
        )
        self.register_outputs({"endpoint": self._proxy.endpoint})

    @property
    def endpoint(self) -> Endpoint:
        """Where the proxy listens: the database's port."""
        return Endpoint(self._server.name + "-proxy", self._group.id, self._server.port)

    def link(self, access: str = "connect") -> Link:
        """What follows from using the database through the proxy.

        Raises:
            UnknownAccessError: there is no such access.
        """
        resource_id = self._proxy.arn.apply(lambda arn: arn.rpartition(":")[2])
        return connect_link(
            self._server.name,
            access,
            endpoint=self.endpoint,
            environment={
                "DB_HOST": self._proxy.endpoint,
                "DB_PORT": str(self._server.port),
                "DB_NAME": self._server.database or "",
            },
            describe=("rds:DescribeDBProxies", self._proxy.arn),
            sign_in=user_arns(self._where, resource_id, self._iam_users),
            depends_on=(self._target,),
        )

    def _secrets(self, users: Sequence[SecretRef]) -> Sequence[SecretRef]:
        if users:
            return users
        if self._server.admin_secret_arn is None:
            raise ValueError(f"{self._server.name} has no secret that a proxy could sign in with")
        return [
            SecretRef("", self._server.admin_secret_arn, key_arn=self._server.key_arn),
        ]

    def _create_role(self, naming: Naming, secrets: Sequence[SecretRef]) -> aws.iam.Role:
        keys = {id(each.key_arn): each.key_arn for each in secrets if each.key_arn is not None}
        return service_role(
            self._label,
            physical_name=naming.of(Kind.ROLE, self._name, "proxy"),
            description=f"Reads the secrets of the users of {self._physical_name}",
            service="rds.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": self._where.account}},
            grants=(
                Grant(
                    "ReadUserSecrets",
                    ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"),
                    tuple(each.arn for each in secrets),
                ),
                *(
                    key_grant(f"Decrypt{number}", key, READ, "secretsmanager", self._where)
                    for number, key in enumerate(keys.values(), 1)
                ),
            ),
            opts=self._child,
        )
