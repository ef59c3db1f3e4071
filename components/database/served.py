"""What a database of either kind shows of the server that it is."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.contracts import Arn, Endpoint, Link, LoginServer
from components.database.server import Server


class Served:
    """The part of an instance and a cluster that their server says."""

    _server: Server

    @property
    def name(self) -> str:
        """RDS's name of it."""
        return self._server.identifier

    @property
    def arn(self) -> Arn:
        """Its ARN, known before it is made."""
        return self._server.arn

    @property
    def endpoint(self) -> Endpoint:
        """Where it listens, readers and replicas too."""
        return self._server.endpoint

    @property
    def master_secret_arn(self) -> pulumi.Input[str]:
        """The secret of the master user."""
        return self._server.master_secret_arn

    @property
    def _readers(self) -> Mapping[str, pulumi.Input[str]]:
        """Hosts that only read, by what the offer says of them."""
        raise NotImplementedError

    @property
    def _answering(self) -> tuple[pulumi.Resource, ...]:
        """What has to be there before it answers."""
        raise NotImplementedError

    def link(
        self,
        access: str | None = None,
        *,
        db_name: str | None = None,
        iam_user: str | None = None,
    ) -> Link:
        """What follows from using it.

        Args:
            db_name: which of its databases; the first when left out.
            iam_user: the one user to sign in as with an IAM token; all of the database's when left
                out.

        Raises:
            UnknownAccessError: there is no such access.
        """
        return self._server.link(
            access, self._readers, self._answering, db_name=db_name, iam_user=iam_user
        )

    @property
    def login_server(self) -> LoginServer:
        """Where the rotation function makes and rotates users; of a cluster its writer."""
        return self._server.login

    @property
    def sign_in(self) -> list[pulumi.Input[str]]:
        """ARNs of the users that may sign in with an IAM token."""
        return self._server.sign_in

    @property
    def stateful(self) -> dict[str, Arn]:
        """What a backup plan should cover: ARNs by producer key."""
        return self._server.stateful
