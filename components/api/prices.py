"""What this package's resources cost.

Sources: "Amazon API Gateway pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import HOURS, Charge, Free, NotPriced, Pricing, Row
from components.parts.spread import Spread

CACHE_SIZES = frozenset({"0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"})
"""GB of a REST API's cache."""


def http_api(asked: Asked) -> Iterator[Pricing]:
    """Requests of an HTTP API; messages and minutes of a WebSocket one."""
    requests, why = asked.used("apis", "requests")
    if asked.get("protocolType", "HTTP") != "WEBSOCKET":
        yield Charge("AmazonApiGateway/http/request", "API requests", requests, (why,))
        return
    minutes, reason = asked.used("apis", "connection_minutes")
    yield Charge("AmazonApiGateway/websocket/message", "messages", requests, (why,))
    key = "AmazonApiGateway/websocket/connectionMinute"
    yield Charge(key, "connection minutes", minutes, (reason,))


def rest_api(asked: Asked) -> Iterator[Pricing]:
    """Requests."""
    requests, why = asked.used("apis", "requests")
    yield Charge("AmazonApiGateway/rest/request", "API requests", requests, (why,))


def rest_stage(asked: Asked) -> Iterator[Pricing]:
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


RULES: Mapping[str, Rule] = {
    "aws:apigatewayv2/api:Api": http_api,
    "aws:apigateway/restApi:RestApi": rest_api,
    "aws:apigateway/stage:Stage": rest_stage,
}

FREE_API = Free("a part of an API that is priced", "Amazon API Gateway pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:apigatewayv2/stage:Stage": FREE_API,
    "aws:apigatewayv2/route:Route": FREE_API,
    "aws:apigatewayv2/integration:Integration": FREE_API,
    "aws:apigatewayv2/authorizer:Authorizer": FREE_API,
    "aws:apigatewayv2/domainName:DomainName": FREE_API,
    "aws:apigatewayv2/apiMapping:ApiMapping": FREE_API,
    "aws:apigatewayv2/vpcLink:VpcLink": FREE_API,
    "aws:apigateway/resource:Resource": FREE_API,
    "aws:apigateway/method:Method": FREE_API,
    "aws:apigateway/integration:Integration": FREE_API,
    "aws:apigateway/integrationResponse:IntegrationResponse": FREE_API,
    "aws:apigateway/methodResponse:MethodResponse": FREE_API,
    "aws:apigateway/authorizer:Authorizer": FREE_API,
    "aws:apigateway/deployment:Deployment": FREE_API,
    "aws:apigateway/domainName:DomainName": FREE_API,
    "aws:apigateway/basePathMapping:BasePathMapping": FREE_API,
    "aws:apigateway/requestValidator:RequestValidator": FREE_API,
    "aws:apigateway/model:Model": FREE_API,
    "aws:apigateway/response:Response": FREE_API,
    "aws:apigateway/methodSettings:MethodSettings": FREE_API,
    "aws:apigateway/vpcLink:VpcLink": FREE_API,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("apis", "requests"): ((1e4, 1e6, 1e7), (1e5, 1e7, 1e8), (1e6, 1e8, 1e9)),
    ("apis", "connection_minutes"): ((1e4, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
}  # fmt: skip
