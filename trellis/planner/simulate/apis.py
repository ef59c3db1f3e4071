"""API Gateway and Amazon Cognito: what AWS answers (their API References, 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Digest, Scope, Shape

_ARN = "arn:{partition}:apigateway:{region}::"
_EXECUTE = "arn:{partition}:execute-api:{region}:{account}:"
_CREATED = "2026-11-02T08:00:00Z"
_COGNITO = "arn:{partition}:cognito-idp:{region}:{account}:"


def _deployment_id(scope: Scope) -> str:
    """Another one for each deployment: the stage follows it."""
    salt = f"{scope.type}|{scope.label}|{scope.given('restApi')}|{scope.given('triggers')}"
    return format(Digest("lower", salt), "6")


SHAPES = {
    "aws:apigateway/restApi:RestApi": Shape(
        id="{lower:10}",
        computed={
            "apiKeySource": "HEADER",
            "arn": _ARN + "/restapis/{id}",
            "binaryMediaTypes": [],
            "createdDate": _CREATED,
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
        id=_deployment_id, computed={"createdDate": _CREATED}, tagged=False
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
    "aws:apigateway/usagePlan:UsagePlan": Shape(
        id="{lower:6}",
        computed={"arn": _ARN + "/usageplans/{id}"},
        named=AutoName(limit=255),
    ),
    "aws:apigateway/account:Account": Shape(
        id="api-gateway-account",
        computed={
            "apiKeyVersion": "4",
            "cloudwatchRoleArn": "",
            "features": ["UsagePlans"],
            "throttleSettings": [{"burstLimit": 5000, "rateLimit": 10000}],
        },
        tagged=False,
    ),
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
    "aws:apigateway/basePathMapping:BasePathMapping": Shape(id="{domainName}/", tagged=False),
    "aws:apigateway/requestValidator:RequestValidator": Shape(
        id="{lower:6}",
        defaults={"validateRequestBody": False, "validateRequestParameters": False},
        named=AutoName(limit=128),
        tagged=False,
    ),
    "aws:apigateway/model:Model": Shape(id="{lower:6}", named=AutoName(limit=128), tagged=False),
    "aws:apigateway/restApiPolicy:RestApiPolicy": Shape(id="{restApiId}", tagged=False),
    "aws:cognito/userPool:UserPool": Shape(
        id="{region}_{lower:9}",
        defaults={"mfaConfiguration": "OFF"},
        computed={
            "arn": _COGNITO + "userpool/{id}",
            "creationDate": _CREATED,
            "customDomain": "",
            "domain": "",
            "endpoint": "cognito-idp.{region}.{suffix}/{id}",
            "estimatedNumberOfUsers": 0,
            "lastModifiedDate": _CREATED,
            "userPoolTier": "ESSENTIALS",
        },
        named=AutoName(limit=128),
    ),
    "aws:cognito/userPoolClient:UserPoolClient": Shape(
        id="{lower:26}",
        computed={
            "accessTokenValidity": 0,
            "authSessionValidity": 3,
            "clientSecret": "{lower:51}",
            "enableTokenRevocation": True,
            "idTokenValidity": 0,
            "refreshTokenValidity": 30,
        },
        named=AutoName(limit=128),
        tagged=False,
        secrets=frozenset({"clientSecret"}),
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": Shape(
        id="{domain}",
        computed={
            "awsAccountId": "{account}",
            "cloudfrontDistribution": "d{lower:13}.cloudfront.net",
            "cloudfrontDistributionArn": "{cloudfrontDistribution}",
            "cloudfrontDistributionZoneId": "Z2FDTNDATAQYW2",
            "managedLoginVersion": 1,
            "s3Bucket": "aws-cognito-prod-{region}-assets",
            "version": "{digits:14}",
        },
        tagged=False,
    ),
    "aws:cognito/resourceServer:ResourceServer": Shape(
        id="{userPoolId}|{identifier}",
        computed={"scopeIdentifiers": []},
        named=AutoName(limit=256),
        tagged=False,
    ),
    "aws:cognito/userGroup:UserGroup": Shape(
        id="{userPoolId}/{name}", named=AutoName(limit=128), tagged=False
    ),
}
"""By Pulumi type token."""
