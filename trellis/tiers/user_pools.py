"""User pools of a stack file, and the functions that they call."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.api.routes import Pool
from components.auth.user_pool import Permit, UserPool
from components.functions.function import Function
from trellis.tiers.stack_context import StackContext

COGNITO = "cognito-idp.amazonaws.com"


def make_user_pools(stack: StackContext, functions: Mapping[str, Function]) -> dict[str, UserPool]:
    """The pools; they name their functions, which are not made yet."""
    found = {
        key: UserPool(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            functions={name: each.called_arn for name, each in functions.items()},
            protect=stack.protect,
            opts=stack.child,
        )
        for key, settings in stack.settings.user_pools.items()
    }
    if found:
        pulumi.export("userPools", {key: each.exports() for key, each in found.items()})
    return found


def let_pools_call(pools: Mapping[str, UserPool], functions: Mapping[str, Function]) -> None:
    """Let each pool call its functions, once those are made."""
    permits = {key: _permit(each) for key, each in functions.items()}
    for pool in pools.values():
        pool.let_call(permits)


def as_authorizers(pools: Mapping[str, UserPool]) -> dict[str, Pool]:
    """The pools as what APIs ask."""
    return {
        key: Pool(each.arn, each.issuer, tuple(each.client_ids.values()))
        for key, each in pools.items()
    }


def _permit(function: Function) -> Permit:
    def permit(name: str, source_arn: pulumi.Input[str]) -> pulumi.Resource:
        return function.permit(name, COGNITO, source_arn)

    return permit
