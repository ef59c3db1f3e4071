"""Sites of a stack file: distributions over buckets and load balancers, and their content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.bucket.bucket import Bucket, bucket_arn, bucket_name
from components.contracts import Domain
from components.firewall.firewall import Firewall
from components.services.routing.load_balancer import LoadBalancer
from components.sites.content import ContentError, ContentPlan, plan_content
from components.sites.distribution import BucketOrigin, Distribution, LogTarget
from components.sites.private_origin import BalancerOrigin, PrivateOrigin
from components.sites.publisher import publisher_role
from components.sites.upload import Content
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.edge import served_buckets, site_bucket, site_log_bucket
from trellis.stackfile.loading import Loaded
from trellis.tiers.dns import Dns
from trellis.tiers.stack_context import StackContext


def content_plans(loaded: Loaded) -> dict[str, ContentPlan]:
    """What `up` uploads, by site: asked for before anything is made.

    Raises:
        StackFileError: built folders that can't be sites, all of them at once.
    """
    plans: dict[str, ContentPlan] = {}
    wrong: list[Complaint] = []
    for key, site in loaded.settings.sites.items():
        if site.content.path is None:
            continue
        try:
            plans[key] = plan_content(loaded.folder, site)
        except ContentError as error:
            field = ("content", "path") if error.field == "content" else (error.field,)
            wrong.append((("sites", key, *field), error.found, error.allowed, error.hint))
    if wrong:
        raise loaded.error(wrong)
    return plans


def make_sites(
    stack: StackContext,
    dns: Dns,
    buckets: Mapping[str, Bucket],
    balancers: Mapping[str, LoadBalancer],
    firewalls: Mapping[str, Firewall],
    log_policies: Mapping[str, pulumi.Resource],
) -> dict[str, Distribution]:
    """The distributions, each trusted by its buckets and let in by its load balancers.

    Args:
        firewalls: web ACLs by site.
        log_policies: sealed policies of log buckets, by key.
    """
    found: dict[str, Distribution] = {}
    origins = _private_origins(stack, balancers)
    for key, settings in stack.settings.sites.items():
        own = site_bucket(key, settings)
        origins_of = {
            served_bucket: BucketOrigin(
                buckets[served_bucket].arn, buckets[served_bucket].regional_domain_name
            )
            for served_bucket in served_buckets(key, settings)
        }
        site = Distribution(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            bucket=origins_of[own] if own is not None else None,
            certificate_arn=settings.certificate or _certificate(dns, key),
            extra_buckets={
                extra_bucket: origins_of[extra_bucket] for extra_bucket in settings.extra_buckets
            },
            balancers=origins,
            web_acl_arn=firewalls[key].arn if key in firewalls else None,
            log=_log(stack, key, log_policies),
            opts=stack.child,
        )
        for origin in origins_of:
            buckets[origin].trust(*site.bucket_trusts())
        found[key] = site
    if found:
        pulumi.export(
            "sites",
            {
                key: {
                    "url": f"https://{stack.settings.sites[key].domain}",
                    "distribution": site.distribution_id,
                    "target": site.domain_name,
                }
                for key, site in found.items()
            },
        )
    return found


def _private_origins(
    stack: StackContext, balancers: Mapping[str, LoadBalancer]
) -> dict[str, PrivateOrigin]:
    """One VPC origin for each load balancer that sites lead to."""
    used = {key for site in stack.settings.sites.values() for key in site.load_balancers}
    found: dict[str, PrivateOrigin] = {}
    for key in sorted(used):
        balancer = balancers[key]
        origin = PrivateOrigin(
            key,
            BalancerOrigin(balancer.arn, balancer.dns_name, balancer.vpc_id),
            naming=stack.naming,
            opts=stack.child,
        )
        balancer.admit("cloudfront", origin.callers)
        found[key] = origin
    return found


def publish(
    stack: StackContext,
    plans: Mapping[str, ContentPlan],
    sites: Mapping[str, Distribution],
    buckets: Mapping[str, Bucket],
    policies: Mapping[str, pulumi.Resource],
    sign_in: Sequence[pulumi.Resource],
) -> list[Content]:
    """Upload what stands beside the stack file, and let pipelines in that bring the rest.

    Args:
        plans: see `content_plans`.
        policies: sealed policies of buckets, by key.
        sign_in: what must be there before a role can trust a pipeline.
    """
    made: list[Content] = []
    for key, settings in stack.settings.sites.items():
        bucket_key = site_bucket(key, settings)
        if bucket_key is None:
            continue
        bucket, site = buckets[bucket_key], sites[key]
        encrypted = stack.settings.buckets[bucket_key].encrypted_by == "customerKey"
        key_arn = stack.key(Domain.DATA) if encrypted else None
        content = settings.content
        if content.external is not None:
            publisher_role(
                key,
                content.external,
                naming=stack.naming,
                where=stack.where,
                bucket_arn=bucket.arn,
                key_arn=key_arn,
                distribution_arn=site.arn,
                opts=pulumi.ResourceOptions(parent=stack.child.parent, depends_on=[*sign_in]),
            )
        if key in plans:
            made.append(
                Content(
                    key,
                    content,
                    plans[key],
                    naming=stack.naming,
                    where=stack.where,
                    bucket=bucket.resource.bucket,
                    bucket_arn=bucket.arn,
                    key_arn=key_arn,
                    distribution_id=site.distribution_id,
                    distribution_arn=site.arn,
                    log_key_arn=stack.key(Domain.LOGS),
                    log_days=stack.log_days,
                    # An object is refused or readable by nobody until the bucket is whole.
                    after=[policies[bucket_key]],
                    opts=stack.child,
                )
            )
    return made


def _certificate(dns: Dns, key: str) -> pulumi.Output[str]:
    arn = dns.certificate("site", key)
    if arn is None:
        raise LookupError(f"checks refuse the site {key} without a certificate")
    return arn


def _log(
    stack: StackContext, key: str, log_policies: Mapping[str, pulumi.Resource]
) -> LogTarget | None:
    target = site_log_bucket(stack.settings, key)
    if target is None:
        return None
    name = bucket_name(target, stack.settings.buckets[target], stack.naming)
    return LogTarget(bucket_arn(name, stack.where), log_policies[target])
