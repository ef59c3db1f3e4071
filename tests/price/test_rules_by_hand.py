"""Rules of services that no real stack uses, on resources written by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from trellis.planner.recording import Recorded, Recording
from trellis.price.estimate import Estimate, estimate
from trellis.price.prices import price_list
from trellis.price.usage import Usage
from trellis.stackfile.usage import UsageSettings


def resource(type_: str, name: str = "main", **inputs: Any) -> Recorded:
    urn = f"urn:pulumi:dev::shop::{type_}::{name}"
    references = inputs.pop("references", {})
    return Recorded(
        urn=urn, type=type_, name=name, custom=True, parent="", inputs=inputs, outputs={}, id="",
        dependencies=(), property_dependencies=references, protect=False, retain_on_delete=False,
        delete_before_replace=False, ignore_changes=(), replace_on_changes=(),
        additional_secret_outputs=(), aliases=(), provider="", remote=False,
    )  # fmt: skip


def price(*resources: Recorded, region: str = "us-east-1") -> Estimate:
    recording = Recording("shop", "dev", "preview", region, None, resources, {})
    return estimate(recording, price_list(region), Usage(UsageSettings(size="small")))


def amounts(found: Estimate) -> dict[str, Decimal]:
    return {line.charge.key: line.usd.expected for _, line in found.single_lines}


FUNCTION = "aws:lambda/function:Function"

CASES: list[tuple[Recorded, dict[str, str]]] = [
    (resource(FUNCTION, memorySize=512, architectures=["arm64"]),
     {"AWSLambda/request": "0.00002", "AWSLambda/duration/arm/gbSecond": "0.00066667"}),
    (resource("aws:apigatewayv2/api:Api", protocolType="HTTP"),
     {"AmazonApiGateway/http/request": "1"}),
    (resource("aws:apigatewayv2/api:Api", protocolType="WEBSOCKET"),
     {"AmazonApiGateway/websocket/message": "1",
      "AmazonApiGateway/websocket/connectionMinute": "0.025"}),
    (resource("aws:apigateway/restApi:RestApi"), {"AmazonApiGateway/rest/request": "3.5"}),
    (resource("aws:apigateway/stage:Stage", cacheClusterEnabled=True, cacheClusterSize="0.5"),
     {"AmazonApiGateway/cache/0.5GB/hour": "14.6"}),
    (resource("aws:cognito/userPool:UserPool", userPoolTier="PLUS"),
     {"AmazonCognito/plus/mau": "2"}),
    (resource("aws:cognito/userPool:UserPool"), {"AmazonCognito/essentials/mau": "1.5"}),
    (resource("aws:kinesis/stream:Stream", streamModeDetails={"streamMode": "ON_DEMAND"}),
     {"AmazonKinesis/onDemand/streamHour": "29.2", "AmazonKinesis/onDemand/dataIn/gb": "0.8",
      "AmazonKinesis/onDemand/dataOut/gb": "0.4"}),
    (resource("aws:kinesis/stream:Stream", shardCount=2, retentionPeriod=48),
     {"AmazonKinesis/provisioned/shardHour": "21.9",
      "AmazonKinesis/provisioned/extendedRetention/shardHour": "29.2"}),
    (resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
              extendedS3Configuration={"dataFormatConversionConfiguration": {"enabled": True},
                                       "dynamicPartitioningConfiguration": {"enabled": True}}),
     {"AmazonKinesisFirehose/directPut/gb": "0.29",
      "AmazonKinesisFirehose/formatConversion/gb": "0.18",
      "AmazonKinesisFirehose/dynamicPartitioning/gb": "0.2"}),
    (resource("aws:glue/crawler:Crawler"), {"AWSGlue/crawler/dpuHour": "0.88"}),
    (resource("aws:athena/workgroup:Workgroup"), {"AmazonAthena/sql/tb": "0.25"}),
    (resource("aws:sfn/stateMachine:StateMachine"), {"AmazonStates/standard/transition": "0.25"}),
    (resource("aws:cloudwatch/eventBus:EventBus"), {"AWSEvents/customBus/event": "0.1"}),
    (resource("aws:scheduler/schedule:Schedule", scheduleExpression="rate(1 hour)"),
     {"AWSEvents/scheduler/invocation": "0.00073"}),
    (resource("aws:synthetics/canary:Canary", schedule={"expression": "rate(5 minutes)"}),
     {"AmazonCloudWatch/canary/run": "10.512"}),
    (resource("aws:route53/healthCheck:HealthCheck", type="HTTPS", requestInterval=10),
     {"AmazonRoute53/healthCheck/nonAws/month": "0.75",
      "AmazonRoute53/healthCheck/optionalFeature/nonAws/month": "4"}),
    (resource("aws:rds/clusterInstance:ClusterInstance", instanceClass="db.r6g.large",
              engine="aurora-postgresql"),
     {"AmazonRDS/db.r6g.large/aurora-postgresql/standard/hour": "189.8"}),
    (resource("aws:rds/clusterInstance:ClusterInstance", instanceClass="db.serverless",
              engine="aurora-mysql"),
     {"AmazonRDS/aurora/serverlessV2/standard/acuHour": "21.9"}),
    (resource("aws:dynamodb/table:Table", name="rows", billingMode="PROVISIONED", readCapacity=10,
              writeCapacity=5),
     {"AmazonDynamoDB/provisioned/standard/rcuHour": "0.949",
      "AmazonDynamoDB/provisioned/standard/wcuHour": "2.3725"}),
    (resource("aws:cloudwatch/metricAlarm:MetricAlarm", period=10),
     {"AmazonCloudWatch/alarm/highResolution/alarmMetricMonth": "0.3"}),
    (resource("aws:cloudwatch/metricAlarm:MetricAlarm",
              metricQueries=[{"expression": "ANOMALY_DETECTION_BAND(m1, 2)"},
                             {"metric": {"period": 300}}]),
     {"AmazonCloudWatch/alarm/standard/alarmMetricMonth": "0.3"}),
    (resource("aws:wafv2/webAcl:WebAcl", scope="CLOUDFRONT", rules=[
        {"statement": {"managedRuleGroupStatement": {"name": "AWSManagedRulesBotControlRuleSet"}}},
        {"statement": {"rateBasedStatement": {"limit": 100}}}]),
     {"awswaf/webAcl/month": "5", "awswaf/rule/month": "1", "awswaf/managedRuleGroup/month": "1",
      "awswaf/request": "0.6", "awswaf/botControl/month": "10",
      "awswaf/botControl/common/request": "1"}),
    (resource("aws:efs/fileSystem:FileSystem"), {"AmazonEFS/standard/gbMonth": "3"}),
    (resource("aws:efs/fileSystem:FileSystem", throughputMode="elastic"),
     {"AmazonEFS/standard/gbMonth": "3", "AmazonEFS/throughput/elasticRead/gb": "0.6",
      "AmazonEFS/throughput/elasticWrite/gb": "0.6"}),
    (resource("aws:efs/backupPolicy:BackupPolicy", backupPolicy={"status": "ENABLED"}),
     {"AWSBackup/efs/warm/gbMonth": "0.5"}),
    (resource("aws:efs/backupPolicy:BackupPolicy", backupPolicy={"status": "DISABLED"}), {}),
    (resource("aws:kms/key:Key"), {"awskms/key/month": "1"}),
    (resource("aws:lb/loadBalancer:LoadBalancer", loadBalancerType="network", internal=True),
     {"AWSELB/nlb/hour": "16.425", "AWSELB/nlb/nlcuHour": "0.438"}),
]  # fmt: skip


@pytest.mark.parametrize(("made", "expected"), CASES, ids=lambda case: getattr(case, "type", ""))
def test_a_resource_costs_what_its_service_charges(made: Recorded, expected: dict[str, str]):
    found = amounts(price(made))
    assert {key: found.get(key) for key in expected} == {
        key: Decimal(usd) for key, usd in expected.items()
    }


def test_functions_kept_ready_are_billed_all_month():
    function = resource(FUNCTION, memorySize=1024)
    ready = resource(
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        provisionedConcurrentExecutions=2,
        references={"functionName": (function.urn,)},
    )
    found = amounts(price(function, ready))
    seconds = 2 * 730 * 3600
    assert found["AWSLambda/provisionedConcurrency/x86/gbSecond"] == seconds * Decimal(
        "0.0000041667"
    )


SURCHARGE = "AmazonRDS/extendedSupport/year1/vcpuHour"


@pytest.mark.parametrize(
    ("lifecycle", "version", "expected"),
    [
        ("open-source-rds-extended-support", "13.20", Decimal(2 * 2 * 730) * Decimal("0.1")),
        ("open-source-rds-extended-support", "16.4", None),
        ("open-source-rds-extended-support-disabled", "13.20", None),
    ],
)
def test_an_engine_past_its_support_is_surcharged_by_cpu(
    lifecycle: str, version: str, expected: Decimal | None
):
    database = resource(
        "aws:rds/instance:Instance", engine="postgres", engineVersion=version, multiAz=True,
        instanceClass="db.t4g.medium", allocatedStorage=20, storageType="gp3",
        engineLifecycleSupport=lifecycle,
    )  # fmt: skip
    assert amounts(price(database)).get(SURCHARGE) == expected


def test_a_surcharge_without_a_price_is_a_row():
    database = resource(
        "aws:rds/instance:Instance", engine="mysql", engineVersion="5.7.44", storageType="gp3",
        instanceClass="db.m6g.large", allocatedStorage=20,
        engineLifecycleSupport="open-source-rds-extended-support",
    )  # fmt: skip
    found = price(database, region="eu-west-1")
    (row,) = [row for row in found.not_priced if row.what == "RDS Extended Support"]
    assert row.why.startswith("price unknown")


def test_a_type_without_a_rule_is_a_row():
    found = price(resource("aws:msk/cluster:Cluster"))
    assert [(row.what, row.why) for row in found.not_priced] == [
        ("Cluster", "Trellis has no rule for this type")
    ]


def test_text_messages_are_not_priced():
    found = price(resource("aws:sns/topicSubscription:TopicSubscription", protocol="sms"))
    assert [row.what for row in found.not_priced] == ["text messages"]
