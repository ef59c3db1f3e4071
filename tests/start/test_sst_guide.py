"""The guide for SST: a program of its shape, word by word, and what its words become."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.small_systems import small_system
from tests.recordings import ROOT
from trellis.stackfile.settings import SystemSettings

GUIDE = (ROOT / "docs" / "coming-from-sst.md").read_text("utf-8")
SAMPLE = ROOT / "tests" / "start" / "samples" / "sst"
ROW = re.compile(r"^\| (?P<theirs>`.+?) \| (?P<ours>.+?) \|$", re.MULTILINE)
FIELDS = {field.alias or name for name, field in SystemSettings.model_fields.items()}

MADE: Mapping[str, tuple[str, ...]] = {
    "sst.aws.Vpc": ("aws:ec2/vpc:Vpc", "aws:ec2/natGateway:NatGateway"),
    "sst.aws.Postgres": ("aws:rds/instance:Instance",),
    "sst.aws.Redis": ("aws:elasticache/replicationGroup:ReplicationGroup",),
    "sst.aws.Bucket": ("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",),
    "sst.aws.Queue": ("aws:sqs/queue:Queue", "aws:lambda/eventSourceMapping:EventSourceMapping"),
    "sst.Secret": ("aws:secretsmanager/secret:Secret",),
    "sst.aws.Cluster": ("aws:ecs/cluster:Cluster",),
    "sst.aws.Service": ("aws:ecs/service:Service", "aws:lb/listenerRule:ListenerRule"),
    "sst.aws.Task": ("aws:ecs/taskDefinition:TaskDefinition",),
    "sst.aws.Cron": ("aws:scheduler/schedule:Schedule",),
    "sst.aws.StaticSite": ("aws:cloudfront/distribution:Distribution",),
}
"""What each component of the sample must have become on AWS."""


def rows() -> dict[str, str]:
    """What the guide says of each word of SST's, a word alone: `Service` of `sst.aws.Cluster`,
    `Service` is `sst.aws.Service`."""
    found: dict[str, str] = {}
    for row in ROW.finditer(GUIDE):
        space = ""
        for word in re.findall(r"`([^`]+)`", row["theirs"]):
            if word.startswith("sst."):
                space = word.rpartition(".")[0]
            whole = f"{space}.{word}" if space and not word.startswith("sst.") else word
            found[whole] = row["ours"]
    return found


def components() -> set[str]:
    """The components that the sample makes."""
    return set(re.findall(r"new (sst\.[\w.]+)\(", (SAMPLE / "sst.config.ts").read_text("utf-8")))


def test_the_guide_has_a_row_for_every_component_of_a_program():
    assert components() == MADE.keys()
    assert MADE.keys() <= rows().keys()


@pytest.mark.parametrize("word", ["link: [bucket]", 'removal: "retain"', "protect"])
def test_the_guide_has_a_row_for_the_words_around_them(word: str):
    assert word in rows()


@pytest.mark.parametrize("word", sorted(word for word in rows() if word.startswith("sst.")))
def test_what_a_component_becomes_is_a_part_of_a_stack_file(word: str):
    named = re.findall(r"`([A-Za-z]+)`", rows()[word])
    assert named
    assert set(named) & FIELDS, rows()[word]


def test_the_pages_own_example_plans():
    (example,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    document: dict[str, Any] = yaml.safe_load(example)
    parts = {key.removeprefix("trellis:"): value for key, value in document.items()}
    recording = small_system(network={"nat": "single"}, **parts)
    assert recording.one("aws:s3/bucket:Bucket", "files")


def test_the_program_goes_through_the_guide_into_a_system_that_plans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for file in ("thumbnails/app.py", "docs/index.html"):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_text("def handle(event, context): ...\n", "utf-8")
    stack: dict[str, Any] = yaml.safe_load((SAMPLE / "stack.yaml").read_text("utf-8"))
    monkeypatch.chdir(tmp_path)
    recording = small_system(**stack)
    made = {resource.type for resource in recording}
    missing = {word: {*types} - made for word, types in MADE.items() if {*types} - made}
    assert missing == {}
    # `link` brought what each client asks for, and nothing of `link` is lost.
    service = recording.one("aws:ecs/service:Service", "web")
    definition = next(
        task
        for task in recording.of_type("aws:ecs/taskDefinition:TaskDefinition")
        if task.outputs["arn"] == service.inputs["taskDefinition"]
    )
    container = yaml.safe_load(definition.inputs["containerDefinitions"])[0]
    brought = {element["name"] for element in (*container["environment"], *container["secrets"])}
    assert {"DATABASE_URL", "REDIS_URL", "S3_FILES_BUCKET", "STRIPE_SECRET_ARN"} <= brought
    assert "SQS_THUMBNAILS_QUEUE_URL" in brought
    # `removal: retain` and `protect` of the production stage.
    (instance,) = recording.of_type("aws:rds/instance:Instance")
    assert instance.inputs["deletionProtection"] is True
    assert instance.retain_on_delete
