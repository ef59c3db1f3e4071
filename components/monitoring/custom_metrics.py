"""A namespace of the application's own metrics, as something that tasks use."""

from __future__ import annotations

from dataclasses import dataclass

from components.contracts import Grant, Link
from components.parts.access import sid_part
from components.parts.offer import Offer

AWS_PREFIX = "AWS/"
"""Only AWS puts metrics into such namespaces ("PutMetricData", CloudWatch API Reference)."""

OFFER = Offer[object](
    kind="metrics",
    accesses=("put",),
    default="put",
    variables={"namespace": "METRICS_{KEY}_NAMESPACE"},
    part="monitoring.metrics",
    interface="monitoring",
)


@dataclass(frozen=True)
class CustomMetrics:
    """One of `monitoring.metrics`."""

    name: str
    """The stack file's key."""
    namespace: str

    def link(self, access: str | None = None) -> Link:
        """What a task needs to put metrics into the namespace.

        Raises:
            UnknownAccessError: `access` is not `put`.
        """
        access = OFFER.chosen(self.name, self, access)
        # The action knows no resource, so a condition binds it ("Actions, resources, and condition
        # keys for Amazon CloudWatch", Service Authorization Reference, 2026-11).
        grant = Grant(
            f"PutMetrics{sid_part(self.name)}",
            ("cloudwatch:PutMetricData",),
            ("*",),
            {"StringEquals": {"cloudwatch:namespace": self.namespace}},
        )
        return Link(
            producer=f"metrics-{self.name}",
            access=access,
            grants=(grant,),
            environment=OFFER.environment(self.name, self, {"namespace": self.namespace}),
        )
