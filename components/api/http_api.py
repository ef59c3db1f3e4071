"""The HTTP API component: routes to functions and services, tokens checked by API Gateway itself.

Builds the API with its access log, an integration a function, a route a method and path,
authorizers, and a stage that deploys each change by itself; with a name of its own, domain and
mapping.

Promises:
- Every route asks who is calling, or says why not.
- Preflights and errors carry the headers that pages of the named origins need.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.api.access_log import HTTP_LOG_FORMAT
from components.api.api_alarms import ApiMetrics, alarms_of, widgets_of
from components.api.authorizers import target_of
from components.api.called import Called
from components.api.names import API_NAME, log_group_name
from components.api.routes import (
    Address,
    Callers,
    NetworkTarget,
    Route,
    ServiceTarget,
    Target,
    authorizer_key,
    source_path,
)
from components.api.settings import ApiDomainSettings, ApiSettings
from components.contracts import AccountRegion, AlarmSpec, Arn, WidgetSpec
from components.naming import Naming
from components.parts.log_group import log_group
from components.tags import name_tag

TIMEOUT_MS = 29_000
"""As REST APIs have it; HTTP APIs wait 30 seconds at most ("Quotas for HTTP APIs", 2026-11)."""

ASKED = {
    "function": "CUSTOM",
    "shared_secret": "CUSTOM",
    "user_pool": "JWT",
    "jwt": "JWT",
    "iam": "AWS_IAM",
    "none": "NONE",
}
"""What a route says of who may call, by kind."""

HEADER = "$request.header.Authorization"


class HttpApi(Called, pulumi.ComponentResource):
    """One HTTP API. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: ApiSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        log_key_arn: Arn | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the API without any route: its address is known from here on."""
        super().__init__("trellis:api:HttpApi", name, None, opts)
        self._key = key = name
        self._settings = settings
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)
        self._api_name = naming.of(API_NAME, settings.name or key)
        self._log_name = log_group_name(self._api_name)
        cors = settings.cors
        self._api = aws.apigatewayv2.Api(
            key,
            name=self._api_name,
            description=settings.description,
            protocol_type="HTTP",
            disable_execute_api_endpoint=settings.domain is not None,
            cors_configuration={
                "allow_origins": list(cors.origins),
                "allow_methods": ["*"],
                "allow_headers": [header.lower() for header in cors.headers],
                "expose_headers": [name.lower() for name in cors.expose] or None,
                "allow_credentials": cors.credentials or None,
                "max_age": cors.max_age_seconds,
            }
            if cors is not None
            else None,
            tags=name_tag(self._api_name),
            opts=self._child,
        )
        self._log = log_group(
            f"{key}-access",
            physical_name=self._log_name,
            retention_days=settings.access_log_days,
            key_arn=log_key_arn,
            opts=self._child,
        )
        self._address: Address | None = None
        self.register_outputs({"name": self._api_name})

    @property
    def resource(self) -> aws.apigatewayv2.Api:
        """The API."""
        return self._api

    def serve(
        self,
        routes: Sequence[Route],
        callers: Callers,
        *,
        certificate: pulumi.Input[str] | None = None,
        after: Sequence[pulumi.Resource] = (),
    ) -> None:
        """Make everything behind the address.

        Args:
            certificate: ARN of that of its own name, where it has one.
            after: what must be there before a stage.
        """
        authorizers: dict[str, aws.apigatewayv2.Authorizer] = {}
        integrations: dict[str, aws.apigatewayv2.Integration] = {}
        made: list[pulumi.Resource] = []
        for route in routes:
            name = authorizer_key(route.authorizer)
            if name is not None and name not in authorizers:
                authorizers[name] = self._create_authorizer(name, route, callers)
            target = route.target
            if isinstance(target, NetworkTarget):
                raise ValueError(f"service {target.key} behind an HTTP API by its load balancer")
            if target.label not in integrations:
                integrations[target.label] = self._create_integration(target)
            made.append(
                self._create_route(
                    route,
                    authorizers[name] if name is not None else None,
                    integrations[target.label],
                )
            )
        stage = self._create_stage(routes, [*made, *after])
        if self._settings.domain is not None:
            self._create_domain(self._settings.domain, certificate, stage)

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Requests that callers or the API fail, and slow ones."""
        return alarms_of(self._metrics())

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Requests, errors and latency."""
        return widgets_of(self._metrics())

    def _metrics(self) -> ApiMetrics:
        own = {"ApiId": self._api.id, "Stage": self._settings.stage}
        return ApiMetrics(self._key, own, "4xx", "5xx", self._log_name)

    def _create_authorizer(
        self, name: str, route: Route, callers: Callers
    ) -> aws.apigatewayv2.Authorizer:
        settings, label = route.authorizer, f"{self._key}-{name}"
        asked = target_of(settings, callers)
        if asked is None:
            if settings.jwt is not None:
                issuer: pulumi.Input[str] = settings.jwt.issuer
                audiences: list[pulumi.Input[str]] = list(settings.jwt.audiences)
            else:
                pool = callers.pools[str(settings.user_pool)]
                issuer, audiences = pool.issuer, list(pool.client_ids)
            return aws.apigatewayv2.Authorizer(
                label,
                name=label,
                api_id=self._api.id,
                authorizer_type="JWT",
                identity_sources=[HEADER],
                jwt_configuration={"issuer": issuer, "audiences": audiences},
                opts=self._child,
            )
        made = aws.apigatewayv2.Authorizer(
            label,
            name=label,
            api_id=self._api.id,
            authorizer_type="REQUEST",
            identity_sources=[HEADER],
            authorizer_uri=asked.invoke_arn,
            authorizer_payload_format_version="2.0",
            enable_simple_responses=True,
            authorizer_result_ttl_in_seconds=settings.cache_seconds,
            opts=self._child,
        )
        source = pulumi.Output.concat(self._api.execution_arn, "/authorizers/", made.id)
        asked.permit(f"{label}-authorizer", source)
        return made

    def _create_integration(self, target: Target | ServiceTarget) -> aws.apigatewayv2.Integration:
        if isinstance(target, ServiceTarget):
            return self._create_private_integration(target)
        return aws.apigatewayv2.Integration(
            f"{self._key}-{target.label}",
            api_id=self._api.id,
            integration_type="AWS_PROXY",
            integration_method="POST",
            integration_uri=target.invoke_arn,
            payload_format_version="2.0",
            timeout_milliseconds=TIMEOUT_MS,
            opts=self._child,
        )

    def _create_private_integration(self, target: ServiceTarget) -> aws.apigatewayv2.Integration:
        return aws.apigatewayv2.Integration(
            f"{self._key}-{target.label}",
            api_id=self._api.id,
            integration_type="HTTP_PROXY",
            integration_method="ANY",
            integration_uri=target.listener_arn,
            connection_type="VPC_LINK",
            connection_id=target.link_id,
            payload_format_version="1.0",
            request_parameters={
                # Otherwise the service would see the stage in every path.
                "overwrite:path": "$request.path",
                # The load balancer's rule and certificate are of this name.
                "overwrite:header.host": target.host,
            },
            tls_config={"server_name_to_verify": target.host},
            timeout_milliseconds=TIMEOUT_MS,
            opts=self._child,
        )

    def _create_route(
        self,
        route: Route,
        authorizer: aws.apigatewayv2.Authorizer | None,
        integration: aws.apigatewayv2.Integration,
    ) -> aws.apigatewayv2.Route:
        method = "*" if route.method == "ANY" else route.method
        source = pulumi.Output.concat(
            self._api.execution_arn, f"/{self._settings.stage}/{method}{source_path(route.path)}"
        )
        permissions = (
            [route.target.permit(f"{self._key}-{route.label}", source)]
            if isinstance(route.target, Target)
            else []
        )
        return aws.apigatewayv2.Route(
            f"{self._key}-{route.label}",
            api_id=self._api.id,
            route_key=f"{route.method} {route.path}",
            authorization_type=ASKED[route.authorizer.kind],
            authorizer_id=authorizer.id if authorizer is not None else None,
            target=pulumi.Output.concat("integrations/", integration.id),
            opts=pulumi.ResourceOptions(parent=self, depends_on=permissions),
        )

    def _create_stage(
        self, routes: Sequence[Route], after: Sequence[pulumi.Resource]
    ) -> aws.apigatewayv2.Stage:
        settings = self._settings
        limits: list[aws.apigatewayv2.StageRouteSettingArgsDict] = [
            {
                "route_key": f"{route.method} {route.path}",
                "throttling_rate_limit": route.throttle.rate,
                "throttling_burst_limit": route.throttle.burst,
                "detailed_metrics_enabled": True,
            }
            for route in routes
            if route.throttle is not None
        ]
        return aws.apigatewayv2.Stage(
            self._key,
            name=settings.stage,
            api_id=self._api.id,
            auto_deploy=True,
            access_log_settings={"destination_arn": self._log.arn, "format": HTTP_LOG_FORMAT},
            default_route_settings={
                "throttling_rate_limit": settings.throttle.rate,
                "throttling_burst_limit": settings.throttle.burst,
                "detailed_metrics_enabled": True,
            },
            route_settings=limits or None,
            tags=name_tag(f"{self._api_name}-{settings.stage}"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )

    def _create_domain(
        self,
        domain: ApiDomainSettings,
        certificate: pulumi.Input[str] | None,
        stage: aws.apigatewayv2.Stage,
    ) -> None:
        if certificate is None:
            raise ValueError(f"API {self._key}: no certificate of {domain.name} was given")
        made = aws.apigatewayv2.DomainName(
            self._key,
            domain_name=domain.name,
            domain_name_configuration={
                "certificate_arn": certificate,
                "endpoint_type": "REGIONAL",
                "security_policy": "TLS_1_2",
            },
            tags=name_tag(domain.name),
            opts=self._child,
        )
        aws.apigatewayv2.ApiMapping(
            self._key,
            api_id=self._api.id,
            domain_name=made.domain_name,
            stage=stage.name,
            opts=self._child,
        )
        own = made.domain_name_configuration
        self._address = Address(own.target_domain_name.apply(str), own.hosted_zone_id.apply(str))
