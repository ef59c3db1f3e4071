"""A serverless API with its site, tables and users, as its team would write it."""

from __future__ import annotations

from typing import Any

from tests.policies.foreign_parts import (
    ACCOUNT,
    OWN_SOURCE,
    REGION,
    Project,
    add_bucket,
    add_key,
    add_log_bucket,
    add_logs,
    add_role,
    allow,
    policy,
    trust,
)


def serverless() -> Project:
    """An HTTP API over functions, with a table, users and a site behind a distribution."""
    project = Project("orders")
    key = add_key(
        project,
        "main",
        allow(
            ["kms:GenerateDataKey*", "kms:Decrypt"],
            "*",
            Principal={"Service": "cloudwatch.amazonaws.com"},
            **OWN_SOURCE,
        ),
    )
    logs = add_log_bucket(project)
    table = project.add(
        "aws:dynamodb/table:Table",
        "orders",
        "orders",
        {
            "name": "orders",
            "billingMode": "PAY_PER_REQUEST",
            "hashKey": "pk",
            "rangeKey": "sk",
            "attributes": [{"name": "pk", "type": "S"}, {"name": "sk", "type": "S"}],
            "pointInTimeRecovery": {"enabled": True},
            "serverSideEncryption": {"enabled": True, "kmsKeyArn": key("arn")},
            "deletionProtectionEnabled": True,
            "ttl": {"attributeName": "expires", "enabled": True},
        },
        arn=f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders",
    )
    pool = project.add(
        "aws:cognito/userPool:UserPool",
        "users",
        f"{REGION}_aB3dE5fG7",
        {
            "name": "users",
            "mfaConfiguration": "ON",
            "softwareTokenMfaConfiguration": {"enabled": True},
            "deletionProtection": "ACTIVE",
            "usernameAttributes": ["email"],
            "autoVerifiedAttributes": ["email"],
            "passwordPolicy": {
                "minimumLength": 12,
                "requireLowercase": True,
                "requireUppercase": True,
                "requireNumbers": True,
                "requireSymbols": True,
                "temporaryPasswordValidityDays": 7,
            },
            "adminCreateUserConfig": {"allowAdminCreateUserOnly": True},
        },
        endpoint=f"cognito-idp.{REGION}.amazonaws.com/{REGION}_aB3dE5fG7",
    )
    client = project.add(
        "aws:cognito/userPoolClient:UserPoolClient",
        "site",
        "3n4b5urk1ft4fl3mg5e62d9ado",
        {
            "name": "site",
            "userPoolId": pool("id"),
            "allowedOauthFlows": ["code"],
            "allowedOauthFlowsUserPoolClient": True,
            "allowedOauthScopes": ["openid", "email"],
            "callbackUrls": ["https://app.example.com/callback"],
            "supportedIdentityProviders": ["COGNITO"],
            "preventUserExistenceErrors": "ENABLED",
            "enableTokenRevocation": True,
            "accessTokenValidity": 60,
            "tokenValidityUnits": {"accessToken": "minutes"},
        },
    )
    topic = project.add(
        "aws:sns/topic:Topic",
        "alarms",
        f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
        {"name": "alarms", "kmsMasterKeyId": key("id")},
        arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
    )
    project.add(
        "aws:sns/topicPolicy:TopicPolicy",
        "alarms",
        f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
        {
            "arn": topic("arn"),
            "policy": policy(
                allow(
                    "sns:Publish",
                    f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
                    Principal={"Service": "cloudwatch.amazonaws.com"},
                    **OWN_SOURCE,
                ),
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sns:Publish",
                    "Resource": f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ),
        },
    )
    project.add(
        "aws:sns/topicSubscription:TopicSubscription",
        "oncall",
        "sub-1",
        {"topic": topic("arn"), "protocol": "email", "endpoint": "oncall@example.com"},
    )
    failed = project.add(
        "aws:sqs/queue:Queue",
        "failed",
        f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/failed",
        {"name": "failed", "kmsMasterKeyId": key("id"), "messageRetentionSeconds": 1209600},
        arn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:failed",
        name="failed",
    )

    def alarm(name: str, namespace: str, metric: str, dimensions: dict[str, Any]) -> None:
        project.add(
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            name,
            name,
            {
                "name": name,
                "namespace": namespace,
                "metricName": metric,
                "statistic": "Maximum",
                "comparisonOperator": "GreaterThanThreshold",
                "threshold": 0,
                "period": 60,
                "evaluationPeriods": 5,
                "dimensions": dimensions,
                "alarmActions": [topic("arn")],
                "okActions": [topic("arn")],
                "treatMissingData": "notBreaching",
            },
        )

    alarm("failed-age", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": failed("name")})
    api = project.add(
        "aws:apigatewayv2/api:Api",
        "orders",
        "a1b2c3d4e5",
        {
            "name": "orders",
            "protocolType": "HTTP",
            "disableExecuteApiEndpoint": True,
            "corsConfiguration": {
                "allowOrigins": ["https://app.example.com"],
                "allowMethods": ["GET", "POST"],
                "allowHeaders": ["authorization", "content-type"],
            },
        },
        executionArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:a1b2c3d4e5",
    )
    authorizer = project.add(
        "aws:apigatewayv2/authorizer:Authorizer",
        "users",
        "auth01",
        {
            "apiId": api("id"),
            "authorizerType": "JWT",
            "identitySources": ["$request.header.Authorization"],
            "jwtConfiguration": {
                "audiences": [client("id")],
                "issuer": f"https://cognito-idp.{REGION}.amazonaws.com/{REGION}_aB3dE5fG7",
            },
        },
    )
    for name, route in (("list-orders", "GET /orders"), ("place-order", "POST /orders")):
        role = add_role(
            project,
            name,
            trust("lambda.amazonaws.com"),
            ("AWSXRayDaemonWriteAccess",),
            allow(
                ["logs:CreateLogStream", "logs:PutLogEvents"],
                f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{name}:*",
            ),
            allow(["dynamodb:Query", "dynamodb:PutItem"], table("arn")),
            allow(["kms:Decrypt", "kms:GenerateDataKey"], key("arn")),
            allow("sqs:SendMessage", failed("arn")),
        )
        add_logs(project, name, f"/aws/lambda/{name}", key)
        function = project.add(
            "aws:lambda/function:Function",
            name,
            name,
            {
                "name": name,
                "runtime": "python3.13",
                "handler": "app.handler",
                "architectures": ["arm64"],
                "role": role("arn"),
                "kmsKeyArn": key("arn"),
                "tracingConfig": {"mode": "Active"},
                "deadLetterConfig": {"targetArn": failed("arn")},
                "reservedConcurrentExecutions": 50,
                "environment": {
                    "variables": {
                        "TABLE_NAME": table("name"),
                        "POWERTOOLS_SERVICE_NAME": name,
                        "LOG_LEVEL": "INFO",
                        "USER_POOL_ID": pool("id"),
                        "TOKEN_ISSUER": f"https://cognito-idp.{REGION}.amazonaws.com/x",
                    }
                },
            },
            arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
            invokeArn=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{name}",
        )
        project.add(
            "aws:apigatewayv2/integration:Integration",
            name,
            f"int-{name}",
            {
                "apiId": api("id"),
                "integrationType": "AWS_PROXY",
                "integrationUri": function("invokeArn"),
                "payloadFormatVersion": "2.0",
            },
        )
        project.add(
            "aws:apigatewayv2/route:Route",
            name,
            f"rt-{name}",
            {
                "apiId": api("id"),
                "routeKey": route,
                "authorizationType": "JWT",
                "authorizerId": authorizer("id"),
                "target": f"integrations/int-{name}",
            },
        )
        project.add(
            "aws:lambda/permission:Permission",
            name,
            f"perm-{name}",
            {
                "action": "lambda:InvokeFunction",
                "function": function("name"),
                "principal": "apigateway.amazonaws.com",
                "sourceArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:a1b2c3d4e5/*/*",
            },
        )
        alarm(f"{name}-errors", "AWS/Lambda", "Errors", {"FunctionName": function("name")})
    access = add_logs(project, "api-access", "/apigateway/orders", key)
    project.add(
        "aws:apigatewayv2/stage:Stage",
        "default",
        "$default",
        {
            "apiId": api("id"),
            "name": "$default",
            "autoDeploy": True,
            "accessLogSettings": {
                "destinationArn": access("arn"),
                "format": '{"requestId":"$context.requestId","status":"$context.status"}',
            },
            "defaultRouteSettings": {"throttlingBurstLimit": 200, "throttlingRateLimit": 100},
        },
    )
    certificate = project.add(
        "aws:acm/certificate:Certificate",
        "app",
        f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1",
        {
            "domainName": "app.example.com",
            "validationMethod": "DNS",
            "keyAlgorithm": "EC_prime256v1",
        },
        arn=f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1",
    )
    project.add(
        "aws:apigatewayv2/domainName:DomainName",
        "api",
        "api.example.com",
        {
            "domainName": "api.example.com",
            "domainNameConfiguration": {
                "certificateArn": certificate("arn"),
                "endpointType": "REGIONAL",
                "securityPolicy": "TLS_1_2",
            },
        },
    )
    distribution_arn = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1A2B3C4D5E6F7"
    site = add_bucket(
        project,
        "site",
        key,
        logs,
        allow(
            "s3:GetObject",
            "BUCKET/*",
            Principal={"Service": "cloudfront.amazonaws.com"},
            Condition={"StringEquals": {"AWS:SourceArn": distribution_arn}},
        ),
    )
    control = project.add(
        "aws:cloudfront/originAccessControl:OriginAccessControl",
        "site",
        "E2OAC",
        {
            "name": "site",
            "originAccessControlOriginType": "s3",
            "signingBehavior": "always",
            "signingProtocol": "sigv4",
        },
    )
    headers = project.add(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        "site",
        "rhp-1",
        {
            "name": "site",
            "securityHeadersConfig": {
                "strictTransportSecurity": {
                    "accessControlMaxAgeSec": 63072000,
                    "includeSubdomains": True,
                    "override": True,
                },
                "contentTypeOptions": {"override": True},
            },
        },
    )
    firewall = project.add(
        "aws:wafv2/webAcl:WebAcl",
        "site",
        "waf-1",
        {
            "name": "site",
            "scope": "CLOUDFRONT",
            "region": "us-east-1",
            "defaultAction": {"allow": {}},
            "rules": [
                {
                    "name": "common",
                    "priority": 1,
                    "overrideAction": {"none": {}},
                    "statement": {
                        "managedRuleGroupStatement": {
                            "vendorName": "AWS",
                            "name": "AWSManagedRulesCommonRuleSet",
                        }
                    },
                    "visibilityConfig": {
                        "cloudwatchMetricsEnabled": True,
                        "metricName": "common",
                        "sampledRequestsEnabled": True,
                    },
                }
            ],
            "visibilityConfig": {
                "cloudwatchMetricsEnabled": True,
                "metricName": "site",
                "sampledRequestsEnabled": True,
            },
        },
        arn=f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/site/waf-1",
    )
    firewall_logs = add_logs(project, "firewall", "aws-waf-logs-site", key)
    project.add(
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        "site",
        "waf-log-1",
        {
            "resourceArn": firewall("arn"),
            "logDestinationConfigs": [firewall_logs("arn")],
            "redactedFields": [{"singleHeader": {"name": "authorization"}}],
        },
    )
    project.add(
        "aws:cloudfront/distribution:Distribution",
        "site",
        "E1A2B3C4D5E6F7",
        {
            "enabled": True,
            "aliases": ["app.example.com"],
            "defaultRootObject": "index.html",
            "httpVersion": "http2and3",
            "webAclId": firewall("arn"),
            "origins": [
                {
                    "originId": "site",
                    "domainName": site("bucketRegionalDomainName"),
                    "originAccessControlId": control("id"),
                }
            ],
            "defaultCacheBehavior": {
                "targetOriginId": "site",
                "viewerProtocolPolicy": "redirect-to-https",
                "allowedMethods": ["GET", "HEAD"],
                "cachedMethods": ["GET", "HEAD"],
                "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
                "responseHeadersPolicyId": headers("id"),
                "compress": True,
            },
            "loggingConfig": {
                "bucket": logs("bucketRegionalDomainName"),
                "prefix": "cdn/",
                "includeCookies": False,
            },
            "restrictions": {"geoRestriction": {"restrictionType": "none"}},
            "viewerCertificate": {
                "acmCertificateArn": certificate("arn"),
                "minimumProtocolVersion": "TLSv1.2_2021",
                "sslSupportMethod": "sni-only",
            },
        },
        arn=distribution_arn,
        domainName="d111111abcdef8.cloudfront.net",
    )
    return project
