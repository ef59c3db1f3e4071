"""Streams as AWS would get them: capacity, retention, consumers, links and alarms."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from components.parts.access import UnknownAccessError
from components.stream.links import stream_link
from components.stream.settings import StreamSettings
from policies.guardrails.catalog import control
from policies.guardrails.run import analyse
from policies.guardrails.settings import Settings
from testing.service_cases import parts, service
from tests.components.small_systems import ACCOUNT, document, small_system
from tests.planner.edits import edited
from trellis.planner.evidence import evidence
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

STREAM, CONSUMER = "aws:kinesis/stream:Stream", "aws:kinesis/streamConsumer:StreamConsumer"
ARN = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/shop-dev-clicks"
CLICKS = {"clicks": {"consumers": ["lake"], "capacity": {"shards": 2}, "retentionHours": 72}}


@pytest.fixture(scope="module")
def clicking() -> Recording:
    """A closed service that puts and one that consumes."""
    network: dict[str, Any] = {"zones": 2, "nat": "none", "subnets": {"private": {}}}
    services = {
        "web": service(uses=[{"stream": "clicks", "access": "put"}]),
        "worker": service(uses=[{"stream": "clicks", "access": "consume"}]),
    }
    return small_system(**parts(services, network=network, streams=CLICKS))


def test_a_stream_is_encrypted_kept_and_as_large_as_it_is_told(clicking: Recording):
    stream = clicking.one(STREAM, "clicks")
    key = clicking.one("aws:kms/key:Key", "keys-data").outputs["arn"]
    assert stream.inputs["name"] == "shop-dev-clicks"
    assert (stream.inputs["encryptionType"], stream.inputs["kmsKeyId"]) == ("KMS", key)
    assert stream.inputs["streamModeDetails"] == {"streamMode": "PROVISIONED"}
    assert (stream.inputs["shardCount"], stream.inputs["retentionPeriod"]) == (2, 72)
    assert stream.protect
    assert stream.retain_on_delete
    consumer = clicking.one(CONSUMER, "clicks-lake")
    assert (consumer.inputs["name"], consumer.inputs["streamArn"]) == ("lake", ARN)


def test_on_demand_names_no_shards_and_keeps_records_over_a_weekend():
    inputs = small_system(streams={"clicks": {}}).one(STREAM, "clicks").inputs
    assert inputs["streamModeDetails"] == {"streamMode": "ON_DEMAND"}
    assert "shardCount" not in inputs
    assert inputs["retentionPeriod"] == 168
    dev = small_system(profile="development", streams={"clicks": {}}).one(STREAM, "clicks")
    assert dev.inputs["retentionPeriod"] == 24
    assert not dev.protect


def grants(recording: Recording, task: str) -> dict[str, dict[str, Any]]:
    return {
        statement["Sid"]: statement
        for statement in document(recording.one("aws:iam/rolePolicy:RolePolicy", f"{task}-task"))
        if "Stream" in statement["Sid"]
    }


def test_who_puts_may_put_and_nothing_else(clicking: Recording):
    found = grants(clicking, "web")
    assert found["PutStreamClicks"]["Resource"] == ARN
    assert set(found["PutStreamClicks"]["Action"]) == {
        "kinesis:DescribeStreamSummary",
        "kinesis:ListShards",
        "kinesis:PutRecord",
        "kinesis:PutRecords",
    }
    key = found["KeyPutStreamClicks"]
    assert key["Action"] == "kms:GenerateDataKey"
    assert key["Condition"]["StringEquals"] == {
        "kms:EncryptionContext:aws:kinesis:arn": ARN,
        "kms:ViaService": "kinesis.us-east-1.amazonaws.com",
    }
    assert found.keys() == {"PutStreamClicks", "KeyPutStreamClicks"}


def test_who_consumes_reads_by_the_shards_and_by_its_own_way(clicking: Recording):
    found = grants(clicking, "worker")
    assert "kinesis:GetRecords" in found["ConsumeStreamClicks"]["Action"]
    assert not any("Put" in action for action in found["ConsumeStreamClicks"]["Action"])
    fan_out = found["FanOutConsumeStreamClicks"]
    assert fan_out["Resource"] == clicking.one(CONSUMER, "clicks-lake").outputs["arn"]
    assert fan_out["Action"] == ["kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"]
    assert found["KeyConsumeStreamClicks"]["Action"] == "kms:Decrypt"


def test_a_closed_task_has_a_private_path_to_kinesis(clicking: Recording):
    (endpoint,) = (
        resource
        for resource in clicking.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
        if "kinesis" in resource.inputs["serviceName"]
    )
    assert endpoint.inputs["serviceName"] == "com.amazonaws.us-east-1.kinesis-streams"
    (only,) = json.loads(endpoint.inputs["policy"])["Statement"]
    assert only["Condition"]["StringEquals"] == {
        "aws:PrincipalAccount": ACCOUNT,
        "aws:ResourceAccount": ACCOUNT,
    }


def test_its_name_is_in_the_environment(clicking: Recording):
    task = clicking.one("aws:ecs/taskDefinition:TaskDefinition", "web")
    (main,) = json.loads(task.inputs["containerDefinitions"])
    assert {"name": "CLICKS_STREAM", "value": "shop-dev-clicks"} in main["environment"]


def test_readers_that_fall_behind_and_refused_calls_are_told(clicking: Recording):
    alarms = {
        resource.name: resource.inputs
        for resource in clicking.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
        if "stream-clicks" in resource.name
    }
    names = {name.partition("stream-clicks-")[2] for name in alarms}
    assert {"refused-writes", "refused-reads", "behind", "lake-behind"} <= names
    without = small_system(streams={"clicks": {"behindMinutes": "none"}})
    assert not [
        resource.name
        for resource in without.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
        if "behind" in resource.name
    ]


def test_an_access_that_a_stream_does_not_offer_is_refused_with_those_it_does():
    with pytest.raises(UnknownAccessError, match=r"stream-clicks .*allowed is put, consume"):
        stream_link(
            "clicks",
            StreamSettings(),
            "delete",
            stream_name="",
            arn="",
            consumer_arns=(),
            key_arn="",
            where=None,  # pyright: ignore[reportArgumentType]
            stream=None,  # pyright: ignore[reportArgumentType]
        )


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({"retentionHours": 23}, "24"),
        ({"retentionHours": 8761}, "8760"),
        ({"capacity": {"shards": 0}}, "1"),
        ({"capacity": "large"}, "onDemand"),
        ({"consumers": ["a", "a"]}, "once"),
        ({"consumers": [f"c{n}" for n in range(21)]}, "at most 20"),
        ({"retentionHours": 24, "behindMinutes": 1440}, "below 1440"),
    ],
)
def test_what_kinesis_would_refuse_is_refused_first(given: dict[str, object], allowed: str):
    with pytest.raises(ValidationError, match=allowed):
        StreamSettings.model_validate_json(json.dumps(given))


PARTNER, SHIPPER = "210987654321", "arn:aws:iam::321098765432:role/ship/logs"
SHARED: dict[str, Any] = {"logs": {"putBy": [SHIPPER, PARTNER]}}
POLICY = "aws:kinesis/resourcePolicy:ResourcePolicy"
SHARED_ARN = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/shop-dev-logs"


def test_other_accounts_and_roles_put_records_and_do_nothing_else():
    recording = small_system(streams=SHARED)
    policy = recording.one(POLICY, "logs")
    assert policy.inputs["resourceArn"] == SHARED_ARN
    accounts, roles = document(policy)
    for one in (accounts, roles):
        assert (one["Effect"], one["Resource"]) == ("Allow", SHARED_ARN)
        assert one["Action"] == [
            "kinesis:DescribeStreamSummary",
            "kinesis:ListShards",
            "kinesis:PutRecord",
            "kinesis:PutRecords",
        ]
    assert accounts["Principal"] == {"AWS": f"arn:aws:iam::{PARTNER}:root"}
    assert "Condition" not in accounts
    # By its name and not as the principal: the policy may stand before the role does.
    assert roles["Principal"] == {"AWS": "arn:aws:iam::321098765432:root"}
    assert roles["Condition"] == {"ArnEquals": {"aws:PrincipalArn": [SHIPPER]}}


def test_the_key_lets_them_encrypt_records_of_this_stream_through_kinesis_only():
    key = small_system(streams=SHARED).one("aws:kms/key:Key", "keys-data")
    found = {one["Sid"]: one for one in document(key) if one["Sid"].startswith("PutStream")}
    assert found.keys() == {"PutStreamLogsAccounts", "PutStreamLogsRoles"}
    bound = {
        "kms:EncryptionContext:aws:kinesis:arn": SHARED_ARN,
        "kms:ViaService": "kinesis.us-east-1.amazonaws.com",
    }
    for one in found.values():
        assert one["Action"] == "kms:GenerateDataKey"
        assert one["Condition"]["StringEquals"] == bound
    assert found["PutStreamLogsRoles"]["Condition"]["ArnEquals"] == {"aws:PrincipalArn": [SHIPPER]}
    own = small_system(streams={"logs": {}})
    assert not own.of_type(POLICY)
    assert not [
        one
        for one in document(own.one("aws:kms/key:Key", "keys-data"))
        if one["Sid"].startswith("PutStream")
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([PARTNER], [PARTNER, SHIPPER], {"ResourcePolicy logs": "update"}),
        ([], [PARTNER], {"ResourcePolicy logs": "create"}),
        ([PARTNER], [], {"ResourcePolicy logs": "delete"}),
    ],
)
def test_who_may_put_changes_in_place(
    before: list[str], after: list[str], expected: dict[str, str]
):
    found = edited(
        {"streams": {"logs": {"putBy": before}}}, {"streams": {"logs": {"putBy": after}}}
    )
    changed = {name: step.operation for name, step in found.items()}
    assert changed == {**expected, "Key keys-data": "update"}


def test_a_renamed_stream_takes_its_policy_along():
    """The new stream is another one; what the old one's deletion takes is not the new policy."""
    after = {"new": {"formerly": "logs", "name": "logs", "putBy": [PARTNER]}}
    found = edited({"streams": {"logs": {"putBy": [PARTNER]}}}, {"streams": after})
    assert not any(step.operation in {"delete", "replace"} for step in found.values()), found


