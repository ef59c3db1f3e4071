"""What calling a function takes: by its ARN, or by its URL."""

from __future__ import annotations

from collections.abc import Mapping

from components.contracts import Arn, Grant
from components.functions.settings import FunctionSettings
from components.parts.access import sid_part
from components.parts.offer import Offer


def _more(settings: FunctionSettings) -> Mapping[str, str]:
    return {"url": "{KEY}_FUNCTION_URL"} if settings.url else {}


def _unavailable(key: str, settings: FunctionSettings) -> Mapping[str, tuple[str, str]]:
    if settings.url:
        return {}
    found = f"the URL of function {key}, which has none"
    return {"url": (found, f"`url: true` in functions.{key}, or another access")}


OFFER = Offer[FunctionSettings](
    kind="function",
    accesses=("call", "url"),
    default="call",
    variables={"arn": "{KEY}_FUNCTION"},
    more=_more,
    unavailable=_unavailable,
    interface="lambda",
)


def call_grants(key: str, arn: Arn) -> tuple[Grant, ...]:
    """Call it, and wait or not."""
    return (Grant(f"Call{sid_part(f'function-{key}')}", ("lambda:InvokeFunction",), (arn,)),)


def url_grants(key: str, arn: Arn) -> tuple[Grant, ...]:
    """Send signed requests to its URL, and to nothing else.

    Both actions are asked for since October 2025 ("Control access to Lambda function URLs", AWS
    Lambda Developer Guide, 2026-11).
    """
    label = sid_part(f"function-{key}")
    return (
        Grant(
            f"Url{label}",
            ("lambda:InvokeFunctionUrl",),
            (arn,),
            {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}},
        ),
        Grant(
            f"CallByUrl{label}",
            ("lambda:InvokeFunction",),
            (arn,),
            {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
        ),
    )
