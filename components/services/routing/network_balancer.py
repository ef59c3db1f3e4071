"""The network load balancer component: TCP, UDP and TLS in, to services whose listeners name it.

Builds a Network Load Balancer with a security group, and for each port that a service listens by a
listener, its certificates, and a rule that lets clients in.

Promises:
- Nothing is open but the ports of listeners, to `from` alone.
- Its security group lets out nothing but what services' listeners ask for.
- It has its security group from the beginning: AWS takes none later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import AlarmSpec, Arn, Placement, SubnetTier, WidgetSpec
from components.naming import Naming
from components.parts.security_group import rule_options, security_group
from components.services.names import LOAD_BALANCER_NAME
from components.services.routing.balancing import Balancing, name_parts
from components.services.routing.network_balancer_alarms import (
    network_balancer_alarms,
    network_balancer_widgets,
)
from components.services.routing.network_settings import (
    ListenerSettings,
    NetworkLoadBalancerSettings,
)
from components.tags import name_tag

ANYWHERE = "0.0.0.0/0"


class NetworkLoadBalancer(Balancing, pulumi.ComponentResource):
    """One Network Load Balancer. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: NetworkLoadBalancerSettings,
        *,
        naming: Naming,
        placement: Placement,
        certificate_arns: Mapping[str, Arn],
        log_bucket: pulumi.Input[str] | None = None,
        log_prefix: str = "network-load-balancers",
        after: Sequence[pulumi.Resource] = (),
        linked: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the load balancer; listeners follow by `listen`.

        Args:
            name: Pulumi name, the load balancer's key; the prefix of every child's.
            placement: public subnets, or private ones for an internal load balancer.
            certificate_arns: ACM certificates of this region for listeners with `tls`, each by a
                name that stays with it; the first is the default.
            log_bucket: name of the bucket for access logs.
            log_prefix: what their keys begin with.
            after: what it waits for: AWS tries at once whether it may write its logs.
            linked: whether a VPC link of a REST API leads to it, which comes by PrivateLink from
                addresses that no rule can name.

        Raises:
            ValueError: it would be public in subnets without an internet gateway.
        """
        if settings.scheme == "public" and placement.tier is not SubnetTier.PUBLIC:
            raise ValueError(f"network load balancer {name}: a public one stands in public subnets")
        things = name_parts(settings.scheme, "nlb", name)
        self._physical_name = naming.chosen(LOAD_BALANCER_NAME, settings.name, *things)
        super().__init__("trellis:services:NetworkLoadBalancer", name, None, opts)
        self._key = name
        self._settings = settings
        self._placement = placement
        self._certificates = certificate_arns
        self._child = pulumi.ResourceOptions(parent=self)
        label = f"{name}-nlb"
        self._group = security_group(
            label,
            physical_name=self._physical_name,
            description=f"Network load balancer {name}",
            vpc_id=placement.vpc_id,
            opts=self._child,
        )
        self._balancer = aws.lb.LoadBalancer(
            label,
            name=self._physical_name,
            load_balancer_type="network",
            internal=settings.scheme == "internal",
            security_groups=[self._group.id],
            subnets=placement.one_a_zone,
            ip_address_type="ipv4",
            enforce_security_group_inbound_rules_on_private_link_traffic=(
                "off" if linked else "on"
            ),
            enable_cross_zone_load_balancing=settings.cross_zone,
            enable_deletion_protection=settings.deletion_protection,
            access_logs={"bucket": log_bucket, "prefix": log_prefix, "enabled": True}
            if log_bucket is not None
            else None,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=list(after),
                # Names lead to the old one until the new one stands.
                delete_before_replace=False,
            ),
        )
        self.register_outputs({"dnsName": self.dns_name, "arn": self.arn})

    @property
    def given_name(self) -> str | None:
        """What the stack file names it; another name makes it anew."""
        return self._settings.name

    @property
    def scheme(self) -> str:
        """`public` or `internal`."""
        return self._settings.scheme

    @property
    def resource(self) -> aws.lb.LoadBalancer:
        """The load balancer."""
        return self._balancer

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Connections it had no port or no capacity for."""
        return network_balancer_alarms(self._key, self.arn_suffix)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Connections, bytes, and what was refused or broken off."""
        return network_balancer_widgets(self._key, self.arn_suffix)

    def listen(
        self, settings: ListenerSettings, target_group_arn: pulumi.Input[str]
    ) -> tuple[pulumi.Resource, ...]:
        """Make the listener of one port, and let clients call it; once for each port.

        It belongs to the load balancer, not to the service behind it: a port that goes to another
        service is led there in place.

        Returns:
            What must be there before a task is called through it.

        Raises:
            ValueError: `tls` without a certificate.
        """
        tls = settings.protocol == "tls"
        if tls and not self._certificates:
            raise ValueError(f"network load balancer {self._key}: a certificate for its TLS")
        label = f"{self._key}-nlb-{settings.port}"
        arns = list(self._certificates.items()) if tls else []
        listener = aws.lb.Listener(
            label,
            load_balancer_arn=self._balancer.arn,
            port=settings.port,
            protocol=settings.protocol.upper(),
            ssl_policy=self._settings.tls_policy if tls else None,
            certificate_arn=arns[0][1] if arns else None,
            alpn_policy=settings.alpn or ("None" if tls else None),
            tcp_idle_timeout_seconds=settings.idle_seconds,
            default_actions=[{"type": "forward", "target_group_arn": target_group_arn}],
            tags=name_tag(f"{self._physical_name}-{settings.port}"),
            opts=self._child,
        )
        for name, arn in arns[1:]:
            aws.lb.ListenerCertificate(
                f"{label}-{name}",
                listener_arn=listener.arn,
                certificate_arn=arn,
                opts=pulumi.ResourceOptions(parent=listener),
            )
        everyone: pulumi.Input[str] = (
            ANYWHERE if self.scheme == "public" else self._placement.vpc_cidr
        )
        sources: list[pulumi.Input[str]] = [*self._settings.sources] or [everyone]
        entries = [self._create_entry(settings, source) for source in sources]
        return (listener, *entries)

    def _create_entry(
        self, settings: ListenerSettings, source: pulumi.Input[str]
    ) -> aws.vpc.SecurityGroupIngressRule:
        label = _label(source)
        carried = settings.carried
        return aws.vpc.SecurityGroupIngressRule(
            f"{self._key}-nlb-{settings.port}-{carried}-from-{label}",
            security_group_id=self._group.id,
            cidr_ipv4=source,
            ip_protocol=carried,
            from_port=settings.port,
            to_port=settings.port,
            description=f"{settings.protocol.upper()} {settings.port} from {label}",
            tags=name_tag(f"{self._physical_name}-{settings.port}"),
            opts=rule_options(self._child),
        )


def _label(source: pulumi.Input[str]) -> str:
    if not isinstance(source, str):
        return "network"
    return "anywhere" if source == ANYWHERE else source.replace("/", "-")
