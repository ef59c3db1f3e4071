"""Provider properties from the stack file: on exactly one resource, judged like any other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.small_systems import NETWORK, small_system
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

BUCKET = "aws:s3/bucket:Bucket"
QUEUE = "aws:sqs/queue:Queue"


def system(*overrides: dict[str, Any]) -> Recording:
    return small_system(
        buckets={"files": {"accessLogs": "none"}, "other": {"accessLogs": "none"}},
        queues={"work": {}},
        overrides=list(overrides),
    )


def test_one_resource_has_the_property_and_no_other():
    found = system({"type": BUCKET, "name": "files", "values": {"forceDestroy": True},
                    "reason": "emptied by its owner"})  # fmt: skip
    assert found.one(BUCKET, "files").inputs["forceDestroy"] is True
    assert found.one(BUCKET, "other").inputs["forceDestroy"] is False


def test_a_property_that_trellis_leaves_alone_needs_no_reason():
    override = {"type": QUEUE, "name": "work", "values": {"fifoThroughputLimit": "perQueue"}}
    assert system(override).one(QUEUE, "work").inputs["fifoThroughputLimit"] == "perQueue"


@pytest.mark.parametrize(
    ("override", "place", "message"),
    [
        (
            {"type": BUCKET, "name": "files", "values": {"bucket": "mine"}},
            "overrides[0].values.bucket",
            "which Trellis sets itself",
        ),
        (
            {"type": "aws:s3/bukket:Bukket", "name": "files", "values": {"bucket": "mine"}},
            "overrides[0].type",
            "a type of pulumi-aws",
        ),
        (
            {"type": QUEUE, "name": "work", "values": {"delaySecond": 5}},
            "overrides[0].values.delaySecond",
            "delaySeconds",
        ),
        (
            {"type": QUEUE, "name": "work", "values": {"delaySeconds": "five"}},
            "overrides[0].values.delaySeconds",
            "a value of the type int",
        ),
        (
            {"type": "aws:rds/instance:Instance", "name": "a", "values": {"blueGreenUpdate": "on"}},
            "overrides[0].values.blueGreenUpdate",
            "a block has settings of its own",
        ),
    ],
)
def test_what_the_provider_would_not_take_is_refused(
    override: dict[str, Any], place: str, message: str
):
    with pytest.raises(StackFileError) as refused:
        system(override)
    assert place in str(refused.value)
    assert message in str(refused.value)


def test_an_override_that_meets_nothing_is_told():
    found = system({"type": QUEUE, "name": "wrok", "values": {"fifoQueue": True}})
    assert any("no aws:sqs/queue:Queue is called wrok" in warning for warning in found.warnings)


def test_lists_of_words_are_taken_where_the_provider_takes_a_list():
    database = {"engine": "postgres", "version": "17", "instanceClass": "db.t4g.medium"}
    instance = "aws:rds/instance:Instance"
    logs = {"enabledCloudwatchLogsExports": ["upgrade"]}
    reason = "the general log goes elsewhere"
    override = {"type": instance, "name": "main", "values": logs, "reason": reason}
    found = small_system(network=NETWORK, databases={"main": database}, overrides=[override])
    assert found.one(instance, "main").inputs["enabledCloudwatchLogsExports"] == ["upgrade"]
    with pytest.raises(StackFileError, match=r"values\.tags"):
        system({"type": QUEUE, "name": "work", "values": {"tags": ["a"]}})
