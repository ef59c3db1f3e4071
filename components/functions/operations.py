"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:lambda/alias:Alias": call("lambda", "CreateAlias"),
    "aws:lambda/eventSourceMapping:EventSourceMapping": call(
        "lambda",
        "CreateEventSourceMapping",
        filterCriteria="FilterCriteria",
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": call(
        "lambda",
        "PutFunctionEventInvokeConfig",
        maximumEventAgeInSeconds="MaximumEventAgeInSeconds",
    ),
    "aws:lambda/functionUrl:FunctionUrl": call(
        "lambda", "CreateFunctionUrlConfig", authorizationType="AuthType"
    ),
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": call(
        "lambda", "PutProvisionedConcurrencyConfig"
    ),
}
"""By Pulumi type token."""
