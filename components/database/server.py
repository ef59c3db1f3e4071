"""An RDS instance or an Aurora cluster as others see it: a server to reach and to log in to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.contracts import AccountRegion, Arn, Endpoint, Link, LoginServer
from components.database.engines import ENGINES
from components.database.further import all_iam_users, iam_users_of
from components.database.links import connect_link, user_arns
from components.database.settings import ClusterSettings, InstanceSettings


@dataclass(frozen=True)
class Server:
    """One database, as whoever uses, rotates or backs it up sees it."""

    name: str
    """Its key in the stack file."""
    settings: InstanceSettings | ClusterSettings
    where: AccountRegion
    identifier: str
    """RDS's name of it."""
    arn: Arn
    describe: str
    """The action that describes it."""
    host: pulumi.Output[str]
    resource_id: pulumi.Output[str]
    """The instance's `db-...` or the cluster's `cluster-...`, by which users sign in."""
    security_group_id: pulumi.Output[str]
    managed_secret_arn: pulumi.Output[str] | None
    """The secret RDS made for the master user; None where an operator hands one over."""
    secret_key_arn: Arn
    password_set: tuple[pulumi.Resource, ...] = ()
    """What sets the master password where an operator's secret holds it."""

    @property
    def port(self) -> int:
        """Where it listens: the engine's own unless told otherwise."""
        return self.settings.port or ENGINES[self.settings.engine].port

    @property
    def endpoint(self) -> Endpoint:
        """Its security group and port."""
        return Endpoint(self._producer, self.security_group_id, self.port)

    @property
    def master_secret_arn(self) -> pulumi.Input[str]:
        """The secret of the master user.

        Raises:
            LookupError: there is none, which settings rule out.
        """
        arn = self.settings.master_secret_arn or self.managed_secret_arn
        if arn is None:
            raise LookupError(f"{self._producer} has no master secret")
        return arn

    @property
    def login(self) -> LoginServer:
        """Where the rotation function makes and rotates users."""
        return LoginServer(
            name=self._producer,
            engine=ENGINES[self.settings.engine].login,
            host=self.host,
            port=self.port,
            endpoint=self.endpoint,
            database=self.settings.database,
            admin_secret_arn=self.master_secret_arn,
            key_arn=self.secret_key_arn,
            resource_arn=self.arn,
            identifier=self.identifier,
            made=self.resource_id,
            token_users=self.settings.iam_users,
            further={name: further.iam_users for name, further in self.settings.databases.items()},
            ready=self.password_set,
        )

    @property
    def sign_in(self) -> list[pulumi.Input[str]]:
        """ARNs of the users that may sign in with an IAM token."""
        return user_arns(self.where, self.resource_id, all_iam_users(self.settings))

    @property
    def stateful(self) -> dict[str, Arn]:
        """What a backup plan should cover: ARNs by producer key."""
        return {self._producer: self.arn}

    def link(
        self,
        access: str | None,
        readers: Mapping[str, pulumi.Input[str]],
        depends_on: tuple[pulumi.Resource, ...],
        db_name: str | None = None,
        iam_user: str | None = None,
    ) -> Link:
        """What follows from using it.

        Args:
            db_name: which of its databases; the first when left out.
            iam_user: the one user to sign in as with an IAM token; all of the database's when left
                out.
            readers: hosts that only read, by what the offer says of them.

        Raises:
            UnknownAccessError: there is no such access.
        """
        return connect_link(
            self.name,
            # A server that has a proxy can still be linked to itself, with its readers.
            self.settings.model_copy(update={"proxy": None}),
            access,
            endpoint=self.endpoint,
            values={
                "host": self.host,
                "port": str(self.port),
                "name": db_name or self.settings.database,
                **readers,
            },
            describe=(self.describe, self.arn),
            sign_in=user_arns(
                self.where,
                self.resource_id,
                (iam_user,) if iam_user is not None else iam_users_of(self.settings, db_name),
            ),
            depends_on=depends_on,
            db_name=db_name,
        )

    @property
    def _producer(self) -> str:
        return f"database-{self.name}"
