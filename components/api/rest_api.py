"""The REST API component: every path, method and answer a resource of its own.

Builds the API with its log groups; a resource a path; methods with their integrations; preflights
and the gateway's own errors for pages of other hosts; authorizers, validators and models; a
deployment that is made anew exactly when any of these changes, and a stage that outlives it; limits
and, with a name of its own, domain and mapping.

Promises:
- Every method asks who is calling, or says why not.
- A stage's log groups are there first; every request leaves a line, without its body.
- A change of a route, authorizer, model or answer is deployed; one elsewhere is not.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.api.access_log import LOG_FORMAT
from components.api.api_alarms import ApiMetrics, alarms_of, widgets_of
from components.api.called import Called
from components.api.names import API_NAME, log_group_name
from components.api.rest_methods import RestMethods
from components.api.routes import Address, Callers, Route
from components.api.settings import ApiDomainSettings, ApiSettings
from components.contracts import AccountRegion, AlarmSpec, Arn, WidgetSpec
from components.naming import Naming
from components.parts.log_group import log_group
from components.tags import name_tag


class RestApi(Called, pulumi.ComponentResource):
    """One REST API. See the module's text for what it builds and promises."""

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
        super().__init__("trellis:api:RestApi", name, None, opts)
        self._key = key = name
        self._settings = settings
        self._where = where
        self._log_key_arn = log_key_arn
        self._child = pulumi.ResourceOptions(parent=self)
        self._api_name = naming.of(API_NAME, settings.name or key)
        self._log_name = log_group_name(self._api_name)
        self._api = aws.apigateway.RestApi(
            key,
            name=self._api_name,
            description=settings.description,
            endpoint_configuration={"types": "REGIONAL"},
            disable_execute_api_endpoint=settings.domain is not None,
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
        self._errors = log_group_of_errors(self._api, key, settings, log_key_arn, self._child)
        self._stage: aws.apigateway.Stage | None = None
        self._acl_arn: pulumi.Input[str] | None = None
        self._address: Address | None = None
        self.register_outputs({"name": self._api_name})

    @property
    def resource(self) -> aws.apigateway.RestApi:
        """The API."""
        return self._api

    def stand_behind(self, acl_arn: pulumi.Input[str]) -> None:
        """Have a firewall before its stage; before `serve`."""
        self._acl_arn = acl_arn

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
            after: what a stage that logs needs of the account.
        """
        methods = RestMethods(self._key, self._api, self._settings, self._child)
        methods.create(routes, callers)
        self._create_stage(methods, routes, after)
        if self._settings.domain is not None:
            self._create_domain(self._settings.domain, certificate)

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Requests that callers or the API fail, and slow ones."""
        return alarms_of(self._metrics())

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Requests, errors and latency."""
        return widgets_of(self._metrics())

    def _metrics(self) -> ApiMetrics:
        own = {"ApiName": self._api_name, "Stage": self._settings.stage}
        return ApiMetrics(self._key, own, "4XXError", "5XXError", self._log_name)

    def _create_stage(
        self, methods: RestMethods, routes: Sequence[Route], after: Sequence[pulumi.Resource]
    ) -> None:
        settings = self._settings
        deployment = aws.apigateway.Deployment(
            self._key,
            rest_api=self._api.id,
            description="Made anew when a route, authorizer, model or answer changes",
            triggers={"settings": methods.digest()},
            opts=pulumi.ResourceOptions(parent=self, depends_on=methods.resources),
        )
        stage = aws.apigateway.Stage(
            self._key,
            rest_api=self._api.id,
            deployment=deployment.id,
            stage_name=settings.stage,
            xray_tracing_enabled=settings.tracing == "active",
            access_log_settings={"destination_arn": self._log.arn, "format": LOG_FORMAT},
            tags=name_tag(f"{self._api_name}-{settings.stage}"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._errors, *after]),
        )
        self._stage = stage
        if self._acl_arn is not None:
            aws.wafv2.WebAclAssociation(
                f"api-{self._key}",
                resource_arn=stage.arn,
                web_acl_arn=self._acl_arn,
                # A stage has one; the other way round, none would be left.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
        every = aws.apigateway.MethodSettings(
            self._key,
            rest_api=self._api.id,
            stage_name=stage.stage_name,
            method_path="*/*",
            settings={
                "metrics_enabled": True,
                "logging_level": "ERROR",
                "data_trace_enabled": False,
                "throttling_rate_limit": settings.throttle.rate,
                "throttling_burst_limit": settings.throttle.burst,
            },
            opts=self._child,
        )
        for route in routes:
            if route.throttle is None:
                continue
            method = "*" if route.method == "ANY" else route.method
            aws.apigateway.MethodSettings(
                f"{self._key}-{route.label}",
                rest_api=self._api.id,
                stage_name=stage.stage_name,
                method_path=f"{route.path.lstrip('/')}/{method}",
                settings={
                    "metrics_enabled": True,
                    "logging_level": "ERROR",
                    "data_trace_enabled": False,
                    "throttling_rate_limit": route.throttle.rate,
                    "throttling_burst_limit": route.throttle.burst,
                },
                # AWS refuses two changes of one stage at a time.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[every]),
            )

    def _create_domain(
        self, domain: ApiDomainSettings, certificate: pulumi.Input[str] | None
    ) -> None:
        if self._stage is None:
            return
        made = aws.apigateway.DomainName(
            self._key,
            domain_name=domain.name,
            regional_certificate_arn=certificate,
            endpoint_configuration={"types": "REGIONAL"},
            security_policy="TLS_1_2",
            tags=name_tag(domain.name),
            opts=self._child,
        )
        aws.apigateway.BasePathMapping(
            self._key,
            domain_name=made.domain_name,
            rest_api=self._api.id,
            stage_name=self._stage.stage_name,
            opts=self._child,
        )
        self._address = Address(made.regional_domain_name, made.regional_zone_id)


def log_group_of_errors(
    api: aws.apigateway.RestApi,
    key: str,
    settings: ApiSettings,
    key_arn: Arn | None,
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.LogGroup:
    """The group that API Gateway writes its errors to, whose name it chooses itself; made first, so
    that it has a retention and a key ("CloudWatch log formats for API Gateway", 2026-11)."""
    return aws.cloudwatch.LogGroup(
        f"{key}-errors",
        name=pulumi.Output.concat("API-Gateway-Execution-Logs_", api.id, "/", settings.stage),
        retention_in_days=settings.access_log_days,
        kms_key_id=key_arn,
        tags=name_tag(f"{key}-errors"),
        opts=opts,
    )
