"""Things that exist become entries: imported under the right identifier, and refused otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from components.parts.identifiers import ID_FORMS
from tests.components.small_systems import CACHE, DATABASE, NETWORK, small_system
from tests.planner.edits import compared, edited
from trellis.compare.meaning import words
from trellis.compare.report import DONE
from trellis.compare.step import Side
from trellis.compare.steps import steps
from trellis.planner.recording import Recording
from trellis.registry import TIERS, camel
from trellis.stackfile.looking_up_adopted import QUESTIONS, label
from trellis.stackfile.problems import StackFileError
from trellis.tiers.provider_types import is_type

LB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/old/50dc6c495c0c9188"
NLB = LB.replace("app/old/", "net/old-mqtt/")
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/stripe-a1B2c3"
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"

ADOPTED: dict[str, Any] = {
    "network": NETWORK,
    "databases": {
        "main": {**DATABASE, "adopt": "old-main", "physicalName": "old-main"},
        "lake": {
            "engine": "aurora-postgresql",
            "version": "17.6",
            "adopt": {
                "id": "old-lake",
                "also": [
                    {
                        "type": "aws:rds/clusterInstance:ClusterInstance",
                        "name": "lake-first",
                        "id": "old-lake-1",
                    }
                ],
            },
            "physicalName": "old-lake",
            "instances": {"first": {"physicalName": "old-lake-1"}, "second": {}},
        },
    },
    "caches": {"sessions": {**CACHE, "adopt": "old-cache", "physicalName": "old-cache"}},
    "tables": {
        "orders": {
            "partitionKey": {"name": "id"},
            "adopt": "Orders",
            "physicalName": "Orders",
        }
    },
    "buckets": {
        "uploads": {"adopt": "uploads-2019", "bucketName": "uploads-2019", "accessLogs": "none"}
    },
    "queues": {
        "jobs": {
            "adopt": "https://sqs.us-east-1.amazonaws.com/123456789012/Jobs.fifo",
            "physicalName": "Jobs.fifo",
            "fifo": True,
        }
    },
    "topics": {
        "events": {
            "adopt": "arn:aws:sns:us-east-1:123456789012:Events",
            "physicalName": "Events",
        }
    },
    "streams": {"clicks": {"adopt": "Clicks", "physicalName": "Clicks"}},
    "secrets": {"stripe": {"adopt": SECRET, "name": "prod/stripe"}},
    "repositories": {"web": {"adopt": "old/web", "name": "old/web"}},
    "loadBalancers": {
        "main": {
            "adopt": LB,
            "name": "old",
            "accessLogs": "none",
            "certificates": [{"arn": CERTIFICATE}],
        }
    },
    "networkLoadBalancers": {
        "mqtt": {"adopt": NLB, "name": "old-mqtt", "accessLogs": "none"},
    },
    "cluster": {"adopt": "Old", "name": "Old"},
    "services": {
        "api": {
            "image": {"repository": "web", "digest": f"sha256:{'1' * 64}"},
            "port": 1883,
            "protocol": "tcp",
            "listeners": [{"port": 1883}],
        }
    },
    "zones": {"main": {"domain": "example.com", "adopt": "Z1D633PJN98FT9", "queryLogs": False}},
    "mail": {"main": {"domain": "mail.example.com", "adopt": "mail.example.com"}},
    "userPools": {"people": {"adopt": "us-east-1_a1B2c3D4e", "physicalName": "People"}},
    "keys": {"adopt": {"data": KEY}},
    "monitoring": {"logs": {"audit": {"name": "/old/audit", "adopt": "/old/audit"}}},
}
"""One of every part that can take over."""


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


@pytest.mark.parametrize("type_", sorted(ID_FORMS))
def test_every_form_takes_its_own_example(type_: str):
    assert is_type(type_)
    assert ID_FORMS[type_].read(ID_FORMS[type_].example) is not None


def balancer(part: str, arn: str, **more: Any) -> dict[str, Any]:
    name = arn.split("/")[2]
    return {part: {"main": {"adopt": arn, "name": name, "accessLogs": "none", **more}}}


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (
        {"buckets": {"files": {"adopt": "arn:aws:s3:::files", "bucketName": "files"}}},
        "buckets.files.adopt",
        "the name of the bucket, as in shop-uploads",
    ),
    (
        {"queues": {"jobs": {"adopt": "jobs", "physicalName": "jobs"}}},
        "queues.jobs.adopt",
        "the URL of the queue, as in https://sqs",
    ),
    (
        {"topics": {"all": {"adopt": {"id": "arn:aws:sns:eu-west-1:123456789012:all"},
                            "physicalName": "all"}}},
        "topics.all.adopt.id",
        "one of us-east-1, where this stack is",
    ),
    (
        {"topics": {"all": {"adopt": "arn:aws:sns:us-east-1:210987654321:all",
                            "physicalName": "all"}}},
        "topics.all.adopt",
        "one of 123456789012, the stack's",
    ),
    (
        {"tables": {"orders": {"partitionKey": {"name": "id"}, "adopt": "Orders"}}},
        "tables.orders.adopt",
        "say `physicalName: Orders` beside `adopt`",
    ),
    (
        {"buckets": {"files": {"adopt": "files-2019"}}},
        "buckets.files.adopt",
        "say `bucketName: files-2019` beside `adopt`",
    ),
    (
        {"network": NETWORK, **balancer("networkLoadBalancers", LB)},
        "networkLoadBalancers.main.adopt",
        "the ARN of the network load balancer, as in arn:aws:elasticloadbalancing:eu-west-1:"
        "123456789012:loadbalancer/net/shop/50dc6c495c0c9188",
    ),
    (
        {"network": NETWORK, **balancer("loadBalancers", NLB)},
        "loadBalancers.main.adopt",
        "the ARN of the load balancer, as in",
    ),
    (
        {"network": NETWORK,
         **balancer("networkLoadBalancers", NLB, scheme="internal", name=None)},
        "networkLoadBalancers.main.adopt",
        "shop-dev-nlb-main-internal",
    ),
    (
        {"zones": {"main": {"domain": "example.com", "existing": True, "adopt": "Z1D633PJN98FT9"}}},
        "zones.main.adopt",
        "taken over, or left to its owner",
    ),
    (
        {"tables": {
            "one": {"partitionKey": {"name": "id"}, "adopt": "Same", "physicalName": "Same"},
            "two": {"partitionKey": {"name": "id"}, "adopt": "Same", "physicalName": "Same"},
        }},
        "tables.two.adopt",
        "one entry for what exists once",
    ),
    (
        {"keys": {"sharing": "shared", "adopt": {"logs": KEY}}},
        "keys.adopt.logs",
        "that of `data`",
    ),
    (
        {"queues": {"jobs": {"physicalName": "Jobs.fifo"}}},
        "queues.jobs",
        "ends in .fifo with `fifo: true`",
    ),
    (
        {"tables": {"orders":
            {"partitionKey": {"name": "id"}, "name": "o", "physicalName": "O-1"}}},
        "tables.orders",
        "either `name` or `physicalName`",
    ),
    (
        {"buckets": {"files": {"bucketName": "files-1", "adopt": {
            "id": "files-1", "keeps": ["forceDestroyed"]}}}},
        "buckets.files.adopt.keeps[0]",
        "forceDestroy",
    ),
    (
        {"buckets": {"files": {"bucketName": "files-1", "adopt": {
            "id": "files-1",
            "also": [{"type": "aws:lb/listener:Listener", "name": "x", "id": "y"}]}}}},
        "buckets.files.adopt.also[0].id",
        "the ARN of the listener",
    ),
    (
        {"buckets": {"files": {"bucketName": "files-1", "accessLogs": "none", "adopt": {
            "id": "files-1",
            "also": [{"type": "aws:sqs/queue:Queue", "name": "x",
                      "id": "https://sqs.us-east-1.amazonaws.com/123456789012/x"}]}}}},
        "buckets.files.adopt.also[0].name",
        "the type and name of a resource that the plan shows",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "place", "message"), REFUSED)
def test_what_is_wrong_is_refused_at_its_place(settings: dict[str, Any], place: str, message: str):
    with pytest.raises(StackFileError) as refused:
        small_system(**settings)
    assert place in str(refused.value)
    assert message in str(refused.value)


DATABASE_TAKEN: dict[str, Any] = {
    "network": NETWORK,
    "databases": {"main": {**DATABASE, "adopt": "old-main", "physicalName": "old-main"}},
}
INSTANCE = "aws:rds/instance:Instance"


def _with_keeps(*keeps: str) -> Recording:
    entry = {**DATABASE, "adopt": {"id": "old-main", "keeps": list(keeps)},
             "physicalName": "old-main"}  # fmt: skip
    return small_system(network=NETWORK, databases={"main": entry})


THERE = {
    label(INSTANCE, "old-main"): {
        "engine": "postgres",
        "username": "app",
        "dbName": "app",
        "storageEncrypted": True,
        "kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/" + KEY,
        "dbSubnetGroupName": "old-subnets",
    }
}


def _import(recording: Recording, there: Any) -> Any:
    side = Side(recording, Path(), there=there)
    nothing = Side(small_system(network=NETWORK), side.folder)
    return next(step for step in steps(nothing, side) if step.type == INSTANCE)


def test_what_aws_would_make_anew_is_refused_before_anything_is_touched():
    step = _import(_with_keeps(), THERE)
    assert step.operation == "import"
    assert DONE[step.operation] == "imported"
    assert set(step.because) == {"kmsKeyId", "dbSubnetGroupName"}
    assert "keeps: [kmsKeyId, dbSubnetGroupName]" in step.refused


BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def _taking_over(there: dict[str, Any]) -> tuple[str, ...]:
    """What AWS would make a network load balancer anew for, of which this is there."""
    recording = small_system(**ADOPTED)
    made = recording.one(BALANCER, "mqtt-nlb").inputs
    theirs = {
        "name": "old-mqtt", "internal": False, "loadBalancerType": "network",
        "subnets": list(made["subnets"]), "securityGroups": ["sg-0123456789abcdef0"], **there,
    }  # fmt: skip
    side = Side(recording, Path(), there={label(BALANCER, NLB): theirs})
    found = steps(Side(small_system(network=NETWORK), side.folder), side)
    return next(step.because for step in found if (step.type, step.name) == (BALANCER, "mqtt-nlb"))


def test_a_network_load_balancer_is_taken_over_with_its_subnets_and_a_security_group():
    assert _taking_over({}) == ()
    assert _taking_over({"securityGroups": None}) == ("securityGroups",)
    assert _taking_over({"subnets": ["subnet-0123456789abcdef0"]}) == ("subnets",)
    assert _taking_over({"internal": True}) == ("internal",)


def test_what_is_kept_is_not_refused():
    step = _import(_with_keeps("kmsKeyId", "dbSubnetGroupName"), THERE)
    assert (step.operation, step.because, step.refused) == ("import", (), "")


def test_what_was_not_looked_up_is_told():
    step = _import(_with_keeps(), {})
    assert not step.refused
    assert "trellis lookup" in " ".join(words(step))


def test_what_adopt_names_is_never_replaced():
    other = {**DATABASE_TAKEN["databases"]["main"], "masterUsername": "other"}
    before = small_system(**DATABASE_TAKEN)
    step = compared(before, small_system(network=NETWORK, databases={"main": other}))[
        "Instance main"
    ]
    assert step.operation == "replace"
    assert "replaces nothing that `adopt` names" in step.refused


def test_another_identifier_on_what_stands_is_told_as_a_replacement():
    before = small_system(zones={"main": {"domain": "example.com", "queryLogs": False}})
    after = small_system(
        zones={"main": {"domain": "example.com", "queryLogs": False, "adopt": "Z1D633PJN98FT9"}}
    )
    step = compared(before, after)["Zone main"]
    assert (step.operation, step.because) == ("replace", ("adopt",))


def test_every_question_is_about_a_type_that_can_be_taken_over():
    assert QUESTIONS.keys() <= ID_FORMS.keys()
