"""Private ways from HTTP APIs into the network: VPC links to load balancers.

Builds for each load balancer that services are called through a security group, the two rules
between it and the load balancer's, and a VPC link in the load balancer's own kind of subnets.

Promises:
- A link lets out to its load balancer's HTTPS port and to nothing else.
- The load balancer's certificate is verified by the name that the request is for.

Source: "Create private integrations for HTTP APIs in API Gateway" (API Gateway Developer Guide,
2026-11).
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.api.linked import Linked
from components.contracts import Doorway, Endpoint
from components.naming import Kind, Naming
from components.parts.security_group import connect, security_group
from components.tags import name_tag


class VpcLink(Linked, pulumi.ComponentResource):
    """One VPC link. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        doorway: Doorway,
        *,
        naming: Naming,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the link.

        Args:
            name: key of the load balancer.
        """
        super().__init__("trellis:api:VpcLink", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = f"{name}-link"
        self._physical_name = naming.of(Kind.VPC_TAG, label)
        group = security_group(
            label,
            physical_name=naming.of(Kind.SECURITY_GROUP, name, "api-link"),
            description=f"VPC link to load balancer {name}",
            vpc_id=doorway.placement.vpc_id,
            opts=child,
        )
        endpoint = Endpoint(f"load-balancer-{name}", doorway.security_group_id, doorway.port)
        rules = connect(label, group.id, endpoint, opts=child)
        self._listener_arn = doorway.listener_arn
        self._link = aws.apigatewayv2.VpcLink(
            name,
            name=self._physical_name,
            security_group_ids=[group.id],
            subnet_ids=doorway.placement.one_a_zone,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=list(rules),
                # Integrations move to the new one; without any they would answer nobody.
                delete_before_replace=False,
            ),
        )
        self.register_outputs({"id": self._link.id})

    @property
    def resource(self) -> aws.apigatewayv2.VpcLink:
        """The link."""
        return self._link

    @property
    def listener_arn(self) -> pulumi.Input[str]:
        """Where the load balancer listens."""
        return self._listener_arn
