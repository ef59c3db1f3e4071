"""What uses the rest: functions, services and jobs, and the sites and firewalls before them.

Logs are delivered only where the bucket's policy already allows it, so policies of buckets for logs
are sealed before services are made, and all others once everybody whom they trust has said so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket.content import BucketFile
from components.services.job import Job
from components.services.routing.load_balancer import LoadBalancer
from components.services.routing.network_balancer import NetworkLoadBalancer
from components.services.service import Service
from components.sites.content import ContentPlan
from trellis.stackfile.loading import Loaded
from trellis.tiers.apis import serve_apis
from trellis.tiers.buckets import (
    fill_buckets,
    seal_buckets,
    seal_log_buckets,
    write_access_logs,
)
from trellis.tiers.budgets import make_budgets
from trellis.tiers.closed_ports import warn_of_closed_ports
from trellis.tiers.dns import make_addresses
from trellis.tiers.firewall import make_regional_firewalls, make_site_firewalls
from trellis.tiers.functions import Callers, run_functions
from trellis.tiers.images import BuildContexts
from trellis.tiers.messaging import seal_messaging
from trellis.tiers.services import Running, make_repositories, make_services
from trellis.tiers.sites import make_sites, publish
from trellis.tiers.stack_context import StackContext
from trellis.tiers.used import Used
from trellis.tiers.user_pools import as_sign_in
from trellis.tiers.uses import Producers


@dataclass(frozen=True)
class Users:
    """What uses the rest, each by the stack file's keys."""

    running: Running | None
    """None where there are neither services nor jobs."""
    log_policies: Mapping[str, pulumi.Resource]
    """Policies of buckets for logs, by bucket."""
    regional_firewalls: Iterable[Any]
    site_firewalls: Mapping[str, Any]
    sites: Mapping[str, Any]

    @property
    def balancers(self) -> Mapping[str, LoadBalancer]:
        """Load balancers."""
        return self.running.balancers if self.running is not None else {}

    @property
    def network_balancers(self) -> Mapping[str, NetworkLoadBalancer]:
        """Network load balancers."""
        return self.running.network_balancers if self.running is not None else {}

    @property
    def services(self) -> Mapping[str, Service]:
        """Services."""
        return self.running.services if self.running is not None else {}

    @property
    def jobs(self) -> Mapping[str, Job]:
        """Jobs."""
        return self.running.jobs if self.running is not None else {}


@dataclass(frozen=True)
class Sealed:
    """What follows once policies are sealed, and is watched."""

    checkers: Iterable[Any]
    """Functions that check tokens of APIs."""
    contents: Iterable[Any]
    """Uploads of sites."""


def make_users(
    stack: StackContext,
    loaded: Loaded,
    used: Used,
    producers: Producers,
    zips: Mapping[str, Path],
    builds: BuildContexts,
    provider: aws.Provider,
) -> Users:
    """Make what uses the rest.

    Args:
        zips: what `up` uploads, by function.
        builds: what `up` builds images from.
    """
    warn_of_closed_ports(stack.settings)
    log_policies = seal_log_buckets(used.buckets, stack.settings)
    write_access_logs(stack, used.buckets, log_policies)
    repositories = make_repositories(stack)
    run_functions(
        stack,
        loaded.context,
        used.functions,
        zips,
        producers,
        Callers(used.queues, used.tables, used.declared["streams"], used.topics, used.buckets),
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
        certificates=used.dns.balancer_certificates(),
        network_certificates=used.dns.network_balancer_certificates(),
        pools=as_sign_in(used.pools, stack.settings),
        builds=builds,
    )
    balancers: Mapping[str, LoadBalancer] = running.balancers if running is not None else {}
    regional_firewalls = make_regional_firewalls(
        stack, balancers, used.apis, used.pools, used.log_delivery
    )
    site_firewalls = make_site_firewalls(stack, used.log_delivery)
    sites = make_sites(stack, used.dns, used.buckets, balancers, site_firewalls, log_policies)
    network_balancers: Mapping[str, NetworkLoadBalancer] = (
        running.network_balancers if running is not None else {}
    )
    make_addresses(stack, used.dns, sites, balancers, network_balancers)
    return Users(running, log_policies, regional_firewalls, site_firewalls, sites)


def seal_used(
    stack: StackContext,
    used: Used,
    users: Users,
    objects: Mapping[str, tuple[BucketFile, ...]],
    uploads: Mapping[str, ContentPlan],
) -> Sealed:
    """Seal the policies of queues, topics and buckets, then fill buckets.

    Args:
        objects: what `up` puts into buckets, by bucket.
        uploads: what `up` uploads, by site.
    """
    receivers, policies = seal_messaging(stack, used.buckets, used.queues, used.topics)
    make_budgets(stack, used.topics)
    checkers = serve_apis(
        stack,
        used.apis,
        used.functions,
        used.secrets,
        used.pools,
        used.dns,
        users.balancers,
        users.network_balancers,
        after=used.account.api_logs,
    )
    sealed = {*users.log_policies, *used.account.sealed}
    bucket_policies = seal_buckets(
        {key: bucket for key, bucket in used.buckets.items() if key not in sealed},
        receivers,
        policies,
    )
    fill_buckets(used.buckets, objects, bucket_policies)
    contents = publish(
        stack, uploads, users.sites, used.buckets, bucket_policies, used.account.sign_in
    )
    return Sealed(checkers, contents)
