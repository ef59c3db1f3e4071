"""A new database's master password is set inside AWS, and only then do its replicas come."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from functions.master_password.handler import MasterPasswordError, Request, handle
from tests.components.small_systems import NETWORK, document, small_system
from trellis.planner.record import Recorded, Recording

INVOCATION = "aws:lambda/invocation:Invocation"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/master-AbCdEf"
OPERATOR = {"masterPassword": "operator", "masterSecretArn": SECRET}
INSTANCE = {"engine": "postgres", "version": "16", **OPERATOR, "readReplicas": {"reports": {}}}
CLUSTER = {"engine": "aurora-postgresql", "version": "16", "instances": {"one": {}}, **OPERATOR}


def recorded(database: Mapping[str, Any], **tiers: Any) -> Recording:
    return small_system(network=NETWORK, databases={"main": database}, **tiers)


def reaches(recording: Recording, from_: Recorded, to: Recorded) -> bool:
    """Whether one resource is made after another, straight or by way of others."""
    by_urn = {resource.urn: resource for resource in recording}
    waiting, seen = [from_.urn], set[str]()
    while waiting:
        urn = waiting.pop()
        if urn not in seen:
            seen.add(urn)
            waiting += by_urn[urn].dependencies if urn in by_urn else ()
    return to.urn in seen


def test_a_replica_waits_for_the_password_of_its_new_source():
    recording = recorded(INSTANCE)
    source = recording.one("aws:rds/instance:Instance", "main")
    replica = recording.one("aws:rds/instance:Instance", "main-reports")
    called = recording.one(INVOCATION, "master-main")
    assert source.inputs["manageMasterUserPassword"] is True, "RDS makes none without a password"
    assert set(source.ignore_changes) >= {"manageMasterUserPassword", "masterUserSecretKmsKeyId"}
    assert reaches(recording, replica, called)
    assert reaches(recording, called, source)
    assert replica.inputs["enabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]


@pytest.mark.parametrize(
    ("database", "modify", "arn"),
    [
        (INSTANCE, "rds:ModifyDBInstance", "arn:aws:rds:us-east-1:123456789012:db:shop-dev-main"),
        (
            CLUSTER,
            "rds:ModifyDBCluster",
            "arn:aws:rds:us-east-1:123456789012:cluster:shop-dev-main",
        ),
    ],
)
def test_the_function_reads_one_secret_and_changes_one_database(
    database: Mapping[str, Any], modify: str, arn: str
):
    recording = recorded(database)
    asked = json.loads(recording.one(INVOCATION, "master-main").inputs["input"])
    assert asked == {
        "database": "shop-dev-main", "cluster": modify.endswith("Cluster"), "user": "app",
        "secret": SECRET,
    }  # fmt: skip
    grants = {
        statement["Sid"]: statement
        for statement in document(recording.one("aws:iam/rolePolicy:RolePolicy", "master-main"))
    }
    assert grants["SetPassword"]["Action"] == [modify.replace("Modify", "Describe") + "s", modify]
    assert grants["SetPassword"]["Resource"] in (arn, [arn])
    assert grants["ReadMasterSecret"]["Resource"] in (SECRET, [SECRET])


def test_users_are_made_only_once_the_master_password_is_there():
    login = {"kind": "credentials", "database": "main"}
    recording = recorded(INSTANCE, secrets={"login": login})
    assert reaches(
        recording, recording.one(INVOCATION, "login"), recording.one(INVOCATION, "master-main")
    )


def test_a_restored_database_keeps_the_password_it_has():
    recording = recorded({**INSTANCE, "restoreFrom": "snapshot-of-before"})
    assert not recording.of_type(INVOCATION)
    source = recording.one("aws:rds/instance:Instance", "main")
    assert "manageMasterUserPassword" not in source.inputs


REQUEST: Request = {"database": "shop-dev-main", "cluster": False, "user": "app", "secret": SECRET}
VALUE = {"username": "app", "password": "planted-value"}


class Context:
    """A function's context with so many seconds left."""

    def __init__(self, seconds: float = 600) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> float:
        return self._seconds * 1000


class Secrets:
    """Secrets Manager with one secret."""

    def __init__(self, value: object = VALUE) -> None:
        self._value = value

    def get_secret_value(self, **given: str) -> dict[str, str]:
        assert given == {"SecretId": SECRET}
        return {"SecretString": json.dumps(self._value)}


