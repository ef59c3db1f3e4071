"""User pools of a stack file, and the functions that they call."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.api.routes import Pool
from components.auth.providers import (
    ProviderPlace,
    ProviderSecret,
    function_thing,
    registered_tag,
)
from components.auth.settings import UserPoolSettings
from components.auth.user_pool import Permit, PoolMail, UserPool
from components.contracts import Domain
from components.functions.function import Function
from components.mail.identity import MailIdentity
from components.naming import Kind, Naming
from components.secrets.secret import Secret, secret_name
from components.services.routing.sign_in import OPENID, SignInPool
from trellis.stackfile.context import Context
from trellis.stackfile.problems import Problem, StackFileError
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.asking import found_or_none
from trellis.tiers.given_secrets import has_value
from trellis.tiers.stack_context import StackContext

NO_FUNCTION = ("couldn't find resource", "ResourceNotFoundException")
"""How the provider says that there is no such function (data source `aws_lambda_function`, v7)."""

COGNITO = "cognito-idp.amazonaws.com"


MAILS_A_DAY = 50
"""That Cognito sends by itself ("Quotas in Amazon Cognito", from memory, 2026-11)."""


def _warn_of_messages(stack: StackContext) -> None:
    """Tell of what Cognito sends to nobody, or to few."""
    for key, pool in stack.settings.user_pools.items():
        if pool.existing is not None:
            continue
        if "phone" in pool.sign_in:
            pulumi.log.warn(
                f"pool {key} sends no text messages: who signs up by telephone number gets no "
                "code, and is let in by a `preSignUp` function alone, or by an administrator"
            )
        writes = "email" in pool.sign_in or pool.recovery == "email"
        if pool.mail is None and writes and stack.settings.profile == "production":
            whom = "signs up gets no code" if pool.self_sign_up else "is invited hears nothing"
            pulumi.log.warn(
                f"pool {key} sends its mail by Cognito's own mailer, {MAILS_A_DAY} a day at most: "
                f"beyond that who {whom}, and nobody gets a new password. "
                f"`userPools.{key}.mail` has it go out by SES, as a domain of `mail`"
            )


def make_user_pools(
    stack: StackContext,
    context: Context,
    functions: Mapping[str, Function],
    secrets: Mapping[str, Secret],
    domains: Mapping[str, MailIdentity],
    *,
    provider: pulumi.ProviderResource,
) -> dict[str, UserPool]:
    """The pools; they name their functions, which are not made yet.

    Args:
        domains: that mail is sent as, by key.
    """
    _warn_of_messages(stack)
    place = ProviderPlace(
        stack.naming,
        stack.where,
        _provider_secrets(stack, context, secrets, provider),
        stack.log_days,
        stack.key(Domain.LOGS),
    )
    found = {
        key: UserPool(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            functions={name: function.called_arn for name, function in functions.items()},
            providers=place,
            mail=_mail_of(settings, domains),
            protect=stack.protect,
            opts=stack.child,
        )
        for key, settings in stack.settings.user_pools.items()
    }
    if found:
        pulumi.export("userPools", {key: user_pool.exports() for key, user_pool in found.items()})
    return found


def _mail_of(settings: UserPoolSettings, domains: Mapping[str, MailIdentity]) -> PoolMail | None:
    if settings.mail is None:
        return None
    domain = domains[settings.mail.domain]
    return PoolMail(domain.arn, domain.configuration_set, domain.link("send").depends_on)


def _provider_secrets(
    stack: StackContext,
    context: Context,
    secrets: Mapping[str, Secret],
    provider: pulumi.ProviderResource,
) -> dict[str, ProviderSecret]:
    """Secrets of providers that have a value, by key; the others are told.

    Raises:
        StackFileError: a provider is registered whose secret has no value any more. What is not
            registered again would be taken away, and its users with it.
    """
    found: dict[str, ProviderSecret] = {}
    for key, pool in stack.settings.user_pools.items():
        for name, identity_provider in pool.providers.items():
            if identity_provider.secret is None or identity_provider.secret in found:
                continue
            physical = secret_name(
                identity_provider.secret,
                stack.settings.secrets[identity_provider.secret],
                stack.naming,
            )
            if has_value(physical, context, provider):
                secret = secrets[identity_provider.secret]
                found[identity_provider.secret] = ProviderSecret(secret.arn, secret.link("read"))
            elif is_registered(stack.naming, key, name, provider):
                raise StackFileError([_lost(key, name, physical)])
            else:
                pulumi.log.warn(
                    f"users of pool {key} can't sign in by {name} yet: it waits for a value of the "
                    f"secret {physical} (`trellis secrets set`, then `up` again)"
                )
    return found


def is_registered(naming: Naming, pool: str, name: str, provider: pulumi.ProviderResource) -> bool:
    """Whether the pool's function was given the provider in an earlier deployment.

    Raises:
        Exception: anything else than a missing function went wrong.
    """
    found = found_or_none(
        lambda: aws.lambda_.get_function(
            function_name=naming.of(Kind.FUNCTION, function_thing(pool)),
            opts=pulumi.InvokeOptions(provider=provider),
        ),
        NO_FUNCTION,
    )
    return found is not None and registered_tag(name) in (found.tags or {})


def _lost(pool: str, name: str, secret: str) -> Problem:
    return Problem(
        ("userPools", pool, "providers", name, "secret"),
        f"{secret}, which has no value any more, and users of pool {pool} sign in by {name}",
        "a secret with a value",
        "set it again (`trellis secrets set`); to take the provider away on purpose, take it out "
        "of the stack file",
    )


def let_pools_call(pools: Mapping[str, UserPool], functions: Mapping[str, Function]) -> None:
    """Let each pool call its functions, once those are made."""
    permits = {key: _permit(function) for key, function in functions.items()}
    for pool in pools.values():
        pool.let_call(permits)


def as_authorizers(pools: Mapping[str, UserPool]) -> dict[str, Pool]:
    """The pools as what APIs ask."""
    return {
        key: Pool(pool.arn, pool.issuer, tuple(pool.client_ids.values()))
        for key, pool in pools.items()
    }


def as_sign_in(pools: Mapping[str, UserPool], settings: SystemSettings) -> dict[str, SignInPool]:
    """The pools with sign-in pages, as what load balancers let users in by."""
    found: dict[str, SignInPool] = {}
    for key, pool in pools.items():
        pool_settings = settings.user_pools[key]
        # What clients of somebody else's pool may ask for is not known; this they all may.
        scopes = dict.fromkeys(pool_settings.client_ids, (OPENID,))
        scopes |= {name: client.scopes for name, client in pool_settings.clients.items()}
        if pool.pages is not None:
            found[key] = SignInPool(pool.arn, pool.pages, pool.client_ids, scopes, pool.providers)
    return found


def _permit(function: Function) -> Permit:
    def permit(name: str, source_arn: pulumi.Input[str]) -> pulumi.Resource:
        return function.permit(name, COGNITO, source_arn)

    return permit
