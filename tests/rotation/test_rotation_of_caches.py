"""How ElastiCache is asked: disabled users enabled, two passwords, tokens rotated and set."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from rotation_crashes import Outbound
from rotation_servers import cache_admin
from rotation_systems import System

from functions.rotation import cache_connection
from functions.rotation.configuration import CacheTokenSpec
from functions.rotation.credentials import Credentials
from functions.rotation.elasticache_token import CacheToken
from functions.rotation.errors import RotationError
from functions.rotation.waiting import Waiting

NewSystem = Callable[[str], System]


@pytest.mark.servers
def test_a_disabled_user_is_enabled_by_its_first_value_with_its_access_string(
    new_system: NewSystem,
) -> None:
    system = new_system("cacheUser")
    user = str(system.service.specs[system.secret]["user"])
    admin = cache_admin(system.server)
    assert "off" in admin.acl_getuser(user)["flags"]
    system.service.initialize(system.secret)
    held = admin.acl_getuser(user)
    assert "on" in held["flags"]
    assert len(held["passwords"]) == 1
    [rules] = [line for line in admin.acl_list() if line.startswith(f"user {user} ")]
    assert rules.endswith("+@all -@dangerous")
    system.service.rotate(system.secret)
    assert len(admin.acl_getuser(user)["passwords"]) == 2


@pytest.mark.servers
def test_a_user_under_change_is_waited_for(new_system: NewSystem, outbound: Outbound) -> None:
    system = new_system("cacheUser")
    client = system.service.elasticache
    client.modify_user(
        UserId=system.service.specs[system.secret]["userId"],
        AccessString="off",
        AuthenticationMode={"Type": "password", "Passwords": ["somebody-elses-change"]},
    )
    system.service.initialize(system.secret)
    assert outbound.names.count("ElastiCache.modify_user") == 1
    assert system.accepts(system.service.value(system.secret))


@pytest.mark.servers
def test_a_user_id_of_another_user_name_is_refused(new_system: NewSystem) -> None:
    system = new_system("cacheUser")
    system.service.specs[system.secret]["user"] = "somebody-else"
    with pytest.raises(RotationError, match="the configuration says somebody-else"):
        system.service.initialize(system.secret)


@pytest.mark.servers
def test_nobody_gets_in_without_the_token_once_there_is_one(new_system: NewSystem) -> None:
    system = new_system("cacheToken")
    spec = system.service.specs[system.secret]
    where = ("localhost", int(str(spec["port"])), system.server.ca)
    assert cache_connection.is_open(*where)
    system.service.initialize(system.secret)
    assert not cache_connection.is_open(*where)
    assert not cache_connection.authenticates(*where, "not-the-token-of-this-cache")
    system.service.rotate(system.secret)
    assert not cache_connection.is_open(*where)


@pytest.mark.servers
def test_a_cache_url_is_ready_for_a_client(new_system: NewSystem) -> None:
    for kind, start in (("cacheUser", "rediss://app"), ("cacheToken", "rediss://:")):
        system = new_system(kind)
        system.service.initialize(system.secret)
        held = json.loads(system.service.value(system.secret))
        assert held["url"].startswith(start)
        assert held["url"].endswith(f"@localhost:{held['port']}/0")
        assert set(held) == {"host", "port", "username", "password", "dbname", "engine", "url"}


class Group:
    """A replication group as AWS documents it, where a token counts even while none is needed."""

    def __init__(self, tokens: list[str | None]) -> None:
        self.tokens = tokens
        self.asked: list[str] = []

    def describe_replication_groups(self, **_: str) -> dict[str, Any]:
        return {"ReplicationGroups": [{"Status": "available"}]}

    def modify_replication_group(self, **request: Any) -> None:
        token, strategy = request["AuthToken"], request["AuthTokenUpdateStrategy"]
        self.asked.append(strategy)
        if strategy == "SET":
            assert self.tokens[-1] == token, "SET takes the token rotated in last"
        self.tokens = [token] if strategy == "SET" else [*self.tokens, token][-2:]


@pytest.mark.parametrize(
    ("tokens", "asked", "left"),
    [
        ([None], ["ROTATE", "SET"], ["new"]),
        ([None, "new"], ["SET"], ["new"]),
        (["new"], [], ["new"]),
        (["live"], ["ROTATE"], ["live", "new"]),
        (["old", "live"], ["ROTATE"], ["live", "new"]),
        (["live", "new"], [], ["live", "new"]),
    ],
)
def test_a_token_is_rotated_in_once_whatever_an_earlier_try_has_done(
    tokens: list[str | None], asked: list[str], left: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    group = Group(tokens)
    monkeypatch.setattr(cache_connection, "authenticates", lambda *args: args[-1] in group.tokens)
    monkeypatch.setattr(cache_connection, "is_open", lambda *_: None in group.tokens)
    spec = CacheTokenSpec("redis", "localhost", 6379, "group", None)
    value = Credentials("localhost", 6379, "", "new", "0", "redis").to_json()
    kind = CacheToken(spec, group, Waiting(lambda _: None))  # type: ignore[arg-type]
    kind.apply(value, None, None)
    kind.verify(value)
    assert group.asked == asked
    assert group.tokens == left
