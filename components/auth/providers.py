"""Registers a pool's other providers of sign-in inside AWS, each with its secret.

Builds one small function a pool (`functions/identity_provider`) and a call of it for each provider,
which is made again as the provider changes and goes. Promises:
- A provider's secret is in no argument, plan or state: the function reads it and tells Cognito.
- It may read those secrets and keep the providers of that one pool.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.auth.provider_settings import RULES, ProviderSettings
from components.contracts import AccountRegion, AlarmSpec, Arn, Grant, Link
from components.naming import Kind, Naming
from components.parts.function_alarms import function_alarms
from components.parts.small_function import small_function

ACTIONS = (
    "cognito-idp:CreateIdentityProvider",
    "cognito-idp:DeleteIdentityProvider",
    "cognito-idp:DescribeIdentityProvider",
    "cognito-idp:UpdateIdentityProvider",
)

REGISTERED = "registered"
"""What the tag of a provider says: a later deployment that finds its secret without a value knows
by it that users sign in by that provider."""

TIMEOUT = 60
"""Seconds; Cognito reads a provider's discovery document or metadata meanwhile."""


@dataclass(frozen=True)
class ProviderSecret:
    """A secret with a provider's value, for the function that tells Cognito of it."""

    arn: Arn
    link: Link
    """How it is read."""


@dataclass(frozen=True)
class ProviderPlace:
    """What the function is made with."""

    naming: Naming
    where: AccountRegion
    secrets: Mapping[str, ProviderSecret]
    """By key, those that have a value."""
    log_days: int
    log_key_arn: Arn | None = None


def function_thing(pool: str) -> str:
    """What the function is named by, beside the system and the environment."""
    return f"{pool}-providers"


def registered_tag(provider: str) -> str:
    """The tag of the function that says that it was given a provider to register."""
    return f"Provider-{provider}"


def ready(
    providers: Mapping[str, ProviderSettings], secrets: Mapping[str, ProviderSecret]
) -> dict[str, ProviderSettings]:
    """The providers that can be registered: those whose secret has a value, or that need none."""
    return {
        key: provider
        for key, provider in sorted(providers.items())
        if provider.secret is None or provider.secret in secrets
    }


def create_providers(
    pool: str,
    pool_id: pulumi.Input[str],
    pool_arn: pulumi.Input[str],
    providers: Mapping[str, ProviderSettings],
    place: ProviderPlace,
    opts: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    """Register providers, which are `ready`.

    Returns:
        What clients that name them wait for.
    """
    thing = function_thing(pool)
    links = {
        provider.secret: place.secrets[provider.secret].link
        for provider in providers.values()
        if provider.secret is not None
    }
    function = small_function(
        thing,
        "identity_provider",
        naming=place.naming,
        where=place.where,
        description=f"Registers providers of sign-in with user pool {pool}",
        grants=(
            Grant("KeepProviders", ACTIONS, (pool_arn,)),
            *(grant for link in links.values() for grant in link.grants),
        ),
        timeout=TIMEOUT,
        log_days=place.log_days,
        log_key_arn=place.log_key_arn,
        after=[resource for link in links.values() for resource in link.depends_on],
        tags={registered_tag(key): REGISTERED for key in providers},
        opts=opts,
    )
    return [
        aws.lambda_.Invocation(
            # What Cognito knows it by: under another key the deletion would take it along.
            f"{pool}-{provider.provider_name(key)}",
            function_name=function.resource.name,
            input=pulumi.Output.json_dumps(
                {
                    "pool": pool_id,
                    "name": provider.provider_name(key),
                    "type": RULES[provider.kind].type,
                    "details": provider.details,
                    "attributes": provider.mapping,
                    "secret": _secret(provider, place),
                    "version": provider.secret_version,
                }
            ),
            lifecycle_scope="CRUD",
            opts=pulumi.ResourceOptions(
                parent=opts.parent,
                depends_on=[*function.allowed],
                aliases=[pulumi.Alias(name=f"{pool}-{key}")],
            ),
        )
        for key, provider in providers.items()
    ]


def _secret(
    provider: ProviderSettings, place: ProviderPlace
) -> dict[str, pulumi.Input[str]] | None:
    if provider.secret is None:
        return None
    found: dict[str, pulumi.Input[str]] = {
        "arn": place.secrets[provider.secret].arn,
        "detail": str(RULES[provider.kind].secret),
    }
    return found | ({"field": provider.field} if provider.field is not None else {})


def provider_alarms(pool: str, naming: Naming) -> tuple[AlarmSpec, ...]:
    """A provider that could not be registered."""
    name = naming.of(Kind.FUNCTION, function_thing(pool))
    return function_alarms(
        function_thing(pool),
        name,
        title=f"User pool {pool}: a provider was not registered",
        meaning="Cognito keeps what it had: its users can't sign in by that provider, or by its "
        "former settings only.",
        action=f"Read the log group /aws/lambda/{name}; mend the secret or the provider and run "
        "the deployment again.",
        parent=f"user-pool-{pool}",
    )
