"""What each link to a database, cache or table really allows, decided by iam-simulate.

As `tests.components.test_link_decisions` does for storage, messages and secrets: each action it is
for, and at least twenty requests it must not allow.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components.cache.cache import Cache
from components.contracts import Link
from components.database.cluster import AuroraCluster
from components.database.instance import RelationalDatabase
from components.parts.role import service_role
from components.table.table import Table
from testing.data_settings import NAMING, PLACEMENT, validate
from tests.components.small_systems import ACCOUNT, REGION
from tests.components.test_link_decisions import KEY, LEAST_DENIED, WHERE, Ask, Case, decided
from trellis.planner.record import ProgramInput, record_program

pytestmark = pytest.mark.node

RDS = f"arn:aws:rds:{REGION}:{ACCOUNT}"
USERS = f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser"
CACHES = f"arn:aws:elasticache:{REGION}:{ACCOUNT}"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/shop-dev-main"
INDEX = f"{TABLE}/index/by-user"

RDS_OTHERS = (
    "rds:DeleteDBInstance",
    "rds:ModifyDBInstance",
    "rds:RebootDBInstance",
    "rds:StopDBInstance",
    "rds:CreateDBSnapshot",
    "rds:RestoreDBInstanceFromDBSnapshot",
    "rds:AddTagsToResource",
)
TABLE_ACTIONS = (
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:DeleteTable",
    "dynamodb:DescribeTable",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:PutResourcePolicy",
    "dynamodb:Query",
    "dynamodb:RestoreTableToPointInTime",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
    "dynamodb:UpdateTable",
    "dynamodb:UpdateTimeToLive",
)
SEARCH = ("dynamodb:Query", "dynamodb:Scan")
WRITES = ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
BATCHES = ("dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem")


def table_case(access: str, allows: tuple[str, ...], searches: bool, keys: tuple[str, ...]) -> Case:
    found = (*allows, *(SEARCH if searches else ()))
    return Case(
        producer="table",
        access=access,
        allows=found,
        resource=TABLE,
        others=tuple(request for request in TABLE_ACTIONS if request not in found),
        sibling=f"{TABLE}-2",
        service="dynamodb",
        key_actions=keys,
        more=(
            *(Ask(action, INDEX, searches) for action in SEARCH),
            *(Ask(action, f"{TABLE}/index/by-other", False) for action in SEARCH),
            Ask("dynamodb:GetRecords", f"{TABLE}/stream/2026-11-01T00:00:00.000", False),
        ),
    )


READ, BOTH = ("kms:Decrypt",), ("kms:Decrypt", "kms:GenerateDataKey")
CASES = (
    Case(
        producer="database",
        access="connect",
        allows=("rds:DescribeDBInstances",),
        resource=f"{RDS}:db:shop-dev-main",
        others=RDS_OTHERS,
        sibling=f"{RDS}:db:shop-dev-main-2",
    ),
    Case(
        producer="cluster",
        access="connect",
        allows=("rds:DescribeDBClusters",),
        resource=f"{RDS}:cluster:shop-dev-aurora",
        others=("rds:DeleteDBCluster", "rds:ModifyDBCluster", "rds:FailoverDBCluster"),
        sibling=f"{RDS}:cluster:shop-dev-main",
        more=(Ask("rds:DescribeDBInstances", f"{RDS}:db:shop-dev-aurora-first", False),),
    ),
    Case(
        producer="cache",
        access="connect",
        allows=("elasticache:Connect",),
        resource=f"{CACHES}:replicationgroup:shop-dev-main",
        others=(
            "elasticache:DeleteReplicationGroup",
            "elasticache:ModifyReplicationGroup",
            "elasticache:TestFailover",
        ),
        sibling=f"{CACHES}:replicationgroup:shop-dev-main-2",
        more=(
            Ask("elasticache:Connect", f"{CACHES}:user:shop-dev-main-robot", True),
            Ask("elasticache:Connect", f"{CACHES}:user:shop-dev-main-app", False),
            Ask("elasticache:Connect", f"{CACHES}:user:shop-dev-main-default", False),
            Ask("elasticache:ModifyUser", f"{CACHES}:user:shop-dev-main-robot", False),
        ),
    ),
    table_case("read", ("dynamodb:GetItem",), True, READ),
    table_case("write", WRITES, False, BOTH),
    table_case("readWrite", ("dynamodb:GetItem", *WRITES), True, BOTH),
    table_case("batch", ("dynamodb:GetItem", *WRITES, *BATCHES), True, BOTH),
)


def components() -> dict[str, Callable[[str], Link]]:
    given: dict[str, Any] = {"naming": NAMING, "where": WHERE, "key_arn": KEY}
    placed = {**given, "placement": PLACEMENT}
    instance = {
        "engine": "postgres",
        "version": "16",
        "iamAuthentication": True,
        "iamUsers": ["robot"],
    }
    cluster = {"engine": "aurora-postgresql", "version": "16"}
    users = {"app": {}, "robot": {"authentication": "iam"}}
    table = {
        "partitionKey": {"name": "id"},
        "globalIndexes": {"by-user": {"partitionKey": {"name": "user"}}},
    }
    database: Any = validate("instance", instance)
    aurora: Any = validate("cluster", cluster)
    cache: Any = validate("cache", {"users": users})
    plain: Any = validate("table", table)
    return {
        "database": RelationalDatabase("main", database, **placed).link,
        "cluster": AuroraCluster("aurora", aurora, **placed).link,
        "cache": Cache("main", cache, **placed).link,
        "table": Table("main", plain, **given).link,
    }


@pytest.fixture(scope="module")
def documents() -> dict[tuple[str, str], dict[str, Any]]:
    """The whole identity policy of each link, as AWS would get it."""

    def program() -> None:
        made = components()
        for case in CASES:
            name = f"{case.producer}-{case.access}"
            service_role(
                f"asks-{name}",
                physical_name=name,
                description="asks",
                service="ecs-tasks.amazonaws.com",
                grants=made[case.producer](case.access).grants,
                opts=pulumi.ResourceOptions(),
            )

    given = ProgramInput("shop", "dev", {"aws:region": REGION, "trellis:account": ACCOUNT})
    recording = record_program(program, given, "deployed")
    policies = {
        resource.name: json.loads(resource.inputs["policy"])
        for resource in recording.of_type("aws:iam/rolePolicy:RolePolicy")
    }
    return {(c.producer, c.access): policies[f"asks-{c.producer}-{c.access}"] for c in CASES}


def sign_in_asks(document: dict[str, Any]) -> tuple[Ask, ...]:
    """The resource id is made by RDS, so the granted user is read from the document."""
    granted = document["Statement"][1]["Resource"]
    assert granted.startswith(f"{USERS}:db-")
    assert granted.endswith("/robot")
    action = "rds-db:connect"
    return (
        Ask(action, granted, True),
        Ask(action, granted.replace("/robot", "/app"), False),
        Ask(action, f"{USERS}:db-AAAAAAAAAAAAAAAAAAAAAAAAAA/robot", False),
        Ask(action, f"{USERS}:cluster-AAAAAAAAAAAAAAAAAAAAAAAAAA/robot", False),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.producer}-{case.access}")
def test_a_link_allows_what_it_is_for_and_nothing_else(
    documents: dict[tuple[str, str], dict[str, Any]], case: Case
):
    document = documents[case.producer, case.access]
    if case.producer == "database":
        case = dataclasses.replace(case, more=sign_in_asks(document))
    asks = list(case.asks())
    verdicts = decided(document, asks)
    wrong = [ask for ask, allowed in zip(asks, verdicts, strict=True) if allowed != ask.allowed]
    assert wrong == []
    assert sum(not ask.allowed for ask in asks) >= LEAST_DENIED
