"""The methods of a REST API: who is asked, what answers, and what pages of other hosts may read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.api.authorizers import ASKED, create_authorizer
from components.api.cors import error_headers, preflight_headers, preflight_template
from components.api.routes import (
    Callers,
    NetworkTarget,
    Route,
    ServiceTarget,
    authorizer_key,
    source_path,
)
from components.api.settings import ApiSettings, CorsSettings
from components.parts.json_text import is_plain

TIMEOUT_MS = 29_000
"""The longest that an API waits for its function ("Quotas for REST APIs", 2026-11)."""


class RestMethods:
    """Everything that a deployment of the API waits for, and is made anew for."""

    def __init__(
        self,
        key: str,
        api: aws.apigateway.RestApi,
        settings: ApiSettings,
        opts: pulumi.ResourceOptions,
    ) -> None:
        self.resources: list[pulumi.Resource] = []
        """What the deployment waits for."""
        self.settings: list[Any] = []
        """What it is made anew for."""
        self._key = key
        self._api = api
        self._stage = settings.stage
        self._cors = settings.cors
        self._child = opts
        self._paths: dict[str, pulumi.Output[str]] = {"": api.root_resource_id}

    def create(self, routes: Sequence[Route], callers: Callers) -> None:
        """Make the authorizers, the routes and, for pages of other hosts, preflights and errors."""
        authorizers = self._create_authorizers(routes, callers)
        for route in routes:
            self._create_route(route, authorizers)
        if self._cors is None:
            return
        for path in dict.fromkeys(route.path for route in routes):
            methods = [route.method for route in routes if route.path == path]
            self._create_preflight(path, methods, self._cors)
        self._create_errors(self._cors)

    def digest(self) -> pulumi.Input[str]:
        """A hash of all settings; another one asks for another deployment."""
        return _digest(self.settings)

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
        self, routes: Sequence[Route], callers: Callers
    ) -> dict[str, aws.apigateway.Authorizer]:
        made: dict[str, aws.apigateway.Authorizer] = {}
        for route in routes:
            name = authorizer_key(route.authorizer)
            if name is None or name in made:
                continue
            authorizer, shape = create_authorizer(
                f"{self._key}-{name}", self._api, route.authorizer, callers, self._child
            )
            made[name] = authorizer
            self.resources.append(authorizer)
            self.settings.append(["authorizer", name, shape])
        return made

    def _create_route(
        self, route: Route, authorizers: dict[str, aws.apigateway.Authorizer]
    ) -> None:
        name, label = authorizer_key(route.authorizer), f"{self._key}-{route.label}"
        validator, model = self._create_validation(route)
        asked = ASKED[route.authorizer.kind]
        target = route.target
        names = _path_parameters(route.path) if isinstance(target, NetworkTarget) else ()
        parameters = {
            **{f"method.request.querystring.{parameter}": True for parameter in route.query},
            **{f"method.request.path.{name}": True for name in names},
        }
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
        stage = self._stage
        http_method = "*" if route.method == "ANY" else route.method
        source = pulumi.Output.concat(
            self._api.execution_arn, f"/{stage}/{http_method}{source_path(route.path)}"
        )
        if isinstance(target, ServiceTarget):
            raise ValueError(f"service {target.key} behind a REST API by a network load balancer")
        if isinstance(target, NetworkTarget):
            private = self._create_private_integration(label, route, target, method)
            self.resources += [method, private]
            described: list[Any] = [route.label, asked, name, sorted(parameters)]
            self.settings.append([*described, target.link_id, target.origin])
            return
        permission = target.permit(f"{self._key}-{route.label}", source)
        integration = aws.apigateway.Integration(
            label,
            rest_api=self._api.id,
            resource_id=self._resource_id(route.path),
            http_method=method.http_method,
            type="AWS_PROXY",
            integration_http_method="POST",
            uri=target.invoke_arn,
            timeout_milliseconds=TIMEOUT_MS,
            opts=pulumi.ResourceOptions(parent=self._child.parent, depends_on=[permission]),
        )
        self.resources += [method, integration]
        self.settings.append(
            [route.label, asked, name, sorted(parameters), route.body, target.invoke_arn]
        )

    def _create_private_integration(
        self, label: str, route: Route, target: NetworkTarget, method: aws.apigateway.Method
    ) -> aws.apigateway.Integration:
        """The request as it is, to the same path of the service."""
        return aws.apigateway.Integration(
            label,
            rest_api=self._api.id,
            resource_id=self._resource_id(route.path),
            http_method=method.http_method,
            type="HTTP_PROXY",
            integration_http_method=route.method,
            connection_type="VPC_LINK",
            connection_id=target.link_id,
            uri=f"{target.origin}{route.path.replace('+}', '}')}",
            request_parameters={
                f"integration.request.path.{name}": f"method.request.path.{name}"
                for name in _path_parameters(route.path)
            }
            or None,
            timeout_milliseconds=TIMEOUT_MS,
            opts=self._child,
        )

    def _create_validation(
        self, route: Route
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
        self.resources.append(validator)
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
        self.resources.append(model)
        return validator, model

    def _create_preflight(self, path: str, methods: Sequence[str], cors: CorsSettings) -> None:
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
            response_parameters={f"method.response.header.{header}": True for header in headers},
            opts=self._child,
        )
        answer = aws.apigateway.IntegrationResponse(
            label,
            rest_api=common["rest_api"],
            resource_id=common["resource_id"],
            http_method=method.http_method,
            status_code=response.status_code,
            response_parameters={
                f"method.response.header.{header}": value for header, value in headers.items()
            },
            response_templates={"application/json": template} if template else None,
            opts=pulumi.ResourceOptions(parent=self._child.parent, depends_on=[integration]),
        )
        self.resources += [method, integration, response, answer]
        self.settings.append(["OPTIONS", path, headers, template])

    def _create_errors(self, cors: CorsSettings) -> None:
        headers = error_headers(cors)
        for status in ("DEFAULT_4XX", "DEFAULT_5XX"):
            self.resources.append(
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
        self.settings.append(["errors", headers])


def _path_parameters(path: str) -> tuple[str, ...]:
    """Names of the parts of a path that vary.

    >>> _path_parameters("/orders/{id}/{rest+}")
    ('id', 'rest')
    """
    parts = [part for part in path.split("/") if part.startswith("{")]
    return tuple(part.strip("{}").removesuffix("+") for part in parts)


def model_name(route: Route) -> str:
    """Letters and digits only, as models are named."""
    words = "".join(word.capitalize() for word in route.path.replace("{", "/").split("/"))
    plain = "".join(letter for letter in words if letter.isalnum())
    digest_ = hashlib.sha256(route.label.encode()).hexdigest()[:6]
    return f"{route.method.capitalize()}{plain}{digest_}"


def _digest(settings: Sequence[Any]) -> pulumi.Input[str]:
    """A hash of settings, known as early as they are; the order of routes is none of them."""

    def text(values: Any) -> str:
        lines = sorted(json.dumps(value, sort_keys=True) for value in values)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    if is_plain(list(settings)):
        return text(settings)
    return pulumi.Output.from_input(list(settings)).apply(text)
