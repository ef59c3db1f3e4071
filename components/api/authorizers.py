"""Authorizers of a REST API: a function that is asked, or a user pool whose tokens count."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components.api.routes import Callers, Target, authorizer_key
from components.parts.api_routes import AuthorizerSettings

ASKED = {
    "function": "CUSTOM",
    "shared_secret": "CUSTOM",
    "user_pool": "COGNITO_USER_POOLS",
    "iam": "AWS_IAM",
    "none": "NONE",
}
"""What a method says of who may call, by kind."""

HEADER = "method.request.header.Authorization"


def target_of(settings: AuthorizerSettings, callers: Callers) -> Target | None:
    """The function that is asked; None where none is."""
    if settings.function is not None:
        return callers.functions[settings.function]
    key = authorizer_key(settings)
    if settings.shared_secret is not None and key is not None:
        return callers.secrets[key]
    return None


def create_authorizer(
    label: str,
    api: aws.apigateway.RestApi,
    settings: AuthorizerSettings,
    callers: Callers,
    opts: pulumi.ResourceOptions,
) -> tuple[aws.apigateway.Authorizer, list[Any]]:
    """Make the authorizer, and say what of it is deployed."""
    asked = target_of(settings, callers)
    if asked is None:
        pool = callers.pools[str(settings.user_pool)]
        made = aws.apigateway.Authorizer(
            label,
            name=label,
            rest_api=api.id,
            type="COGNITO_USER_POOLS",
            identity_source=HEADER,
            provider_arns=[pool.arn],
            opts=opts,
        )
        return made, ["users", settings.user_pool]
    made = aws.apigateway.Authorizer(
        label,
        name=label,
        rest_api=api.id,
        type="TOKEN",
        identity_source=HEADER,
        authorizer_uri=asked.invoke_arn,
        authorizer_result_ttl_in_seconds=settings.cache_seconds,
        opts=opts,
    )
    source = pulumi.Output.concat(api.execution_arn, "/authorizers/", made.id)
    asked.permit(f"{label}-authorizer", source)
    return made, ["function", asked.invoke_arn, settings.cache_seconds]
