"""What calling an API takes of who signs requests with IAM; a token needs its address only."""

from __future__ import annotations

import pulumi

from components.api.settings import ApiSettings
from components.contracts import AccountRegion, Grant, Link
from components.parts.access import sid_part
from components.parts.offer import Offer

OFFER = Offer[ApiSettings](
    kind="api",
    accesses=("call",),
    default="call",
    variables={"url": "{KEY}_API_URL"},
    interface="execute-api",
)


def api_url(
    settings: ApiSettings, api_id: pulumi.Input[str], where: AccountRegion
) -> pulumi.Input[str]:
    """Where an API of either kind is called, with its stage."""
    if settings.domain is not None:
        return f"https://{settings.domain.name}"
    suffix = "amazonaws.com.cn" if where.partition == "aws-cn" else "amazonaws.com"
    rest = f".execute-api.{where.region}.{suffix}/{settings.stage}"
    return pulumi.Output.concat("https://", api_id, rest)


def api_link(
    key: str,
    settings: ApiSettings,
    access: str | None,
    *,
    execution_arn: pulumi.Input[str],
    url: pulumi.Input[str],
) -> Link:
    """What a caller of an API of either kind needs.

    Raises:
        UnknownAccessError: `access` is not `call`.
    """
    access = OFFER.chosen(key, settings, access)
    producer = f"api-{key}"
    arn = pulumi.Output.concat(execution_arn, "/", settings.stage, "/*")
    return Link(
        producer,
        access,
        grants=(Grant(f"Call{sid_part(producer)}", ("execute-api:Invoke",), (arn,)),),
        environment=OFFER.environment(key, settings, {"url": url}),
    )
