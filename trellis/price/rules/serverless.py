"""Functions, APIs, user pools.

Sources: "AWS Lambda Pricing", "Amazon API Gateway pricing", "Amazon Cognito pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trellis.planner.recording import Recorded
from trellis.price.asked import Asked, known
from trellis.price.lines import Charge, Free, NotPriced, Said
from trellis.price.prices import HOURS
from trellis.price.spread import Spread, decimal

FUNCTION = "aws:lambda/function:Function"
API_V2 = "aws:apigatewayv2/api:Api"

FREE_STORAGE_MB = 512
"""Of a function's /tmp."""

SECONDS = HOURS * 3_600
OWN = "functions"
"""The part of the stack file whose functions do the system's own work."""

CACHE_SIZES = frozenset({"0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"})
"""GB of a REST API's cache."""


def function(asked: Asked) -> Iterator[Said]:
    """Invocations and their duration; Trellis's own functions run seldom."""
    part = OWN if asked.owner and asked.owner[0] == OWN else "own_functions"
    invocations, why = asked.plan.usage.of(part, asked.key, "invocations")
    milliseconds, how_long = asked.plan.usage.of(part, asked.key, "milliseconds")
    yield Charge("AWSLambda/request", "invocations", invocations, (why,))
    kind = _architecture(asked.resource)
    memory = decimal(asked.get("memorySize", 128)) / 1024
    seconds = invocations * milliseconds / 1000
    size = asked.because(f"{asked.get('memorySize', 128)} MB", "memory")
    key = f"AWSLambda/duration/{kind}/gbSecond"
    yield Charge(key, "duration of invocations", seconds * memory, (why, how_long, size))
    storage: Mapping[str, Any] = asked.get("ephemeralStorage") or {}
    above = decimal(known(storage.get("size"), FREE_STORAGE_MB)) - FREE_STORAGE_MB
    if above > 0:
        key = "AWSLambda/ephemeralStorage/gbSecond"
        yield Charge(key, "storage of invocations", seconds * (above / 1024), (why,))


def provisioned_concurrency(asked: Asked) -> Iterator[Said]:
    """What is kept ready, all month."""
    target = asked.plan.behind(asked.resource, "functionName", FUNCTION)
    count = asked.get("provisionedConcurrentExecutions")
    if target is None or count is None:
        yield NotPriced("functions kept ready", "which, or how many, is not known here")
        return
    memory = decimal(known(target.inputs.get("memorySize"), 128)) / 1024
    key = f"AWSLambda/provisionedConcurrency/{_architecture(target)}/gbSecond"
    quantity = Spread.flat(memory * count * SECONDS)
    yield Charge(key, "functions kept ready", quantity, (asked.because(f"{count} of them"),))


def _architecture(function_: Recorded) -> str:
    return "arm" if "arm64" in known(function_.inputs.get("architectures"), ()) else "x86"


def http_api(asked: Asked) -> Iterator[Said]:
    """Requests of an HTTP API; messages and minutes of a WebSocket one."""
    requests, why = asked.used("apis", "requests")
    if asked.get("protocolType", "HTTP") != "WEBSOCKET":
        yield Charge("AmazonApiGateway/http/request", "API requests", requests, (why,))
        return
    minutes, reason = asked.used("apis", "connection_minutes")
    yield Charge("AmazonApiGateway/websocket/message", "messages", requests, (why,))
    key = "AmazonApiGateway/websocket/connectionMinute"
    yield Charge(key, "connection minutes", minutes, (reason,))


def rest_api(asked: Asked) -> Iterator[Said]:
    """Requests."""
    requests, why = asked.used("apis", "requests")
    yield Charge("AmazonApiGateway/rest/request", "API requests", requests, (why,))


def rest_stage(asked: Asked) -> Iterator[Said]:
    """Its cache, by size and hour."""
    if not asked.get("cacheClusterEnabled", False):
        return
    size = str(asked.get("cacheClusterSize", ""))
    if size not in CACHE_SIZES:
        yield NotPriced("cache", f"no price of a cache of {size} GB is in the data")
        return
    key = f"AmazonApiGateway/cache/{size}GB/hour"
    yield Charge(
        key, "cache of an API", Spread.flat(HOURS), (asked.because(f"{size} GB", "cache"),)
    )


def user_pool(asked: Asked) -> Iterator[Said]:
    """People who sign in, by the pool's plan."""
    users, why = asked.used("user_pools", "users")
    tier = str(asked.get("userPoolTier", "ESSENTIALS")).lower()
    said = asked.because(f"the {tier} plan", "tier")
    yield Charge(f"AmazonCognito/{tier}/mau", "people who sign in", users, (why, said))


RULES = {
    FUNCTION: function,
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": provisioned_concurrency,
    API_V2: http_api,
    "aws:apigateway/restApi:RestApi": rest_api,
    "aws:apigateway/stage:Stage": rest_stage,
    "aws:cognito/userPool:UserPool": user_pool,
}

_LAMBDA = Free("a setting of a function that is priced", "AWS Lambda Pricing, 2026-11")
_API = Free("a part of an API that is priced", "Amazon API Gateway pricing, 2026-11")
_COGNITO = Free("a part of a user pool that is priced", "Amazon Cognito pricing, 2026-11")


def _types(module: str, why: Free, *names: str) -> dict[str, Free]:
    return {f"aws:{module}/{name[0].lower()}{name[1:]}:{name}": why for name in names}


FREE = {
    **_types(
        "lambda", _LAMBDA, "Invocation", "Permission", "Alias", "EventSourceMapping", "FunctionUrl",
        "FunctionEventInvokeConfig", "LayerVersion", "LayerVersionPermission",
        "FunctionRecursionConfig", "RuntimeManagementConfig", "CodeSigningConfig",
    ),
    **_types(
        "apigatewayv2", _API, "Stage", "Route", "Integration", "IntegrationResponse",
        "RouteResponse", "Authorizer", "Deployment", "DomainName", "ApiMapping", "VpcLink", "Model",
    ),
    **_types(
        "apigateway", _API, "Resource", "Method", "Integration", "IntegrationResponse",
        "MethodResponse", "Authorizer", "Deployment", "DomainName", "BasePathMapping", "Account",
        "ApiKey", "UsagePlan", "UsagePlanKey", "RequestValidator", "Model", "Response",
        "RestApiPolicy", "MethodSettings", "VpcLink",
    ),
    **_types(
        "cognito", _COGNITO, "UserPoolClient", "UserPoolDomain", "UserGroup", "ResourceServer",
        "IdentityProvider", "RiskConfiguration", "UserPoolUICustomization", "ManagedLoginBranding",
        "LogDeliveryConfiguration", "IdentityPool", "IdentityPoolRoleAttachment",
    ),
}  # fmt: skip
