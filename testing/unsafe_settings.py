"""Which settings of a production stack file turn which control of the pack red.

The table is the other side of "the safe choice is the default": who sets one of these otherwise
meets the control, whose text names the setting, and writes an exemption or takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

UNSAFE: Final[Mapping[str, tuple[str, ...]]] = {
    "Alarms.queue": ("queues.*.oldestMessageMinutes",),
    "Backup.plan": ("backups.enabled", "fileSystems.*.backups"),
    "CloudFront.hsts": ("sites.*.headers.hstsSeconds",),
    "CloudFront.5": ("sites.*.accessLogs",),
    "DynamoDB.2": ("tables.*.pointInTimeRecovery.enabled",),
    "DynamoDB.6": ("tables.*.deletionProtection",),
    "EC2.6": ("network.flowLogs.traffic",),
    "EC2.18": ("networkLoadBalancers.*",),
    "EC2.gateway-endpoints": ("network.endpoints",),
    "ECR.2": ("repositories.*.mutableTags",),
    "ECS.2": ("services.*.subnets", "jobs.*.subnets"),
    "ECS.5": (
        "services.*.readOnlyRoot",
        "services.*.sidecars.*.readOnlyRoot",
        "jobs.*.readOnlyRoot",
        "jobs.*.sidecars.*.readOnlyRoot",
    ),
    "ECS.12": ("cluster.insights",),
    "ELB.5": ("loadBalancers.*.accessLogs",),
    "ELB.6": ("loadBalancers.*.deletionProtection",),
    "ElastiCache.1": ("caches.*.snapshots.retentionDays",),
    "ElastiCache.2": ("caches.*.minorUpgrades",),
    "ElastiCache.3": ("caches.*.nodes", "caches.*.clusterMode.replicas"),
    "ElastiCache.6": ("caches.*.authentication",),
    "IAM.confused-deputy": ("databases.*.proxy",),
    "IAM.foreign-access": ("repositories.*.pullAccounts", "streams.*.putBy"),
    "RDS.5": ("databases.*.multiAz", "databases.*.instances"),
    "RDS.8": ("databases.*.deletionProtection",),
    "RDS.9": ("databases.*.logs",),
    "RDS.15": ("databases.*.instances",),
    "WAF.effective": ("firewalls.*.mode", "firewalls.*.allow"),
    "RDS.managed-password": ("databases.*.masterPassword",),
    "RDS.11": ("databases.*.backups.retentionDays",),
    "RDS.13": ("databases.*.minorUpgrades",),
    "Route53.2": ("zones.*.queryLogs",),
    "RDS.insights-key": ("databases.*.performanceInsights",),
    "S3.9": (
        "buckets.*.accessLogs",
        "buckets.*.purpose",
    ),
    "S3.14": ("buckets.*.versioning", "buckets.*.purpose"),
    "S3.17": ("buckets.*.encryption", "buckets.*.purpose"),
    "SecretsManager.4": ("secrets.*.rotation",),
    "SNS.1": ("caches.*.notify",),
    "SQS.dead-letter": ("queues.*.deadLetters",),
}
"""Patterns of paths by control: `*` for a key that a person chose."""

TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "buckets.*.purpose": ("buckets.*.receives",),
    "caches.*.authentication": ("caches.*.users",),
    "networkLoadBalancers.*": ("services.*.listeners",),
    "databases.*.masterPassword": ("databases.*.masterSecretArn", "databases.*.blueGreen"),
}
"""What a stack file can't have without a setting, so who takes that back takes this back too."""

LOGS: Final[Mapping[str, Any]] = {
    "purpose": "logs",
    "receives": ["exports", "loadBalancers", "deliveries"],
}

ADDED: Final[Mapping[str, Mapping[str, Any]]] = {
    control: {"buckets": {"access-logs": LOGS}} for control in ("S3.9", "ELB.5", "CloudFront.5")
}
"""What a stack file is red without, by control: nobody else can say where access logs go."""
