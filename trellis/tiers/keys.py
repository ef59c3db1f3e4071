"""Which customer keys a system needs, and which services each lets in: from the stack file alone.

A key is made with its whole policy (see `components.keys.keys`), so who uses it must be known
before anything is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pulumi
import pulumi_aws as aws

from components.baseline.baseline import trail_name
from components.bucket.bucket import bucket_name
from components.contracts import AccountRegion, Domain, Trust
from components.keys import trusts
from components.keys.existing import ExistingKey
from components.keys.keys import Keys
from components.naming import Naming
from components.parts.edge_region import US_EAST_1, edge
from components.stream.sharing import key_trusts as putting_trusts
from trellis.registry import fields_of
from trellis.stackfile.adopting import naming_of
from trellis.stackfile.edge import alarms_at_the_edge
from trellis.stackfile.edge import served_buckets as buckets_of_site
from trellis.stackfile.settings import SystemSettings


def make_keys(
    settings: SystemSettings,
    naming: Naming,
    where: AccountRegion,
    child: pulumi.ResourceOptions,
    provider: pulumi.ProviderResource,
) -> Keys:
    """Make the keys of everything in the stack file, and say what those of others must let in."""
    existing = {
        domain: existing_key_arn(settings.existing.keys[key], provider)
        for domain, key in settings.keys.existing.items()
    }
    keys = Keys(
        "keys",
        settings.keys,
        naming=naming,
        where=where,
        trusts=key_trusts(settings, where),
        copies=copies(settings, where),
        existing=existing,
        protect=settings.profile == "production",
        opts=child,
    )
    if keys.statements:
        pulumi.export(
            "existingKeys",
            {
                domain.value: {
                    "key": existing[domain],
                    "alias": settings.existing.keys[settings.keys.existing[domain]].alias,
                    "policy": document,
                }
                for domain, document in keys.statements.items()
            },
        )
        domains: dict[str, list[str]] = {}
        for domain in keys.statements:
            domains.setdefault(settings.keys.existing[domain], []).append(domain.value)
        names = ", ".join(f"{key} (for {', '.join(of)})" for key, of in domains.items())
        pulumi.log.warn(
            f"whether the policy of {names} lets this stack in is its owner's to say, and nothing "
            "here can see it: the statements it needs are the output `existingKeys` (`trellis plan "
            "--json`, `pulumi stack output existingKeys`)"
        )
    return keys


def existing_key_arn(key: ExistingKey, provider: pulumi.ProviderResource) -> pulumi.Input[str]:
    """ARN of a key that exists already; one with an alias is asked for."""
    if key.arn is not None:
        return key.arn
    return aws.kms.get_alias_output(
        name=str(key.alias), opts=pulumi.InvokeOutputOptions(provider=provider)
    ).target_key_arn


def key_trusts(settings: SystemSettings, where: AccountRegion) -> dict[Domain, tuple[Trust, ...]]:
    """The domains that need a key, and the services each key lets in by their own name."""
    used = {name for name in SystemSettings.model_fields if getattr(settings, name)}
    needed = [domain for domain in Domain if fields_of(domain) & used]
    return _grouped(needed, _trusted(settings, where))


def _trusted(settings: SystemSettings, where: AccountRegion) -> Iterator[tuple[Domain, Trust]]:
    """Every service that a key lets in, with the key's domain."""
    yield Domain.LOGS, trusts.log_groups(where)
    baseline = settings.baseline
    if baseline is not None and baseline.makes("configuration"):
        yield Domain.DATA, trusts.configuration(where)
    if baseline is not None and baseline.makes("trail"):
        naming = naming_of(settings)
        arn = where.arn("cloudtrail", f"trail/{trail_name(naming)}")
        yield Domain.LOGS, trusts.trail(arn, where)
    if served := served_buckets(settings):
        yield Domain.DATA, trusts.distributions(where, served)
    for key, stream in settings.streams.items():
        for trust in putting_trusts(key, stream, naming_of(settings), where):
            yield Domain.DATA, trust
    if any(getattr(settings, field) for field in fields_of(Domain.MESSAGES)):
        for trust in _message_trusts(settings, where):
            yield Domain.MESSAGES, trust


def _grouped(
    needed: Iterable[Domain], trusted: Iterable[tuple[Domain, Trust]]
) -> dict[Domain, tuple[Trust, ...]]:
    """Trusts by domain: however many parts of a stack file share a key, none overwrites another."""
    found: dict[Domain, list[Trust]] = {domain: [] for domain in needed}
    for domain, trust in trusted:
        found.setdefault(domain, []).append(trust)
    return {domain: tuple(services) for domain, services in found.items()}


def copies(
    settings: SystemSettings, where: AccountRegion
) -> dict[str, dict[Domain, tuple[Trust, ...]]]:
    """The regions that data is copied to, each with the domains that need a key there."""
    regions = {
        bucket.replication.region
        for bucket in settings.buckets.values()
        if bucket.replication is not None and bucket.encrypted_by == "customerKey"
    }
    regions |= {region for table in settings.tables.values() for region in table.replicas}
    backups = settings.backups
    if backups.enabled and backups.copy_to and (settings.databases or settings.tables):
        regions.add(backups.copy_to.region)
    there: dict[str, list[tuple[Domain, Trust]]] = {}
    if _logs_at_the_edge(settings) and settings.region != US_EAST_1:
        there.setdefault(US_EAST_1, []).append((Domain.LOGS, trusts.log_groups(edge(where))))
    if alarms_at_the_edge(settings):
        there.setdefault(US_EAST_1, []).append((Domain.MESSAGES, trusts.alarms(edge(where))))
    return {
        region: _grouped([Domain.DATA] if region in regions else [], there.get(region, []))
        for region in sorted(regions | there.keys())
    }


def served_buckets(settings: SystemSettings) -> list[str]:
    """Physical names of the buckets that sites serve, where the customer key encrypts them."""
    naming = naming_of(settings)
    buckets = settings.buckets
    served = {name for key, site in settings.sites.items() for name in buckets_of_site(key, site)}
    return sorted(
        bucket_name(key, buckets[key], naming)
        for key in served
        if buckets[key].encrypted_by == "customerKey"
    )


def _logs_at_the_edge(settings: SystemSettings) -> bool:
    """Whether anything writes log groups where CloudFront and Route 53 do."""
    queried = any(zone.logs_queries for zone in settings.zones.values())
    return queried or any(firewall.covers_sites for firewall in settings.firewalls.values())


def _message_trusts(settings: SystemSettings, where: AccountRegion) -> Iterator[Trust]:
    # Monitoring publishes alarms, and rules report failed deployments, wherever there is a topic.
    yield trusts.alarms(where)
    yield from trusts.event_rules(where)
    topics = settings.topics.values()
    publishers = {publisher for topic in topics for publisher in topic.publishers}
    publishers |= {
        publisher for queue in settings.queues.values() for publisher in queue.publishers
    }
    notified = {
        notification.to
        for bucket in settings.buckets.values()
        for notification in bucket.notifications.values()
    }
    if "buckets" in publishers or notified & {"topic", "queue"}:
        yield trusts.bucket_notifications(where)
    if any(
        subscription.protocol == "queue"
        for topic in topics
        for subscription in topic.subscriptions.values()
    ):
        yield trusts.topics_to_queues(where)
    by_publisher = {
        "mail": trusts.mail_events,
        "budgets": trusts.budgets,
        "costAnomalies": trusts.cost_anomalies,
        "databases": trusts.database_events,
        "backups": trusts.backup_events,
    }
    for publisher in sorted(publishers & by_publisher.keys()):
        yield by_publisher[publisher](where)
