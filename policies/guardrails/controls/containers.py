"""Containers: unprivileged, without secrets in plain sight, from images nobody can swap."""

from collections.abc import Iterator
from typing import Final

from .. import aws
from ..control import (
    Control,
    Level,
    Severity,
    Verdict,
    first_failure,
    not_applicable,
    require,
    where,
)
from ..define import Facts, graph_control, resource_control
from ..evidence import Resource, Stack
from ..plain_sight import derived, plain_command, plain_values, plain_variable
from ..reading import Reading
from ..unknown import Tri, any_of

_ECS = "AmazonECS/latest/developerguide/"


def _containers(task: Resource) -> Reading:
    return task["containerDefinitions"].parsed()


@resource_control(
    Facts(
        "ECS.2",
        "Services give tasks no public address",
        Severity.HIGH,
        "services.<key>.subnets: private (the default)",
        "network_configuration={'assign_public_ip': False, ...}",
        _ECS + "fargate-task-networking.html",
    ),
    aws.ECS_SERVICE,
    aws.TASK_SET,
)
def no_public_address(service: Resource) -> Verdict:
    return require(
        ~service.at("networkConfiguration.assignPublicIp").is_true(), "assignPublicIp is true"
    )


# With one of these a process gets out of its container: capabilities(7), man-pages 6.9.
_OF_THE_HOST: Final = "^(ALL|BPF|DAC_READ_SEARCH|NET_ADMIN|SYS_(ADMIN|MODULE|PTRACE|RAWIO))$"


@resource_control(
    Facts(
        "ECS.4",
        "Containers are not privileged",
        Severity.HIGH,
        "services.<key> never runs privileged",
        '"privileged": false in container_definitions',
        _ECS + "task_definition_parameters.html",
    ),
    aws.TASK_DEFINITION,
)
def not_privileged(task: Resource) -> Verdict:
    found = "a container has privileged set to true, or a capability that leads to its host"
    return require(~_containers(task).some(_privileged), found)


def _privileged(container: Reading) -> Tri:
    added = container["linuxParameters"]["capabilities"]["add"]
    return container["privileged"].is_true() | added.some(lambda one: one.matches(_OF_THE_HOST))


@resource_control(
    Facts(
        "ECS.5",
        "Containers cannot write to their root file system",
        Severity.HIGH,
        "services.<key>.readOnlyRoot: true (the default), with scratch for what must be written",
        '"readonlyRootFilesystem": true in container_definitions',
        _ECS + "task_definition_parameters.html",
    ),
    aws.TASK_DEFINITION,
)
def read_only_root(task: Resource) -> Verdict:
    windows = task.at("runtimePlatform.operatingSystemFamily").matches("^WINDOWS")
    return where(
        ~windows,
        require(
            _containers(task).every(lambda one: one["readonlyRootFilesystem"].is_true()),
            "a container can write to its root file system",
        ),
        "Windows containers have no such setting",
    )


@resource_control(
    Facts(
        "ECS.3",
        "Tasks share no processes and no memory with their host",
        Severity.HIGH,
        "services.<key> runs on Fargate, which shares neither",
        "no pid_mode='host', no ipc_mode='host'",
        _ECS + "task_definition_parameters.html",
    ),
    aws.TASK_DEFINITION,
)
def no_host_namespace(task: Resource) -> Verdict:
    return first_failure(
        require(~task["pidMode"].equals("host"), "pidMode is host"),
        require(~task["ipcMode"].equals("host"), "ipcMode is host"),
    )


# Security Hub retired ECS.1, which asked this of some containers only, for it in 2026-03.
@resource_control(
    Facts(
        "ECS.17",
        "Tasks have a network interface of their own, not their host's",
        Severity.MEDIUM,
        "services.<key> runs on Fargate with awsvpc networking",
        "network_mode='awsvpc'",
        _ECS + "task-networking.html",
    ),
    aws.TASK_DEFINITION,
)
def no_host_network(task: Resource) -> Verdict:
    return require(~task["networkMode"].equals("host"), "networkMode is host")


