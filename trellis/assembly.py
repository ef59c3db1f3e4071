"""build(loaded): makes the whole system of a stack file; siblings meet in the steps that it takes.

The order, and why:

1. Files beside the stack file are read, so that what is wrong with them is told before anything is
   made.
2. Provider, keys and network: everything else takes them.
3. What is used (`tiers/used.py`): queues, topics, buckets, zones, databases, tables, secrets,
   functions, APIs. Each can be linked to as soon as it is made.
4. What uses it (`tiers/users.py`): functions, services and jobs, then the sites and firewalls
   before them.
5. Policies of queues, topics and buckets are sealed once everybody whom they trust has said so, and
   contents are uploaded into buckets whose policy stands.
6. Monitoring comes last (`tiers/watching.py`): it takes the alarms and widgets that all others
   publish.

What a stack file implies beside what it says is added before, in `stackfile/implied.py` alone.
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
from components.network.vpc import Network
from components.sites.content import ContentPlan
from trellis.registry import hold_made
from trellis.stackfile.adopting import naming_of
from trellis.stackfile.implied import implied
from trellis.stackfile.loading import Loaded
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.adopted import Adoptions
from trellis.tiers.boundaries import bounded
from trellis.tiers.buckets import (
    bucket_contents,
)
from trellis.tiers.built_system import BuiltSystem, Links, check_links
from trellis.tiers.declared import declared_needs
from trellis.tiers.deliveries import deployed_roles, make_deliveries
from trellis.tiers.foundation import account_region, aws_provider, make_network
from trellis.tiers.functions import (
    function_needs,
    packages,
)
from trellis.tiers.identities import make_identities
from trellis.tiers.images import BuildContexts, build_contexts
from trellis.tiers.keys import make_keys
from trellis.tiers.lake import sql_files
from trellis.tiers.monitoring import (
    application_logs,
    custom_metrics,
)
from trellis.tiers.overrides import Overrides
from trellis.tiers.secrets import secret_needs
from trellis.tiers.services import service_needs
from trellis.tiers.sites import content_plans
from trellis.tiers.stack_context import StackContext
from trellis.tiers.used import make_used
from trellis.tiers.users import make_users, seal_used
from trellis.tiers.uses import Producers, existing_things
from trellis.tiers.watching import watch

DECLARED = ("streams", "file_systems")
"""Parts of the stack file that need nothing but their declaration, in the order of dashboards."""

hold_made(DECLARED)


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
                    exemption.model_dump(mode="json", by_alias=True)
                    for exemption in settings.exemptions
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
    overrides, adoptions = Overrides(loaded), Adoptions(loaded)
    changed = [*adoptions.transformations(), *overrides.transformations()]
    built = _build(loaded, links or {}, changed)
    overrides.warn_unused()
    adoptions.warn()
    return built


def _build(
    loaded: Loaded, links: Links, changed: Sequence[pulumi.ResourceTransformation]
) -> BuiltSystem:
    settings = implied(loaded.settings)
    files = _files(loaded, links)
    provider = aws_provider(settings)
    system, stack, network = _context(loaded, settings, provider, changed)

    # What is used: each can be linked to as soon as it is made.
    used = make_used(stack, loaded, DECLARED, files.sql, provider)
    built = used.system(system, provider, network, stack)
    producers = built.producers(
        custom_metrics(settings),
        application_logs(stack),
        links,
        existing_things(settings, stack.where),
    )

    # What uses it, with the sites and firewalls before it.
    users = make_users(stack, loaded, used, producers, files.zips, files.builds, provider)

    # All who publish, deliver and replicate are known: policies are sealed, then contents follow.
    _make_outsiders(stack, producers, files.roles, used.account.sign_in)
    sealed = seal_used(stack, used, users, files.objects, files.contents)

    # What watches all of it.
    watch(stack, loaded, network, used, users, sealed)
    return replace(
        built,
        services=users.services,
        jobs=users.jobs,
        load_balancers=users.balancers,
        network_load_balancers=users.network_balancers,
        sites=users.sites,
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
    loaded: Loaded,
    settings: SystemSettings,
    provider: aws.Provider,
    changed: Sequence[pulumi.ResourceTransformation],
) -> tuple[System, StackContext, Network | None]:
    """What every tier is made with: names, keys and places; and the network, if made here."""
    naming = naming_of(settings)
    where = account_region(settings, provider)
    given = pulumi.ResourceOptions(
        providers={"aws": provider},
        transformations=[*bounded(settings.permissions_boundary, where), *changed],
    )
    system = System(settings, given)
    child = pulumi.ResourceOptions(parent=system)
    keys = make_keys(settings, naming, where, child, provider)
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
