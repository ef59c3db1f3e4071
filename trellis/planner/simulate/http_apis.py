"""HTTP APIs of API Gateway: what AWS answers ("API Gateway V2 API Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Shape

_ARN = "arn:{partition}:apigateway:{region}::"
_EXECUTE = "arn:{partition}:execute-api:{region}:{account}:"

SHAPES = {
    "aws:apigatewayv2/api:Api": Shape(
        id="{lower:10}",
        defaults={
            "apiKeySelectionExpression": "$request.header.x-api-key",
            "routeSelectionExpression": "$request.method $request.path",
        },
        computed={
            "apiEndpoint": "https://{id}.execute-api.{region}.{suffix}",
            "arn": _ARN + "/apis/{id}",
            "executionArn": _EXECUTE + "{id}",
            "ipAddressType": "ipv4",
        },
        named=AutoName(limit=128),
    ),
    "aws:apigatewayv2/integration:Integration": Shape(
        id="{lower:7}",
        defaults={"connectionType": "INTERNET", "payloadFormatVersion": "1.0"},
        computed={"integrationResponseSelectionExpression": "", "timeoutMilliseconds": 30000},
        tagged=False,
    ),
    "aws:apigatewayv2/route:Route": Shape(
        id="{lower:7}",
        defaults={"apiKeyRequired": False, "authorizationType": "NONE"},
        tagged=False,
    ),
    "aws:apigatewayv2/authorizer:Authorizer": Shape(
        id="{lower:6}",
        computed={"authorizerResultTtlInSeconds": 0},
        named=AutoName(limit=128),
        tagged=False,
    ),
    "aws:apigatewayv2/stage:Stage": Shape(
        id="{name}",
        defaults={"autoDeploy": False},
        computed={
            "arn": _ARN + "/apis/{apiId}/stages/{name}",
            "deploymentId": "{lower:6}",
            "executionArn": _EXECUTE + "{apiId}/{name}",
            "invokeUrl": "https://{apiId}.execute-api.{region}.{suffix}/{name}",
        },
        named=AutoName(limit=128),
    ),
    "aws:apigatewayv2/vpcLink:VpcLink": Shape(
        id="{lower:6}",
        computed={"arn": _ARN + "/vpclinks/{id}"},
        named=AutoName(limit=128),
    ),
    "aws:apigatewayv2/domainName:DomainName": Shape(
        id="{domainName}",
        computed={
            "apiMappingSelectionExpression": "$request.basepath",
            "arn": _ARN + "/domainnames/{domainName}",
            "routingMode": "API_MAPPING_ONLY",
        },
        within={
            "domainNameConfiguration": {
                "hostedZoneId": "Z{upper:13}",
                "targetDomainName": "d-{lower:10}.execute-api.{region}.{suffix}",
            }
        },
    ),
    "aws:apigatewayv2/apiMapping:ApiMapping": Shape(id="{lower:6}", tagged=False),
}
"""By Pulumi type token."""
