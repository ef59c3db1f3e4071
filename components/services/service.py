"""The service component: tasks that run all the time, deployed without a drop.

Builds a security group, a log group, an execution role and a task role, a task definition, a target
group and listener rules behind each load balancer that its routes name (`traffic`), target groups
behind ports of network load balancers (`listening`), the ECS service (`ecs_service`), its scaling,
and the alarms that undo a deployment.

Promises:
- Everything the tasks may reach follows from its links, and nothing else is allowed.
- A version that does not start, or answers with errors, is rolled back without anybody's doing.
- How many tasks run is scaling's business: no deployment resets it.
- Before there is an image, and before every secret that a person sets has a value, the service and
  its scaling are not registered; all they stand on is, so that the image can be pushed.

Made in two steps, because two services may call each other: the constructor makes what others link
to (`link`), and `run` makes the rest from the service's own links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AlarmSpec, Arn, Endpoint, Link, WidgetSpec
from components.parts.offer import Offer
from components.services.cluster import Cluster
from components.services.deployment.deployment import rollback_alarms
from components.services.deployment.ecs_service import Parts, ecs_service
from components.services.deployment.redeployment import Rotated
from components.services.moved import JOB, moved_from
from components.services.names import SERVICE_NAME
from components.services.routing.existing_listener import Balancer
from components.services.routing.listening import balanced_listeners, listening
from components.services.routing.listening_alarms import listening_alarms, listening_widgets
from components.services.routing.network_balancer import NetworkLoadBalancer
from components.services.routing.service_connect import calls_trigger, service_connect
from components.services.routing.sign_in import SignInPool
from components.services.routing.traffic import attachments, balanced_routes, traffic
from components.services.scaling.scaling import Scaled, scaling
from components.services.service_alarms import Watched, service_alarms
from components.services.service_widgets import service_widgets
from components.services.settings import ServiceSettings
from components.services.task.task import Image, Task, TaskLocation, TaskPrerequisites, task


def _address_variables(settings: ServiceSettings) -> dict[str, str]:
    """How callers are told of it: an address where it speaks HTTP, else host and port."""
    if settings.protocol == "tcp":
        return {"host": "{KEY}_HOST", "port": "{KEY}_PORT"}
    return {"url": "{KEY}_URL"}


OFFER = Offer[ServiceSettings](
    kind="service",
    accesses=("call",),
    default="call",
    variables={},
    more=_address_variables,
    one=lambda settings: settings.protocol != "tcp",
    listens=True,
)


class Service(pulumi.ComponentResource):
    """One ECS service. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        *,
        location: TaskLocation,
        cluster: Cluster,
        balancers: Mapping[str, Balancer],
        network_balancers: Mapping[str, NetworkLoadBalancer] | None = None,
        pools: Mapping[str, SignInPool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make what others need of the service: its group, log and target groups.

        Args:
            name: Pulumi name, the service's key; the prefix of every child's.
            balancers: load balancers by key; a route without one takes the only one.
            network_balancers: network load balancers by key, as listeners name them.
            pools: whom users sign in with at the load balancer, by key.

        Raises:
            ValueError: a route or a listener names no load balancer that there is.
        """
        naming = location.naming
        self._physical_name = naming.chosen(SERVICE_NAME, settings.name, name)
        routes = balanced_routes(name, settings, balancers)
        listeners = balanced_listeners(name, settings, network_balancers or {})
        super().__init__("trellis:services:Service", name, None, moved_from(settings, JOB, opts))
        self._key = name
        self._settings = settings
        self._location = location
        self._cluster = cluster
        self._child = pulumi.ResourceOptions(parent=self)
        self._prerequisites = TaskPrerequisites(name, settings, location, self._child)
        self._rotating: tuple[pulumi.Input[str], ...] = ()
        self._traffic = traffic(
            name,
            settings,
            routes,
            balancers,
            self._endpoint(),
            location=location,
            pools=pools,
            opts=self._child,
        )
        self._listening = listening(
            name,
            settings,
            listeners,
            self._prerequisites.group.id,
            location=location,
            opts=self._child,
        )
        self._service: aws.ecs.Service | None = None
        self.register_outputs({"name": self._physical_name})

    @property
    def name(self) -> str:
        """Physical name of the ECS service."""
        return self._physical_name

    @property
    def log_group_name(self) -> str:
        """Where the tasks write, known from the start."""
        return self._prerequisites.log_group_name

    @property
    def log_group(self) -> aws.cloudwatch.LogGroup:
        """The group itself, for whoever must come after it."""
        return self._prerequisites.log

    @property
    def arn(self) -> Arn:
        """ARN of the ECS service, known from the start."""
        return self._location.where.arn(
            "ecs", f"service/{self._cluster.name}/{self._physical_name}"
        )

    @property
    def resource(self) -> aws.ecs.Service:
        """The ECS service, once `run` has made it.

        Raises:
            LookupError: it has not, or the service waits for its image.
        """
        if self._service is None:
            raise LookupError(f"service {self._key} is not made yet")
        return self._service

    @property
    def settings(self) -> ServiceSettings:
        """What was asked for."""
        return self._settings

    @property
    def rotated(self) -> Rotated | None:
        """What deploys it again, once it runs with secrets that are rotated."""
        if not self._rotating:
            return None
        return Rotated(self._physical_name, self.arn, self._rotating)

    def link(self, access: str | None = None) -> Link:
        """What a caller needs: the way to the tasks, and `<KEY>_URL` to call them by, or
        `<KEY>_HOST` and `<KEY>_PORT` where they speak no HTTP.

        Raises:
            UnknownAccessError: `access` is not `call`.
            ValueError: the service can't be called by name.
        """
        access = OFFER.chosen(self._key, self._settings, access)
        endpoint = self._endpoint()
        if endpoint is None or not self._settings.discoverable:
            raise ValueError(f"`discoverable: true` (and a port) for service {self._key}")
        scheme = "grpc" if self._settings.protocol == "grpc" else "http"
        address = (
            {"host": self._key, "port": str(endpoint.port)}
            if self._settings.protocol == "tcp"
            else {"url": f"{scheme}://{self._key}:{endpoint.port}"}
        )
        return Link(
            producer=f"service-{self._key}",
            access=access,
            endpoints=(endpoint,),
            environment=OFFER.environment(self._key, self._settings, address),
        )

    def run(
        self,
        links: Sequence[Link],
        *,
        images: Mapping[str, Image] | None,
        repository_arns: Sequence[Arn] = (),
        queue_name: pulumi.Input[str] | None = None,
        called: Mapping[str, aws.ecs.Service] | None = None,
        after: Sequence[pulumi.Resource] = (),
    ) -> aws.ecs.Service | None:
        """Make the roles, rules and task definition, and run it if there are images.

        Args:
            images: by container name; None while an image or a secret's value is waited for.
            repository_arns: repositories of its images.
            queue_name: of `scaling.backlog`.
            called: services it calls that run already, by key; it starts after them.
            after: what a new version waits for, as jobs that run before it.
        """
        settings = self._settings
        built = task(
            self._key,
            settings,
            self._location,
            self._prerequisites,
            links=links,
            images=images,
            repository_arns=repository_arns,
            grants=self._cluster.session_grants() if settings.exec else (),
            ports=self._port_mappings(),
            listening=settings.listening,
            opts=self._child,
        )
        alarms = rollback_alarms(
            self._key,
            self._physical_name,
            settings.deployment,
            self._traffic.names(),
            opts=self._child,
        )
        if built.definition is None:
            return None
        service = ecs_service(
            self._key,
            self._physical_name,
            settings,
            Parts(
                cluster=self._cluster,
                placement=self._location.placement,
                security_group_id=self._prerequisites.group.id,
                definition=built.definition,
                load_balancers=[
                    *attachments(
                        self._key,
                        settings,
                        self._traffic,
                        location=self._location,
                        opts=self._child,
                    ),
                    *self._listening.attachments(settings.listening),
                ],
                alarms=[alarm.name for alarm in alarms],
                connect=self._service_connect(links),
                triggers=calls_trigger(tuple(called or ())),
            ),
            after=[
                *built.before,
                *self._traffic.before,
                *self._listening.before,
                *(called or {}).values(),
                *after,
            ],
            parent=self,
        )
        self._service = service
        self._scale(service, queue_name)
        if settings.deployment.on_rotation:
            self._rotating = _rotating(built)
        return service

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """CPU, memory, too few tasks; behind a load balancer also health, errors and latency."""
        listeners = listening_alarms(self._key, self._listening.names())
        return (*service_alarms(self._watched()), *listeners)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Golden signals, tasks, CPU and memory; where it is called, requests and health."""
        listeners = listening_widgets(self._key, self._listening.names())
        return (*service_widgets(self._watched()), *listeners)

    def _watched(self) -> Watched:
        return Watched(
            key=self._key,
            cluster=self._cluster.name,
            service=self._physical_name,
            least=self._settings.scaling.min,
            scheduled=self._settings.scaling.rests,
            insights=self._cluster.insights,
            targets=self._traffic.names(),
            log_group=self._prerequisites.log_group_name,
        )

    def _endpoint(self) -> Endpoint | None:
        port = self._settings.port
        return (
            Endpoint(f"service-{self._key}", self._prerequisites.group.id, port) if port else None
        )

    def _port_mappings(self) -> list[dict[str, Any]]:
        settings = self._settings
        return [
            {
                "name": self._key
                if (port, carried) == (settings.port, "tcp")
                else f"{self._key}-{port}-{carried}",
                "containerPort": port,
                "hostPort": port,
                "protocol": carried,
                # The proxies speak it; without, they pass on what they get.
                **(
                    {"appProtocol": settings.protocol}
                    if (port, carried) == (settings.port, "tcp") and settings.protocol != "tcp"
                    else {}
                ),
            }
            for port, carried in settings.port_mappings
        ]

    def _service_connect(self, links: Sequence[Link]) -> Any:
        return service_connect(
            self._key,
            self._settings,
            calls=any(link.producer.startswith("service-") for link in links),
            namespace=self._cluster.namespace_arn,
            log_group=self._prerequisites.log_group_name,
            region=self._location.where.region,
        )

    def _scale(self, service: aws.ecs.Service, queue_name: pulumi.Input[str] | None) -> None:
        scaling(
            self._settings.scaling,
            Scaled(
                key=self._key,
                cluster=self._cluster.name,
                service=service.name,
                targets=tuple(self._traffic.names().values()),
                queue_name=queue_name,
                physical_name=self._physical_name,
            ),
            self._child,
        )


def _rotating(built: Task) -> tuple[pulumi.Input[str], ...]:
    return tuple(secret.arn for secret in built.joined.secrets if secret.rotates)
