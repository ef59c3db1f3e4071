"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import CREATED, AutoName, Digest, Scope, Shape

_ARN = "arn:{partition}:apigateway:{region}::"


_EXECUTE = "arn:{partition}:execute-api:{region}:{account}:"


def _deployment_id(scope: Scope) -> str:
    """Another one for each deployment: the stage follows it."""
    salt = f"{scope.type}|{scope.label}|{scope.given('restApi')}|{scope.given('triggers')}"
    return format(Digest("lower", salt), "6")


SHAPES: Mapping[str, Shape] = {
    "aws:apigateway/restApi:RestApi": Shape(
        id="{lower:10}",
        computed={
            "apiKeySource": "HEADER",
            "arn": _ARN + "/restapis/{id}",
            "binaryMediaTypes": [],
            "createdDate": CREATED,
            "description": "",
            "disableExecuteApiEndpoint": False,
            "executionArn": _EXECUTE + "{id}",
            "minimumCompressionSize": "",
            "policy": "",
            "rootResourceId": "{lower:10}",
        },
        named=AutoName(limit=1024),
    ),
    "aws:apigateway/resource:Resource": Shape(
        id="{lower:6}", computed={"path": "/{pathPart}"}, tagged=False
    ),
    "aws:apigateway/method:Method": Shape(
        id="agm-{restApi}-{resourceId}-{httpMethod}",
        defaults={"apiKeyRequired": False},
        tagged=False,
    ),
    "aws:apigateway/integration:Integration": Shape(
        id="agi-{restApi}-{resourceId}-{httpMethod}",
        defaults={"connectionType": "INTERNET", "timeoutMilliseconds": 29000},
        computed={"cacheNamespace": "{resourceId}", "passthroughBehavior": "WHEN_NO_MATCH"},
        tagged=False,
    ),
    "aws:apigateway/methodResponse:MethodResponse": Shape(
        id="agmr-{restApi}-{resourceId}-{httpMethod}-{statusCode}", tagged=False
    ),
    "aws:apigateway/integrationResponse:IntegrationResponse": Shape(
        id="agir-{restApi}-{resourceId}-{httpMethod}-{statusCode}", tagged=False
    ),
    "aws:apigateway/deployment:Deployment": Shape(
        id=_deployment_id, computed={"createdDate": CREATED}, tagged=False
    ),
    "aws:apigateway/stage:Stage": Shape(
        id="ags-{restApi}-{stageName}",
        computed={
            "arn": _ARN + "/restapis/{restApi}/stages/{stageName}",
            "executionArn": _EXECUTE + "{restApi}/{stageName}",
            "invokeUrl": "https://{restApi}.execute-api.{region}.{suffix}/{stageName}",
            "webAclArn": "",
        },
    ),
    "aws:apigateway/methodSettings:MethodSettings": Shape(
        id="{restApi}-{stageName}-{methodPath}", tagged=False
    ),
    "aws:apigateway/authorizer:Authorizer": Shape(
        id="{lower:6}",
        defaults={
            "authorizerResultTtlInSeconds": 300,
            "identitySource": "method.request.header.Authorization",
            "type": "TOKEN",
        },
        computed={"arn": _ARN + "/restapis/{restApi}/authorizers/{id}"},
        named=AutoName(limit=128),
        tagged=False,
    ),
    "aws:apigateway/response:Response": Shape(id="aggr-{restApiId}-{responseType}", tagged=False),
    "aws:apigateway/domainName:DomainName": Shape(
        id="{domainName}",
        computed={
            "arn": _ARN + "/domainnames/{domainName}",
            "certificateUploadDate": "",
            "cloudfrontDomainName": "",
            "cloudfrontZoneId": "Z2FDTNDATAQYW2",
            "domainNameId": "",
            "ownershipVerificationCertificateArn": "",
            "regionalDomainName": "d-{lower:10}.execute-api.{region}.{suffix}",
            "regionalZoneId": "Z{upper:13}",
            "securityPolicy": "TLS_1_2",
        },
    ),
    "aws:apigateway/vpcLink:VpcLink": Shape(
        id="{lower:6}",
        computed={"arn": "arn:{partition}:apigateway:{region}::/vpclinks/{id}"},
        named=AutoName(limit=128),
    ),
    "aws:apigateway/basePathMapping:BasePathMapping": Shape(id="{domainName}/", tagged=False),
    "aws:apigateway/requestValidator:RequestValidator": Shape(
        id="{lower:6}",
        defaults={"validateRequestBody": False, "validateRequestParameters": False},
        named=AutoName(limit=128),
        tagged=False,
    ),
    "aws:apigateway/model:Model": Shape(id="{lower:6}", named=AutoName(limit=128), tagged=False),
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
