"""Who hears of alarms: mail, text message, webhook, chat or pager."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import unquote

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.parts.address import Email
from components.parts.model import ENCRYPTED, Confidential, Key, Keyed, Settings
from components.parts.reference import Reference

SEVERITIES = ("notify", "page")

WEBHOOK = re.compile(r"^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?([/?]\S*)?$")


def _webhook(value: str | None) -> str | None:
    """An encrypted value has no form that could be judged before the engine decrypts it."""
    if value is None or value == ENCRYPTED or WEBHOOK.match(value):
        return value
    raise ValueError("an address that starts with https:// and a host")


CHANNEL = re.compile(r"19:[A-Za-z0-9_=+/.,-]+@thread\.[A-Za-z0-9]+")


def _channel(value: str) -> str:
    """The id as the API takes it: percent-encoded ("CreateMicrosoftTeamsChannelConfiguration",
    AWS Chatbot API, 2026-11)."""
    plain = unquote(value)
    if not CHANNEL.fullmatch(plain):
        raise ValueError(
            "a Teams channel's id, as in 19:ab0d...@thread.tacv2 or 19%3aab0d...%40thread.tacv2"
        )
    return plain.replace(":", "%3a").replace("@", "%40")


Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class SlackSettings(Settings):
    """A Slack channel; its workspace was once authorized in the AWS console."""

    workspace: Annotated[str, StringConstraints(pattern=r"^T[A-Z0-9]{8,}$")]
    """Workspace id, as `T07EA123LEP`."""
    channel: Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]{8,}$")]
    """Channel id, as `C07EZ1ABC23`."""


class TeamsSettings(Settings):
    """A Microsoft Teams channel; its team was once authorized in the AWS console."""

    tenant: Uuid
    """Tenant id, a UUID."""
    team: Uuid
    """Team id, a UUID."""
    channel: Annotated[str, AfterValidator(_channel)]
    """Channel id, as `19:...@thread.tacv2`, or as links to it say it: `19%3a...%40thread.tacv2`."""


WAYS = ("email", "sms", "https", "slack", "teams", "pagerduty")


class SubscriberSettings(Keyed):
    """One who hears of alarms: exactly one way to be told."""

    email: Email | None = None
    """Address; AWS sends it a link to confirm first."""
    sms: Annotated[str, StringConstraints(pattern=r"^\+[1-9]\d{6,14}$")] | None = None
    """Telephone number, as +14155550100."""
    https: Annotated[str | None, AfterValidator(_webhook), Confidential()] = None
    """Webhook; `secure:` where its address is a secret itself."""
    slack: SlackSettings | None = None
    teams: TeamsSettings | None = None
    pagerduty: Annotated[Key, Reference("secrets")] | None = None
    """Key of the secret that holds the integration key (Events API v2)."""
    hears: Annotated[tuple[Literal["notify", "page"], ...], Field(min_length=1)] = SEVERITIES
    """`notify`: what can wait for working hours; `page`: what can't."""

    @model_validator(mode="after")
    def _one_way(self) -> SubscriberSettings:
        named = [way for way in WAYS if getattr(self, way) is not None]
        if len(named) != 1:
            raise ValueError(f"exactly one of {', '.join(WAYS)}")
        return self
