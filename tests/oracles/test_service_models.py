"""Every value of every real stack against the service models that botocore carries.

The models come from AWS itself, so this says something that the simulation and the engine,
which agree with each other by construction, can't.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.model import Shape

from testing.oracles.calls import CALLS
from testing.oracles.judged import NAMES, judged, shape_at
from testing.oracles.shapes import compiled, complaints, operation_input
from tests.conftest import STACKS
from trellis.planner.record import Recording


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_every_value_is_one_the_service_takes(
    recording_of: Callable[..., Recording], project: str, stack: str
) -> None:
    wrong: list[str] = []
    for resource in recording_of(project, stack, "deployed"):
        if resource.type.startswith("aws:"):
            made_up = {k: resource.outputs[k] for k in NAMES if k in resource.outputs}
            wrong += [
                f"{resource.name}: {complaint}"
                for complaint in judged(resource.type, {**made_up, **resource.inputs})
            ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("type_", sorted(CALLS))
def test_every_place_named_in_the_table_is_in_the_model(type_: str) -> None:
    call = CALLS[type_]
    missing = [path for path in call.renamed.values() if shape_at(call, path) is None]
    assert not missing, f"{call.service} {call.operation} has no {', '.join(missing)}"


def test_every_pattern_that_could_be_asked_is_understood() -> None:
    patterns: set[str] = set()
    seen: set[tuple[str, str]] = set()

    def walk(shape: Shape, service: str) -> None:
        if (service, shape.name) in seen:
            return
        seen.add((service, shape.name))
        if "pattern" in shape.metadata:
            patterns.add(shape.metadata["pattern"])
        inner = getattr(shape, "members", {}).values() if shape.type_name == "structure" else ()
        for element in (*inner, *(getattr(shape, key, None) for key in ("member", "key", "value"))):
            if isinstance(element, Shape):
                walk(element, service)

    for call in CALLS.values():
        walk(operation_input(call.service, call.operation), call.service)
    refused = []
    for pattern in sorted(patterns):
        try:
            compiled(pattern)
        except (re.error, KeyError) as error:
            refused.append(f"{pattern}: {error}")
    assert len(patterns) > 100
    assert not refused, "\n".join(refused)


@pytest.mark.parametrize(
    ("type_", "properties", "message"),
    [
        ("aws:iam/role:Role", {"name": "r" * 65}, "65 characters, allowed 1 to 64"),
        ("aws:iam/role:Role", {"name": "a role"}, "does not match"),
        ("aws:ec2/flowLog:FlowLog", {"trafficType": "all"}, "none of ACCEPT, REJECT, ALL"),
        ("aws:ec2/vpc:Vpc", {"instanceTenancy": "shared"}, "none of default, dedicated, host"),
        ("aws:kms/alias:Alias", {"name": "alias/a b"}, "does not match"),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "/ecs/a b"}, "does not match"),
        ("aws:kms/key:Key", {"rotationPeriodInDays": 30}, "30, allowed 90 to 2560"),
        (
            "aws:ecs/taskDefinition:TaskDefinition",
            {"containerDefinitions": '[{"portMappings": [{"protocol": "icmp"}]}]'},
            "none of tcp, udp",
        ),
        ("aws:lambda/function:Function", {"memorySize": 64}, "64, allowed 128 to"),
        ("aws:lambda/function:Function", {"runtime": "python2"}, "none of"),
        (
            "aws:s3/bucketVersioning:BucketVersioning",
            {"versioningConfiguration": {"status": "On"}},
            "none of Enabled, Suspended",
        ),
        (
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            {"rules": [{"status": "Enabled", "transitions": [{"storageClass": "COLD"}]}]},
            "none of GLACIER",
        ),
        ("aws:kinesis/stream:Stream", {"encryptionType": "AES"}, "none of NONE, KMS"),
        (
            "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
            {"extendedS3Configuration": {"compressionFormat": "gzip"}},
            "none of UNCOMPRESSED, GZIP",
        ),
        (
            "aws:cognito/userPool:UserPool",
            {"passwordPolicy": {"minimumLength": 5}},
            "5, allowed 6 to 99",
        ),
        (
            "aws:glue/catalogTable:CatalogTable",
            {"storageDescriptor": {"columns": [{"name": ""}]}},
            "0 characters, allowed 1 to 255",
        ),
        (
            "aws:athena/workgroup:Workgroup",
            {"configuration": {"bytesScannedCutoffPerQuery": 1}},
            "1, allowed 10000000",
        ),
        (
            "aws:elasticache/replicationGroup:ReplicationGroup",
            {"authTokenUpdateStrategy": "REMOVE"},
            "none of SET, ROTATE, DELETE",
        ),
        ("aws:ec2/vpc:Vpc", {"cidr": "10.0.0.0/16"}, "has no cidr"),
        ("aws:chime/voiceConnector:VoiceConnector", {}, "no API operation is known"),
    ],
)
def test_a_value_the_service_refuses_is_found(
    type_: str, properties: dict[str, Any], message: str
) -> None:
    assert any(message in element for element in judged(type_, properties))


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_every_tag_is_one_that_all_services_take(
    recording_of: Callable[..., Recording], project: str, stack: str
) -> None:
    """Of the services with a model of tags, Secrets Manager's and IAM's are the strictest."""
    tag = operation_input("iam", "TagRole").members["Tags"]
    wrong = [
        complaint
        for resource in recording_of(project, stack, "deployed")
        for complaint in complaints(resource.outputs.get("tagsAll"), tag, f"{resource.name}.tags")
    ]
    assert not wrong, "\n".join(wrong)
