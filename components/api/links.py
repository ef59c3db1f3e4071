"""What calling an API takes of who signs requests with IAM; a token needs its address only."""

from __future__ import annotations

from components.api.settings import ApiSettings
from components.parts.offer import Offer

OFFER = Offer[ApiSettings](
    kind="api",
    accesses=("call",),
    default="call",
    variables={"url": "{KEY}_API_URL"},
    interface="execute-api",
)
