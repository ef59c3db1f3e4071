"""API Gateway and Amazon Cognito: what AWS answers (their API References, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

_ARN = "arn:{partition}:apigateway:{region}::"


SHAPES: Mapping[str, Shape] = {
    "aws:apigateway/usagePlan:UsagePlan": Shape(
        id="{lower:6}",
        computed={"arn": _ARN + "/usageplans/{id}"},
        named=AutoName(limit=255),
    ),
    "aws:apigateway/restApiPolicy:RestApiPolicy": Shape(id="{restApiId}", tagged=False),
    "aws:cognito/resourceServer:ResourceServer": Shape(
        id="{userPoolId}|{identifier}",
        computed={"scopeIdentifiers": []},
        named=AutoName(limit=256),
        tagged=False,
    ),
}
"""By Pulumi type token."""
