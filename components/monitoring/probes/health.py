"""Health checks from outside: Route 53 calls a public address, an alarm tells when it is down.

Route 53 puts its metrics into us-east-1 only ("Monitoring health checks using CloudWatch", Route 53
Developer Guide, 2026-11); alarms can't look across regions, so a system elsewhere has the check's
alarm, and a topic for it, there.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import AlarmSpec, MetricQuery, Severity
from components.monitoring.names import ALARM_NAME
from components.monitoring.settings import HealthCheckSettings
from components.naming import Naming
from components.parts.edge_region import US_EAST_1
from components.tags import name_tag


def health_check(
    key: str, settings: HealthCheckSettings, *, naming: Naming, opts: pulumi.ResourceOptions
) -> aws.route53.HealthCheck:
    """Make the check."""
    return aws.route53.HealthCheck(
        key,
        type="HTTPS",
        fqdn=settings.host,
        port=settings.port,
        resource_path=settings.path,
        request_interval=settings.seconds,
        failure_threshold=settings.failures,
        enable_sni=True,
        measure_latency=True,
        tags=name_tag(naming.of(ALARM_NAME, key)),
        opts=opts,
    )


def health_alarm(
    key: str, settings: HealthCheckSettings, check: aws.route53.HealthCheck
) -> AlarmSpec:
    """The alarm on a check: two minutes out of reach."""
    return AlarmSpec(
        name=f"{key}-unreachable",
        title=f"{settings.host} can't be reached",
        meaning=f"Route 53 could not get an answer from https://{settings.host}{settings.path} "
        "from outside for two minutes.",
        action="Open the address yourself; then look at the load balancer's or distribution's "
        "errors, its certificate and its DNS records.",
        severity=Severity(settings.severity),
        metrics=(
            MetricQuery(
                id="status",
                namespace="AWS/Route53",
                name="HealthCheckStatus",
                dimensions={"HealthCheckId": check.id},
                statistic="Minimum",
                period=60,
            ),
        ),
        threshold=1,
        comparison="LessThanThreshold",
        evaluation_periods=2,
        datapoints_to_alarm=2,
        missing_data="breaching",
        parent=f"address-{key}",
        region=US_EAST_1,
    )
