"""What types cost that no tier of a stack file makes: a stack's own resources may be of them.

Sources: "AWS Glue pricing", "Amazon EventBridge pricing", "Amazon ElastiCache pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.api.prices import FREE_API
from components.auth.prices import FREE_COGNITO
from components.catalog.prices import FREE_GLUE
from components.database.prices import FREE_RDS
from components.parts.asked import Asked, Rule
from components.parts.charges import HOURS, Charge, Free, NotPriced, Pricing, Row
from components.parts.prices import FREE_IAM, FREE_LAMBDA, FREE_VPC
from components.parts.spread import Spread, decimal
from components.sites.prices import FREE_CDN


def event_bus(asked: Asked) -> Iterator[Pricing]:
    """Events put."""
    events, why = asked.used("buses", "events")
    yield Charge("AWSEvents/customBus/event", "events put", events, (why,))


def pipe(asked: Asked) -> Iterator[Pricing]:
    """Requests."""
    events, why = asked.used("buses", "events")
    yield Charge("AWSEvents/pipes/request", "events piped", events, (why,))


def serverless_cache(asked: Asked) -> Iterator[Pricing]:
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

_ATHENA = Free("queries are priced with their workgroup", "Amazon Athena Pricing, 2026-11")
_EVENTS = Free("events are priced where they are put", "Amazon EventBridge pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:rds/proxyEndpoint:ProxyEndpoint": FREE_RDS,
    "aws:rds/optionGroup:OptionGroup": FREE_RDS,
    "aws:rds/roleAssociation:RoleAssociation": FREE_RDS,
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": Free(
        "a part of a load balancer that is priced", "Elastic Load Balancing pricing, 2026-11"
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": FREE_CDN,
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": FREE_CDN,
    "aws:glue/classifier:Classifier": FREE_GLUE,
    "aws:glue/resourcePolicy:ResourcePolicy": FREE_GLUE,
    "aws:glue/trigger:Trigger": FREE_GLUE,
    "aws:glue/partitionIndex:PartitionIndex": FREE_GLUE,
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
    "aws:ec2/networkAcl:NetworkAcl": FREE_VPC,
    "aws:ec2/networkAclRule:NetworkAclRule": FREE_VPC,
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": FREE_VPC,
    "aws:iam/user:User": FREE_IAM,
    "aws:iam/group:Group": FREE_IAM,
    "aws:iam/instanceProfile:InstanceProfile": FREE_IAM,
    "aws:secretsmanager/secretPolicy:SecretPolicy": Free(
        "a setting of a secret that is priced", "AWS Secrets Manager pricing, 2026-11"
    ),
    "aws:accessanalyzer/archiveRule:ArchiveRule": FREE_IAM,
    "aws:lambda/layerVersion:LayerVersion": FREE_LAMBDA,
    "aws:lambda/layerVersionPermission:LayerVersionPermission": FREE_LAMBDA,
    "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": FREE_LAMBDA,
    "aws:lambda/runtimeManagementConfig:RuntimeManagementConfig": FREE_LAMBDA,
    "aws:lambda/codeSigningConfig:CodeSigningConfig": FREE_LAMBDA,
    "aws:apigatewayv2/integrationResponse:IntegrationResponse": FREE_API,
    "aws:apigatewayv2/routeResponse:RouteResponse": FREE_API,
    "aws:apigatewayv2/deployment:Deployment": FREE_API,
    "aws:apigatewayv2/model:Model": FREE_API,
    "aws:apigateway/apiKey:ApiKey": FREE_API,
    "aws:apigateway/usagePlan:UsagePlan": FREE_API,
    "aws:apigateway/usagePlanKey:UsagePlanKey": FREE_API,
    "aws:apigateway/restApiPolicy:RestApiPolicy": FREE_API,
    "aws:cognito/resourceServer:ResourceServer": FREE_COGNITO,
    "aws:cognito/identityProvider:IdentityProvider": FREE_COGNITO,
    "aws:cognito/riskConfiguration:RiskConfiguration": FREE_COGNITO,
    "aws:cognito/userPoolUICustomization:UserPoolUICustomization": FREE_COGNITO,
    "aws:cognito/managedLoginBranding:ManagedLoginBranding": FREE_COGNITO,
    "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration": FREE_COGNITO,
    "aws:cognito/identityPool:IdentityPool": FREE_COGNITO,
    "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment": FREE_COGNITO,
}

NOT_PRICED: Mapping[str, str] = {
    "aws:glue/job:Job": "how long jobs run is not stated anywhere",
    "aws:cloudwatch/eventArchive:EventArchive": "the size of what it keeps is not stated anywhere",
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("buses", "events"): ((1e3, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
}  # fmt: skip
