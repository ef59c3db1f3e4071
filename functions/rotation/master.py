"""The database's master login, out of the secret that RDS made and rotates itself.

It is read every time: RDS changes it on its own schedule ("Password management with Amazon RDS and
AWS Secrets Manager", 2026-11). A login refused just after reading may have been read a moment
before RDS changed it, so it is read again before giving up.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from .credentials import Login, parse_login
from .errors import RotationError
from .versions import SecretVersions
from .waiting import Waiting

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

Connection = TypeVar("Connection")
ATTEMPTS = 5  # about 15 seconds; RDS changes server and secret within a few of one another


class LoginRefusedError(RotationError):
    """The server is there, and does not take this user name and password."""


class MasterSecret:
    """The RDS-managed secret of one database."""

    def __init__(
        self,
        client: "SecretsManagerClient",
        secret: str,
        waiting: Waiting,
    ) -> None:
        self._versions = SecretVersions(client, secret)
        self._waiting = waiting

    def connect(self, connect: Callable[[Login], Connection]) -> Connection:
        """A connection as master. Raises LoginRefusedError when fresh logins keep being refused."""
        opened: list[Connection] = []
        refusals: list[LoginRefusedError] = []

        def attempt() -> bool:
            try:
                opened.append(connect(self._login()))
            except LoginRefusedError as refusal:
                refusals.append(refusal)
            return bool(opened) or len(refusals) == ATTEMPTS

        self._waiting.until(attempt, "the master login", attempts=ATTEMPTS)
        if not opened:
            raise refusals[-1]
        return opened[0]

    def _login(self) -> Login:
        value = self._versions.current_value()
        return parse_login(value, f"The master secret {self._versions.secret}")
