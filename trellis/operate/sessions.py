"""Sessions of Systems Manager into a stack's tasks: a shell, and a port of a database.

Both go through ECS Exec, so no port is open to anybody and each session is in the account's trail.
The session itself is carried by AWS's own program, `session-manager-plugin`, which is called as the
AWS CLI calls it (`awscli.customizations.ecs.executecommand`, 2026-11).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from trellis.operate.access import Access
from trellis.operate.system import NotThereError, Service, System

PLUGIN = "session-manager-plugin"
FORWARD = "AWS-StartPortForwardingSessionToRemoteHost"
INSTANCE, CLUSTER = "aws:rds/instance:Instance", "aws:rds/cluster:Cluster"
MOST_TASKS = 100
"""Tasks that are described in one call ("DescribeTasks", Amazon ECS API Reference, 2026-11)."""

Run = Callable[[Sequence[str]], int]


class NoSessionError(Exception):
    """A session that can't be opened; the text says why and what to do."""


@dataclass(frozen=True)
class Task:
    """A running task with its session agent."""

    arn: str
    runtime_id: str
    """Of the container that is entered."""

    @property
    def short(self) -> str:
        """Its id."""
        return self.arn.rpartition("/")[2]


def shell(service: Service, command: str, container: str | None, access: Access, run: Run) -> int:
    """A recorded command in a container of a service's newest task.

    Args:
        container: the main one, where it is left out.

    Returns:
        What the session's program ended with.

    Raises:
        NoSessionError: the service lets nobody in, nothing of it runs, or the program is not here.
    """
    plugin = _plugin()
    _refuse_closed(service)
    name = container or service.container
    task = _task(service, name, access)
    answer = access.client("ecs").execute_command(
        cluster=service.cluster, task=task.arn, container=name, command=command, interactive=True
    )
    return run(_words(plugin, answer["session"], _target(service, task), access, "ssm"))


def tunnel(system: System, key: str, local_port: int | None, access: Access, run: Run) -> int:
    """A port of this machine that leads to a database, through a task that reaches it.

    Args:
        key: of the database in the stack file.
        local_port: of this machine; the database's own, where it is left out.

    Returns:
        What the session's program ended with.

    Raises:
        NotThereError: there is no such database.
        NoSessionError: no task that reaches it lets anybody in, or the program is not here.
    """
    databases = system.settings.databases
    if key not in databases:
        there = ", ".join(sorted(databases)) or "none"
        raise NotThereError(f"no database {key} in {system.recording.stack}; there is {there}")
    service = _way_to(system, key)
    plugin = _plugin()
    host, port = _endpoint(system, key, access)
    task = _task(service, service.container, access)
    parameters = {
        "host": [host],
        "portNumber": [str(port)],
        "localPortNumber": [str(local_port or port)],
    }
    target = _target(service, task)
    answer = access.client("ssm").start_session(
        Target=target, DocumentName=FORWARD, Parameters=parameters
    )
    session = {name: answer[name] for name in ("SessionId", "StreamUrl", "TokenValue")}
    asked = {"Target": target, "DocumentName": FORWARD, "Parameters": parameters}
    return run(_words(plugin, session, asked, access, "ssm"))


def started(words: Sequence[str]) -> int:
    """Run the session's program in this terminal until it ends."""
    return subprocess.run(words, check=False).returncode


def _way_to(system: System, key: str) -> Service:
    """A service that may reach a database and lets operators in."""
    using = [
        service
        for service in system.services()
        if any(use.database == key for use in service.settings.uses)
    ]
    if not using:
        raise NoSessionError(
            f"no service uses the database {key}, so nothing of the stack reaches it: let one "
            f"(`uses: [{{database: {key}}}]`) that has `exec: true`"
        )
    for service in using:
        if service.settings.exec:
            return service
    service = using[0]
    raise NoSessionError(
        f"{', '.join(user.key for user in using)} may reach {key} and let nobody in: set "
        f"`services.{service.key}.exec: true` ({service.place}) and deploy it"
    )


def _refuse_closed(service: Service) -> None:
    if not service.settings.exec:
        raise NoSessionError(
            f"{service.key} lets nobody in: set `services.{service.key}.exec: true` "
            f"({service.place}) and deploy it"
        )


def _plugin() -> str:
    found = shutil.which(PLUGIN)
    if found is None:
        raise NoSessionError(
            f'there is no `{PLUGIN}` on PATH: install it ("Install the Session Manager plugin", '
            "AWS Systems Manager User Guide)"
        )
    return found


def _task(service: Service, container: str, access: Access) -> Task:
    client = access.client("ecs")
    arns = client.list_tasks(
        cluster=service.cluster, serviceName=service.name, desiredStatus="RUNNING"
    )["taskArns"]
    if not arns:
        raise NoSessionError(f"no task of {service.key} runs: `trellis diagnose STACK` says why")
    described = client.describe_tasks(cluster=service.cluster, tasks=arns[:MOST_TASKS])["tasks"]
    names: set[str] = set()
    for task in sorted(described, key=lambda task: str(task.get("startedAt", "")), reverse=True):
        for found in task.get("containers", ()):
            names.add(str(found["name"]))
            if found["name"] == container and found.get("runtimeId") and _agent_runs(found):
                return Task(str(task["taskArn"]), str(found["runtimeId"]))
    if names and container not in names:
        there = ", ".join(sorted(names))
        raise NotThereError(f"no container {container} in {service.key}; there is {there}")
    raise NoSessionError(
        f"the session agent of {service.key} does not run: tasks that started before `exec` was "
        f"set have none; `aws ecs update-service --cluster {service.cluster} "
        f"--service {service.name} --force-new-deployment` starts others"
    )


def _agent_runs(container: dict[str, Any]) -> bool:
    return any(
        agent.get("name") == "ExecuteCommandAgent" and agent.get("lastStatus") == "RUNNING"
        for agent in container.get("managedAgents", ())
    )


def _endpoint(system: System, key: str, access: Access) -> tuple[str, int]:
    """Where a database answers, by what RDS says of its planned name."""
    client = access.client("rds")
    for cluster in system.recording.of_type(CLUSTER):
        if system.path(cluster) == ("databases", key):
            name = str(cluster.inputs["clusterIdentifier"])
            found = client.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
            return str(found["Endpoint"]), int(found["Port"])
    for instance in system.recording.of_type(INSTANCE):
        if system.path(instance) == ("databases", key) and not _is_replica(instance.inputs):
            name = str(instance.inputs["identifier"])
            found = client.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
            endpoint = found.get("Endpoint")
            if endpoint is None:
                raise NoSessionError(f"{name} has no address yet ({found['DBInstanceStatus']})")
            return str(endpoint["Address"]), int(endpoint["Port"])
    raise NoSessionError(f"the plan makes no server for {key}")


def _is_replica(inputs: Any) -> bool:
    return bool(inputs.get("replicateSourceDb"))


def _target(service: Service, task: Task) -> str:
    return f"ecs:{service.cluster}_{task.short}_{task.runtime_id}"


def _words(
    plugin: str, session: dict[str, Any], asked: str | dict[str, Any], access: Access, service: str
) -> list[str]:
    """The command line of the session's program."""
    request = {"Target": asked} if isinstance(asked, str) else asked
    session = {_capital(name): value for name, value in session.items()}
    endpoint = access.client(service).meta.endpoint_url
    return [
        plugin, json.dumps(session), access.region, "StartSession",
        str(access.session.profile_name or ""), json.dumps(request), str(endpoint),
    ]  # fmt: skip


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
