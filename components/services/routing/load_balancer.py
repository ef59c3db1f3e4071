"""The load balancer component: HTTPS in, and out only to the services whose routes name it.

Builds an Application Load Balancer, its security group, the HTTPS listener whose default answer is
a fixed 404, the redirect from port 80, further certificates, and for blue/green deployments a test
listener.

Promises:
- What no route names is answered here with 404; no service gets it.
- Invalid headers are dropped and ambiguous requests refused (desync mode `strictest`).
- Its security group lets out nothing but the rules of the services behind it, and HTTPS where
  users sign in at one of its routes.
- Behind it, `Server` is hidden and browsers are told to stay with HTTPS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    Doorway,
    Placement,
    SubnetTier,
    WidgetSpec,
)
from components.naming import Naming
from components.parts.security_group import rule_options, security_group
from components.services.names import LOAD_BALANCER_NAME
from components.services.platform_settings import LoadBalancerSettings
from components.services.routing.balancer_alarms import balancer_alarms, balancer_widgets
from components.services.routing.balancing import Balancing, name_parts
from components.services.routing.sign_in import sign_in_alarms, sign_in_widgets, way_to_sign_in
from components.tags import name_tag

HTTP, HTTPS = 80, 443
ANYWHERE = "0.0.0.0/0"
ANYWHERE_V6 = "::/0"

EDGE = "com.amazonaws.global.cloudfront.origin-facing"
"""AWS's prefix list of CloudFront's servers ("Restrict access to Application Load Balancers",
Amazon CloudFront Developer Guide, 2026-11)."""

Entrance = Literal["production", "test"]
"""Which listener: the one that clients use, or the one where the next version is tried."""


class LoadBalancer(Balancing, pulumi.ComponentResource):
    """One Application Load Balancer. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: LoadBalancerSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        placement: Placement,
        certificate_arns: Mapping[str, Arn],
        log_bucket: pulumi.Input[str] | None = None,
        log_prefix: str = "load-balancers",
        after: Sequence[pulumi.Resource] = (),
        signs_in: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the load balancer.

        Args:
            name: Pulumi name, the load balancer's key; the prefix of every child's.
            placement: public subnets, or private ones for an internal load balancer.
            certificate_arns: ACM certificates of this region, each by a name that stays with it
                whatever comes before it; the first is the default.
            log_bucket: name of the bucket for access logs.
            log_prefix: what their keys begin with.
            after: what it waits for: AWS tries at once whether it may write its logs.
            signs_in: whether users sign in at any of its routes, for which it asks Cognito.

        Raises:
            ValueError: it would be public in subnets without an internet gateway, or have no
                certificate, or would ask Cognito without a way there.
        """
        if settings.scheme == "public" and placement.tier is not SubnetTier.PUBLIC:
            raise ValueError(f"load balancer {name}: a public one stands in public subnets")
        if not certificate_arns:
            raise ValueError(f"load balancer {name}: at least one certificate")
        if signs_in and not placement.has_egress:
            raise ValueError(
                f"load balancer {name}: a way to the internet, for users sign in there"
            )
        things = name_parts(settings.scheme, name)
        self._physical_name = naming.chosen(LOAD_BALANCER_NAME, settings.name, *things)
        super().__init__("trellis:services:LoadBalancer", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._placement = placement
        self._signs_in = signs_in
        self._child = pulumi.ResourceOptions(parent=self)

        self._group = security_group(
            name,
            physical_name=self._physical_name,
            description=f"Load balancer {name}",
            vpc_id=placement.vpc_id,
            opts=self._child,
        )
        self._entries = self._create_entries()
        if signs_in:
            self._entries.append(way_to_sign_in(name, self._group.id, opts=self._child))
        self._balancer = self._create_balancer(log_bucket, log_prefix, after)
        self._listeners = self._create_listeners(certificate_arns)
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
    def dual_stack(self) -> bool:
        """Whether it has IPv6 addresses too."""
        return self._settings.ipv6

    @property
    def resource(self) -> aws.lb.LoadBalancer:
        """The load balancer."""
        return self._balancer

    @property
    def vpc_id(self) -> pulumi.Input[str]:
        """The network it stands in."""
        return self._placement.vpc_id

    @property
    def doorway(self) -> Doorway:
        """How an API reaches it from outside the network."""
        return Doorway(self._group.id, HTTPS, self.listener_arn(), self._placement)

    def admit(self, name: str, group_id: pulumi.Input[str]) -> None:
        """Let a security group that is not of this system call it by HTTPS.

        Args:
            name: whose group it is, as in `cloudfront`; once each.
        """
        aws.vpc.SecurityGroupIngressRule(
            f"{self._key}-{HTTPS}-from-{name}",
            security_group_id=self._group.id,
            referenced_security_group_id=group_id,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            description=f"HTTPS from {name}",
            tags=name_tag(f"{self._physical_name}-{HTTPS}"),
            opts=rule_options(self._child),
        )

    def stand_behind(self, web_acl_arn: pulumi.Input[str]) -> None:
        """Let a web ACL judge every request first; once.

        A load balancer has one association or none, whichever ACL it names: AWS takes it away by
        the load balancer alone. So it is the load balancer's, not the firewall's, and another ACL's
        is made after the former one's is gone: the other way round, none would be left.
        """
        aws.wafv2.WebAclAssociation(
            # Of another scheme it is another load balancer, beside which the old one goes on.
            self._key if self._settings.scheme == "public" else f"{self._key}-internal",
            web_acl_arn=web_acl_arn,
            resource_arn=self.arn,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    @property
    def test_port(self) -> int | None:
        """Port of the test listener, where there is one."""
        test = self._settings.test_listener
        return test.port if test else None

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Errors of its own, connections it refused, and sign-ins that failed."""
        more = sign_in_alarms(self._key, self.arn_suffix) if self._signs_in else ()
        return (*balancer_alarms(self._key, self.arn_suffix), *more)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """The same, as charts."""
        more = sign_in_widgets(self._key, self.arn_suffix) if self._signs_in else ()
        return (*balancer_widgets(self._key, self.arn_suffix), *more)

    def listener_arn(self, entrance: Entrance = "production") -> pulumi.Output[str]:
        """The listener that rules are made on.

        Raises:
            KeyError: there is no test listener.
        """
        return self._listeners[entrance].arn

    def _create_entries(self) -> list[pulumi.Resource]:
        """Who may call it, on which ports: one rule for each port and block."""
        settings = self._settings
        if settings.cloud_front_only:
            return [self._create_edge_entry(), *self._create_test_entries()]
        everyone = [ANYWHERE] if settings.scheme == "public" else [self._placement.vpc_cidr]
        sources: list[pulumi.Input[str]] = [*settings.sources] or [*everyone]
        ports = [HTTPS, HTTP] if settings.http == "redirect" else [HTTPS]
        if settings.ipv6:
            sources.append(ANYWHERE_V6)
        entries = [self._create_entry(port, source) for port in ports for source in sources]
        return [*entries, *self._create_test_entries()]

    def _create_test_entries(self) -> list[pulumi.Resource]:
        test = self._settings.test_listener
        return [self._create_entry(test.port, source) for source in test.sources] if test else []

    def _create_edge_entry(self) -> pulumi.Resource:
        """CloudFront's servers, by AWS's own list of them."""
        servers = aws.ec2.get_managed_prefix_list_output(
            name=EDGE, opts=pulumi.InvokeOutputOptions(parent=self)
        )
        return aws.vpc.SecurityGroupIngressRule(
            f"{self._key}-{HTTPS}-from-edge",
            security_group_id=self._group.id,
            prefix_list_id=servers.id,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            description="HTTPS from CloudFront",
            tags=name_tag(f"{self._physical_name}-{HTTPS}"),
            opts=rule_options(self._child),
        )

    def _create_entry(self, port: int, source: pulumi.Input[str]) -> pulumi.Resource:
        label = _label(source)
        six = source == ANYWHERE_V6
        return aws.vpc.SecurityGroupIngressRule(
            f"{self._key}-{port}-from-{label}",
            security_group_id=self._group.id,
            cidr_ipv4=None if six else source,
            cidr_ipv6=source if six else None,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=f"{'HTTP' if port == HTTP else 'HTTPS'} from {label}",
            tags=name_tag(f"{self._physical_name}-{port}"),
            opts=rule_options(self._child),
        )

    def _create_balancer(
        self,
        log_bucket: pulumi.Input[str] | None,
        log_prefix: str,
        after: Sequence[pulumi.Resource],
    ) -> aws.lb.LoadBalancer:
        settings = self._settings
        return aws.lb.LoadBalancer(
            self._key,
            name=self._physical_name,
            load_balancer_type="application",
            internal=settings.scheme == "internal",
            security_groups=[self._group.id],
            subnets=self._placement.one_a_zone,
            ip_address_type="dualstack" if settings.ipv6 else "ipv4",
            drop_invalid_header_fields=True,
            desync_mitigation_mode="strictest",
            xff_header_processing_mode="append",
            preserve_host_header=False,
            enable_cross_zone_load_balancing=True,
            enable_http2=True,
            # Without an answer from the firewall a request is refused, not let through.
            enable_waf_fail_open=False,
            idle_timeout=settings.idle_timeout,
            enable_deletion_protection=settings.deletion_protection,
            access_logs={"bucket": log_bucket, "prefix": log_prefix, "enabled": True}
            if log_bucket is not None
            else None,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*self._entries, *after],
                # Names lead to the old one until the new one stands.
                delete_before_replace=False,
            ),
        )

    def _create_listeners(self, certificates: Mapping[str, Arn]) -> Mapping[str, aws.lb.Listener]:
        listeners = {"production": self._create_https("https", HTTPS, certificates)}
        if self._settings.test_listener:
            port = self._settings.test_listener.port
            listeners["test"] = self._create_https("test", port, certificates)
        if self._settings.http == "redirect":
            aws.lb.Listener(
                f"{self._key}-http",
                load_balancer_arn=self._balancer.arn,
                port=HTTP,
                protocol="HTTP",
                default_actions=[
                    {
                        "type": "redirect",
                        "redirect": {
                            "protocol": "HTTPS",
                            "port": str(HTTPS),
                            "status_code": "HTTP_301",
                        },
                    }
                ],
                tags=name_tag(f"{self._physical_name}-http"),
                opts=self._child,
            )
        return listeners

    def _create_https(
        self, label: str, port: int, certificates: Mapping[str, Arn]
    ) -> aws.lb.Listener:
        hsts = self._settings.hsts_seconds
        default, *_ = certificates.values()
        listener = aws.lb.Listener(
            f"{self._key}-{label}",
            load_balancer_arn=self._balancer.arn,
            port=port,
            protocol="HTTPS",
            ssl_policy=self._settings.tls_policy,
            certificate_arn=default,
            default_actions=[
                {
                    "type": "fixed-response",
                    "fixed_response": {
                        "content_type": "text/plain",
                        "message_body": "Not found",
                        "status_code": "404",
                    },
                }
            ],
            routing_http_response_server_enabled=False,
            routing_http_response_strict_transport_security_header_value=f"max-age={hsts}"
            if hsts
            else None,
            tags=name_tag(f"{self._physical_name}-{label}"),
            opts=self._child,
        )
        for name, arn in list(certificates.items())[1:]:
            # Named by the certificate, never by its place: a second entry of the same certificate
            # is none to AWS, and when the first one goes, the certificate goes.
            aws.lb.ListenerCertificate(
                f"{self._key}-{label}-{name}",
                listener_arn=listener.arn,
                certificate_arn=arn,
                opts=pulumi.ResourceOptions(parent=listener),
            )
        return listener


def _label(source: pulumi.Input[str]) -> str:
    if not isinstance(source, str):
        return "network"
    if source == ANYWHERE_V6:
        return "anywhere-ipv6"
    return "anywhere" if source == ANYWHERE else source.replace("/", "-")
