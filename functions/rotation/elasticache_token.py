"""The AUTH token of an ElastiCache replication group, which takes the latest two.

`ROTATE` adds a token and drops the older of two, so at rest the group takes the current token and
the one before, and whoever still holds the former value keeps working until the next rotation. The
group is made without a token; for the first value `ROTATE` lets it in beside nobody's, then `SET`
shuts nobody out. Source: "Authenticating with the Valkey and Redis OSS AUTH command: modifying the
AUTH token", Amazon ElastiCache, 2026-11.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from . import cache_connection, cache_credentials
from .configuration import CacheTokenSpec
from .credentials import AUTH_TOKEN_USER, parse_login
from .versions import error_code
from .waiting import Waiting

if TYPE_CHECKING:
    from mypy_boto3_elasticache import ElastiCacheClient
    from mypy_boto3_elasticache.literals import AuthTokenUpdateStrategyTypeType

AVAILABLE = "available"
BUSY = "InvalidReplicationGroupState"


class CacheToken:
    """The token of one replication group."""

    def __init__(self, spec: CacheTokenSpec, client: "ElastiCacheClient", waiting: Waiting) -> None:
        self._spec = spec
        self._client = client
        self._waiting = waiting

    def propose(self, current: str | None) -> str:  # noqa: ARG002  a new token owes nothing to the old
        return cache_credentials.propose(self._spec, AUTH_TOKEN_USER)

    def fits(self, value: str) -> bool:
        return cache_credentials.is_of(self._spec, AUTH_TOKEN_USER, value)

    # ROTATE keeps the live token, so neither of the two is needed.
    def apply(self, pending: str, live: str | None, former: str | None) -> None:  # noqa: ARG002
        token = parse_login(pending, "The pending value").password
        self._waiting.until(self._is_available, self._description())
        # Rotating in a token twice would drop the live one, so the server is asked first.
        if not self._takes(token):
            self._update(token, "ROTATE")
        if self._is_open():
            self._update(token, "SET")

    def verify(self, value: str) -> None:
        token = parse_login(value, "The pending value").password
        # The control plane may say available a little before every node has heard.
        self._waiting.until(
            lambda: self._takes(token) and not self._is_open(),
            f"the cache at {self._spec.host} refuses the token, or takes anybody",
        )

    def _update(self, token: str, strategy: "AuthTokenUpdateStrategyTypeType") -> None:
        self._waiting.until(lambda: self._modify(token, strategy), self._description())
        self._waiting.until(self._is_available, self._description())

    def _modify(self, token: str, strategy: "AuthTokenUpdateStrategyTypeType") -> bool:
        try:
            self._client.modify_replication_group(
                ReplicationGroupId=self._spec.replication_group,
                AuthToken=token,
                AuthTokenUpdateStrategy=strategy,
                ApplyImmediately=True,
            )
        except ClientError as error:
            if error_code(error) == BUSY:
                return False
            raise
        return True

    def _is_available(self) -> bool:
        group = self._client.describe_replication_groups(
            ReplicationGroupId=self._spec.replication_group
        )["ReplicationGroups"][0]
        changing = group.get("PendingModifiedValues", {}).get("AuthTokenStatus")
        return group.get("Status") == AVAILABLE and not changing

    def _takes(self, token: str) -> bool:
        return cache_connection.authenticates(
            self._spec.host, self._spec.port, self._spec.ca_bundle, token
        )

    def _is_open(self) -> bool:
        return cache_connection.is_open(self._spec.host, self._spec.port, self._spec.ca_bundle)

    def _description(self) -> str:
        return f"replication group {self._spec.replication_group} is not available"