@resource_control(
    Facts(
        "ECS.8",
        "Environment variables, commands and build arguments hold no secrets",
        Severity.HIGH,
        "services.<key>.uses: [{secret: <name>, as: <VARIABLE>}]; a build that needs one mounts it "
        "(RUN --mount=type=secret), outside of up",
        '"secrets": [{"name": ..., "valueFrom": secret.arn}] in container_definitions; '
        "secrets of the build instead of arguments",
        _ECS + "specifying-sensitive-data.html",
    ),
    aws.TASK_DEFINITION,
    aws.AWSX_IMAGE,
    aws.DOCKER_BUILD_IMAGE,
    aws.DOCKER_IMAGE,
)
def no_secret_in_sight(task: Resource) -> Verdict:
    if task.type != aws.TASK_DEFINITION:
        return _build_arguments(task)
    containers = _containers(task)
    if containers.is_unknown:
        return require(Tri.UNKNOWN, "a container may hold a secret in plain sight")
    harmless = derived(task, "containerDefinitions")
    return first_failure(
        *(
            verdict
            for position, container in enumerate(containers.elements())
            for verdict in _of_container(
                container, container["name"].text() or f"{position}", harmless
            )
        )
    )


def _of_container(container: Reading, name: str, harmless: bool) -> Iterator[Verdict]:
    environment = container["environment"]
    if container.is_unknown or environment.is_unknown:
        yield require(Tri.UNKNOWN, f"container {name} may hold a secret in plain sight")
    for variable in environment.elements():
        where = f"container {name}: variable"
        yield plain_variable(variable["name"], variable["value"], where, harmless)
    for part, words in (
        ("its command", container["command"]),
        ("its entry point", container["entryPoint"]),
        ("its health command", container["healthCheck"]["command"]),
    ):
        yield plain_command(words, f"container {name}: {part}")
    for part, values in (
        ("label", container["dockerLabels"]),
        ("log option", container["logConfiguration"]["options"]),
    ):
        yield from plain_values(values, f"container {name}: {part}", harmless)


# Where each tool that builds images takes its arguments, which end in the image's history.
_ARGUMENTS: Final = {
    aws.AWSX_IMAGE: "args",
    aws.DOCKER_BUILD_IMAGE: "buildArgs",
    aws.DOCKER_IMAGE: "build.args",
}


def _build_arguments(image: Resource) -> Verdict:
    path = _ARGUMENTS[image.type]
    arguments = image.at(path)
    if arguments.is_absent:
        return not_applicable("the build takes no arguments")
    return first_failure(
        *plain_values(arguments, "build argument", derived(image, path.split(".")[0]))
    )


@resource_control(
    Facts(
        "ECS.9",
        "Containers send their logs somewhere",
        Severity.HIGH,
        "services.<key> always logs to its own log group",
        '"logConfiguration": {"logDriver": "awslogs", ...} in container_definitions',
        _ECS + "using_awslogs.html",
    ),
    aws.TASK_DEFINITION,
)
def logs(task: Resource) -> Verdict:
    return require(
        _containers(task).every(
            lambda container: container["logConfiguration"]["logDriver"].present()
        ),
        "a container has no log driver",
    )


# User 0 by its names: "user" of a container definition, ECS API Reference, 2026-11.
_ROOT: Final = r"^(root|0)(:.*)?$"


@resource_control(
    Facts(
        "ECS.20",
        "Containers name a user that is not root",
        Severity.MEDIUM,
        "services.<key>.user: app (a user of the image)",
        '"user": "app" in container_definitions',
        _ECS + "task_definition_parameters.html",
        # What an image runs as is its own to say; a stack file cannot see into it.
        level=Level.ADVISORY,
    ),
    aws.TASK_DEFINITION,
)
def not_root(task: Resource) -> Verdict:
    windows = task.at("runtimePlatform.operatingSystemFamily").matches("^WINDOWS")
    containers = _containers(task)
    return where(
        ~windows,
        first_failure(
            require(
                ~containers.some(lambda one: one["user"].matches(_ROOT)), "a container runs as root"
            ),
            require(
                containers.every(lambda one: one["user"].present()),
                "a container names no user: it runs as the image says, which is root if it says "
                "nothing",
            ),
        ),
        "Windows containers have no such user",
    )


