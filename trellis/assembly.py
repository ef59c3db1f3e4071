"""build(loaded): makes the whole system of a stack file; the only file where siblings meet.

The order, and why:

1. Files beside the stack file are read, so that what is wrong with them is told before anything is
   made.
2. Provider, keys and network: everything else takes them.
3. What is used: queues, topics, buckets, zones, databases, tables, secrets, functions, APIs. Each
   can be linked to as soon as it is made.
4. What uses it: functions, services and jobs, then the sites and firewalls before them.
5. Policies of queues, topics and buckets are sealed once everybody whom they trust has said so, and
   contents are uploaded into buckets whose policy stands.
6. Monitoring comes last: it takes the alarms and widgets that all others publish.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.bucket.content import BucketFile
from components.contracts import Domain, NetworkNeeds, Placement, SubnetTier
from components.delivery.delivery import DeployedRoles
from components.messaging.queue import Queue
from components.naming import Naming
from components.network.vpc import Network
from components.services.routing.load_balancer import LoadBalancer
from components.sites.content import ContentPlan
from components.table.table import Table
from trellis.stackfile.implied import implied
from trellis.stackfile.loading import Loaded
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.apis import make_apis, serve_apis
from trellis.tiers.backups import make_backups
from trellis.tiers.baseline import make_baseline
from trellis.tiers.boundaries import bounded
from trellis.tiers.buckets import (
    bucket_contents,
    fill_buckets,
    make_buckets,
    seal_buckets,
    seal_log_buckets,
)
from trellis.tiers.budgets import make_budgets
from trellis.tiers.built_system import BuiltSystem, Links, check_links
from trellis.tiers.caches import make_caches
from trellis.tiers.databases import (
    client_addresses,
    database_users,
    make_databases,
    make_proxies,
)
from trellis.tiers.declared import declared_needs, make_tier
from trellis.tiers.deliveries import deployed_roles, make_deliveries
from trellis.tiers.dns import make_addresses, make_dns
from trellis.tiers.firewall import make_regional_firewalls, make_site_firewalls
from trellis.tiers.foundation import account_region, aws_provider, make_network
from trellis.tiers.functions import (
    Callers,
    follow_logs,
    function_needs,
    make_functions,
    packages,
    run_functions,
)
from trellis.tiers.identities import make_identities
from trellis.tiers.images import BuildContexts, build_contexts
from trellis.tiers.keys import make_keys
from trellis.tiers.lake import make_lake, sql_files
from trellis.tiers.log_archive import feed, make_canaries, make_log_archive
from trellis.tiers.log_delivery import make_log_delivery
from trellis.tiers.messaging import make_mail, make_topics, seal_messaging
from trellis.tiers.monitoring import (
    application_logs,
    custom_metrics,
    make_edge_topics,
    make_monitoring,
    published,
)
from trellis.tiers.overrides import Overrides
from trellis.tiers.secrets import fill_secrets, logins, make_secrets, secret_needs
from trellis.tiers.services import make_repositories, make_services, service_needs
from trellis.tiers.sites import content_plans, make_sites, publish
from trellis.tiers.stack_context import StackContext
from trellis.tiers.user_pools import make_user_pools
from trellis.tiers.uses import Producers, existing_things

DECLARED = ("streams",)
"""Parts of the stack file that need nothing but their declaration, in the order of dashboards."""


class System(pulumi.ComponentResource):
    """The root of everything a stack file stands up; the policy pack reads its inputs."""

    def __init__(self, settings: SystemSettings, opts: pulumi.ResourceOptions) -> None:
        super().__init__(
            "trellis:index:System",
            settings.name,
            {
                "environment": settings.environment,
                "profile": settings.profile,
                "elsewhere": list(settings.baseline.elsewhere) if settings.baseline else [],
                "exemptions": [
                    each.model_dump(mode="json", by_alias=True) for each in settings.exemptions
                ],
            },
            opts,
        )
        self.register_outputs({})


def build(loaded: Loaded, *, links: Links | None = None) -> BuiltSystem:
    """Register every resource of the system, and the stack's outputs.

    Args:
        links: what the program itself made and `uses: [{link: KEY}]` names, by key: a `Link`, or
            a function that makes one of what stands before services are made.

    Returns:
        Every component by its key, the provider, keys and placements (docs/own-resources.md).
    """
    overrides = Overrides(loaded)
    built = _build(loaded, links or {}, overrides)
    overrides.tell_unused()
    return built


def _build(loaded: Loaded, links: Links, overrides: Overrides) -> BuiltSystem:
    settings = implied(loaded.settings)
    files = _files(loaded, links)
    provider = aws_provider(settings)
    system, stack, network = _context(loaded, settings, provider, overrides)

    # What is used.
    queues = make_tier(stack, "queues", Queue)
    topics = make_topics(stack, queues)
    buckets = make_buckets(stack)
    log_delivery = make_log_delivery(stack)
    dns = make_dns(stack, loaded.context, log_delivery, _vpc_id(stack.placements))
    mail = make_mail(stack, dns.mail_zones())

    databases = make_databases(stack)
    caches = make_caches(stack)
    tables = make_tier(stack, "tables", Table)
    declared = {field: make_tier(stack, field, pulumi.ComponentResource) for field in DECLARED}
    backups = make_backups(
        stack, [each.stateful for each in (*databases.values(), *tables.values())]
    )

    secrets = make_secrets(stack)
    proxies = make_proxies(stack, databases, database_users(stack, secrets))
    rotations = fill_secrets(
        stack,
        secrets,
        logins(databases, caches, client_addresses(proxies)),
        stack.placements.get(SubnetTier.PRIVATE),
    )

    functions = make_functions(stack)
    account = make_baseline(stack, buckets, tables)
    lake = make_lake(
        stack,
        loaded,
        files.sql,
        declared["streams"],
        secrets,
        after=account.catalog_encryption,
    )
    pools = make_user_pools(stack, loaded.context, functions, secrets, provider=provider)
    apis = make_apis(stack)
    built = BuiltSystem(
        root=system,
        provider=provider,
        naming=stack.naming,
        location=stack.where,
        keys=stack.keys,
        placements=stack.placements,
        network=network,
        # A proxy stands in for its database: links lead to it.
        databases={**databases, **proxies},
        caches=caches,
        tables=tables,
        buckets=buckets,
        queues=queues,
        topics=topics,
        secrets=secrets,
        mail=mail,
        functions=functions,
        catalogs=lake.catalogs,
        queries=lake.queries,
        models=lake.models,
        declared=declared,
        apis=apis,
        user_pools=pools,
    )
    producers = built.producers(
        custom_metrics(settings),
        application_logs(stack),
        links,
        existing_things(settings, stack.where),
    )

    # What uses it. Logs are delivered only where the bucket's policy already allows it.
    log_policies = seal_log_buckets(buckets, settings)
    repositories = make_repositories(stack)
    run_functions(
        stack,
        loaded.context,
        functions,
        files.zips,
        producers,
        Callers(queues, tables, declared["streams"], topics, buckets),
        repositories,
        provider=provider,
    )
    running = make_services(
        stack,
        loaded.context,
        stack.placements,
        producers,
        repositories,
        provider=provider,
        log_policies=log_policies,
        certificates=dns.balancer_certificates(),
        builds=files.builds,
    )
    balancers: Mapping[str, LoadBalancer] = running.balancers if running is not None else {}
    regional_firewalls = make_regional_firewalls(stack, balancers, apis, pools, log_delivery)
    site_firewalls = make_site_firewalls(stack, log_delivery)
    sites = make_sites(stack, dns, buckets, balancers, site_firewalls, log_policies)
    make_addresses(stack, dns, sites, balancers)

    # All who publish, deliver and replicate are known: policies are sealed.
    receivers, policies = seal_messaging(stack, buckets, queues, topics)
    make_budgets(stack, topics)
    checkers = serve_apis(
        stack, apis, functions, secrets, pools, dns, balancers, after=account.api_logs
    )
    _make_outsiders(stack, producers, files.roles, account.sign_in)

    sealed = {*log_policies, *account.sealed}
    bucket_policies = seal_buckets(
        {key: each for key, each in buckets.items() if key not in sealed}, receivers, policies
    )
    fill_buckets(buckets, files.objects, bucket_policies)
    contents = publish(stack, files.contents, sites, buckets, bucket_policies, account.sign_in)

    # What watches all of it.
    log_archive = make_log_archive(stack, buckets, running)
    edge_topics = make_edge_topics(stack)
    seen = published(
        [
            *(running.components() if running is not None else ()),
            *databases.values(),
            *proxies.values(),
            *caches.values(),
            *tables.values(),
            *(component for made in declared.values() for component in made.values()),
            *buckets.values(),
            *lake.components(),
            *queues.values(),
            *topics.values(),
            *edge_topics.values(),
            *mail.values(),
            *functions.values(),
            *apis.values(),
            *pools.values(),
            *checkers,
            *rotations.values(),
            *sites.values(),
            *contents,
            *{id(each): each for each in (*regional_firewalls, *site_firewalls.values())}.values(),
            dns.certificates,
            *dns.zones.values(),
            backups,
            network,
            *make_canaries(stack, buckets),
            log_archive,
        ],
        waiting=running.waiting_services() if running is not None else (),
    )
    monitoring = make_monitoring(
        stack,
        loaded,
        seen,
        topics,
        edge_topics,
        secrets,
        running.services if running is not None else {},
    )
    feed(stack, log_archive, running, monitoring)
    follow_logs(stack, functions, monitoring.log_groups)
    lake.subscribe(monitoring)
    return replace(
        built,
        services=running.services if running is not None else {},
        jobs=running.jobs if running is not None else {},
        load_balancers=balancers,
        sites=sites,
    )


def _make_outsiders(
    stack: StackContext,
    producers: Producers,
    roles: Mapping[str, DeployedRoles],
    sign_in: Sequence[pulumi.Resource],
) -> None:
    """Roles for what runs elsewhere: workloads, and pipelines that deploy other stacks."""
    make_identities(stack, producers, sign_in)
    make_deliveries(stack, roles, sign_in)


def _context(
    loaded: Loaded, settings: SystemSettings, provider: aws.Provider, overrides: Overrides
) -> tuple[System, StackContext, Network | None]:
    """What every tier is made with: names, keys and places; and the network, if made here."""
    naming = Naming(settings.name, settings.environment)
    where = account_region(settings, provider)
    given = pulumi.ResourceOptions(
        providers={"aws": provider},
        transformations=bounded(settings.permissions_boundary, where),
    )
    system = System(settings, pulumi.ResourceOptions.merge(given, overrides.options()))
    child = pulumi.ResourceOptions(parent=system)
    keys = make_keys(settings, naming, where, child)
    placements: Mapping[SubnetTier, Placement] = {}
    network: Network | None = None
    if settings.network is not None:
        placements, network = make_network(
            loaded,
            settings.network,
            naming,
            where,
            needs_of(settings),
            keys.arn(Domain.LOGS),
            child,
        )
    return system, StackContext(settings, naming, where, keys, child, placements), network


def _vpc_id(placements: Mapping[SubnetTier, Placement]) -> pulumi.Input[str] | None:
    """Id of the network that the system stands in, where it stands in one."""
    return next((placement.vpc_id for placement in placements.values()), None)


@dataclass(frozen=True)
class Files:
    """What stands beside the stack file and is read before anything is made."""

    contents: Mapping[str, ContentPlan]
    """What `up` uploads, by site."""
    zips: Mapping[str, Path]
    """What `up` uploads, by function."""
    sql: Mapping[str, str]
    """Queries by the path of their file."""
    objects: Mapping[str, tuple[BucketFile, ...]]
    """What `up` puts into buckets, by bucket."""
    builds: BuildContexts
    """What `up` builds images from."""
    roles: Mapping[str, DeployedRoles]
    """What pipelines may do, by delivery."""


def _files(loaded: Loaded, links: Links) -> Files:
    check_links(loaded, links)
    return Files(
        content_plans(loaded),
        packages(loaded),
        sql_files(loaded),
        bucket_contents(loaded),
        build_contexts(loaded),
        deployed_roles(loaded),
    )


def needs_of(settings: SystemSettings) -> NetworkNeeds:
    """What all tiers together need of the network: known before any resource is made."""
    return (
        secret_needs(settings)
        | declared_needs(settings)
        | service_needs(settings)
        | function_needs(settings)
    )
