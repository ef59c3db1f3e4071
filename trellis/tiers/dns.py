"""Zones, certificates and addresses of a stack file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi

from components.api.routes import Address
from components.contracts import Domain
from components.dns.certificates import Certificates
from components.dns.zone import HostedZone, alias
from components.parts.edge_region import US_EAST_1
from components.services.platform_settings import CertificateSettings
from components.services.routing.load_balancer import LoadBalancer
from components.services.routing.network_balancer import NetworkLoadBalancer
from trellis.stackfile.context import Context
from trellis.stackfile.edge import (
    Served,
    addressed,
    certificate_of,
    certificate_requests,
    delegations,
    served_zone_of,
    zone_of,
)
from trellis.stackfile.mailboxes import lost_mail
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.stack_context import StackContext

if TYPE_CHECKING:
    from components.sites.distribution import Distribution


@dataclass(frozen=True)
class Dns:
    """The zones and certificates of a system."""

    settings: SystemSettings
    zones: Mapping[str, HostedZone] = field(default_factory=dict[str, HostedZone])
    certificates: Certificates | None = None

    def zone_id(self, name: str) -> pulumi.Input[str]:
        """Id of the zone a name stands in.

        Raises:
            LookupError: in none; checks refuse that.
        """
        key = zone_of(self.settings, name)
        if key is None:
            raise LookupError(f"checks refuse {name}, which stands in no zone")
        return self.zones[key].zone_id

    def served_zone(self, served: Served) -> HostedZone | None:
        """The zone that leads to what is served; None where no zone of ours does."""
        key = served_zone_of(self.settings, served)
        return self.zones[key] if key is not None else None

    def certificate(self, kind: str, key: str) -> pulumi.Output[str] | None:
        """ARN of the issued certificate of a site, load balancer or API, where one is made."""
        request = certificate_of(self.settings, kind, key)
        if request is None or self.certificates is None:
            return None
        return self.certificates.arn(request)

    def balancer_certificates(self) -> dict[str, dict[str, pulumi.Input[str]]]:
        """ARNs of the certificates of load balancers, by key: those given and the one made."""
        return {
            key: self._certificates_of("loadBalancer", key, balancer.certificates)
            for key, balancer in self.settings.load_balancers.items()
        }

    def network_balancer_certificates(self) -> dict[str, dict[str, pulumi.Input[str]]]:
        """The same of network load balancers."""
        return {
            key: self._certificates_of("networkLoadBalancer", key, balancer.certificates)
            for key, balancer in self.settings.network_load_balancers.items()
        }

    def _certificates_of(
        self, kind: str, key: str, given: Sequence[CertificateSettings]
    ) -> dict[str, pulumi.Input[str]]:
        found: dict[str, pulumi.Input[str]] = {
            certificate.arn.rsplit("/", 1)[-1][:8]: certificate.arn for certificate in given
        }
        made = self.certificate(kind, key)
        return {**found, **({"made": made} if made is not None else {})}

    def mail_zones(self) -> dict[str, pulumi.Input[str]]:
        """Ids of the zones that domains of mail stand in, by domain."""
        domains = [mail.domain for mail in self.settings.mail.values() if not mail.existing]
        return {
            domain: self.zone_id(domain) for domain in domains if zone_of(self.settings, domain)
        }


def make_dns(
    stack: StackContext,
    context: Context,
    log_delivery: Mapping[str, pulumi.Resource],
    vpc_id: pulumi.Input[str] | None = None,
) -> Dns:
    """The zones, and every certificate that sites and load balancers need.

    Args:
        log_delivery: what lets AWS write logs, by region.
        vpc_id: the network that private zones answer in.
    """
    settings = stack.settings
    zones = {
        key: HostedZone(
            key,
            zone,
            naming=stack.naming,
            where=stack.where,
            existing_id=_looked_up(context, private=zone.private).get(zone.domain),
            vpc_id=vpc_id,
            log_key_arn=stack.key(Domain.LOGS, US_EAST_1) if zone.logs_queries else None,
            log_permission=log_delivery.get(US_EAST_1),
            protect=stack.protect,
            opts=stack.child,
        )
        for key, zone in settings.zones.items()
    }
    unseen = [
        zone.domain
        for zone in settings.zones.values()
        if zone.existing and zone.domain not in _looked_up(context, private=zone.private)
    ]
    if unseen:
        pulumi.log.warn(
            f"zones that were not looked up: {', '.join(unseen)}. A plan can't know their ids, and "
            "`up` asks for them each time; run `trellis lookup` with this stack's name"
        )
    for domain, paths in lost_mail(settings).items():
        places = ", ".join(".".join(map(str, path)) for path in paths)
        pulumi.log.warn(
            f"mail to {domain} ({places}) is lost once its zone answers: the zone is made "
            "here without an MX record. Add it under `records` before you delegate the domain"
        )
    if zones:
        pulumi.export("dns", {zone.name: zone.exports() for zone in zones.values()})
    delegated = [
        zones[parent].delegate(zones[child]) for child, parent in delegations(settings).items()
    ]
    requests = certificate_requests(settings)
    if not requests:
        return Dns(settings, zones)
    certificates = Certificates(
        "certificates",
        requests,
        naming=stack.naming,
        where=stack.where,
        zone_id=Dns(settings, zones).zone_id,
        delegations=[delegation for delegation in delegated if delegation is not None],
        opts=stack.child,
    )
    return Dns(settings, zones, certificates)


def _looked_up(context: Context, *, private: bool) -> Mapping[str, str]:
    """Ids of zones by domain, as the context file has them."""
    return context.private_zones if private else context.hosted_zones


def make_addresses(
    stack: StackContext,
    dns: Dns,
    sites: Mapping[str, Distribution],
    balancers: Mapping[str, LoadBalancer],
    network_balancers: Mapping[str, NetworkLoadBalancer],
) -> None:
    """Lead every served name that stands in a zone of ours to what serves it."""
    for named in addressed(stack.settings):
        zone = dns.served_zone(named)
        if zone is None:
            continue
        if named.kind == "site":
            site = sites[named.key]
            alias(
                named.name,
                zone,
                types=("A", "AAAA", "HTTPS"),
                target=site.domain_name,
                target_zone_id=site.hosted_zone_id,
                healthy=False,
                opts=stack.child,
            )
        elif named.kind == "networkLoadBalancer":
            network_balancer = network_balancers[named.key]
            alias(
                named.name,
                zone,
                types=("A",),
                target=network_balancer.dns_name,
                target_zone_id=network_balancer.zone_id,
                healthy=True,
                opts=stack.child,
            )
        elif named.kind == "loadBalancer":
            balancer = balancers[named.key]
            alias(
                named.name,
                zone,
                types=("A", "AAAA") if balancer.dual_stack else ("A",),
                target=balancer.dns_name,
                target_zone_id=balancer.zone_id,
                healthy=True,
                opts=stack.child,
            )


def make_api_addresses(stack: StackContext, dns: Dns, apis: Mapping[str, Address]) -> None:
    """Lead the names of APIs that stand in a zone of ours to them."""
    for named in addressed(stack.settings):
        zone = dns.served_zone(named)
        if zone is None or named.kind != "api":
            continue
        alias(
            named.name,
            zone,
            # A regional name has IPv4 addresses only ("Set up custom domain names", 2026-11).
            types=("A",),
            target=apis[named.key].name,
            target_zone_id=apis[named.key].zone_id,
            healthy=False,
            opts=stack.child,
        )
