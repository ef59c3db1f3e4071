"""Amazon RDS and Aurora: what AWS answers ("Amazon RDS API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.parts.simulation import AutoName, Shape

_ARN = "arn:{partition}:rds:{region}:{account}:"


_GROUP: dict[str, Any] = {"namePrefix": ""}


SHAPES: Mapping[str, Shape] = {
    "aws:rds/optionGroup:OptionGroup": Shape(
        id="{name}",
        defaults={"optionGroupDescription": "Managed by Pulumi"},
        computed={"arn": _ARN + "og:{name}", **_GROUP},
        named=AutoName(limit=255),
    ),
    "aws:rds/proxyEndpoint:ProxyEndpoint": Shape(
        id="{dbProxyName}/{dbProxyEndpointName}",
        defaults={"targetRole": "READ_WRITE"},
        computed={
            "arn": _ARN + "db-proxy-endpoint:prx-endpoint-{hex:17}",
            "endpoint": "{dbProxyEndpointName}.endpoint.proxy-{lower:12}.{region}.rds.{suffix}",
            "isDefault": False,
            "vpcId": "vpc-{hex:17}",
            "vpcSecurityGroupIds": [],
        },
    ),
    "aws:rds/eventSubscription:EventSubscription": Shape(
        id="{name}",
        defaults={"enabled": True},
        computed={"arn": _ARN + "es:{name}", "customerAwsId": "{account}", **_GROUP},
        named=AutoName(limit=255),
    ),
    "aws:rds/roleAssociation:RoleAssociation": Shape(
        id="{dbInstanceIdentifier},{roleArn}", tagged=False
    ),
    "aws:rds/clusterRoleAssociation:ClusterRoleAssociation": Shape(
        id="{dbClusterIdentifier},{roleArn}", tagged=False
    ),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": Shape(
        id=_ARN + "auto-backup:ab-{lower:39}",
        defaults={"retentionPeriod": 7},
        computed={"kmsKeyId": ""},
        tagged=False,
    ),
}
"""By Pulumi type token."""
