"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import UUID, AutoName, Scope, Shape

_ARN = "arn:{partition}:lambda:{region}:{account}:"


_INVOKE = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"


def function_arn(scope: Scope) -> str:
    """The function's ARN, whether the program gave an ARN or a name."""
    name = str(scope["functionName"])
    return name if name.startswith("arn:") else scope.text(_ARN + "function:") + name


SHAPES: Mapping[str, Shape] = {
    "aws:lambda/eventSourceMapping:EventSourceMapping": Shape(
        id=UUID,
        defaults={"enabled": True},
        computed={
            "arn": _ARN + "event-source-mapping:{id}",
            "functionArn": function_arn,
            "lastModified": "2026-11-02T08:00:00Z",
            "lastProcessingResult": "",
            "maximumRecordAgeInSeconds": 0,
            "maximumRetryAttempts": 0,
            "parallelizationFactor": 0,
            "state": "Enabled",
            "stateTransitionReason": "USER_INITIATED",
            "uuid": "{id}",
        },
    ),
    "aws:lambda/alias:Alias": Shape(
        id=lambda s: function_arn(s) + s.text(":{name}"),
        computed={"arn": "{id}", "invokeArn": _INVOKE + "{arn}/invocations"},
        named=AutoName(limit=128),
        tagged=False,
    ),
    "aws:lambda/functionUrl:FunctionUrl": Shape(
        id="{functionName}",
        defaults={"invokeMode": "BUFFERED"},
        computed={
            "functionArn": function_arn,
            "urlId": "{lower:32}",
            "functionUrl": "https://{urlId}.lambda-url.{region}.on.aws/",
        },
        tagged=False,
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": Shape(
        id="{functionName}", defaults={"maximumRetryAttempts": 2}, tagged=False
    ),
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": Shape(
        id="{functionName},{qualifier}", defaults={"skipDestroy": False}, tagged=False
    ),
}
"""By Pulumi type token."""
