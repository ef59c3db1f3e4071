"""The way from CloudFront to a load balancer that the internet can't reach.

Builds a VPC origin, once for each load balancer however many sites lead to it, and finds the
security group that CloudFront's interfaces in the network have.

Promises:
- HTTPS with TLS 1.2 only.
- The load balancer need let in nothing but `callers`: CloudFront's own group in this network, which
  only VPC origins of this account use. The managed prefix list of CloudFront would do, too, but
  holds everybody's distributions and weighs 55 of the 60 rules a security group has.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.contracts import Arn
from components.naming import Kind, Naming
from components.tags import name_tag

SERVICE_GROUP = "CloudFront-VPCOrigins-Service-SG"
"""The group that CloudFront makes in a network with its first VPC origin and keeps itself
("Restrict access with VPC origins", CloudFront, 2026-11)."""


@dataclass(frozen=True)
class BalancerOrigin:
    """An internal load balancer that answers some paths of sites."""

    arn: Arn
    dns_name: pulumi.Input[str]
    vpc_id: pulumi.Input[str]


class PrivateOrigin(pulumi.ComponentResource):
    """One load balancer as an origin. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        balancer: BalancerOrigin,
        *,
        naming: Naming,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the VPC origin.

        Args:
            name: the load balancer's key.
        """
        super().__init__("trellis:sites:PrivateOrigin", name, None, opts)
        self._balancer = balancer
        self._physical_name = naming.of(Kind.FUNCTION, "origin", name)
        self._origin = aws.cloudfront.VpcOrigin(
            name,
            vpc_origin_endpoint_config={
                "name": self._physical_name,
                "arn": balancer.arn,
                # Named because the API wants both; with `https-only` this one is never called.
                "http_port": 80,
                "https_port": 443,
                "origin_protocol_policy": "https-only",
                "origin_ssl_protocols": {"items": ["TLSv1.2"], "quantity": 1},
            },
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"id": self._origin.id})

    @property
    def name(self) -> str:
        """CloudFront's name of the VPC origin."""
        return self._physical_name

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN, decided by AWS."""
        return self._origin.arn

    @property
    def resource(self) -> aws.cloudfront.VpcOrigin:
        """The VPC origin."""
        return self._origin

    @property
    def origin_id(self) -> pulumi.Output[str]:
        """What a distribution's origin names."""
        return self._origin.id

    @property
    def domain_name(self) -> pulumi.Input[str]:
        """AWS's own name of the load balancer."""
        return self._balancer.dns_name

    @property
    def callers(self) -> pulumi.Output[str]:
        """Id of the security group that CloudFront's requests come from; unknown in a preview
        before the VPC origin exists, because CloudFront makes the group with it."""
        found = aws.ec2.get_security_group_output(
            name=SERVICE_GROUP,
            vpc_id=self._balancer.vpc_id,
            opts=pulumi.InvokeOutputOptions(parent=self, depends_on=[self._origin]),
        )
        return found.apply(lambda group: group.id)
