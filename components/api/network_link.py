"""Private ways from REST APIs into the network: VPC links to network load balancers.

Builds one VPC link for each network load balancer that services are called through. API Gateway
comes by AWS PrivateLink, so the load balancer's security group can't name it: rules for such
traffic are off there, and whoever else calls the load balancer is judged by them as before.

Promises:
- Requests go to the load balancer's TLS port, whose certificate is verified by its name.

Source: "Private integration using VPC links V1" and "Set up a Network Load Balancer for API Gateway
private integrations" (API Gateway Developer Guide, 2026-11). AWS advises VPC links V2 for new APIs;
those put the stage before the path that the service gets, and a REST API can't take it off.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.api.linked import Linked
from components.contracts import Arn
from components.naming import Kind, Naming
from components.tags import name_tag


class NetworkLink(Linked, pulumi.ComponentResource):
    """One VPC link of REST APIs. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        target_arn: Arn,
        *,
        naming: Naming,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the link.

        Args:
            name: key of the network load balancer.
            target_arn: ARN of the network load balancer.
        """
        super().__init__("trellis:api:NetworkLink", name, None, opts)
        self._physical_name = naming.of(Kind.VPC_TAG, f"{name}-nlb-link")
        self._link = aws.apigateway.VpcLink(
            f"{name}-nlb",
            name=self._physical_name,
            description=f"REST APIs to network load balancer {name}",
            target_arn=target_arn,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(
                parent=self,
                # AWS deletes none that a deployed integration names.
                delete_before_replace=False,
            ),
        )
        self.register_outputs({"id": self._link.id})

    @property
    def resource(self) -> aws.apigateway.VpcLink:
        """The link."""
        return self._link
