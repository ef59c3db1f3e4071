"""Tables as AWS would get them: exact grants, and capacity that survives its own scaling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.contracts import AlarmSpec, Link
from components.parts.access import UnknownAccessError
from components.table.table import Table
from testing.data_settings import KEY_ARN, record_settings, validate
from trellis.planner.record import Recorded, Recording

TABLE = "aws:dynamodb/table:Table"
TARGET = "aws:appautoscaling/target:Target"
POLICY = "aws:appautoscaling/policy:Policy"
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/shop-dev-main"
PLAIN: dict[str, Any] = {"partitionKey": {"name": "id"}}
INDEXED: dict[str, Any] = {
    **PLAIN,
    "sortKey": {"name": "at", "type": "number"},
    "globalIndexes": {"by-user": {"partitionKey": {"name": "user"}, "sortKey": {"name": "state"}}},
    "localIndexes": {"by-state": {"sortKey": {"name": "state"}, "projection": ["note"]}},
}
SCALED: dict[str, Any] = {"capacity": {"read": {"min": 5, "max": 50}, "write": {"min": 2}}}


def recorded(use: Callable[[Table], None] = lambda _: None, **given: Any) -> Recording:
    return record_settings(validate("table", given), use=use)


def table(**given: Any) -> Recorded:
    return recorded(**given).one(TABLE, "main")


def refusal(**given: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        validate("table", given)
    return str(caught.value)


def link_of(access: str, **given: Any) -> Link:
    links: list[Link] = []
    recorded(use=lambda made: links.append(made.link(access)), **given)
    return links[0]


def test_the_safe_choice_is_the_default():
    inputs = table(**PLAIN).inputs
    assert inputs["name"] == "shop-dev-main"
    assert inputs["billingMode"] == "PAY_PER_REQUEST"
    assert inputs["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": KEY_ARN}
    assert inputs["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}
    assert inputs["deletionProtectionEnabled"] is True


def test_keys_and_indexes_name_each_attribute_once():
    inputs = table(**INDEXED).inputs
    assert (inputs["hashKey"], inputs["rangeKey"]) == ("id", "at")
    assert inputs["attributes"] == [
        {"name": "at", "type": "N"},
        {"name": "id", "type": "S"},
        {"name": "state", "type": "S"},
        {"name": "user", "type": "S"},
    ]
    (index,) = inputs["globalSecondaryIndexes"]
    assert (index["name"], index["hashKey"], index["rangeKey"]) == ("by-user", "user", "state")
    assert index["projectionType"] == "ALL"
    (local,) = inputs["localSecondaryIndexes"]
    assert local == {
        "name": "by-state",
        "rangeKey": "state",
        "projectionType": "INCLUDE",
        "nonKeyAttributes": ["note"],
    }


def test_an_index_with_keys_of_several_attributes_says_them_in_their_order():
    index = {
        "partitionKey": {"name": "tenant"},
        "morePartitionKeys": [{"name": "region"}],
        "sortKey": {"name": "year", "type": "number"},
        "moreSortKeys": [{"name": "month", "type": "number"}, {"name": "id"}],
    }
    inputs = table(**PLAIN, globalIndexes={"by-month": index}).inputs
    (made,) = inputs["globalSecondaryIndexes"]
    assert made == {
        "name": "by-month",
        "projectionType": "ALL",
        "keySchemas": [
            {"attributeName": "tenant", "keyType": "HASH"},
            {"attributeName": "region", "keyType": "HASH"},
            {"attributeName": "year", "keyType": "RANGE"},
            {"attributeName": "month", "keyType": "RANGE"},
            {"attributeName": "id", "keyType": "RANGE"},
        ],
    }
    assert [attribute["name"] for attribute in inputs["attributes"]] == [
        "id", "month", "region", "tenant", "year"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "allowed"),
    [
        ({"moreSortKeys": [{"name": "a"}]}, "`sortKey` with `moreSortKeys`"),
        ({"morePartitionKeys": [{"name": "user"}]}, "found twice: user"),
        ({"sortKey": {"name": "user"}}, "found twice: user"),
        ({"morePartitionKeys": [{"name": name} for name in "abcd"]}, "at most 3"),
        (
            {"morePartitionKeys": [{"name": "id", "type": "number"}]},
            "one type for the attribute id",
        ),
    ],
)
def test_keys_of_an_index_that_dynamodb_would_refuse_are_refused(
    more: dict[str, Any], allowed: str
):
    index = {"partitionKey": {"name": "user"}, **more}
    assert allowed in refusal(**PLAIN, globalIndexes={"by-user": index})


def test_items_go_by_no_key_that_is_text():
    assert "a `ttl` other than id" in refusal(**PLAIN, ttl="id")


def test_items_go_after_the_second_their_attribute_says():
    assert table(**PLAIN, ttl="expiresAt").inputs["ttl"] == {
        "attributeName": "expiresAt",
        "enabled": True,
    }


def test_capacity_that_scaling_has_set_is_left_as_it_is():
    recording = recorded(**INDEXED, **SCALED)
    made = recording.one(TABLE, "main")
    assert (made.inputs["readCapacity"], made.inputs["writeCapacity"]) == (5, 2)
    assert made.inputs["globalSecondaryIndexes"][0]["readCapacity"] == 5
    assert set(made.ignore_changes) == {
        "readCapacity",
        "writeCapacity",
        "globalSecondaryIndexes[*].readCapacity",
        "globalSecondaryIndexes[*].writeCapacity",
    }
    targets = {resource.name: resource.inputs for resource in recording.of_type(TARGET)}
    assert targets.keys() == {"main-read", "main-write", "main-by-user-read", "main-by-user-write"}
    assert targets["main-read"]["resourceId"] == "table/shop-dev-main"
    assert targets["main-by-user-read"]["resourceId"] == "table/shop-dev-main/index/by-user"
    assert targets["main-by-user-read"]["scalableDimension"] == "dynamodb:index:ReadCapacityUnits"
    assert (targets["main-read"]["minCapacity"], targets["main-read"]["maxCapacity"]) == (5, 50)
    tracked = recording.one(POLICY, "main-write").inputs["targetTrackingScalingPolicyConfiguration"]
    assert tracked["predefinedMetricSpecification"] == {
        "predefinedMetricType": "DynamoDBWriteCapacityUtilization"
    }
    assert tracked["targetValue"] == 70
    assert not table(**PLAIN).ignore_changes


def test_capacity_is_set_again_where_there_was_none_to_leave_alone():
    """The engine drops an ignored property that the old state lacks, and AWS wants capacity."""
    made = table(**INDEXED, capacity={"read": {"min": 5}, "reset": True})
    assert made.inputs["readCapacity"] == 5
    assert not made.ignore_changes


def test_copies_have_their_own_key_and_switch_the_stream_on():
    inputs = table(**PLAIN, replicas=["eu-west-1"]).inputs
    assert inputs["streamViewType"] == "NEW_AND_OLD_IMAGES"
    (copy,) = inputs["replicas"]
    assert copy["regionName"] == "eu-west-1"
    assert copy["kmsKeyArn"] == KEY_ARN
    assert copy["pointInTimeRecovery"] is True


@pytest.mark.parametrize(
    ("access", "items", "searches"),
    [
        ("read", {"dynamodb:GetItem"}, True),
        ("write", {"dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}, False),
        (
            "readWrite",
            {
                "dynamodb:DeleteItem",
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
            },
            True,
        ),
    ],
)
def test_each_access_grants_exact_actions_on_exactly_this_table(
    access: str, items: set[str], searches: bool
):
    link = link_of(access, **INDEXED)
    first, *middle, key = link.grants
    assert set(first.actions) == items
    assert first.resources == (ARN,)
    assert len(middle) == searches
    for grant in middle:
        assert grant.actions == ("dynamodb:Query", "dynamodb:Scan")
        assert grant.resources == (ARN, f"{ARN}/index/by-user", f"{ARN}/index/by-state")
    assert key.resources == (KEY_ARN,)
    assert key.conditions == {
        "StringEquals": {"kms:ViaService": "dynamodb.us-east-1.amazonaws.com"}
    }
    assert link.environment == {"MAIN_TABLE": "shop-dev-main"}


def test_a_stream_is_read_only_where_there_is_one():
    link = link_of("stream", **PLAIN, stream="both")
    assert link.grants[0].actions == (
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
    )
    with pytest.raises(UnknownAccessError, match="allowed is read, write, readWrite, batch"):
        link_of("stream", **PLAIN)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({**PLAIN, "sortKey": {"name": "id"}}, "a sort key other than"),
        (
            {**PLAIN, "globalIndexes": {"one": {"partitionKey": {"name": "id", "type": "number"}}}},
            "one type for the attribute id",
        ),
        ({**PLAIN, "localIndexes": {"one": {"sortKey": {"name": "at"}}}}, "`sortKey` with"),
        (
            {
                **PLAIN,
                "globalIndexes": {f"i{n:02}": {"partitionKey": {"name": "a"}} for n in range(21)},
            },
            "at most 20 `globalIndexes`",
        ),
        (
            {**INDEXED, "globalIndexes": {"by-state": {"partitionKey": {"name": "a"}}}},
            "found twice: by-state",
        ),
        (
            {
                **PLAIN,
                "globalIndexes": {
                    "wide": {
                        "partitionKey": {"name": "a"},
                        "projection": [f"x{n}" for n in range(101)],
                    }
                },
            },
            "at most 100 projected attributes",
        ),
        ({**PLAIN, "stream": "keys", "replicas": ["eu-west-1"]}, "`stream: both` with `replicas`"),
        ({**PLAIN, "replicas": ["eu-west-1", "eu-west-1"]}, "each region once"),
        ({**PLAIN, "capacity": {"read": {"min": 9, "max": 8}}}, "`min` of at most `max`"),
        ({**PLAIN, "pointInTimeRecovery": {"days": 36}}, "less than or equal to 35"),
        ({}, "Field required"),
    ],
)
def test_a_contradiction_is_refused_with_what_is_allowed(given: dict[str, Any], message: str):
    assert message in refusal(**given)


def test_throttles_of_the_table_and_of_each_index_raise_alarms():
    found: list[AlarmSpec] = []
    recorded(use=lambda made: found.extend(made.alarms()), **INDEXED)
    alarms = {element.name: element for element in found}
    assert alarms.keys() == {
        "table-main-throttles",
        "table-main-by-user-throttles",
        "table-main-errors",
    }
    for alarm in found:
        assert len(alarm.metrics) <= 10
        assert sum(query.returns for query in alarm.metrics) == 1
        assert alarm.missing_data == "notBreaching"
    own = alarms["table-main-by-user-throttles"].metrics[1].dimensions
    assert own == {"TableName": "shop-dev-main", "GlobalSecondaryIndexName": "by-user"}
