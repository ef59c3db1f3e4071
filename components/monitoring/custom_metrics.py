"""A namespace of the application's own metrics, as something that tasks use."""

from __future__ import annotations

from dataclasses import dataclass

from components.contracts import Grant, Link

AWS_PREFIX = "AWS/"
"""Only AWS puts metrics into such namespaces ("PutMetricData", CloudWatch API Reference)."""


@dataclass(frozen=True)
class CustomMetrics:
    """One of `monitoring.metrics`."""

    name: str
    """The stack file's key."""
    namespace: str

    def link(self, access: str) -> Link:
        """What a task needs to put metrics into the namespace.

        Raises:
            ValueError: `access` is not `put`.
        """
        if access != "put":
            raise ValueError("put")
        words = "".join(word.capitalize() for word in self.name.split("-"))
        # The action knows no resource, so a condition binds it ("Actions, resources, and condition
        # keys for Amazon CloudWatch", Service Authorization Reference, 2026-11).
        grant = Grant(
            f"PutMetrics{words}",
            ("cloudwatch:PutMetricData",),
            ("*",),
            {"StringEquals": {"cloudwatch:namespace": self.namespace}},
        )
        variable = self.name.upper().replace("-", "_")
        return Link(
            producer=f"metrics-{self.name}",
            access=access,
            grants=(grant,),
            environment={f"METRICS_{variable}_NAMESPACE": self.namespace},
        )
