"""The ARN by which API Gateway calls a function."""

from __future__ import annotations

import pulumi

from components.contracts import AccountRegion, Arn


def invocation_arn(where: AccountRegion, function_arn: Arn) -> Arn:
    """What integrations and authorizers name, as known as the function's own ARN.

    Source: "AWS_PROXY" under `uri` of "PutIntegration" (Amazon API Gateway API Reference, 2026-11).
    """
    head = f"arn:{where.partition}:apigateway:{where.region}:lambda:path/2015-03-31/functions/"
    if isinstance(function_arn, str):
        return f"{head}{function_arn}/invocations"
    return pulumi.Output.concat(head, function_arn, "/invocations")
