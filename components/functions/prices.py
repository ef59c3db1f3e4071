"""What this package's resources cost.

Sources: "AWS Lambda Pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule, known
from components.parts.charges import HOURS, Charge, Free, NotPriced, Pricing, Row
from components.parts.prices import FREE_LAMBDA, architecture
from components.parts.spread import Spread, decimal

FUNCTION = "aws:lambda/function:Function"

SECONDS = HOURS * 3_600


def provisioned_concurrency(asked: Asked) -> Iterator[Pricing]:
    """What is kept ready, all month."""
    target = asked.plan.behind(asked.resource, "functionName", FUNCTION)
    count = asked.get("provisionedConcurrentExecutions")
    if target is None or count is None:
        yield NotPriced("functions kept ready", "which, or how many, is not known here")
        return
    memory = decimal(known(target.inputs.get("memorySize"), 128)) / 1024
    key = f"AWSLambda/provisionedConcurrency/{architecture(target)}/gbSecond"
    quantity = Spread.flat(memory * count * SECONDS)
    yield Charge(key, "functions kept ready", quantity, (asked.because(f"{count} of them"),))


RULES: Mapping[str, Rule] = {
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": provisioned_concurrency,
}


FREE: Mapping[str, Free] = {
    "aws:lambda/alias:Alias": FREE_LAMBDA,
    "aws:lambda/eventSourceMapping:EventSourceMapping": FREE_LAMBDA,
    "aws:lambda/functionUrl:FunctionUrl": FREE_LAMBDA,
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": FREE_LAMBDA,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("functions", "invocations"): ((1e3, 1e5, 1e6), (1e4, 1e6, 1e7), (1e5, 1e7, 1e8)),
    ("functions", "milliseconds"): ((50, 200, 1_000), (50, 200, 1_000), (50, 200, 1_000)),
}  # fmt: skip