@graph_control(
    Facts(
        "ECS.separate-roles",
        "Tasks act under another role than the one that starts them",
        Severity.MEDIUM,
        "services.<key> always has two roles",
        "task_role_arn other than execution_role_arn",
        _ECS + "security-iam-roles.html",
    ),
    aws.TASK_DEFINITION,
)
def separate_roles(task: Resource, stack: Stack) -> Verdict:
    own, starter = task["taskRoleArn"], task["executionRoleArn"]
    if own.text() is not None and starter.text() is not None:
        return require(Tri.of(own.text() != starter.text()), "both roles are the same")
    if own.is_absent or starter.is_absent:
        return require(Tri.YES, "")
    first = stack.follow(task, "taskRoleArn", aws.ROLE)
    second = stack.follow(task, "executionRoleArn", aws.ROLE)
    if len(first.found) == 1 and len(second.found) == 1:
        same = first.found[0].urn == second.found[0].urn
        return require(
            Tri.of(not same) & first.complete & second.complete, "both roles are the same"
        )
    return require(Tri.UNKNOWN, "both roles could be the same")


@resource_control(
    Facts(
        "ECS.10",
        "Services run on the latest Fargate platform",
        Severity.MEDIUM,
        "services.<key> always uses LATEST",
        "platform_version='LATEST'",
        _ECS + "platform-fargate.html",
    ),
    aws.ECS_SERVICE,
)
def latest_platform(service: Resource) -> Verdict:
    fargate = service["launchType"].equals("FARGATE") | service["capacityProviderStrategies"].some(
        lambda one: one["capacityProvider"].matches("^FARGATE")
    )
    return where(
        fargate,
        require(
            service["platformVersion"].equals("LATEST"), "platformVersion pins an older platform"
        ),
        "the service does not run on Fargate",
    )


@resource_control(
    Facts(
        "ECS.12",
        "Clusters have Container Insights",
        Severity.MEDIUM,
        "cluster.insights: true (the default)",
        "settings=[{'name': 'containerInsights', 'value': 'enabled'}]",
        "AmazonCloudWatch/latest/monitoring/ContainerInsights.html",
    ),
    aws.ECS_CLUSTER,
)
def insights(cluster: Resource) -> Verdict:
    return require(
        cluster["settings"].some(
            lambda one: (
                one["name"].equals("containerInsights")
                & one["value"].one_of(("enabled", "enhanced"))
            )
        ),
        "the containerInsights setting is not enabled",
    )


@graph_control(
    Facts(
        "ECS.exec-audited",
        "Commands run inside containers are logged",
        Severity.MEDIUM,
        "services.<key>.exec: true writes every session to an encrypted log group",
        "Cluster(configuration={'execute_command_configuration': {'logging': 'OVERRIDE', ...}})",
        _ECS + "ecs-exec.html",
    ),
    aws.ECS_SERVICE,
)
def exec_audited(service: Resource, stack: Stack) -> Verdict:
    enabled = service["enableExecuteCommand"].is_true()
    clusters = stack.follow(service, "cluster", aws.ECS_CLUSTER)
    audited = any_of(_records(cluster) for cluster in clusters.found)
    outside = Tri.UNKNOWN if not clusters.found else Tri.NO
    return where(
        enabled,
        require((audited & clusters.complete) | outside, "the cluster does not record sessions"),
        "commands inside containers are not enabled",
    )


def _records(cluster: Resource) -> Tri:
    execution = cluster.at("configuration.executeCommandConfiguration")
    target = execution["logConfiguration"]
    named = target["cloudWatchLogGroupName"].present() | target["s3BucketName"].present()
    return execution["logging"].equals("OVERRIDE") & named


@resource_control(
    Facts(
        "ECS.circuit-breaker",
        "A deployment that fails rolls back by itself",
        Severity.MEDIUM,
        "services.<key> always has the circuit breaker with rollback",
        "deployment_circuit_breaker={'enable': True, 'rollback': True}",
        _ECS + "deployment-circuit-breaker.html",
    ),
    aws.ECS_SERVICE,
)
def rolls_back(service: Resource) -> Verdict:
    breaker = service["deploymentCircuitBreaker"]
    return where(
        service.at("deploymentController.type").equals("ECS"),
        require(
            breaker["enable"].is_true() & breaker["rollback"].is_true(),
            "the circuit breaker does not roll back",
        ),
        "another controller deploys the service",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    no_public_address,
    not_privileged,
    read_only_root,
    no_host_namespace,
    no_host_network,
    no_secret_in_sight,
    logs,
    not_root,
    separate_roles,
    latest_platform,
    insights,
    exec_audited,
    rolls_back,
)
