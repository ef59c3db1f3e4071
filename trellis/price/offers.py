"""Which product of AWS's Price List each of our price keys is.

Usage types are as the price list has them without their region's prefix (`EUW1-`, `EU-`; none in
us-east-1 for the older ones), read 2026-11 in public copies of the list. What is not in here is
not renewed: AWS's pages stay its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REGION_PREFIX = re.compile(r"^[A-Z]{2,3}\d?-(?=[A-Z])")


@dataclass(frozen=True)
class Offer:
    """One product, found by its usage type."""

    service: str
    """Service code of the price list."""
    usage_type: str
    """Without the region's prefix."""
    operation: str | None = None
    """Where several products have the usage type."""


OFFERS: Mapping[str, Offer] = {
    "AmazonVPC/natGateway/hour": Offer("AmazonEC2", "NatGateway-Hours", "NatGateway"),
    "AmazonVPC/natGateway/gb": Offer("AmazonEC2", "NatGateway-Bytes", "NatGateway"),
    "AmazonVPC/interfaceEndpoint/hour": Offer("AmazonVPC", "VpcEndpoint-Hours", "VpcEndpoint"),
    "AmazonVPC/interfaceEndpoint/gb": Offer("AmazonVPC", "VpcEndpoint-Bytes", "VpcEndpoint"),
    "AmazonVPC/publicIpv4/hour": Offer("AmazonVPC", "PublicIPv4:InUseAddress"),
    "AmazonVPC/publicIpv4Idle/hour": Offer("AmazonVPC", "PublicIPv4:IdleAddress"),
    "AWSELB/alb/hour": Offer("AWSELB", "LoadBalancerUsage", "LoadBalancing:Application"),
    "AWSELB/alb/lcuHour": Offer("AWSELB", "LCUUsage", "LoadBalancing:Application"),
    "AWSELB/nlb/hour": Offer("AWSELB", "LoadBalancerUsage", "LoadBalancing:Network"),
    "AWSELB/nlb/nlcuHour": Offer("AWSELB", "LCUUsage", "LoadBalancing:Network"),
    "AmazonECS/fargate/x86/onDemand/vcpuHour": Offer("AmazonECS", "Fargate-vCPU-Hours:perCPU"),
    "AmazonECS/fargate/x86/onDemand/gbHour": Offer("AmazonECS", "Fargate-GB-Hours"),
    "AmazonECS/fargate/arm/onDemand/vcpuHour": Offer("AmazonECS", "Fargate-ARM-vCPU-Hours:perCPU"),
    "AmazonECS/fargate/arm/onDemand/gbHour": Offer("AmazonECS", "Fargate-ARM-GB-Hours"),
    "AmazonECS/fargate/ephemeralStorage/gbHour": Offer(
        "AmazonECS", "Fargate-EphemeralStorage-GB-Hours"
    ),
    "AmazonS3/standard/gbMonth": Offer("AmazonS3", "TimedStorage-ByteHrs"),
    "AmazonS3/standard/put/request": Offer("AmazonS3", "Requests-Tier1"),
    "AmazonS3/standard/get/request": Offer("AmazonS3", "Requests-Tier2"),
    "AmazonS3/standardIa/gbMonth": Offer("AmazonS3", "TimedStorage-SIA-ByteHrs"),
    "AWSSecretsManager/secret/month": Offer("AWSSecretsManager", "AWSSecretsManager-Secrets"),
    "AWSSecretsManager/api/request": Offer("AWSSecretsManager", "AWSSecretsManagerAPIRequest"),
    "awskms/key/month": Offer("awskms", "KMS-Keys"),
    "awskms/symmetric/request": Offer("awskms", "KMS-Requests"),
    "AmazonCloudWatch/logs/standard/ingest/gb": Offer(
        "AmazonCloudWatch", "DataProcessing-Bytes", "PutLogEvents"
    ),
    "AmazonCloudWatch/logs/storage/gbMonth": Offer(
        "AmazonCloudWatch", "TimedStorage-ByteHrs", "HourlyStorageMetering"
    ),
    "AmazonCloudWatch/metric/custom/metricMonth": Offer(
        "AmazonCloudWatch", "CW:MetricMonitorUsage", "MetricStorage"
    ),
    "AmazonCloudWatch/alarm/standard/alarmMetricMonth": Offer(
        "AmazonCloudWatch", "CW:AlarmMonitorUsage"
    ),
    "AmazonCloudWatch/alarm/highResolution/alarmMetricMonth": Offer(
        "AmazonCloudWatch", "CW:HighResAlarmMonitorUsage"
    ),
    "AWSLambda/request": Offer("AWSLambda", "Request"),
    "AWSLambda/duration/x86/gbSecond": Offer("AWSLambda", "Lambda-GB-Second"),
    "AWSLambda/duration/arm/gbSecond": Offer("AWSLambda", "Lambda-GB-Second-ARM"),
    "AmazonDynamoDB/onDemand/standard/wru": Offer("AmazonDynamoDB", "WriteRequestUnits"),
    "AmazonDynamoDB/onDemand/standard/rru": Offer("AmazonDynamoDB", "ReadRequestUnits"),
    "AmazonDynamoDB/storage/standard/gbMonth": Offer("AmazonDynamoDB", "TimedStorage-ByteHrs"),
    "AmazonDynamoDB/pitr/gbMonth": Offer("AmazonDynamoDB", "TimedPITRStorage-ByteHrs"),
    "AmazonApiGateway/rest/request": Offer("AmazonApiGateway", "ApiGatewayRequest"),
    "AmazonApiGateway/http/request": Offer("AmazonApiGateway", "ApiGatewayHttpRequest"),
    "AmazonKinesis/onDemand/streamHour": Offer("AmazonKinesis", "OnDemand-StreamHour"),
    "AmazonKinesis/onDemand/dataIn/gb": Offer("AmazonKinesis", "OnDemand-BilledIncomingBytes"),
    "AmazonKinesis/onDemand/dataOut/gb": Offer("AmazonKinesis", "OnDemand-BilledOutgoingBytes"),
    "AmazonKinesis/provisioned/shardHour": Offer("AmazonKinesis", "Storage-ShardHour"),
    "AmazonECR/storage/gbMonth": Offer("AmazonECR", "TimedStorage-ByteHrs"),
    "AmazonRDS/backup/gbMonth": Offer("AmazonRDS", "RDS:ChargedBackupUsage"),
    "AmazonRDS/proxy/vcpuHour": Offer("AmazonRDS", "RDS:ProxyUsage"),
    "AmazonRDS/aurora/storage/standard/gbMonth": Offer("AmazonRDS", "Aurora:StorageUsage"),
    "AmazonRDS/aurora/io/standard/request": Offer("AmazonRDS", "Aurora:StorageIOUsage"),
    "AmazonRDS/aurora/serverlessV2/standard/acuHour": Offer(
        "AmazonRDS", "Aurora:ServerlessV2Usage"
    ),
    "AmazonRDS/aurora/serverlessV2/ioOptimized/acuHour": Offer(
        "AmazonRDS", "Aurora:ServerlessV2IOOptimizedUsage"
    ),
}
"""By our key."""

