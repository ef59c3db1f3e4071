"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:apigateway/authorizer:Authorizer": call(
        "apigateway", "CreateAuthorizer", restApi="restApiId", providerArns="providerARNs"
    ),
    "aws:apigateway/basePathMapping:BasePathMapping": call(
        "apigateway", "CreateBasePathMapping", restApi="restApiId", stageName="stage"
    ),
    "aws:apigateway/deployment:Deployment": call(
        "apigateway", "CreateDeployment", "triggers", restApi="restApiId"
    ),
    "aws:apigateway/domainName:DomainName": call("apigateway", "CreateDomainName"),
    "aws:apigateway/integration:Integration": call(
        "apigateway",
        "PutIntegration",
        restApi="restApiId",
        timeoutMilliseconds="timeoutInMillis",
    ),
    "aws:apigateway/integrationResponse:IntegrationResponse": call(
        "apigateway", "PutIntegrationResponse", restApi="restApiId"
    ),
    "aws:apigateway/method:Method": call(
        "apigateway", "PutMethod", restApi="restApiId", authorization="authorizationType"
    ),
    "aws:apigateway/methodResponse:MethodResponse": call(
        "apigateway", "PutMethodResponse", restApi="restApiId"
    ),
    "aws:apigateway/methodSettings:MethodSettings": call(
        "apigateway", "UpdateStage", "methodPath", "settings", restApi="restApiId"
    ),
    "aws:apigateway/model:Model": call("apigateway", "CreateModel", restApi="restApiId"),
    "aws:apigateway/requestValidator:RequestValidator": call(
        "apigateway", "CreateRequestValidator", restApi="restApiId"
    ),
    "aws:apigateway/resource:Resource": call("apigateway", "CreateResource", restApi="restApiId"),
    "aws:apigateway/response:Response": call("apigateway", "PutGatewayResponse"),
    "aws:apigateway/restApi:RestApi": call("apigateway", "CreateRestApi", "endpointConfiguration"),
    "aws:apigateway/stage:Stage": call(
        "apigateway",
        "CreateStage",
        "accessLogSettings",
        restApi="restApiId",
        deployment="deploymentId",
        xrayTracingEnabled="tracingEnabled",
    ),
    "aws:apigateway/vpcLink:VpcLink": call("apigateway", "CreateVpcLink", targetArn="targetArns"),
    "aws:apigatewayv2/api:Api": call("apigatewayv2", "CreateApi"),
    "aws:apigatewayv2/apiMapping:ApiMapping": call("apigatewayv2", "CreateApiMapping"),
    "aws:apigatewayv2/authorizer:Authorizer": call("apigatewayv2", "CreateAuthorizer"),
    "aws:apigatewayv2/domainName:DomainName": call("apigatewayv2", "CreateDomainName"),
    "aws:apigatewayv2/integration:Integration": call(
        "apigatewayv2", "CreateIntegration", timeoutMilliseconds="TimeoutInMillis"
    ),
    "aws:apigatewayv2/route:Route": call("apigatewayv2", "CreateRoute"),
    "aws:apigatewayv2/vpcLink:VpcLink": call("apigatewayv2", "CreateVpcLink"),
    "aws:apigatewayv2/stage:Stage": call("apigatewayv2", "CreateStage", name="StageName"),
}
"""By Pulumi type token."""
