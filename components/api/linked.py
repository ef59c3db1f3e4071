"""What a VPC link of either kind of API shows to integrations."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws


class Linked:
    """The part of a link of HTTP APIs and of REST APIs that is the same."""

    _physical_name: str

    @property
    def resource(self) -> aws.apigateway.VpcLink | aws.apigatewayv2.VpcLink:
        """The link."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """Its name in API Gateway."""
        return self._physical_name

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN, decided by AWS."""
        return self.resource.arn

    @property
    def link_id(self) -> pulumi.Output[str]:
        """What integrations name."""
        return self.resource.id
