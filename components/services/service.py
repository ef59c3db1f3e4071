"""The service component: tasks that run all the time, deployed without a drop.

Builds a security group, a log group, an execution role and a task role, a task definition, a target
group and listener rules behind each load balancer that its routes name, the ECS service, its
scaling, and the alarms that undo a deployment.

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
from components.naming import Kind
from components.parts.security_group import connect
from components.services.cluster import FARGATE, FARGATE_SPOT, Cluster
from components.services.containers import log_configuration
from components.services.deployment import mover_role, rollback_alarms
from components.services.load_balancer import LoadBalancer
from components.services.redeployment import Rotated
from components.services.route_settings import RouteSettings
from components.services.scaling import Scaled, scaling
from components.services.service_alarms import Watched, service_alarms, service_widgets
from components.services.settings import ServiceSettings
from components.services.target_group import listener_rule, target_group
from components.services.task import Image, Site, Task, TaskDoor, task
from components.tags import name_tag


class Service(pulumi.ComponentResource):
    """One ECS service. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        *,
        site: Site,
        cluster: Cluster,
        balancers: Mapping[str, LoadBalancer],
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make what others need of the service: its group, log and target groups.

        Args:
            name: Pulumi name, the service's key; the prefix of every child's.
            balancers: load balancers by key; a route without one takes the only one.
            protect: whether a running service survives a mistaken deletion, as when its image is
                suddenly not found.

        Raises:
            ValueError: a route names no load balancer that there is.
        """
        naming = site.naming
        self._physical_name = (
            naming.exact(Kind.SERVICE, settings.name)
            if settings.name
            else naming.of(Kind.SERVICE, name)
        )
        routes = [(_balancer_of(name, route, balancers), route) for route in settings.routes]
        super().__init__("trellis:services:Service", name, None, opts)
        self._name = name
        self._settings = settings
        self._site = site
        self._cluster = cluster
        self._balancers = balancers
        self._kept = protect
        self._routes = routes
        self._child = pulumi.ResourceOptions(parent=self)
        self._door = TaskDoor(name, settings, site, self._child)
        self._rotating: tuple[pulumi.Input[str], ...] = ()
        self._groups = self._create_target_groups()
        self._rules = self._create_rules()
        self.register_outputs({"name": self._physical_name})

    @property
    def name(self) -> str:
        """Physical name of the ECS service."""
        return self._physical_name

    @property
    def arn(self) -> Arn:
        """ARN of the ECS service, known from the start."""
        return self._site.where.arn("ecs", f"service/{self._cluster.name}/{self._physical_name}")

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

    def link(self, access: str = "call") -> Link:
        """What a caller needs: the way to the tasks, and `<KEY>_URL` to call them by.

        Raises:
            ValueError: `access` is not `call`, or the service can't be called by name.
        """
        if access != "call":
            raise ValueError("call")
        if self._settings.port is None or not self._settings.discoverable:
            raise ValueError(f"`discoverable: true` (and a port) for service {self._name}")
        variable = f"{self._name.upper().replace('-', '_')}_URL"
        scheme = "grpc" if self._settings.protocol == "grpc" else "http"
        return Link(
            producer=f"service-{self._name}",
            access=access,
            endpoints=(self._endpoint(),),
            environment={variable: f"{scheme}://{self._name}:{self._settings.port}"},
        )

    def run(
        self,
        links: Sequence[Link],
        *,
        images: Mapping[str, Image] | None,
        repository_arns: Sequence[Arn] = (),
        queue_name: pulumi.Input[str] | None = None,
        after: Sequence[pulumi.Resource] = (),
    ) -> aws.ecs.Service | None:
        """Make the roles, rules and task definition, and run it if there are images.

        Args:
            images: by container name; None while an image or a secret's value is waited for.
            repository_arns: repositories of its images.
            queue_name: of `scaling.backlog`.
            after: what a new version waits for, as jobs that run before it.
        """
        settings = self._settings
        built = task(
            self._name,
            settings,
            self._site,
            self._door,
            links=links,
            images=images,
            repository_arns=repository_arns,
            grants=self._cluster.session_grants() if settings.exec else (),
            port=self._port_mapping(),
            opts=self._child,
        )
        alarms = self._create_rollback_alarms()
        if built.definition is None:
            return None
        calls = any(link.producer.startswith("service-") for link in links)
        service = self._create_service(built, built.definition, alarms, after, calls=calls)
        scaling(
            settings.scaling,
            Scaled(
                key=self._name,
                cluster=self._cluster.name,
                service=service.name,
                resource_label=self._resource_label(),
                queue_name=queue_name,
                physical_name=self._physical_name,
            ),
            self._child,
        )
        if settings.deployment.on_rotation:
            self._rotating = tuple(each.arn for each in built.joined.secrets if each.rotates)
        return service

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """CPU, memory, too few tasks; behind a load balancer also health, errors and latency."""
        return service_alarms(self._watched())

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Tasks, CPU and memory; behind a load balancer also requests, health and latency."""
        return service_widgets(self._watched())

    def _watched(self) -> Watched:
        return Watched(
            key=self._name,
            cluster=self._cluster.name,
            service=self._physical_name,
            least=self._settings.scaling.min,
            insights=self._cluster.insights,
            targets={
                key: (self._balancers[key].arn_suffix, groups[0].arn_suffix)
                for key, groups in self._groups.items()
            },
        )

    def _endpoint(self) -> Endpoint:
        port = self._settings.port
        if port is None:
            raise ValueError(f"service {self._name} listens on no port")
        return Endpoint(f"service-{self._name}", self._door.group.id, port)

    def _port_mapping(self) -> dict[str, Any] | None:
        if self._settings.port is None:
            return None
        return {
            "name": self._name,
            "containerPort": self._settings.port,
            "hostPort": self._settings.port,
            "protocol": "tcp",
            "appProtocol": self._settings.protocol,
        }

    def _create_target_groups(self) -> dict[str, list[aws.lb.TargetGroup]]:
        """One group for each load balancer; two where versions swap."""
        blue_green = self._settings.deployment.strategy == "blueGreen"
        return {
            key: [
                target_group(
                    self._name,
                    self._settings,
                    naming=self._site.naming,
                    balancer=key,
                    vpc_id=self._site.placement.vpc_id,
                    colour=colour,
                    opts=self._child,
                )
                for colour in (("", "green") if blue_green else ("",))
            ]
            for key in sorted({key for key, _ in self._routes})
        }

    def _create_rules(self) -> list[pulumi.Resource]:
        """Listener rules, and the way from the load balancers to the tasks."""
        blue_green = self._settings.deployment.strategy == "blueGreen"
        # ECS moves the weights between the two groups; a deployment must not move them back.
        moved = ["actions"] if blue_green else None
        opts = pulumi.ResourceOptions(parent=self, ignore_changes=moved)
        rules: list[pulumi.Resource] = []
        self._production_rules: list[aws.lb.ListenerRule] = []
        self._test_rules: list[aws.lb.ListenerRule] = []
        for key, route in self._routes:
            balancer, groups = self._balancers[key], self._groups[key]
            rule = listener_rule(self._name, route, balancer, groups, opts=opts)
            self._production_rules.append(rule)
            if blue_green and balancer.test_port is not None:
                tested = listener_rule(
                    self._name, route, balancer, groups, entrance="test", opts=opts
                )
                self._test_rules.append(tested)
        for key in self._groups:
            group_id = self._balancers[key].security_group_id
            rules.extend(connect(key, group_id, self._endpoint(), opts=self._child))
        return [*rules, *self._production_rules, *self._test_rules]

    def _create_rollback_alarms(self) -> list[aws.cloudwatch.MetricAlarm]:
        targets = [
            (key, self._balancers[key].arn_suffix, group.arn_suffix)
            for key, groups in self._groups.items()
            for group in groups[:1]
        ]
        return rollback_alarms(
            self._name,
            self._physical_name,
            self._settings.deployment.rollback,
            targets,
            opts=self._child,
        )

    def _create_service(
        self,
        built: Task,
        definition: aws.ecs.TaskDefinition,
        alarms: Sequence[aws.cloudwatch.MetricAlarm],
        after: Sequence[pulumi.Resource],
        *,
        calls: bool,
    ) -> aws.ecs.Service:
        settings = self._settings
        deployment = settings.deployment
        names: list[pulumi.Input[str]] = [*(alarm.name for alarm in alarms)]
        names += deployment.rollback.alarms
        public = self._site.placement.tier.value == "public"
        return aws.ecs.Service(
            self._name,
            name=self._physical_name,
            cluster=self._cluster.id,
            task_definition=definition.arn,
            desired_count=settings.scaling.min,
            capacity_provider_strategies=self._capacity(),
            # AWS takes another capacity strategy only with a new deployment.
            force_new_deployment=True,
            platform_version="LATEST",
            network_configuration={
                "subnets": self._site.placement.subnet_ids,
                "security_groups": [self._door.group.id],
                "assign_public_ip": public,
            },
            load_balancers=self._load_balancers() or None,
            health_check_grace_period_seconds=deployment.grace if self._groups else None,
            deployment_controller={"type": "ECS"},
            deployment_configuration=self._strategy(),
            deployment_circuit_breaker={"enable": True, "rollback": True},
            alarms={"enable": True, "rollback": True, "alarm_names": names} if names else None,
            deployment_minimum_healthy_percent=deployment.min_healthy,
            deployment_maximum_percent=deployment.max,
            availability_zone_rebalancing="ENABLED" if deployment.zone_rebalancing else "DISABLED",
            service_connect_configuration=self._service_connect(calls=calls),
            enable_execute_command=settings.exec,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=deployment.wait,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*built.before, *self._rules, *self._cluster.ready, *after],
                # Scaling moves the count between deployments; a deployment must not reset it.
                ignore_changes=["desiredCount"],
                protect=self._kept,
            ),
        )

    def _capacity(self) -> list[Any]:
        """On demand first, then shares; Spot is only ever an addition."""
        capacity = self._settings.capacity
        if capacity.spot == 0:
            return [{"capacity_provider": FARGATE, "base": 0, "weight": 1}]
        strategies: list[Any] = [
            {"capacity_provider": FARGATE_SPOT, "base": 0, "weight": capacity.spot}
        ]
        if capacity.on_demand or capacity.spot < 100:
            strategies.insert(
                0,
                {
                    "capacity_provider": FARGATE,
                    "base": capacity.on_demand,
                    "weight": 100 - capacity.spot,
                },
            )
        return strategies

    def _strategy(self) -> Any:
        if self._settings.deployment.strategy == "rolling":
            return {"strategy": "ROLLING"}
        minutes = self._settings.deployment.bake_minutes
        return {"strategy": "BLUE_GREEN", "bake_time_in_minutes": str(minutes)}

    def _load_balancers(self) -> list[Any]:
        found: list[Any] = []
        for groups in self._groups.values():
            attachment: dict[str, Any] = {
                "target_group_arn": groups[0].arn,
                "container_name": self._settings.container,
                "container_port": self._settings.port,
            }
            if len(groups) == 2:
                attachment["advanced_configuration"] = self._swap(groups)
            found.append(attachment)
        return found

    def _swap(self, groups: Sequence[aws.lb.TargetGroup]) -> dict[str, Any]:
        """How ECS moves traffic between the two groups, and the role it does it with."""
        role = mover_role(
            self._name,
            naming=self._site.naming,
            where=self._site.where,
            rules=[rule.arn for rule in (*self._production_rules, *self._test_rules)],
            groups=[group.arn for group in groups],
            opts=self._child,
        )
        return {
            "alternate_target_group_arn": groups[1].arn,
            "production_listener_rule": self._production_rules[0].arn,
            "test_listener_rule": self._test_rules[0].arn if self._test_rules else None,
            "role_arn": role.role.arn,
        }

    def _service_connect(self, *, calls: bool) -> Any:
        settings = self._settings
        if not settings.discoverable and not calls:
            return None
        offered: list[Any] = []
        if settings.discoverable:
            offered.append(
                {
                    "port_name": self._name,
                    "discovery_name": self._name,
                    "client_alias": [{"dns_name": self._name, "port": settings.port}],
                }
            )
        log = log_configuration(self._door.log_group_name, self._site.where.region, "proxy")
        return {
            "enabled": True,
            "namespace": self._cluster.namespace_arn,
            "services": offered or None,
            "log_configuration": {"log_driver": log["logDriver"], "options": log["options"]},
        }

    def _resource_label(self) -> pulumi.Output[str] | None:
        """`app/name/id/targetgroup/name/id`, as scaling by requests wants it."""
        for key, groups in self._groups.items():
            return pulumi.Output.concat(self._balancers[key].arn_suffix, "/", groups[0].arn_suffix)
        return None


def _balancer_of(service: str, route: RouteSettings, balancers: Mapping[str, LoadBalancer]) -> str:
    if route.load_balancer is None and len(balancers) == 1:
        return next(iter(balancers))
    if route.load_balancer is None or route.load_balancer not in balancers:
        raise ValueError(
            f"service {service}: a route through one of the load balancers "
            f"{', '.join(sorted(balancers)) or '(there is none)'}; found {route.load_balancer}"
        )
    return route.load_balancer
