"""Amazon ECS, its registry and service discovery: what AWS answers (API References, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

_ARN = "arn:{partition}:ecs:{region}:{account}:"


_REGISTRY = {"registryId": "{account}"}


SHAPES: Mapping[str, Shape] = {
    "aws:ecs/capacityProvider:CapacityProvider": Shape(
        id=_ARN + "capacity-provider/{name}",
        computed={"arn": "{id}"},
        named=AutoName(limit=255),
    ),
    "aws:ecs/accountSettingDefault:AccountSettingDefault": Shape(
        id="{name}",
        computed={"principalArn": "arn:{partition}:iam::{account}:root"},
        named=AutoName(),
        tagged=False,
    ),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": Shape(
        id="{account}", computed=_REGISTRY, tagged=False
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": Shape(
        id="{ecrRepositoryPrefix}",
        defaults={"upstreamRepositoryPrefix": "ROOT"},
        computed=_REGISTRY,
        tagged=False,
    ),
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": Shape(
        id="ns-{lower:16}",
        computed={
            "arn": "arn:{partition}:servicediscovery:{region}:{account}:namespace/{id}",
            "hostedZone": "Z{upper:20}",
        },
        named=AutoName(limit=253),
    ),
    "aws:servicediscovery/service:Service": Shape(
        id="srv-{lower:16}",
        defaults={"forceDestroy": False},
        computed={
            "arn": "arn:{partition}:servicediscovery:{region}:{account}:service/{id}",
            "namespaceId": "ns-{lower:16}",
            "type": "DNS_HTTP",
        },
        named=AutoName(limit=127),
    ),
}
"""By Pulumi type token."""
