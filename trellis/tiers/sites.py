"""Sites of a stack file: distributions over buckets and load balancers, and their content."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from components.bucket.bucket import Bucket, bucket_arn, bucket_name
from components.keys.settings import Domain
from components.services.load_balancer import LoadBalancer
from components.sites.content import ContentError, ContentPlan, plan_content
from components.sites.distribution import (
    BalancerOrigin,
    BucketOrigin,
    Distribution,
    LogTarget,
)
from components.sites.publisher import publisher_role
from components.sites.settings import SiteSettings
from components.sites.upload import Content
from trellis.stackfile.edge import buckets_of, site_bucket, site_log_bucket
from trellis.tiers.dns import Dns
from trellis.tiers.ground import Ground


def make_sites(
    ground: Ground,
    dns: Dns,
    buckets: Mapping[str, Bucket],
    balancers: Mapping[str, LoadBalancer],
    firewalls: Mapping[str, pulumi.Input[str]],
    log_policies: Mapping[str, pulumi.Resource],
) -> dict[str, Distribution]:
    """The distributions, each trusted by its bucket.

    Args:
        firewalls: ARNs of web ACLs by site.
        log_policies: sealed policies of log buckets, by key.
    """
    found: dict[str, Distribution] = {}
    for key, settings in ground.settings.sites.items():
        bucket = buckets[site_bucket(key, settings)]
        used = {each.load_balancer for each in settings.behaviors.values()}
        site = Distribution(
            key,
            settings,
            naming=ground.naming,
            where=ground.where,
            bucket=BucketOrigin(bucket.arn, bucket.regional_domain_name),
            balancers={
                each: BalancerOrigin(balancers[each].arn, balancers[each].dns_name)
                for each in sorted(used)
            },
            certificate_arn=settings.certificate or _certificate(dns, key),
            web_acl_arn=firewalls.get(key),
            log=_log(ground, key, log_policies),
            opts=ground.child,
        )
        bucket.trust(*site.bucket_trusts())
        found[key] = site
    if found:
        pulumi.export(
            "sites",
            {
                key: {
                    "url": f"https://{ground.settings.sites[key].domain}",
                    "distribution": site.id,
                    "target": site.domain_name,
                }
                for key, site in found.items()
            },
        )
    return found


def publish(
    ground: Ground,
    project: Path,
    sites: Mapping[str, Distribution],
    buckets: Mapping[str, Bucket],
    policies: Mapping[str, pulumi.Resource],
) -> None:
    """Upload what stands beside the stack file, and let pipelines in that bring the rest.

    Args:
        project: folder of `Pulumi.yaml`.
        policies: sealed policies of buckets, by key.
    """
    for key, settings in ground.settings.sites.items():
        bucket_key = site_bucket(key, settings)
        bucket, site = buckets[bucket_key], sites[key]
        encrypted = buckets_of(ground.settings)[bucket_key].encrypted_by == "customerKey"
        key_arn = ground.key(Domain.DATA) if encrypted else None
        content = settings.content
        if content.external is not None:
            publisher_role(
                key,
                content.external,
                naming=ground.naming,
                where=ground.where,
                bucket_arn=bucket.arn,
                key_arn=key_arn,
                distribution_arn=site.arn,
                opts=ground.child,
            )
        if content.path is not None:
            Content(
                key,
                content,
                _plan(key, settings, project),
                naming=ground.naming,
                where=ground.where,
                bucket=bucket.created.bucket,
                bucket_arn=bucket.arn,
                key_arn=key_arn,
                distribution_id=site.id,
                distribution_arn=site.arn,
                log_key_arn=ground.key(Domain.LOGS),
                log_days=ground.log_days,
                # An object is refused or readable by nobody until the bucket is whole.
                after=[policies[bucket_key]],
                opts=ground.child,
            )


def _plan(key: str, settings: SiteSettings, project: Path) -> ContentPlan:
    try:
        return plan_content(
            project / (settings.content.path or ""), settings.content, settings.index
        )
    except ContentError as error:
        raise pulumi.RunError(f"sites.{key}.content.path: {error}") from None


def _certificate(dns: Dns, key: str) -> pulumi.Output[str]:
    arn = dns.certificate("site", key)
    if arn is None:
        raise LookupError(f"checks refuse the site {key} without a certificate")
    return arn


def _log(ground: Ground, key: str, log_policies: Mapping[str, pulumi.Resource]) -> LogTarget | None:
    target = site_log_bucket(ground.settings, key)
    if target is None:
        return None
    name = bucket_name(target, ground.settings.buckets[target], ground.naming)
    return LogTarget(bucket_arn(name, ground.where), log_policies[target])
