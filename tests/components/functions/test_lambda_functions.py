"""Functions as AWS would get them: their role, place, code, and what calls them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.small_systems import NETWORK, document, small_system, statement
from trellis.planner.record import Recorded, Recording

FUNCTION = "aws:lambda/function:Function"
MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
PERMISSION = "aws:lambda/permission:Permission"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
URI = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:{'0' * 64}"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:shop-dev-app"
APP: dict[str, Any] = {"image": {"uri": URI}, "subnets": "none"}


def system(app: dict[str, Any] | None = None, **tiers: Any) -> Recording:
    return small_system(functions={"app": {**APP, **(app or {})}}, **tiers)


def policy(recording: Recording, name: str = "app") -> Recorded:
    return next(resource for resource in recording.of_type(ROLE_POLICY) if resource.name == name)


def permissions(recording: Recording) -> dict[str, dict[str, Any]]:
    return {resource.name: dict(resource.inputs) for resource in recording.of_type(PERMISSION)}


def test_the_safe_choice_is_the_default():
    recording = system({"environment": {"MODE": "fast"}})
    inputs = recording.one(FUNCTION, "app").inputs
    assert inputs["name"] == "shop-dev-app"
    assert inputs["architectures"] == ["arm64"]
    assert inputs["loggingConfig"] == {"logFormat": "JSON", "logGroup": "/aws/lambda/shop-dev-app"}
    assert inputs["kmsKeyArn"].startswith("arn:aws:kms:")
    assert inputs["deadLetterConfig"]["targetArn"].endswith(":shop-dev-app-failed-events")
    group = recording.one("aws:cloudwatch/logGroup:LogGroup", "app")
    assert group.inputs["retentionInDays"] == 365
    assert group.urn in recording.one(FUNCTION, "app").property_dependencies["loggingConfig"]
    retries = recording.one("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "app")
    assert retries.inputs["maximumRetryAttempts"] == 2
    assert retries.inputs["maximumEventAgeInSeconds"] == 6 * 3600


def test_the_role_is_the_links_the_log_and_the_dead_letters():
    recording = system(
        {"uses": [{"table": "orders", "access": "read"}]},
        tables={"orders": {"partitionKey": {"name": "id"}}},
    )
    sids = [element["Sid"] for element in document(policy(recording))]
    assert sids == [
        "ItemsTableOrders", "SearchTableOrders", "KeyTableOrders", "WriteLog", "KeepFailedEvents",
        "EncryptFailedEvents",
    ]  # fmt: skip
    log = statement(policy(recording), "WriteLog")
    assert log["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert log["Resource"] == (
        "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/shop-dev-app:*"
    )
    role = recording.one("aws:iam/role:Role", "app").inputs
    assert role["namePrefix"] == "shop-dev-app-function-"
    assert "name" not in role


def test_a_function_in_the_network_has_a_group_and_leaves_the_interfaces_to_lambda():
    recording = system({"subnets": "private"}, network=NETWORK)
    inputs = recording.one(FUNCTION, "app").inputs
    assert len(inputs["vpcConfig"]["subnetIds"]) == 2
    assert len(inputs["vpcConfig"]["securityGroupIds"]) == 1
    made = statement(policy(recording), "NetworkInterfacesByLambda")
    assert made["Condition"] == {"Null": {"lambda:SourceFunctionArn": "true"}}


def test_warm_runs_are_called_by_the_alias_that_leads_to_the_newest_version():
    recording = system(
        {
            "concurrency": {"provisioned": 2, "reserved": 5},
            "triggers": {"news": {"topic": "news"}, "often": {"schedule": "rate(5 minutes)"}},
        },
        topics={"news": {}},
    )
    inputs = recording.one(FUNCTION, "app").inputs
    assert inputs["publish"] is True
    assert inputs["reservedConcurrentExecutions"] == 5
    warm = recording.one(
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", "app"
    )
    assert warm.inputs["qualifier"] == "live"
    assert warm.inputs["provisionedConcurrentExecutions"] == 2
    assert permissions(recording)["app-news"]["qualifier"] == "live"
    subscription = recording.one("aws:sns/topicSubscription:TopicSubscription", "app-news")
    assert subscription.inputs["endpoint"] == f"{ARN}:live"
    schedule = recording.one("aws:scheduler/schedule:Schedule", "app-often").inputs
    assert schedule["target"]["arn"] == f"{ARN}:live"
    call = statement(policy(recording, "app-often-schedule"), "CallTheFunction")
    assert call["Resource"] == f"{ARN}:live"


def test_a_queue_is_read_by_the_functions_role_and_failed_messages_come_back():
    recording = system(
        {
            "triggers": {
                "work": {"queue": "work", "batch": 5, "filter": [{"body": {"kind": ["a"]}}]}
            }
        },
        queues={"work": {"visibilitySeconds": 180}},
    )
    inputs = recording.one(MAPPING, "app-work").inputs
    assert inputs["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert inputs["batchSize"] == 5
    assert inputs["filterCriteria"] == {"filters": [{"pattern": '{"body":{"kind":["a"]}}'}]}
    assert "startingPosition" not in inputs
    reads = statement(policy(recording), "ConsumeQueueWork")
    assert "sqs:DeleteMessage" in reads["Action"]
    assert permissions(recording) == {}


def test_changes_that_are_given_up_stand_in_the_dead_letters():
    recording = system(
        {"triggers": {"changes": {"table": "orders"}}},
        tables={"orders": {"partitionKey": {"name": "id"}, "stream": "both"}},
    )
    inputs = recording.one(MAPPING, "app-changes").inputs
    assert inputs["startingPosition"] == "LATEST"
    assert inputs["destinationConfig"]["onFailure"]["destinationArn"].endswith("-failed-events")
    assert inputs["maximumRetryAttempts"] == 5
    assert inputs["bisectBatchOnFunctionError"] is True
    listing = statement(policy(recording), "ListStreamsTableOrders")
    assert listing["Resource"].endswith(":table/shop-dev-orders/stream/*")


def test_records_of_a_stream_are_read_in_order_and_by_a_consumer_of_its_own():
    recording = system(
        {"triggers": {"clicks": {"stream": "clicks", "start": "trimHorizon", "parallel": 2},
                      "fast": {"stream": "clicks", "consumer": "app", "oldestHours": 48}}},
        streams={"clicks": {"consumers": ["app"], "retentionHours": 48}},
    )  # fmt: skip
    stream = recording.one("aws:kinesis/stream:Stream", "clicks").outputs["arn"]
    consumer = recording.one("aws:kinesis/streamConsumer:StreamConsumer", "clicks-app")
    shared, fast = (recording.one(MAPPING, f"app-{name}").inputs for name in ("clicks", "fast"))
    assert (shared["eventSourceArn"], shared["startingPosition"]) == (stream, "TRIM_HORIZON")
    assert (shared["batchSize"], shared["parallelizationFactor"]) == (100, 2)
    assert fast["eventSourceArn"] == consumer.outputs["arn"]
    assert fast["maximumRecordAgeInSeconds"] == 48 * 3600
    assert fast["destinationConfig"]["onFailure"]["destinationArn"].endswith("-failed-events")
    reads = statement(policy(recording), "ConsumeStreamClicks")
    assert {"kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards",
            "kinesis:DescribeStream"} <= set(reads["Action"])  # fmt: skip
    assert reads["Resource"] == stream
    own = statement(policy(recording), "FanOutConsumeStreamClicks")
    assert own["Resource"] == consumer.outputs["arn"]
    key = statement(policy(recording), "KeyConsumeStreamClicks")
    assert (key["Action"], key["Condition"]["StringEquals"]["kms:ViaService"]) == (
        "kms:Decrypt",
        "kinesis.us-east-1.amazonaws.com",
    )
    alarms = {
        resource.name for resource in recording.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    }
    assert "function-app-behind" in alarms
    assert permissions(recording) == {}


def test_every_caller_is_let_in_by_what_it_is():
    recording = system(
        {
            "triggers": {
                "news": {"topic": "news", "attributes": {"kind": ["a", "b"]}},
                "uploads": {"bucket": "data", "prefix": "in/", "suffix": ".csv"},
                "lines": {"logs": "app", "pattern": "ERROR"},
                "failed": {"event": {"source": ["aws.athena"], "detail": {"state": ["FAILED"]}}},
            }
        },
        topics={"news": {}},
        buckets={"data": {}},
        monitoring={"logs": {"app": {"name": "/shop/app"}}},
    )
    found = permissions(recording)
    assert {name: element["principal"] for name, element in found.items()} == {
        "app-news": "sns.amazonaws.com",
        "app-uploads": "s3.amazonaws.com",
        "app-lines": "logs.amazonaws.com",
        "app-failed": "events.amazonaws.com",
    }
    assert found["app-news"]["sourceArn"].endswith(":shop-dev-news")
    assert found["app-uploads"]["sourceAccount"] == "123456789012"
    assert found["app-lines"]["sourceArn"].endswith(":log-group:/shop/app:*")
    assert found["app-failed"]["sourceArn"].endswith(":rule/shop-dev-app-failed")
    notification = recording.one("aws:s3/bucketNotification:BucketNotification", "data")
    assert notification.inputs["lambdaFunctions"] == [
        {
            "id": "app-uploads",
            "lambdaFunctionArn": ARN,
            "events": ["s3:ObjectCreated:*"],
            "filterPrefix": "in/",
            "filterSuffix": ".csv",
        }
    ]
    assert any("app-uploads" in urn for urn in notification.dependencies)
    lines = recording.one("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "app-lines")
    assert lines.inputs["filterPattern"] == "ERROR"


def test_functions_may_call_each_other_and_a_url_takes_both_rights():
    recording = small_system(
        functions={
            "one": {**APP, "uses": [{"function": "other"}]},
            "other": {**APP, "url": True, "uses": [{"function": "one"}]},
        },
    )
    call = statement(policy(recording, "other"), "CallFunctionOne")
    assert call["Resource"] == ARN.replace("app", "one")
    assert recording.one("aws:lambda/functionUrl:FunctionUrl", "other").inputs[
        "authorizationType"
    ] == "AWS_IAM"  # fmt: skip


@pytest.mark.parametrize("access", ["url"])
def test_who_uses_a_url_may_sign_requests_to_it_and_no_more(access: str):
    recording = small_system(
        functions={
            "one": {**APP, "uses": [{"function": "other", "access": access}]},
            "other": {**APP, "url": True},
        },
    )
    by_url = statement(policy(recording, "one"), "CallByUrlFunctionOther")
    assert by_url["Condition"] == {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
    signs = statement(policy(recording, "one"), "UrlFunctionOther")
    assert signs["Action"] == "lambda:InvokeFunctionUrl"
    variables = recording.one(FUNCTION, "one").inputs["environment"]["variables"]
    assert variables["OTHER_FUNCTION_URL"].startswith("https://")
