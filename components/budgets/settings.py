"""What a person says of money: budgets a month, and what is told of sudden changes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.parts.address import Email
from components.parts.model import Entry, Settings

MOST_NOTICES = 5
"""Notifications of a budget ("Quotas and restrictions", AWS Cost Management Guide, 2026-11)."""

MOST_USD = 1_000_000_000
"""More than AWS earns from anybody: a slip of the hand."""

MOST_ADDRESSES = 10
"""Addresses of one notification (same page)."""


def _own_tag(key: str) -> str:
    if key.startswith("aws:"):
        raise ValueError("a tag of your own, whose key does not begin with aws:")
    return key


CostTag = Annotated[
    str, StringConstraints(pattern=r"^[^$]+$", max_length=128), AfterValidator(_own_tag)
]
"""Key of a tag of one's own; AWS Budgets ends it at a `$` ("CostFilters", 2026-11)."""


class NoticeSettings(Settings):
    """When somebody is told of a budget."""

    percent: Annotated[float, Field(gt=0, le=1_000)] | None = None
    """Of the budget."""
    usd: Annotated[float, Field(gt=0)] | None = None
    """US dollars, instead of percent."""
    of: Literal["actual", "forecast"] = "actual"
    """What is spent, or what AWS expects until the end of the month."""

    @model_validator(mode="after")
    def _one_measure(self) -> NoticeSettings:
        if (self.percent is None) == (self.usd is None):
            raise ValueError("either `percent` or `usd`")
        return self


DEFAULT_NOTICES = (
    NoticeSettings(percent=80),
    NoticeSettings(percent=100),
    NoticeSettings(percent=100, of="forecast"),
)


class BudgetSettings(Entry):
    """A monthly budget of the account, or of what carries certain tags."""

    monthly: Annotated[float, Field(gt=0, le=MOST_USD)]
    """US dollars."""
    notices: Annotated[tuple[NoticeSettings, ...], Field(min_length=1, max_length=MOST_NOTICES)] = (
        DEFAULT_NOTICES
    )
    """When the alerts topic is told."""
    scope: Literal["account", "stack"] = "account"
    """`stack`: only what carries this stack's tags System and Environment. Switch both on as cost
    allocation tags in the billing console, a day after the first `up`: until then it counts
    nothing."""
    tags: Annotated[dict[CostTag, str], Field(max_length=1)] = Field(default_factory=dict[str, str])
    """Only what carries this tag, switched on as a cost allocation tag. One: of several, AWS
    Budgets would count what carries any."""
    emails: Annotated[tuple[Email, ...], Field(max_length=MOST_ADDRESSES)] = ()
    """Addresses that are told beside the topic."""

    @model_validator(mode="after")
    def _one_filter(self) -> BudgetSettings:
        if self.scope == "stack" and self.tags:
            raise ValueError("`scope: stack` or `tags`, not both: each says what is counted")
        return self

    @model_validator(mode="after")
    def _each_notice_once(self) -> BudgetSettings:
        if len(set(self.notices)) < len(self.notices):
            raise ValueError("each of `notices` once")
        return self


class AnomalySettings(Settings):
    """Alerts on unusual spending (AWS Cost Anomaly Detection), sent to the alerts topic at once."""

    usd: Annotated[float, Field(gt=0)] = 20
    """US dollars above what was expected, from which on it is told."""
    percent: Annotated[float, Field(gt=0)] = 40
    """And so much above it, in percent."""
    emails: Annotated[tuple[Email, ...], Field(max_length=MOST_ADDRESSES)] = ()
    """Who also gets a summary each day."""
    tags: Annotated[dict[CostTag, str], Field(max_length=1)] = Field(default_factory=dict[str, str])
    """Only what carries this tag, switched on as a cost allocation tag; else every service of the
    account, of which AWS makes one monitor an account: let one stack have it."""
