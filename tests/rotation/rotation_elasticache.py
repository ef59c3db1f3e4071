"""A double of ElastiCache's control plane over a real Redis or Valkey server.

What is real: the server, its ACL, TLS, two passwords a user; and the SDK, whose own model validates
each request before it arrives here. What is played, from AWS's documentation: a change is accepted
while the user is `active` (the group `available`) and refused otherwise with the code the SDK's
model names; it takes effect only after the status has been asked for twice; `ROTATE` keeps the two
latest tokens; `SET` takes only the token rotated in last. What it cannot show: how long AWS takes,
whether nodes of a cluster hear of a change at different times, and, because Redis cannot ask for a
password and let anybody in at once, a token working before the first `SET`.
"""

from types import SimpleNamespace
from typing import Any

import boto3
import redis

ASKED_BEFORE_DONE = 2  # times


class ElastiCacheDouble:
    """One user and one replication group on one server."""

    def __init__(self, server: redis.Redis, group: str, user_id: str, user: str) -> None:
        self._server = server
        self._group, self._user_id, self._user = group, user_id, user
        self._tokens: list[str | None] = [None]
        self._asked = 0
        self._change: list[list[str]] = []
        self.strategies: list[str] = []
        server.acl_setuser(user, enabled=False, reset=True)
        server.execute_command("ACL", "SETUSER", "default", "reset", "on", "nopass", "~*", "+@all")
        self.client: Any = boto3.client(
            "elasticache",
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        answers = {
            "DescribeUsers": self._describe_users,
            "ModifyUser": self._modify_user,
            "DescribeReplicationGroups": self._describe_groups,
            "ModifyReplicationGroup": self._modify_group,
        }
        for operation, answer in answers.items():
            self.client.meta.events.register(
                f"before-call.elasticache.{operation}",
                lambda params, answer=answer, **_: answer(params["body"]),
            )

    def passwords(self, user: str) -> int:
        """How many passwords the server knows for `user`."""
        return len(self._server.acl_getuser(user)["passwords"])

    def is_enabled(self, user: str) -> bool:
        return "on" in self._server.acl_getuser(user)["flags"]

    def _describe_users(self, request: dict[str, str]) -> Any:
        assert request["UserId"] == self._user_id
        status = self._time_passes("active", "modifying")
        user = {"UserId": self._user_id, "UserName": self._user, "Status": status}
        return _answer({"Users": [user]})

    def _modify_user(self, request: dict[str, str]) -> Any:
        assert request["UserId"] == self._user_id
        assert request["AuthenticationMode.Type"] == "password"
        if self._change:
            return _refusal("InvalidUserState", "User is not in active state")
        passwords = [
            value
            for name, value in request.items()
            if name.startswith("AuthenticationMode.Passwords.")
        ]
        if not 1 <= len(passwords) <= 2 or not all(_is_password(value) for value in passwords):
            return _refusal("InvalidParameterValue", "One or two passwords of 16 to 128 characters")
        secrets = [f">{password}" for password in passwords]
        self._begin(["reset", *request["AccessString"].split(), *secrets], self._user)
        return _answer({"Status": "modifying"})

    def _describe_groups(self, request: dict[str, str]) -> Any:
        assert request["ReplicationGroupId"] == self._group
        status = self._time_passes("available", "modifying")
        group = {"ReplicationGroupId": self._group, "Status": status, "PendingModifiedValues": {}}
        return _answer({"ReplicationGroups": [group]})

    def _modify_group(self, request: dict[str, str]) -> Any:
        assert request["ReplicationGroupId"] == self._group
        assert request["ApplyImmediately"] == "true"
        if self._change:
            return _refusal("InvalidReplicationGroupState", "Group is not in available state")
        token, strategy = request["AuthToken"], request["AuthTokenUpdateStrategy"]
        if not _is_password(token):
            return _refusal("InvalidParameterValue", "A token of 16 to 128 characters")
        if strategy == "SET" and self._tokens[-1] != token:
            return _refusal("InvalidParameterValue", "SET takes the token rotated in last")
        self.strategies.append(strategy)
        self._tokens = [token] if strategy == "SET" else self._rotated(token)
        known = [f">{token}" for token in self._tokens if token is not None]
        is_open = None in self._tokens
        self._begin(["resetpass", *(["nopass"] if is_open else known)], "default")
        return _answer({})

    def _rotated(self, token: str) -> list[str | None]:
        if self._tokens == [None, token]:
            return self._tokens
        return [*self._tokens, token][-2:]

    def _begin(self, rules: list[str], user: str) -> None:
        self._change = [["ACL", "SETUSER", user, *rules]]
        self._asked = 0

    def _time_passes(self, done: str, under_way: str) -> str:
        if not self._change:
            return done
        self._asked += 1
        if self._asked < ASKED_BEFORE_DONE:
            return under_way
        for command in self._change:
            self._server.execute_command(*command)
        self._change = []
        return done


def _is_password(value: str) -> bool:
    return 16 <= len(value) <= 128 and value.isascii() and not set(value) & set(",\"/@%' ")


def _answer(parsed: dict[str, Any]) -> Any:
    return SimpleNamespace(status_code=200), parsed


def _refusal(code: str, message: str) -> Any:
    return SimpleNamespace(status_code=400), {"Error": {"Code": code, "Message": message}}
