"""What the function's environment may say of a secret, and how a mistake in it is told."""

import json

import pytest

from functions.rotation.configuration import (
    CacheTokenSpec,
    CacheUserSpec,
    DatabaseSpec,
    RandomSpec,
    spec_of,
)
from functions.rotation.errors import RotationError

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:clubapp/dev/rds-AbCdEf"
DATABASE: dict[str, object] = {
    "kind": "database",
    "engine": "postgres",
    "host": "clubapp-dev-postgres.abc.us-east-1.rds.amazonaws.com",
    "port": 5432,
    "dbname": "postgres",
    "user": "app_service",
    "master": "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf",
}
CACHE_USER: dict[str, object] = {
    "kind": "cacheUser",
    "engine": "redis",
    "host": "master.clubapp-dev-redis.abc.use1.cache.amazonaws.com",
    "port": 6379,
    "userId": "clubapp-dev-redis-app",
    "user": "app",
    "access": "on ~* +@all -@dangerous",
}
CACHE_TOKEN: dict[str, object] = {
    "kind": "cacheToken",
    "engine": "valkey",
    "host": "h",
    "port": 6379,
    "replicationGroup": "clubapp-dev-redis",
}


def read(spec: object) -> object:
    return spec_of(ARN, {"ROTATION": json.dumps({ARN: spec})})


def test_each_kind_is_read_with_its_defaults() -> None:
    assert read({"kind": "random"}) == RandomSpec(
        64, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    )
    database = read(DATABASE)
    assert isinstance(database, DatabaseSpec)
    assert (database.owner, database.url_query) == ("app_service_owner", "sslmode=require")
    assert (database.client_host, database.client_port) == (database.host, database.port)
    assert database.token_users == ()
    assert isinstance(read(CACHE_USER), CacheUserSpec)
    assert isinstance(read(CACHE_TOKEN), CacheTokenSpec)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"kind": "oracle"}, "kind is 'oracle'; allowed is one of random, database, cacheUser"),
        ({}, "kind is None"),
        ({"kind": "random", "lenght": 10}, "lenght is 10; allowed is no such field"),
        ({"kind": "random", "length": 8}, "at least 128 bits"),
        ({"kind": "random", "length": 400, "characters": "a"}, "at least 128 bits"),
        ({"kind": "random", "characters": "aab" * 99}, "distinct characters"),
        ({"kind": "random", "length": True}, "a whole number above zero"),
        (DATABASE | {"engine": "oracle"}, "engine is 'oracle'; allowed is one of postgres, mysql"),
        (DATABASE | {"port": "5432"}, "port is '5432'; allowed is a whole number"),
        (DATABASE | {"user": "App"}, "a lower-case name of at most 26"),
        (DATABASE | {"user": "a" * 27}, "a lower-case name of at most 26"),
        (DATABASE | {"user": "app; DROP"}, "a lower-case name of at most 26"),
        ({k: v for k, v in DATABASE.items() if k != "master"}, "master is None"),
        (CACHE_USER | {"access": "off ~* +@all"}, "an access string that starts with 'on '"),
        (CACHE_TOKEN | {"user": "app"}, "user is 'app'; allowed is no such field"),
    ],
)
def test_a_mistake_names_the_field_what_was_found_and_what_is_allowed(
    spec: dict[str, object], message: str
) -> None:
    with pytest.raises(RotationError) as failure:
        read(spec)
    assert message in str(failure.value)
    assert ARN in str(failure.value)


@pytest.mark.parametrize("variable", ["", "{", "[]", '"text"'])
def test_an_environment_that_is_not_a_json_object_is_refused(variable: str) -> None:
    with pytest.raises(RotationError, match="not a JSON object"):
        spec_of(ARN, {"ROTATION": variable})


def test_eight_databases_fit_into_what_lambda_allows_for_the_environment() -> None:
    specs = {ARN[:-1] + str(number): DATABASE for number in range(8)}
    assert len(json.dumps(specs, separators=(",", ":"))) + len("ROTATION") < 4096


def test_users_with_iam_tokens_are_read_by_name() -> None:
    database = read({**DATABASE, "tokenUsers": ["repo2", "reports"]})
    assert isinstance(database, DatabaseSpec)
    assert database.token_users == ("repo2", "reports")
    for wrong in ("repo2", ["Repo2"], [2], ['a"; DROP ROLE b']):
        with pytest.raises(RotationError, match="tokenUsers"):
            read({**DATABASE, "tokenUsers": wrong})
