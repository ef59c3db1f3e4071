"""One of the application's own log groups, as something that is written to."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.contracts import AccountRegion, Grant, Link
from components.parts.access import sid_part
from components.parts.offer import Offer

OFFER = Offer[object](
    kind="logs",
    accesses=("write",),
    default="write",
    variables={"name": "{KEY}_LOG_GROUP"},
    part="monitoring.logs",
    interface="logs",
)


@dataclass(frozen=True)
class ApplicationLog:
    """One of `monitoring.logs`."""

    key: str
    """The stack file's."""
    group: str
    """Physical name, known from the settings alone."""
    where: AccountRegion

    def link(self, access: str | None = None) -> Link:
        """What a writer needs: streams of its own in exactly this group, which is there already.

        Libraries look which streams there are before they write, which is a right of the group's.

        Raises:
            UnknownAccessError: `access` is not `write`.
        """
        access = OFFER.chosen(self.key, self, access)
        group = self.where.arn("logs", f"log-group:{self.group}")
        within = f"{group}:*" if isinstance(group, str) else pulumi.Output.concat(group, ":*")
        label = sid_part(f"log-{self.key}")
        return Link(
            f"logs-{self.key}",
            access,
            grants=(
                Grant(f"Write{label}", ("logs:CreateLogStream", "logs:PutLogEvents"), (within,)),
                Grant(f"Look{label}", ("logs:DescribeLogStreams",), (group, within)),
            ),
            environment=OFFER.environment(self.key, self, {"name": self.group}),
        )
