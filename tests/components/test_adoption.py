"""Things that exist become entries: imported under the right identifier and the name they have."""

from __future__ import annotations

from typing import Any, cast

import pytest

from tests.components.adopted_parts import ADOPTED, KEY, LB, NLB, SECRET
from tests.components.small_systems import small_system
from tests.planner.edits import edited
from trellis.planner.recording import Recording
from trellis.registry import TIERS, camel


@pytest.fixture(scope="module")
def adopted() -> Recording:
    return small_system(**ADOPTED)


IMPORTED = {
    ("aws:rds/instance:Instance", "main"): "old-main",
    ("aws:rds/cluster:Cluster", "lake"): "old-lake",
    ("aws:rds/clusterInstance:ClusterInstance", "lake-first"): "old-lake-1",
    ("aws:elasticache/replicationGroup:ReplicationGroup", "sessions"): "old-cache",
    ("aws:dynamodb/table:Table", "orders"): "Orders",
    ("aws:s3/bucket:Bucket", "uploads"): "uploads-2019",
    ("aws:sqs/queue:Queue", "jobs"): "https://sqs.us-east-1.amazonaws.com/123456789012/Jobs.fifo",
    ("aws:sns/topic:Topic", "events"): "arn:aws:sns:us-east-1:123456789012:Events",
    ("aws:kinesis/stream:Stream", "clicks"): "Clicks",
    ("aws:secretsmanager/secret:Secret", "stripe"): SECRET,
    ("aws:ecr/repository:Repository", "web"): "old/web",
    ("aws:lb/loadBalancer:LoadBalancer", "main"): LB,
    ("aws:lb/loadBalancer:LoadBalancer", "mqtt-nlb"): NLB,
    ("aws:ecs/cluster:Cluster", "cluster"): "Old",
    ("aws:route53/zone:Zone", "main"): "Z1D633PJN98FT9",
    ("aws:sesv2/emailIdentity:EmailIdentity", "main"): "mail.example.com",
    ("aws:cognito/userPool:UserPool", "people"): "us-east-1_a1B2c3D4e",
    ("aws:kms/key:Key", "keys-data"): KEY,
    ("aws:cloudwatch/logGroup:LogGroup", "audit"): "/old/audit",
}


def test_every_part_imports_its_main_resource_and_nothing_else(adopted: Recording):
    found = {
        (resource.type, resource.name): resource.import_id
        for resource in adopted
        if resource.import_id
    }
    assert found == IMPORTED


def test_every_part_that_can_take_over_is_tried():
    parts = {field for field, tier in TIERS.items() if tier.adopts is not None}
    tried = {camel(part) for part in parts}
    assert tried | {"keys", "monitoring", "network", "services"} == ADOPTED.keys()


NAMED = {
    "aws:rds/instance:Instance": ("identifier", "old-main"),
    "aws:rds/cluster:Cluster": ("clusterIdentifier", "old-lake"),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("replicationGroupId", "old-cache"),
    "aws:dynamodb/table:Table": ("name", "Orders"),
    "aws:s3/bucket:Bucket": ("bucket", "uploads-2019"),
    "aws:sqs/queue:Queue": ("name", "Jobs.fifo"),
    "aws:sns/topic:Topic": ("name", "Events"),
    "aws:kinesis/stream:Stream": ("name", "Clicks"),
    "aws:secretsmanager/secret:Secret": ("name", "prod/stripe"),
    "aws:ecr/repository:Repository": ("name", "old/web"),
    "aws:lb/loadBalancer:LoadBalancer": ("name", "old", "old-mqtt"),
    "aws:ecs/cluster:Cluster": ("name", "Old"),
    "aws:cognito/userPool:UserPool": ("name", "People"),
    "aws:cloudwatch/logGroup:LogGroup": ("name", "/old/audit"),
}


@pytest.mark.parametrize(("type_", "expected"), NAMED.items())
def test_the_name_is_the_one_that_aws_has(
    adopted: Recording, type_: str, expected: tuple[str, ...]
):
    names = {key[1] for key in IMPORTED if key[0] == type_}
    key, *values = expected
    assert (
        sorted(
            resource.inputs[key] for resource in adopted.of_type(type_) if resource.name in names
        )
        == values
    )


def test_alarms_and_grants_name_what_exists(adopted: Recording):
    alarms = adopted.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    text = str([resource.inputs for resource in alarms])
    for name in ("old-main", "Orders", "Jobs.fifo", "Clicks"):
        assert name in text
        assert f"shop-dev-{name}" not in text


def test_the_plan_says_what_is_put_over_and_what_has_to_be_named(adopted: Recording):
    (warned,) = [warning for warning in adopted.warnings if warning.startswith("buckets.uploads ")]
    assert "takes over uploads-2019: the Bucket is imported" in warned
    assert "policy, public-access block, ownership, encryption, versioning" in warned
    (warned,) = [
        warning for warning in adopted.warnings if warning.startswith("loadBalancers.main ")
    ]
    assert "name them under `also`: listeners" in warned


def _without(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    items = cast("dict[str, Any]", value).items()
    return {key: _without(element) for key, element in items if key != "adopt"}


@pytest.mark.long
def test_dropping_adopt_changes_nothing_of_what_stands():
    assert edited(ADOPTED, _without(ADOPTED)) == {}
