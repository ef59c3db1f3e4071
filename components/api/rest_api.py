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

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from components.api.access_log import LOG_FORMAT
from components.api.api_alarms import ApiMetrics, alarms_of, widgets_of
from components.api.authorizers import ASKED, create_authorizer
from components.api.cors import error_headers, preflight_headers, preflight_template
from components.api.links import api_link, api_url
from components.api.routes import Callers, Route, authorizer_key, source_path
from components.api.settings import ApiSettings, CorsSettings
from components.contracts import AccountRegion, AlarmSpec, Arn, Link, WidgetSpec
from components.naming import Kind, Naming
from components.parts.json_text import is_plain
from components.parts.log_group import log_group
from components.tags import name_tag

TIMEOUT_MS = 29_000
"""The longest that an API waits for its function ("Quotas for REST APIs", 2026-11)."""


@dataclass
class _Built:
    """What the deployment waits for, and what it is made anew for."""

    resources: list[pulumi.Resource] = field(default_factory=list[pulumi.Resource])
    settings: list[Any] = field(default_factory=list[Any])


class RestApi(pulumi.ComponentResource):
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
        self._api_name = naming.of(Kind.API, settings.name or key)
        self._log_name = f"/aws/apigateway/{self._api_name}"
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
        self._paths: dict[str, pulumi.Output[str]] = {"": self._api.root_resource_id}
        self._acl_arn: pulumi.Input[str] | None = None
        self._target: pulumi.Output[str] | None = None
        self.register_outputs({"name": self._api_name})

    @property
    def url(self) -> pulumi.Input[str]:
        """Where it is called, with its stage."""
        return api_url(self._settings, self._api.id, self._where)

    def stand_behind(self, acl_arn: pulumi.Input[str]) -> None:
        """Have a firewall before its stage; before `serve`."""
        self._acl_arn = acl_arn

    def exports(self) -> dict[str, pulumi.Input[str]]:
        """Where it is called; with a name of its own, what that name's record leads to."""
        found: dict[str, pulumi.Input[str]] = {"url": self.url}
        if self._target is not None:
            found["target"] = self._target
        return found

    def link(self, access: str | None = None) -> Link:
        """What a caller needs who signs with IAM; whoever brings a token needs the address only.

        Raises:
            UnknownAccessError: `access` is not `call`.
        """
        return api_link(
            self._key,
            self._settings,
            access,
            execution_arn=self._api.execution_arn,
            url=self.url,
        )

    def serve(
        self, routes: Sequence[Route], callers: Callers, *, after: Sequence[pulumi.Resource] = ()
    ) -> None:
        """Make everything behind the address.

        Args:
            after: what a stage that logs needs of the account.
        """
        built = _Built()
        authorizers = self._create_authorizers(routes, callers, built)
        for route in routes:
            self._create_route(route, authorizers, built)
        cors = self._settings.cors
        if cors is not None:
            for path in dict.fromkeys(route.path for route in routes):
                methods = [route.method for route in routes if route.path == path]
                self._create_preflight(path, methods, cors, built)
            self._create_errors(cors, built)
        self._create_stage(built, routes, after)
        if self._settings.domain is not None:
            self._create_domain()

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Requests that callers or the API fail, and slow ones."""
        return alarms_of(self._metrics())

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Requests, errors and latency."""
        return widgets_of(self._metrics())

    def _metrics(self) -> ApiMetrics:
        own = {"ApiName": self._api_name, "Stage": self._settings.stage}
        return ApiMetrics(self._key, own, "4XXError", "5XXError", self._log_name)

    def _resource_id(self, path: str) -> pulumi.Output[str]:
        """The resource of a path; those above it are made first, each once."""
        plain = "" if path == "/" else path
        if plain not in self._paths:
            above, _, part = plain.rpartition("/")
            made = aws.apigateway.Resource(
                f"{self._key}{plain}",
                rest_api=self._api.id,
                parent_id=self._resource_id(above),
                path_part=part,
                opts=self._child,
            )
            self._paths[plain] = made.id
        return self._paths[plain]

    def _create_authorizers(
        self, routes: Sequence[Route], callers: Callers, built: _Built
    ) -> dict[str, aws.apigateway.Authorizer]:
        made: dict[str, aws.apigateway.Authorizer] = {}
        for route in routes:
            name = authorizer_key(route.authorizer)
            if name is None or name in made:
                continue
            authorizer, said = create_authorizer(
                f"{self._key}-{name}", self._api, route.authorizer, callers, self._child
            )
            made[name] = authorizer
            built.resources.append(authorizer)
            built.settings.append(["authorizer", name, said])
        return made

    def _create_route(
        self, route: Route, authorizers: dict[str, aws.apigateway.Authorizer], built: _Built
    ) -> None:
        name, label = authorizer_key(route.authorizer), f"{self._key}-{route.label}"
        validator, model = self._create_validation(route, built)
        asked = ASKED[route.authorizer.kind]
        parameters = {f"method.request.querystring.{each}": True for each in route.query}
        method = aws.apigateway.Method(
            label,
            rest_api=self._api.id,
            resource_id=self._resource_id(route.path),
            http_method=route.method,
            authorization=asked,
            authorizer_id=authorizers[name].id if name is not None else None,
            request_validator_id=validator.id if validator is not None else None,
            request_models={"application/json": model.name} if model is not None else None,
            request_parameters=parameters or None,
            opts=self._child,
        )
        stage = self._settings.stage
        http_method = "*" if route.method == "ANY" else route.method
        source = pulumi.Output.concat(
            self._api.execution_arn, f"/{stage}/{http_method}{source_path(route.path)}"
        )
        permission = route.target.permit(f"{self._key}-{route.label}", source)
        integration = aws.apigateway.Integration(
            label,
            rest_api=self._api.id,
            resource_id=self._resource_id(route.path),
            http_method=method.http_method,
            type="AWS_PROXY",
            integration_http_method="POST",
            uri=route.target.invoke_arn,
            timeout_milliseconds=TIMEOUT_MS,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
        )
        built.resources += [method, integration]
        built.settings.append(
            [route.label, asked, name, sorted(parameters), route.body, route.target.invoke_arn]
        )

    def _create_validation(
        self, route: Route, built: _Built
    ) -> tuple[aws.apigateway.RequestValidator | None, aws.apigateway.Model | None]:
        if not route.query and route.body is None:
            return None, None
        label = f"{self._key}-{route.label}"
        validator = aws.apigateway.RequestValidator(
            label,
            name=route.label,
            rest_api=self._api.id,
            validate_request_body=route.body is not None,
            validate_request_parameters=bool(route.query),
            opts=self._child,
        )
        built.resources.append(validator)
        if route.body is None:
            return validator, None
        model = aws.apigateway.Model(
            label,
            name=model_name(route),
            rest_api=self._api.id,
            content_type="application/json",
            schema=json.dumps(route.body, separators=(",", ":"), sort_keys=True),
            opts=self._child,
        )
        built.resources.append(model)
        return validator, model

    def _create_preflight(
        self, path: str, methods: Sequence[str], cors: CorsSettings, built: _Built
    ) -> None:
        """OPTIONS of a path, which asks nobody who calls and reaches no function."""
        label = f"{self._key}-OPTIONS{path}"
        headers = preflight_headers(cors, methods)
        template = preflight_template(cors)
        common: dict[str, Any] = {
            "rest_api": self._api.id,
            "resource_id": self._resource_id(path),
        }
        method = aws.apigateway.Method(
            label,
            rest_api=common["rest_api"],
            resource_id=common["resource_id"],
            http_method="OPTIONS",
            authorization="NONE",
            opts=self._child,
        )
        integration = aws.apigateway.Integration(
            label,
            rest_api=common["rest_api"],
            resource_id=common["resource_id"],
            http_method=method.http_method,
            type="MOCK",
            # Preflights have no body; where an API takes binary ones, this keeps it text.
            content_handling="CONVERT_TO_TEXT",
            request_templates={"application/json": '{"statusCode": 204}'},
            opts=self._child,
        )
        response = aws.apigateway.MethodResponse(
            label,
            rest_api=common["rest_api"],
            resource_id=common["resource_id"],
            http_method=method.http_method,
            status_code="204",
            response_parameters={f"method.response.header.{each}": True for each in headers},
            opts=self._child,
        )
        answer = aws.apigateway.IntegrationResponse(
            label,
            rest_api=common["rest_api"],
            resource_id=common["resource_id"],
            http_method=method.http_method,
            status_code=response.status_code,
            response_parameters={
                f"method.response.header.{each}": value for each, value in headers.items()
            },
            response_templates={"application/json": template} if template else None,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[integration]),
        )
        built.resources += [method, integration, response, answer]
        built.settings.append(["OPTIONS", path, headers, template])

    def _create_errors(self, cors: CorsSettings, built: _Built) -> None:
        headers = error_headers(cors)
        for status in ("DEFAULT_4XX", "DEFAULT_5XX"):
            built.resources.append(
                aws.apigateway.Response(
                    f"{self._key}-{status}",
                    rest_api_id=self._api.id,
                    response_type=status,
                    response_parameters={
                        f"gatewayresponse.header.{name}": value for name, value in headers.items()
                    },
                    response_templates={
                        "application/json": '{"message":$context.error.messageString}'
                    },
                    opts=self._child,
                )
            )
        built.settings.append(["errors", headers])

    def _create_stage(
        self, built: _Built, routes: Sequence[Route], after: Sequence[pulumi.Resource]
    ) -> None:
        settings = self._settings
        deployment = aws.apigateway.Deployment(
            self._key,
            rest_api=self._api.id,
            description="Made anew when a route, authorizer, model or answer changes",
            triggers={"settings": digest(built.settings)},
            opts=pulumi.ResourceOptions(parent=self, depends_on=built.resources),
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

    def _create_domain(self) -> None:
        domain = self._settings.domain
        if domain is None or self._stage is None:
            return
        made = aws.apigateway.DomainName(
            self._key,
            domain_name=domain.name,
            regional_certificate_arn=domain.certificate,
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
        self._target = made.regional_domain_name


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


def model_name(route: Route) -> str:
    """Letters and digits only, as models are named."""
    words = "".join(word.capitalize() for word in route.path.replace("{", "/").split("/"))
    plain = "".join(each for each in words if each.isalnum())
    digest_ = hashlib.sha256(route.label.encode()).hexdigest()[:6]
    return f"{route.method.capitalize()}{plain}{digest_}"


def digest(settings: Sequence[Any]) -> pulumi.Input[str]:
    """A hash of settings, known as early as they are; the order of routes is none of them."""

    def text(values: Any) -> str:
        lines = sorted(json.dumps(each, sort_keys=True) for each in values)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    if is_plain(list(settings)):
        return text(settings)
    return pulumi.Output.from_input(list(settings)).apply(text)
