"""Services and jobs of a stack file, and what they stand on: cluster, images, load balancers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi
import pulumi_aws as aws

from components.contracts import Domain, Link, NetworkNeeds, Placement, SubnetTier
from components.messaging.queue import queue_name
from components.secrets.secret import secret_name
from components.services.cluster import Cluster
from components.services.deployment.redeployment import Redeployer
from components.services.job import Job
from components.services.repository import ImageRepository
from components.services.routing.existing_listener import named_listeners
from components.services.routing.load_balancer import LoadBalancer
from components.services.routing.network_balancer import NetworkLoadBalancer
from components.services.routing.sign_in import SignInPool
from components.services.service import Service
from components.services.settings import JobSettings, ServiceSettings
from components.services.task.settings import TaskSettings
from components.services.task.task import TaskLocation
from trellis.stackfile.context import Context
from trellis.stackfile.room_checks import is_closed, private_paths_of, task_addresses
from trellis.stackfile.service_checks import tasks_of
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.balancers import make_balancers, make_network_balancers
from trellis.tiers.environment_files import environment_files
from trellis.tiers.given_secrets import given_secrets, has_value
from trellis.tiers.images import (
    BuildContexts,
    Images,
    Resolved,
    existing_repositories,
    repositories_of,
)
from trellis.tiers.keep_running import keep_running
from trellis.tiers.registry_sign_ins import registry_sign_ins
from trellis.tiers.service_order import in_order
from trellis.tiers.stack_context import StackContext
from trellis.tiers.uses import Producers


@dataclass(frozen=True)
class Running:
    """All services and jobs of a system."""

    cluster: Cluster
    services: Mapping[str, Service]
    jobs: Mapping[str, Job]
    balancers: Mapping[str, LoadBalancer]
    network_balancers: Mapping[str, NetworkLoadBalancer]
    repositories: Mapping[str, ImageRepository]
    redeployer: Redeployer | None
    waiting: Mapping[str, tuple[str, ...]]
    """What services and jobs wait for, by `service-<key>` or `job-<key>`."""

    def components(
        self,
    ) -> tuple[Service | Job | LoadBalancer | NetworkLoadBalancer | Redeployer, ...]:
        """All that is watched; a service that waits has nothing to watch yet."""
        return (
            *(
                service
                for key, service in self.services.items()
                if f"service-{key}" not in self.waiting
            ),
            *self.jobs.values(),
            *self.balancers.values(),
            *self.network_balancers.values(),
            *((self.redeployer,) if self.redeployer is not None else ()),
        )

    def waiting_services(self) -> tuple[Service, ...]:
        """Services that are not started yet."""
        return tuple(s for key, s in self.services.items() if f"service-{key}" in self.waiting)

    def exports(self) -> dict[str, pulumi.Input[object]]:
        """What a person needs to push, call and watch."""
        return {
            "cluster": self.cluster.name,
            "repositories": {key: repository.url for key, repository in self.repositories.items()},
            "loadBalancers": {key: balancer.dns_name for key, balancer in self.balancers.items()},
            **(
                {
                    "networkLoadBalancers": {
                        key: balancer.dns_name for key, balancer in self.network_balancers.items()
                    }
                }
                if self.network_balancers
                else {}
            ),
            "services": {key: service.name for key, service in self.services.items()},
            "waiting": {key: list(reasons) for key, reasons in self.waiting.items()},
        }


def service_needs(settings: SystemSettings) -> NetworkNeeds:
    """What services, jobs and load balancers need of the network."""
    network = settings.network
    tasks = list(tasks_of(settings).values())
    if network is None or not tasks:
        return NetworkNeeds()
    closed = [private_paths_of(task) for task in tasks if is_closed(network, task)]
    return NetworkNeeds(
        gateway_endpoints=frozenset({"s3"}) if closed else frozenset(),
        interface_endpoints=frozenset[str]().union(*closed),
        addresses=task_addresses(settings),
    )


def make_services(
    stack: StackContext,
    context: Context,
    placements: Mapping[SubnetTier, Placement],
    producers: Producers,
    repositories: Mapping[str, ImageRepository],
    *,
    provider: pulumi.ProviderResource,
    log_policies: Mapping[str, pulumi.Resource],
    certificates: Mapping[str, Mapping[str, pulumi.Input[str]]],
    network_certificates: Mapping[str, Mapping[str, pulumi.Input[str]]],
    pools: Mapping[str, SignInPool],
    builds: BuildContexts,
) -> Running | None:
    """Everything that runs in containers; None where nothing does.

    Args:
        producers: all else that can be used; services are added here.
        repositories: of images, by key.
        log_policies: sealed policies of log buckets, by key.
        certificates: ARNs by load balancer, the default one first.
        network_certificates: the same by network load balancer.
        pools: whom users sign in with at load balancers, by key.
        builds: what images are built from.
    """
    settings = stack.settings
    if not settings.services and not settings.jobs:
        return None
    if context.example:
        pulumi.log.warn(
            "this example's context file is made up: its image digests (sha256:0000...) were not "
            "looked up, nor was which secrets have values; `trellis lookup` asks your account"
        )
    cluster = Cluster(
        "cluster",
        settings.cluster,
        naming=stack.naming,
        where=stack.where,
        log_key_arn=stack.key(Domain.LOGS),
        opts=stack.child,
    )
    there = existing_repositories(settings, stack.where)
    images = Images(
        {**there, **repositories}, context, provider, stack.where.partition, stack.child, builds
    )
    balancers = make_balancers(stack, placements, log_policies, certificates)
    network_balancers = make_network_balancers(
        stack, placements, log_policies, network_certificates
    )
    there_already = named_listeners(settings.existing.load_balancers)
    services = {
        key: Service(
            key,
            serving,
            location=_location(stack, placements, serving),
            cluster=cluster,
            balancers={**there_already, **balancers},
            network_balancers=network_balancers,
            pools=pools,
            opts=stack.child,
        )
        for key, serving in settings.services.items()
    }
    # Every service has its doorway by now, so two may call each other.
    producers = replace(producers, by_kind={**producers.by_kind, "service": services})
    waiting: dict[str, tuple[str, ...]] = {}
    jobs: dict[str, Job] = {}
    for key, job in settings.jobs.items():
        resolved, reasons = _ready(stack, context, provider, images, job)
        links = _links(stack, producers, job)
        jobs[key] = _job(stack, placements, cluster, key, job, links, resolved)
        if reasons:
            waiting[f"job-{key}"] = reasons
    ready = {
        key: _ready_service(stack, context, provider, images, key, waiting) for key in services
    }
    waiting |= {f"service-{key}": reasons for key, (_, reasons) in ready.items() if reasons}
    keep_running(
        cluster.name,
        {key: (services[key].name, reasons) for key, (_, reasons) in ready.items() if reasons},
        provider,
    )
    running: dict[str, aws.ecs.Service] = {}
    for key, called in in_order(settings.services).items():
        serving, resolved = settings.services[key], ready[key][0]
        made = services[key].run(
            _links(stack, producers, serving),
            images=resolved.images,
            repository_arns=resolved.repository_arns,
            queue_name=_queue_name(stack, serving),
            called={name: running[name] for name in called if name in running},
            after=[
                resource
                for name, job in settings.jobs.items()
                if key in job.before
                for resource in jobs[name].done
            ],
        )
        if made is not None:
            running[key] = made
    redeployer = _redeployer(stack, cluster, services)
    for name, reasons in waiting.items():
        pulumi.log.warn(f"{name} is not started yet; it waits for {'; '.join(reasons)}")
    whole = Running(
        cluster, services, jobs, balancers, network_balancers, repositories, redeployer, waiting
    )
    pulumi.export("services", whole.exports())
    return whole


def _links(stack: StackContext, producers: Producers, task: TaskSettings) -> tuple[Link, ...]:
    """All that a task leads to, and what starting it takes."""
    return (
        *producers.links(task.uses),
        *environment_files(stack, producers, task),
        *registry_sign_ins(stack, producers, task),
    )


def _redeployer(
    stack: StackContext, cluster: Cluster, services: Mapping[str, Service]
) -> Redeployer | None:
    """Deploys services again after their secrets were rotated; None where none are."""
    rotated = {key: service.rotated for key, service in services.items()}
    found = {key: secrets for key, secrets in rotated.items() if secrets is not None}
    if not found:
        return None
    if not _has_trail(stack.settings):
        pulumi.log.warn(
            f"services {', '.join(sorted(found))} start anew after a rotation only where a "
            "CloudTrail trail of the account records management events, which carries the news: "
            "`baseline: {}` makes one, `baseline: {elsewhere: [trail]}` says that there is one, "
            "`deployment: {onRotation: false}` goes without"
        )
    return Redeployer(
        "redeployer",
        found,
        naming=stack.naming,
        where=stack.where,
        cluster=cluster.name,
        log_days=stack.log_days,
        log_key_arn=stack.key(Domain.LOGS),
        opts=stack.child,
    )


def _has_trail(settings: SystemSettings) -> bool:
    baseline = settings.baseline
    return baseline is not None and (baseline.makes("trail") or "trail" in baseline.elsewhere)


def _ready(
    stack: StackContext,
    context: Context,
    provider: pulumi.ProviderResource,
    images: Images,
    task: TaskSettings,
) -> tuple[Resolved, tuple[str, ...]]:
    """A task's images, and all that it waits for."""
    resolved = images.of(task)
    reasons = [*resolved.waits]
    for key, secret in given_secrets(stack.settings, task).items():
        name = secret_name(key, secret, stack.naming)
        if not has_value(name, context, provider):
            reasons.append(f"a value of the secret {name}")
    if reasons:
        resolved = replace(resolved, images=None)
    return resolved, tuple(reasons)