BY_ATTRIBUTES = ("AmazonRDS", "AmazonElastiCache")
"""Services whose instances have a key made of their attributes."""

SERVICES = tuple(dict.fromkeys((*(offer.service for offer in OFFERS.values()), *BY_ATTRIBUTES)))
"""Every service that is asked for."""

_ENGINES = {
    "PostgreSQL": "postgres", "MySQL": "mysql", "MariaDB": "mariadb",
    "Aurora PostgreSQL": "aurora-postgresql", "Aurora MySQL": "aurora-mysql",
}  # fmt: skip
_ZONES = {"Single-AZ": "singleAz", "Multi-AZ": "multiAz"}
_VOLUMES = {
    "General Purpose": "gp2", "General Purpose-GP3": "gp3", "Provisioned IOPS": "io1",
    "Provisioned IOPS-IO2": "io2",
}  # fmt: skip


def keys_of(service: str, family: str, attributes: Mapping[str, Any]) -> Iterator[str]:
    """Our keys of one product; none for what has no key here.

    Args:
        service: service code of the price list.
        family: `productFamily`.
        attributes: of the product.
    """
    usage_type = REGION_PREFIX.sub("", str(attributes.get("usagetype", "")))
    for key, offer in OFFERS.items():
        if (offer.service, offer.usage_type) != (service, usage_type):
            continue
        if offer.operation is not None and attributes.get("operation") != offer.operation:
            continue
        yield key
    if service == "AmazonRDS":
        yield from _database(family, attributes, usage_type)
    if service == "AmazonElastiCache" and family == "Cache Instance":
        engine = str(attributes.get("cacheEngine", "")).lower()
        if engine in ("redis", "valkey") and usage_type.startswith("NodeUsage:"):
            yield f"AmazonElastiCache/{attributes['instanceType']}/{engine}/hour"


def _database(family: str, attributes: Mapping[str, Any], usage_type: str) -> Iterator[str]:
    engine = _ENGINES.get(str(attributes.get("databaseEngine")))
    zones = _ZONES.get(str(attributes.get("deploymentOption")))
    if family == "Database Instance" and engine is not None:
        class_ = attributes.get("instanceType")
        if engine.startswith("aurora"):
            kinds = {"InstanceUsage": "standard", "InstanceUsageIOOptimized": "ioOptimized"}
            kind = kinds.get(usage_type.partition(":")[0])
            if kind is not None:
                yield f"AmazonRDS/{class_}/{engine}/{kind}/hour"
        elif zones is not None and usage_type.partition(":")[0] in (
            "InstanceUsage",
            "Multi-AZUsage",
        ):
            yield f"AmazonRDS/{class_}/{engine}/{zones}/hour"
    volume = _VOLUMES.get(str(attributes.get("volumeType")))
    # Storage of the free engines costs the same; one of them is asked.
    if family == "Database Storage" and engine == "postgres" and volume and zones:
        yield f"AmazonRDS/storage/{volume}/{zones}/gbMonth"
