"""The proxy component: RDS Proxy, a pool of connections before a database.

Builds an empty security group, the rules between it and the database, a log group, a role that
reads exactly the secrets of the users it signs in, the proxy, its pool and its target. It stands
apart from the database because the users' secrets are made after the database and before the
proxy.

Promises: clients speak TLS only; with IAM users it takes and gives IAM tokens, and holds no
password; links lead to the proxy and never past it.

A proxy knows the one user that each secret names now. After a rotation it opens no new connection
for the user before; connections that are open stay, and `deployment.onRotation` replaces the tasks
that hold the former value.

Numbers: "Amazon RDS Proxy" (Amazon RDS User Guide) and "CreateDBProxy" (API Reference), 2026-11.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    Endpoint,
    Grant,
    Link,
    LoginServer,
    Placement,
    SecretRef,
    WidgetSpec,
)
from components.database.links import connect_link, user_arns
from components.database.names import DATABASE_NAME
from components.database.proxy_alarms import proxy_failures, proxy_widgets
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

PORTS = {"POSTGRESQL": 5432, "MYSQL": 3306}
"""Where proxies listen, whatever the database's port is ("Quotas and limitations for RDS Proxy",
Amazon RDS User Guide, 2026-11)."""

PASSWORDS = {
    "postgres": "POSTGRES_SCRAM_SHA_256",
    "mysql": "MYSQL_CACHING_SHA2_PASSWORD",
    "mariadb": "MYSQL_NATIVE_PASSWORD",
}
"""How a client proves its password: the newest way each engine has ("UserAuthConfig", Amazon RDS
API Reference; for MariaDB the same page of limitations)."""


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
        sign_in: Sequence[pulumi.Input[str]] = (),
        after: Sequence[pulumi.Resource] = (),
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
            iam_users: database users that links let sign in with an IAM token; then no others.
            sign_in: ARNs of those users of the database, as whom the proxy signs in.
            after: the instance or cluster, which RDS must have before it is a target.

        Raises:
            ValueError: it would have nobody to sign in as.
        """
        super().__init__("trellis:database:DatabaseProxy", name, None, opts)
        self._key = name
        self._where = where
        self._server = server
        self._iam_users = tuple(iam_users)
        self._child = pulumi.ResourceOptions(parent=self)
        self._label = f"{name}-proxy"
        self._physical_name = naming.of(DATABASE_NAME, name, "proxy")
        secrets = () if iam_users else self._secrets(users)
        family = FAMILIES[server.engine]
        self._port = PORTS[family]

        self._group = security_group(
            self._label,
            physical_name=self._physical_name,
            description=f"Database proxy {self._physical_name}: each rule names who reaches it",
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
        role = self._create_role(naming, secrets, sign_in)
        self._proxy = aws.rds.Proxy(
            self._label,
            name=self._physical_name,
            engine_family=family,
            role_arn=role.arn,
            require_tls=True,
            idle_client_timeout=settings.idle_seconds,
            vpc_subnet_ids=placement.subnet_ids,
            vpc_security_group_ids=[self._group.id],
            default_auth_scheme="IAM_AUTH" if iam_users else None,
            auths=[
                aws.rds.ProxyAuthArgs(
                    auth_scheme="SECRETS",
                    client_password_auth_type=PASSWORDS[server.engine],
                    iam_auth="DISABLED",
                    secret_arn=secret.arn,
                )
                for secret in secrets
            ]
            or None,
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
            # RDS refuses a target that is not there yet, and its name is known before it is.
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )
        self.register_outputs({"endpoint": self._proxy.endpoint})

    @property
    def name(self) -> str:
        """RDS's name of the proxy."""
        return self._physical_name

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN; RDS ends it in an id of its own."""
        return self._proxy.arn

    @property
    def resource(self) -> aws.rds.Proxy:
        """The proxy."""
        return self._proxy

    @property
    def endpoint(self) -> Endpoint:
        """Where the proxy listens: the engine's own port."""
        return Endpoint(self._server.name + "-proxy", self._group.id, self._port)

    @property
    def host(self) -> pulumi.Output[str]:
        """The name clients connect to; its certificate is of Amazon's public authority."""
        return self._proxy.endpoint

    def link(
        self,
        access: str | None = None,
        *,
        db_name: str | None = None,
        iam_user: str | None = None,
    ) -> Link:
        """What follows from using the database through the proxy.

        Args:
            db_name: which of the server's databases; the first when left out.
            iam_user: the one user to sign in as with an IAM token; all of the database's when left
                out.

        Raises:
            UnknownAccessError: there is no such access.
        """
        resource_id = self._proxy.arn.apply(lambda arn: arn.rpartition(":")[2])
        users = self._server.further.get(db_name or "", self._server.token_users)
        if iam_user is not None:
            users = (iam_user,)
        return connect_link(
            self._key,
            None,
            access,
            endpoint=self.endpoint,
            values={
                "host": self._proxy.endpoint,
                "port": str(self._port),
                "name": db_name or self._server.database or "",
            },
            describe=("rds:DescribeDBProxies", self._proxy.arn),
            sign_in=user_arns(self._where, resource_id, users) if self._iam_users else (),
            depends_on=(self._target,),
            db_name=db_name,
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Connections to the database that it could not open."""
        return (proxy_failures(f"database-{self._key}", self._physical_name),)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Connections on either side, how long clients wait for one, and those that failed."""
        return proxy_widgets(f"database-{self._key}", self._physical_name)

    def _secrets(self, users: Sequence[SecretRef]) -> Sequence[SecretRef]:
        if users:
            return users
        if self._server.admin_secret_arn is None:
            raise ValueError(f"{self._server.name} has no secret that a proxy could sign in with")
        return [
            SecretRef("", self._server.admin_secret_arn, key_arn=self._server.key_arn),
        ]

    def _create_role(
        self,
        naming: Naming,
        secrets: Sequence[SecretRef],
        sign_in: Sequence[pulumi.Input[str]],
    ) -> aws.iam.Role:
        """The role it reads secrets or signs in with.

        Its trust has no conditions: RDS Proxy sends none of the global keys ("Quotas and
        limitations for RDS Proxy"), so any would keep it out.
        """
        keys = {
            id(secret.key_arn): secret.key_arn for secret in secrets if secret.key_arn is not None
        }
        grants = [
            key_grant(f"Decrypt{number}", key, READ, "secretsmanager", self._where)
            for number, key in enumerate(keys.values(), 1)
        ]
        if secrets:
            read = ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")
            grants.insert(
                0, Grant("ReadUserSecrets", read, tuple(secret.arn for secret in secrets))
            )
        if self._iam_users:
            grants.append(Grant("SignInAsUsers", ("rds-db:connect",), tuple(sign_in)))
        return service_role(
            self._label,
            physical_name=naming.of(Kind.ROLE, self._key, "proxy"),
            description=f"Signs in the users of {self._physical_name}",
            service="rds.amazonaws.com",
            grants=grants,
            opts=self._child,
        )
