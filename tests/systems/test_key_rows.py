"""Keys of the systems: what is at rest is under a customer key that lets in nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.components.small_systems import document
from trellis.planner.record import Recording

KEY = "aws:kms/key:Key"
FUNCTION = "aws:lambda/function:Function"

ENCRYPTED = {
    "aws:rds/instance:Instance": "kmsKeyId",
    "aws:elasticache/replicationGroup:ReplicationGroup": "kmsKeyId",
    "aws:secretsmanager/secret:Secret": "kmsKeyId",
    "aws:cloudwatch/logGroup:LogGroup": "kmsKeyId",
    "aws:sns/topic:Topic": "kmsMasterKeyId",
    FUNCTION: "kmsKeyArn",
}
"""The property that names the customer key, by type."""


def test_everything_at_rest_is_under_one_of_the_systems_own_keys(
    recording_of: Callable[..., Recording], any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    keys = {resource.outputs["arn"] for resource in recording.of_type(KEY)}
    for type_, key in ENCRYPTED.items():
        for resource in recording.of_type(type_):
            # A function's key is for its environment; some have none. ElastiCache publishes to no
            # encrypted topic.
            bare = type_ == FUNCTION and "environment" not in resource.inputs
            if not bare and ":cache:Cache$aws:sns" not in resource.urn:
                assert resource.inputs.get(key) in keys, resource.urn


def test_every_key_rotates_and_its_policy_is_bound_to_the_account(
    recording_of: Callable[..., Recording], any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    made = [resource for resource in recording.of_type(KEY) if resource.name.startswith("keys-")]
    assert made
    for key in made:
        assert key.inputs["enableKeyRotation"] is True
        for statement in document(key):
            assert list(principals(statement)) != ["*"]
            assert recording.account in json.dumps(statement), statement["Sid"]
            if set(statement["Action"]) & {
                "kms:Decrypt",
                "kms:GenerateDataKey*",
                "kms:CreateGrant",
            }:
                assert statement["Condition"], statement["Sid"]


def principals(statement: dict[str, Any]) -> Iterator[str]:
    found = statement["Principal"]
    for element in [found] if isinstance(found, str) else found.values():
        yield from [element] if isinstance(element, str) else element
