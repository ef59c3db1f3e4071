"""How services, jobs, and what they share, are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.contracts import Domain
from components.naming import Naming
from components.parts.adoption import Adopts
from components.parts.changes import Change, Downtime, Unique
from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    RECORDS,
    ROUTING,
    Data,
    Instead,
    Resource,
    TakenName,
    Tier,
    Watched,
)
from components.parts.identifiers import balancer_form
from components.parts.shown import CLOCK, Category, Column, Shown
from components.services.changes import (
    checked_at_once,
    first_or_last_group,
    leaves_a_subnet,
    strategy,
)
from components.services.existing import EXISTING_REPOSITORIES
from components.services.names import CLUSTER_NAME, LOAD_BALANCER_NAME, SERVICE_NAME
from components.services.platform_settings import (
    ClusterSettings,
    LoadBalancerSettings,
    RepositorySettings,
)
from components.services.repository import repository_name
from components.services.routing.balancing import name_parts
from components.services.routing.existing_listener import EXISTING_LISTENERS
from components.services.routing.network_settings import NetworkLoadBalancerSettings
from components.services.runs import state_machine_name
from components.services.service import OFFER
from components.services.settings import JobSettings, ServiceSettings
from components.services.shown import (
    BALANCER_KIND,
    balancer_detail,
    balancer_encryption,
    service_encryption,
    task_detail,
)
from components.services.task.settings import TaskSettings
from components.services.task.task import family_of, log_group_of


def _cluster_names(_: str, settings: ClusterSettings, naming: Naming) -> Iterator[TakenName]:
    if settings.existing is None:
        yield TakenName("cluster", partial(naming.chosen, CLUSTER_NAME, settings.name), ("name",))


def _repository_names(
    key: str, settings: RepositorySettings, naming: Naming
) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    yield TakenName("repository", partial(repository_name, key, settings, naming), setting)


def _balancer_names(
    key: str, settings: LoadBalancerSettings, naming: Naming
) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    named = partial(
        naming.chosen, LOAD_BALANCER_NAME, settings.name, *name_parts(settings.scheme, key)
    )
    yield TakenName("load balancer", named, setting)


def _network_balancer_names(
    key: str, settings: NetworkLoadBalancerSettings, naming: Naming
) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    named = partial(
        naming.chosen, LOAD_BALANCER_NAME, settings.name, *name_parts(settings.scheme, "nlb", key)
    )
    yield TakenName("load balancer", named, setting)


def _service_names(key: str, settings: ServiceSettings, naming: Naming) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    yield TakenName("service", partial(naming.chosen, SERVICE_NAME, settings.name, key), setting)
    yield from _task_names(key, settings, naming)


def _task_names(key: str, settings: TaskSettings, naming: Naming) -> Iterator[TakenName]:
    setting = ("family",) if settings.family else ()
    yield TakenName("task definition", partial(family_of, key, settings, naming), setting)
    setting = ("logGroup",) if settings.log_group else ()
    yield TakenName("log group", partial(log_group_of, key, settings, naming), setting)


def _job_names(key: str, settings: JobSettings, naming: Naming) -> Iterator[TakenName]:
    yield from _task_names(key, settings, naming)
    if settings.is_followed:
        yield TakenName("state machine", partial(state_machine_name, key, naming))


BALANCER = Shown(
    BALANCER_KIND,
    glyph="M2 9h5M7 9l5-6h4M7 9h9M7 9l5 6h4",
    category=Category.EDGE,
    column=Column.ENTRY,
    icon=r"Elastic-?Load-?Balancing",
    detail=balancer_detail,
    encryption=balancer_encryption,
)

TIERS = (
    Tier(
        field="cluster",
        settings=ClusterSettings,
        components={
            "trellis:services:Cluster": Shown("cluster", hidden=True),
        },
        resources={
            "aws:ecs/cluster:Cluster": Resource(
                CONFIGURATION,
                facts=("name",),
                unique=Unique("region", ("name",)),
                change=Change(downtime=Downtime("its services stop and start anew")),
            ),
            "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Resource(CONFIGURATION),
            "aws:servicediscovery/httpNamespace:HttpNamespace": Resource(
                ROUTING, unique=Unique("region", ("name",))
            ),
        },
        keys=frozenset(),
        names=_cluster_names,
        adopts=Adopts(
            ("aws:ecs/cluster:Cluster",),
            over=("capacity providers",),
            resource="cluster",
            name=lambda _, settings, naming: naming.chosen(CLUSTER_NAME, settings.name),
            setting="name",
        ),
    ),
    Tier(
        field="repositories",
        settings=RepositorySettings,
        components={
            "trellis:services:ImageRepository": Shown("image repository", hidden=True),
        },
        resources={
            "aws:ecr/lifecyclePolicy:LifecyclePolicy": Resource(
                CONFIGURATION, change=Change(same=("repository",))
            ),
            "aws:ecr/repository:Repository": Resource(
                RECORDS,
                facts=("name", "imageTagMutability"),
                data=Data("images", "name", "push the images into the new repository"),
                unique=Unique(
                    "region",
                    ("name",),
                    hint=(
                        "give it another name in one stack (`repositories.<key>.name`), or let "
                        "one have it and name its images by `image.uri` in the other"
                    ),
                ),
            ),
            "aws:ecr/repositoryPolicy:RepositoryPolicy": Resource(ACCESS),
        },
        keys=frozenset({Domain.DATA}),
        names=_repository_names,
        adopts=Adopts(
            ("aws:ecr/repository:Repository",),
            over=("lifecycle policy", "policy"),
            name=repository_name,
            setting="name",
        ),
        named=EXISTING_REPOSITORIES,
    ),
    Tier(
        field="load_balancers",
        settings=LoadBalancerSettings,
        components={
            "trellis:services:LoadBalancer": BALANCER,
        },
        resources={
            "aws:lb/listener:Listener": Resource(
                ROUTING,
                facts=("port", "protocol"),
                change=Change(
                    downtime=Downtime("its port is closed meanwhile"),
                    place=("loadBalancerArn", "port"),
                ),
            ),
            "aws:lb/listenerCertificate:ListenerCertificate": Resource(
                ROUTING, change=Change(same=("listenerArn", "certificateArn"))
            ),
            "aws:lb/loadBalancer:LoadBalancer": Resource(
                Watched(
                    ("HTTPCode_ELB_5XX_Count", "RejectedConnectionCount"),
                    ("arnSuffix",),
                    Instead(
                        "loadBalancerType",
                        ("network",),
                        ("PortAllocationErrorCount", "RejectedFlowCount"),
                    ),
                ),
                facts=("name", "internal"),
                unique=Unique("region", ("name",)),
                change=Change(
                    moves="its domain name and addresses",
                    downtime=Downtime("its names point nowhere meanwhile", always=True),
                    guard="enableDeletionProtection",
                    conditions={
                        "subnets": leaves_a_subnet,
                        "securityGroups": first_or_last_group,
                    },
                ),
            ),
            "aws:wafv2/webAclAssociation:WebAclAssociation": Resource(
                CONFIGURATION,
                change=Change(
                    downtime=Downtime("what it protects is without its firewall meanwhile"),
                    same=("resourceArn",),
                ),
            ),
        },
        keys=frozenset(),
        names=_balancer_names,
        named=EXISTING_LISTENERS,
        adopts=Adopts(
            ("aws:lb/loadBalancer:LoadBalancer",),
            made=("security group",),
            also=("listeners",),
            name=lambda key, settings, naming: naming.chosen(
                LOAD_BALANCER_NAME, settings.name, *name_parts(settings.scheme, key)
            ),
            setting="name",
        ),
    ),
    Tier(
        field="network_load_balancers",
        settings=NetworkLoadBalancerSettings,
        components={
            "trellis:services:NetworkLoadBalancer": BALANCER,
        },
        resources={},
        keys=frozenset(),
        names=_network_balancer_names,
        adopts=Adopts(
            ("aws:lb/loadBalancer:LoadBalancer",),
            made=("security group",),
            also=("listeners",),
            resource="{key}-nlb",
            name=lambda key, settings, naming: naming.chosen(
                LOAD_BALANCER_NAME, settings.name, *name_parts(settings.scheme, "nlb", key)
            ),
            setting="name",
            form=balancer_form("net", "network load balancer"),
        ),
    ),
    Tier(
        field="services",
        settings=ServiceSettings,
        components={
            "trellis:services:Redeployer": Shown(
                "redeployer",
                hidden=True,
                part="functions",
            ),
            "trellis:services:Service": Shown(
                "service",
                glyph="M3 5l6-3 6 3v8l-6 3-6-3zM3 5l6 3 6-3M9 8v8",
                category=Category.COMPUTE,
                column=Column.COMPUTE,
                icon=r"(Elastic-Container-Service|Amazon-ECS|Fargate)",
                runs=True,
                detail=task_detail,
                encryption=service_encryption,
            ),
        },
        resources={
            "aws:appautoscaling/scheduledAction:ScheduledAction": Resource(
                CONFIGURATION, change=Change(same=("name", "resourceId", "scalableDimension"))
            ),
            "aws:ecs/service:Service": Resource(
                Watched(("CPUUtilization", "MemoryUtilization")),
                facts=("name", "launchType", "desiredCount"),
                change=Change(
                    downtime=Downtime("its tasks stop and start anew"),
                    place=("cluster", "name"),
                    conditions={"capacityProviderStrategies": strategy},
                ),
            ),
            "aws:ecs/taskDefinition:TaskDefinition": Resource(
                CONFIGURATION, facts=("family", "cpu", "memory")
            ),
            "aws:lb/listenerRule:ListenerRule": Resource(
                ROUTING,
                facts=("priority", "conditions"),
                change=Change(place=("listenerArn", "priority")),
            ),
            "aws:lb/targetGroup:TargetGroup": Resource(
                Watched(
                    ("UnHealthyHostCount", "HTTPCode_Target_5XX_Count"),
                    ("arnSuffix",),
                    Instead("protocol", ("TCP", "UDP"), ("UnHealthyHostCount",)),
                ),
                facts=("name", "port", "protocol"),
                unique=Unique("region", ("name",)),
                change=Change(
                    downtime=Downtime("it begins without healthy targets", always=True),
                    meanings=(checked_at_once,),
                ),
            ),
        },
        keys=frozenset({Domain.DATA}),
        offer=OFFER,
        names=_service_names,
    ),
    Tier(
        field="jobs",
        settings=JobSettings,
        components={
            "trellis:services:Job": Shown(
                "job",
                glyph=CLOCK,
                category=Category.COMPUTE,
                column=Column.COMPUTE,
                icon=r"(AWS-Fargate|Elastic-Container-Service|Amazon-ECS)",
                runs=True,
                detail=task_detail,
            ),
        },
        resources={
            "aws:sfn/stateMachine:StateMachine": Resource(
                Watched(("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"), ("arn",)),
                facts=("name",),
                unique=Unique("region", ("name",)),
            ),
        },
        keys=frozenset({Domain.DATA, Domain.MESSAGES}),
        names=_job_names,
    ),
)
"""What this package adds to a stack file."""
