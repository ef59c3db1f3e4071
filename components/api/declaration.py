"""How APIs are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.api.links import OFFER
from components.api.names import API_NAME, log_group_name
from components.api.settings import ApiSettings
from components.contracts import Domain
from components.naming import Naming
from components.parts.changes import Change, Downtime, Unique
from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    ROUTING,
    Resource,
    TakenName,
    Tier,
    Watched,
)
from components.parts.shown import Category, Column, Shown

API_METRICS = ("4XXError", "5XXError", "Latency")


def _names(key: str, settings: ApiSettings, naming: Naming) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    name_of = partial(naming.of, API_NAME, settings.name or key)
    yield TakenName("API", name_of, setting)
    yield TakenName("log group of an API", lambda: log_group_name(name_of()), setting)
    if settings.domain is not None:
        domain = settings.domain.name
        yield TakenName("domain of an API", lambda: domain, ("domain", "name"))


BRACES = "M7 3C4 3 6 8 3 9c3 1 1 6 4 6M11 3c3 0 1 5 4 6-3 1-1 6-4 6"
CHAIN = "M7 6H5a3 3 0 000 6h2M11 6h2a3 3 0 010 6h-2M6 9h6"

TIERS = (
    Tier(
        field="apis",
        settings=ApiSettings,
        components={
            "trellis:api:HttpApi": Shown(
                "http api",
                glyph=BRACES,
                category=Category.EDGE,
                column=Column.EDGE,
            ),
            "trellis:api:NetworkLink": Shown(
                "VPC link",
                glyph=CHAIN,
                category=Category.EDGE,
                column=Column.EDGE,
                part="networkLinks",
            ),
            "trellis:api:RestApi": Shown(
                "rest api",
                glyph=BRACES,
                category=Category.EDGE,
                column=Column.EDGE,
            ),
            "trellis:api:TokenChecker": Shown(
                "token checker",
                glyph="M9 2l6 2v5c0 4-3 6-6 7-3-1-6-3-6-7V4zM6 9l2 2 4-4",
                category=Category.SECURITY,
                runs=True,
            ),
            "trellis:api:VpcLink": Shown(
                "VPC link",
                glyph=CHAIN,
                category=Category.EDGE,
                column=Column.EDGE,
                part="links",
            ),
        },
        resources={
            "aws:apigateway/authorizer:Authorizer": Resource(ACCESS, facts=("type",)),
            "aws:apigateway/basePathMapping:BasePathMapping": Resource(ROUTING),
            "aws:apigateway/deployment:Deployment": Resource(CONFIGURATION),
            "aws:apigateway/domainName:DomainName": Resource(
                ROUTING, facts=("domainName",), unique=Unique("region", ("domainName",))
            ),
            "aws:apigateway/integration:Integration": Resource(ROUTING, facts=("type",)),
            "aws:apigateway/integrationResponse:IntegrationResponse": Resource(CONFIGURATION),
            "aws:apigateway/method:Method": Resource(
                ROUTING, facts=("httpMethod", "authorization")
            ),
            "aws:apigateway/methodResponse:MethodResponse": Resource(CONFIGURATION),
            "aws:apigateway/methodSettings:MethodSettings": Resource(CONFIGURATION),
            "aws:apigateway/model:Model": Resource(CONFIGURATION),
            "aws:apigateway/requestValidator:RequestValidator": Resource(CONFIGURATION),
            "aws:apigateway/resource:Resource": Resource(ROUTING, facts=("pathPart",)),
            "aws:apigateway/response:Response": Resource(CONFIGURATION, facts=("responseType",)),
            "aws:apigateway/restApi:RestApi": Resource(
                Watched(API_METRICS), facts=("name",), change=Change(moves="its address")
            ),
            "aws:apigateway/stage:Stage": Resource(
                "its API is watched, by this stage",
                facts=("stageName",),
                change=Change(moves="its address, which the stage's name is in"),
            ),
            "aws:apigateway/vpcLink:VpcLink": Resource(ROUTING, facts=("name",)),
            "aws:apigatewayv2/api:Api": Resource(
                Watched(("4xx", "5xx", "Latency"), ("id",)), facts=("name", "protocolType")
            ),
            "aws:apigatewayv2/apiMapping:ApiMapping": Resource(ROUTING),
            "aws:apigatewayv2/authorizer:Authorizer": Resource(ACCESS, facts=("authorizerType",)),
            "aws:apigatewayv2/domainName:DomainName": Resource(
                ROUTING,
                facts=("domainName",),
                unique=Unique(
                    "region", ("domainName",), among="aws:apigateway/domainName:DomainName"
                ),
            ),
            "aws:apigatewayv2/integration:Integration": Resource(ROUTING),
            "aws:apigatewayv2/route:Route": Resource(
                ROUTING,
                facts=("routeKey", "authorizationType"),
                change=Change(place=("apiId", "routeKey")),
            ),
            "aws:apigatewayv2/stage:Stage": Resource(
                "its API is watched, by this stage",
                facts=("name",),
                change=Change(
                    moves="its address, which the stage's name is in",
                    downtime=Downtime("calls fail meanwhile"),
                ),
            ),
            "aws:apigatewayv2/vpcLink:VpcLink": Resource(ROUTING, facts=("name",)),
        },
        keys=frozenset({Domain.SECRETS}),
        offer=OFFER,
        names=_names,
    ),
)
"""What this package adds to a stack file."""
