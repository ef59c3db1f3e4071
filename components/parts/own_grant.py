"""A grant in IAM's own words, for what no producer of a stack file offers."""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import Field, StringConstraints

from components.contracts import Grant, Link
from components.parts.model import Settings

ActionName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+:[A-Za-z0-9]*\*?$")]
"""As in `textract:AnalyzeDocument`; a `*` may end it, and the pack judges it."""

ResourceName = Annotated[str, StringConstraints(pattern=r"^(\*|arn:aws[a-z-]*:.+)$")]
"""An ARN, in which `*` stands for any characters, or `*` where an action knows no resource."""


ConditionOperator = Annotated[
    str,
    StringConstraints(
        pattern=r"^(ForAllValues:|ForAnyValue:)?(String(Not)?Equals(IgnoreCase)?|String(Not)?Like"
        r"|(Numeric|Date)((Not)?Equals|(Less|Greater)Than(Equals)?)|Bool|BinaryEquals"
        r"|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$"
    ),
]
"""As in `StringEquals` ("IAM JSON policy elements: Condition operators", IAM User Guide,
2026-11)."""


class GrantSettings(Settings):
    """One statement that allows something: the policy pack judges it like any other."""

    actions: Annotated[tuple[ActionName, ...], Field(min_length=1)]
    """IAM actions that are allowed, as in `s3:GetObject`."""
    resources: Annotated[tuple[ResourceName, ...], Field(min_length=1)]
    """ARNs that they are allowed on."""
    conditions: dict[ConditionOperator, dict[str, str | tuple[str, ...]]] = Field(
        default_factory=dict[str, dict[str, str | tuple[str, ...]]]
    )
    """Operator, then condition key, then value, as in an IAM policy document."""

    @property
    def label(self) -> str:
        """What tells it from other grants: the first action, and digits of all it says."""
        service, _, action = self.actions[0].partition(":")
        digits = hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:6]
        return f"{service}-{action.rstrip('*').lower() or 'all'}-{digits}"


def own_grant(settings: GrantSettings) -> Link:
    """The link that a line with a grant of one's own means: the statement, and nothing else."""
    words = "".join(part.capitalize() for part in settings.label.split("-"))
    grant = Grant(f"Own{words}", settings.actions, settings.resources, settings.conditions)
    return Link(producer=f"grant-{settings.label}", access="own", grants=(grant,))