def _ready_service(
    stack: StackContext,
    context: Context,
    provider: pulumi.ProviderResource,
    images: Images,
    key: str,
    waiting: Mapping[str, tuple[str, ...]],
) -> tuple[Resolved, tuple[str, ...]]:
    """A service's images, and all that it waits for, jobs before it included."""
    resolved, reasons = _ready(stack, context, provider, images, stack.settings.services[key])
    before = [name for name, job in stack.settings.jobs.items() if key in job.before]
    reasons += tuple(f"the job {name}" for name in before if f"job-{name}" in waiting)
    return (replace(resolved, images=None) if reasons else resolved), reasons


def _location(
    stack: StackContext, placements: Mapping[SubnetTier, Placement], task: TaskSettings
) -> TaskLocation:
    return TaskLocation(stack.naming, stack.where, placements[task.subnets], stack.key(Domain.LOGS))


def _job(
    stack: StackContext,
    placements: Mapping[SubnetTier, Placement],
    cluster: Cluster,
    key: str,
    job: JobSettings,
    links: Sequence[Link],
    resolved: Resolved,
) -> Job:
    return Job(
        key,
        job,
        location=_location(stack, placements, job),
        cluster=cluster,
        links=links,
        images=resolved.images,
        repository_arns=resolved.repository_arns,
        message_key_arn=stack.key(Domain.MESSAGES) if job.schedule else None,
        opts=stack.child,
    )


def make_repositories(stack: StackContext) -> dict[str, ImageRepository]:
    """Where images are pushed: those of the stack file, and those that only an image names."""
    return {
        key: ImageRepository(
            key,
            repository,
            naming=stack.naming,
            where=stack.where,
            key_arn=stack.key(Domain.DATA),
            protect=stack.protect,
            opts=stack.child,
        )
        for key, repository in repositories_of(stack.settings).items()
    }


def _queue_name(stack: StackContext, service: ServiceSettings) -> str | None:
    backlog = service.scaling.backlog
    if backlog is None:
        return None
    return queue_name(backlog.queue, stack.settings.queues[backlog.queue], stack.naming)