class Rds:
    """RDS with one database, which goes through the given states as it is looked at."""

    def __init__(self, *states: dict[str, Any] | Exception, refusals: tuple[str, ...] = ()) -> None:
        self._states = iter(states)
        self._refusals: Iterator[str] = iter(refusals)
        self.asked: list[dict[str, Any]] = []

    def describe_db_instances(self, **_: str) -> dict[str, Any]:
        state = next(self._states)
        if isinstance(state, Exception):
            raise state
        return {"DBInstances": [state]}

    def describe_db_clusters(self, **_: str) -> dict[str, Any]:
        return {"DBClusters": [next(self._states)]}

    def modify_db_instance(self, **given: Any) -> None:
        code = next(self._refusals, None)
        if code is not None:
            error = {"Error": {"Code": code, "Message": str(given)}}
            raise ClientError(error, "ModifyDBInstance")
        self.asked.append(given)

    modify_db_cluster = modify_db_instance


MANAGED = {"DBInstanceStatus": "available", "MasterUserSecret": {"SecretStatus": "active"}}
BUSY = {"DBInstanceStatus": "backing-up", "MasterUserSecret": {"SecretStatus": "active"}}
PENDING = {"DBInstanceStatus": "available", "PendingModifiedValues": {"MasterUserPassword": "*"}}
DONE = {"DBInstanceStatus": "available", "PendingModifiedValues": {}}


def run(rds: Rds, value: object = VALUE, seconds: float = 600, **other: Any) -> dict[str, str]:
    request: Any = {**REQUEST, **other}
    return handle(request, Context(seconds), secrets=Secrets(value), rds=rds, pause=lambda _: None)


def test_the_password_is_set_and_waited_for():
    rds = Rds(BUSY, MANAGED, PENDING, DONE)
    assert run(rds) == {"database": "shop-dev-main"}
    assert rds.asked == [
        {
            "DBInstanceIdentifier": "shop-dev-main",
            "MasterUserPassword": "planted-value",
            "ApplyImmediately": True,
            "ManageMasterUserPassword": False,
        }
    ]


def test_a_second_call_sets_it_again_and_a_busy_database_is_asked_later():
    rds = Rds(DONE, DONE, DONE, refusals=("InvalidDBInstanceState",))
    run(rds)
    assert len(rds.asked) == 1
    assert "ManageMasterUserPassword" not in rds.asked[0]


def test_a_cluster_is_changed_by_its_own_call():
    rds = Rds({"Status": "available", "MasterUserSecret": {}}, {"Status": "available"})
    run(rds, cluster=True)
    assert rds.asked[0]["DBClusterIdentifier"] == "shop-dev-main"


@pytest.mark.parametrize(
    ("value", "rds", "seconds", "message"),
    [
        ("planted-value", Rds(DONE), 600, "is not a JSON object with the username app"),
        ({**VALUE, "username": "other"}, Rds(DONE), 600, "with the username app and a password"),
        (VALUE, Rds(DONE, refusals=("InvalidParameterValue",)), 600, "InvalidParameterValue"),
        (VALUE, Rds(BUSY), 5, "did not take the password in time"),
    ],
)
def test_what_goes_wrong_is_said_without_the_value(
    value: object, rds: Rds, seconds: float, message: str
):
    with pytest.raises(MasterPasswordError, match=message) as refused:
        run(rds, value, seconds)
    assert "planted-value" not in str(refused.value)
    assert refused.value.__context__ is None


def answered(code: str, status: int) -> ClientError:
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "DescribeDBInstances")  # type: ignore[arg-type]


PASSING = {
    "slow": ReadTimeoutError(endpoint_url="https://rds"),
    "gone for a minute": EndpointConnectionError(endpoint_url="https://rds"),
    "throttled": answered("Throttling", 400),
    "broken": answered("InternalFailure", 503),
}


@pytest.mark.parametrize("trouble", PASSING)
def test_trouble_that_passes_is_waited_for(trouble: str):
    failure = PASSING[trouble]
    rds = Rds(failure, MANAGED, failure, PENDING, DONE, refusals=())
    assert run(rds) == {"database": "shop-dev-main"}
    assert len(rds.asked) == 1


@pytest.mark.parametrize("code", ["Throttling", "RequestLimitExceeded"])
def test_a_change_that_is_throttled_is_asked_again(code: str):
    rds = Rds(MANAGED, MANAGED, DONE, refusals=(code,))
    run(rds)
    assert len(rds.asked) == 1


def test_what_the_function_may_not_see_is_told_at_once():
    with pytest.raises(MasterPasswordError, match=r"DescribeDBInstances .*AccessDenied"):
        run(Rds(answered("AccessDenied", 403), DONE))


def test_trouble_that_does_not_pass_ends_with_the_time():
    with pytest.raises(MasterPasswordError, match="in time; invoke this again"):
        run(Rds(PASSING["throttled"]), seconds=5)
