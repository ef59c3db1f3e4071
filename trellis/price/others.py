"""What types cost that no tier of a stack file makes: a stack's own resources may be of them.

Sources: "AWS Glue pricing", "Amazon EventBridge pricing", "Amazon ElastiCache pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import HOURS, Charge, Free, NotPriced, Row, Said
from components.parts.spread import Spread, decimal


def event_bus(asked: Asked) -> Iterator[Said]:
    """Events put."""
    events, why = asked.used("buses", "events")
    yield Charge("AWSEvents/customBus/event", "events put", events, (why,))


def pipe(asked: Asked) -> Iterator[Said]:
    """Requests."""
    events, why = asked.used("buses", "events")
    yield Charge("AWSEvents/pipes/request", "events piped", events, (why,))


def serverless_cache(asked: Asked) -> Iterator[Said]:
    """At least a GB of Redis, or 0.1 of Valkey, all month; requests are not stated anywhere."""
    engine = asked.get("engine", "valkey")
    least = decimal("0.1") if engine == "valkey" else decimal(1)
    key = f"AmazonElastiCache/serverless/{engine}"
    yield Charge(f"{key}/gbHour", "stored", Spread.flat(least * HOURS))
    yield NotPriced("processing units", "how many requests it serves is not stated anywhere")


RULES: Mapping[str, Rule] = {
    "aws:cloudwatch/eventBus:EventBus": event_bus,
    "aws:pipes/pipe:Pipe": pipe,
    "aws:elasticache/serverlessCache:ServerlessCache": serverless_cache,
}

_RDS = Free("a setting of a database that is priced", "Amazon RDS Pricing, 2026-11")
_CDN = Free("a setting of a distribution that is priced", "Amazon CloudFront Pricing, 2026-11")
_GLUE = Free("entries are priced with their database", "AWS Glue pricing, 2026-11")
_ATHENA = Free("queries are priced with their workgroup", "Amazon Athena Pricing, 2026-11")
_EVENTS = Free("events are priced where they are put", "Amazon EventBridge pricing, 2026-11")
_VPC = Free("a part of the network that AWS does not charge for", "Amazon VPC pricing, 2026-11")
_IAM = Free("IAM is free", "AWS Identity and Access Management, 2026-11")
_LAMBDA = Free("a setting of a function that is priced", "AWS Lambda Pricing, 2026-11")
_API = Free("a part of an API that is priced", "Amazon API Gateway pricing, 2026-11")
_COGNITO = Free("a part of a user pool that is priced", "Amazon Cognito pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:rds/proxyEndpoint:ProxyEndpoint": _RDS,
    "aws:rds/optionGroup:OptionGroup": _RDS,
    "aws:rds/roleAssociation:RoleAssociation": _RDS,
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": Free(
        "a part of a load balancer that is priced", "Elastic Load Balancing pricing, 2026-11"
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": _CDN,
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": _CDN,
    "aws:glue/classifier:Classifier": _GLUE,
    "aws:glue/resourcePolicy:ResourcePolicy": _GLUE,
    "aws:glue/trigger:Trigger": _GLUE,
    "aws:glue/partitionIndex:PartitionIndex": _GLUE,
    "aws:athena/preparedStatement:PreparedStatement": _ATHENA,
    "aws:athena/database:Database": _ATHENA,
    "aws:athena/dataCatalog:DataCatalog": _ATHENA,
    "aws:sqs/redrivePolicy:RedrivePolicy": Free(
        "a setting of a queue that is priced", "Amazon SQS pricing, 2026-11"
    ),
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": Free(
        "mail itself is priced", "Amazon SES pricing, 2026-11"
    ),
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": _EVENTS,
    "aws:cloudwatch/eventPermission:EventPermission": _EVENTS,
    "aws:scheduler/scheduleGroup:ScheduleGroup": _EVENTS,
    "aws:ec2/networkAcl:NetworkAcl": _VPC,
    "aws:ec2/networkAclRule:NetworkAclRule": _VPC,
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": _VPC,
    "aws:iam/user:User": _IAM,
    "aws:iam/group:Group": _IAM,
    "aws:iam/instanceProfile:InstanceProfile": _IAM,
    "aws:secretsmanager/secretPolicy:SecretPolicy": Free(
        "a setting of a secret that is priced", "AWS Secrets Manager pricing, 2026-11"
    ),
    "aws:accessanalyzer/archiveRule:ArchiveRule": _IAM,
    "aws:lambda/layerVersion:LayerVersion": _LAMBDA,
    "aws:lambda/layerVersionPermission:LayerVersionPermission": _LAMBDA,
    "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": _LAMBDA,
    "aws:lambda/runtimeManagementConfig:RuntimeManagementConfig": _LAMBDA,
    "aws:lambda/codeSigningConfig:CodeSigningConfig": _LAMBDA,
    "aws:apigatewayv2/integrationResponse:IntegrationResponse": _API,
    "aws:apigatewayv2/routeResponse:RouteResponse": _API,
    "aws:apigatewayv2/deployment:Deployment": _API,
    "aws:apigatewayv2/model:Model": _API,
    "aws:apigateway/apiKey:ApiKey": _API,
    "aws:apigateway/usagePlan:UsagePlan": _API,
    "aws:apigateway/usagePlanKey:UsagePlanKey": _API,
    "aws:apigateway/restApiPolicy:RestApiPolicy": _API,
    "aws:cognito/resourceServer:ResourceServer": _COGNITO,
    "aws:cognito/identityProvider:IdentityProvider": _COGNITO,
    "aws:cognito/riskConfiguration:RiskConfiguration": _COGNITO,
    "aws:cognito/userPoolUICustomization:UserPoolUICustomization": _COGNITO,
    "aws:cognito/managedLoginBranding:ManagedLoginBranding": _COGNITO,
    "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration": _COGNITO,
    "aws:cognito/identityPool:IdentityPool": _COGNITO,
    "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment": _COGNITO,
}

NOT_PRICED: Mapping[str, str] = {
    "aws:glue/job:Job": "how long jobs run is not stated anywhere",
    "aws:cloudwatch/eventArchive:EventArchive": "the size of what it keeps is not stated anywhere",
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("buses", "events"): ((1e3, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
}  # fmt: skip
