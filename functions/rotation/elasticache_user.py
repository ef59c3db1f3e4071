"""The password of an ElastiCache RBAC user, which may have two at a time.

At rest the user has the current password and the one before, so whoever still holds the former
value keeps working until the next rotation. The user is made disabled (`off`); the first value
enables it by giving it its access string. Source: "Role-Based Access Control (RBAC)" and API
ModifyUser, Amazon ElastiCache, 2026-11.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from . import cache_connection, cache_credentials
from .configuration import CacheUserSpec
from .credentials import parse_login
from .errors import RotationError
from .versions import error_code
from .waiting import Waiting

if TYPE_CHECKING:
    from mypy_boto3_elasticache import ElastiCacheClient

ACTIVE = "active"
BUSY = "InvalidUserState"


class CacheUser:
    """One user of one or more caches; `spec` names the cache to test on."""

    def __init__(self, spec: CacheUserSpec, client: "ElastiCacheClient", waiting: Waiting) -> None:
        self._spec = spec
        self._client = client
        self._waiting = waiting

    def propose(self, current: str | None) -> str:  # noqa: ARG002  a new password owes nothing to the old
        return cache_credentials.propose(self._spec, self._spec.user)

    def fits(self, value: str) -> bool:
        return cache_credentials.is_of(self._spec, self._spec.user, value)

    def apply(self, pending: str, live: str | None, former: str | None) -> None:  # noqa: ARG002
        passwords = [parse_login(pending, "The pending value").password]
        if live:
            login = parse_login(live, "The current value")
            # Another user's password is no business of this one.
            passwords += [login.password] if login.username == self._spec.user else []
        # The call names the whole end state, so repeating it changes nothing.
        self._waiting.until(lambda: self._modify(passwords), self._description())
        self._waiting.until(self._is_active, self._description())

    def verify(self, value: str) -> None:
        login = parse_login(value, "The pending value")
        # The control plane may say active a little before every node has heard.
        self._waiting.until(
            lambda: cache_connection.authenticates(
                self._spec.host,
                self._spec.port,
                self._spec.ca_bundle,
                login.username,
                login.password,
            ),
            f"the cache at {self._spec.host} refuses user {login.username}",
        )

    def _modify(self, passwords: list[str]) -> bool:
        if not self._is_active():
            return False
        try:
            self._client.modify_user(
                UserId=self._spec.user_id,
                AccessString=self._spec.access,
                AuthenticationMode={"Type": "password", "Passwords": passwords},
            )
        except ClientError as error:
            if error_code(error) == BUSY:
                return False
            raise
        return True

    def _is_active(self) -> bool:
        users = self._client.describe_users(UserId=self._spec.user_id)["Users"]
        if users[0].get("UserName") != self._spec.user:
            raise RotationError(
                f"ElastiCache user {self._spec.user_id} has the name {users[0].get('UserName')}; "
                f"the configuration says {self._spec.user}"
            )
        return users[0].get("Status") == ACTIVE

    def _description(self) -> str:
        return f"ElastiCache user {self._spec.user_id} is not active"