def test_this_account_is_none_of_the_others():
    with pytest.raises(StackFileError, match=r"(?s)putBy.*of this account.*access: put"):
        small_system(streams={"logs": {"putBy": [f"arn:aws:iam::{ACCOUNT}:role/web"]}})


@pytest.mark.parametrize(
    "given", [[PARTNER, PARTNER], ["21098765432"], ["arn:aws:iam::210987654321:user/ann"], ["*"]]
)
def test_only_accounts_and_roles_are_let_in_once_each(given: list[str]):
    with pytest.raises(ValidationError):
        StreamSettings.model_validate({"putBy": given})


def verdicts(
    recording: Recording, control_id: str, trusted: tuple[str, ...] = ()
) -> Mapping[str, str]:
    """Outcomes of one control by `Type name`."""
    report = analyse(
        evidence(recording),
        today=dt.date(2026, 11, 30),
        controls=[control(control_id)],
        settings=Settings(parameters={control_id: {"trustedAccounts": trusted}} if trusted else {}),
    )
    return {
        f"{one.resource_type.rsplit(':', 1)[-1]} {one.resource}": one.outcome.value
        for one in report.findings
    }


def test_the_policy_pack_asks_whether_another_account_is_meant():
    recording = small_system(streams=SHARED)
    found = verdicts(recording, "IAM.foreign-access")
    assert found["ResourcePolicy logs"] == found["Key keys-data"] == "fail"
    found = verdicts(recording, "IAM.foreign-access", (PARTNER, "321098765432"))
    assert found["ResourcePolicy logs"] == found["Key keys-data"] == "pass"
    assert verdicts(recording, "Kinesis.private-policy") == {"ResourcePolicy logs": "pass"}
