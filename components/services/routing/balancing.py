"""What a load balancer of either kind shows to whoever is behind it, names it or watches it."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws


class Balancing:
    """The part of an application and a network load balancer that is the same."""

    _key: str
    _physical_name: str
    _group: aws.ec2.SecurityGroup

    @property
    def resource(self) -> aws.lb.LoadBalancer:
        """The load balancer."""
        raise NotImplementedError

    @property
    def key(self) -> str:
        """The stack file's key."""
        return self._key

    @property
    def name(self) -> str:
        """Its name in AWS."""
        return self._physical_name

    @property
    def arn(self) -> pulumi.Output[str]:
        """What a web application firewall is associated with, or a VPC link leads to."""
        return self.resource.arn

    @property
    def dns_name(self) -> pulumi.Output[str]:
        """AWS's own name of it, for alias records."""
        return self.resource.dns_name

    @property
    def zone_id(self) -> pulumi.Output[str]:
        """Hosted zone of `dns_name`, for alias records."""
        return self.resource.zone_id

    @property
    def arn_suffix(self) -> pulumi.Output[str]:
        """What CloudWatch calls it, as in `app/clubapp-dev-alb/0123456789abcdef`."""
        return self.resource.arn_suffix

    @property
    def security_group_id(self) -> pulumi.Output[str]:
        """Its security group, which services let in."""
        return self._group.id


def name_parts(scheme: str, *things: str) -> tuple[str, ...]:
    """What a load balancer's name is made of, where a stack file says none.

    AWS can't change the scheme, and two of one name can't stand beside each other.
    """
    return things if scheme == "public" else (*things, scheme)
