"""The permission boundary that a stack file gives to every role of its system."""

from __future__ import annotations

from collections.abc import Callable

import pulumi

from components.contracts import AccountRegion

Transformation = Callable[
    [pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None
]


def bounded(name: str | None, where: AccountRegion) -> list[Transformation]:
    """What gives every role below a component the boundary of that name; nothing without one."""
    if name is None:
        return []
    arn = where.arn("iam", f"policy/{name}", regional=False)

    def bound(
        given: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if given.type_ != "aws:iam/role:Role":
            return None
        props = {**given.props, "permissions_boundary": arn}
        return pulumi.ResourceTransformationResult(props, given.opts)

    return [bound]
