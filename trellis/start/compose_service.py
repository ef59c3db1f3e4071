"""A container of a compose file as a service: image, size, ports, variables, and what it calls."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.services.task.settings import STOP_TIMEOUT
from trellis.stackfile.nodes import Node, plain
from trellis.stackfile.unheeded import OTHER_PROTOCOLS
from trellis.start.compose_beyond import beyond
from trellis.start.compose_folders import folders
from trellis.start.compose_servers import Server, advice_on_url, environment
from trellis.start.copilot_task import WRITABLE
from trellis.start.draft import Draft
from trellis.start.image_reference import image_of
from trellis.start.ledger import Ledger, entries, get, items, text
from trellis.start.units import key_of, mebibytes, seconds, shell, size, words

MAIN = "main"

NO_SIZE = (
    "no limits are said, and a task has some: `cpu: 256` and `memory: 512` (MiB) unless you say "
    "more; what needs more is killed"
)

ALONE = (
    "one task, as there was one container: more are `scaling`; where not even a new version may "
    "run beside the old one, `deployment: {minHealthy: 0, max: 100, zoneRebalancing: false}`"
)

DEREGISTRATION = 30
"""Seconds of `deregistration` when nobody says it."""

LEFT = {
    "env_file": "write its lines into `environment`, or put it into one of `buckets` for "
    "`environmentFiles`; passwords and keys are `secrets`",
    "networks": "one network; who may call whom follows from `uses`",
    "network_mode": "tasks have addresses of their own",
    "extra_hosts": "`uses: [{address: NAME, port: ...}]` opens the way; names are DNS's",
    "devices": "Fargate has none",
    "privileged": "Fargate has no privileged containers",
    "cap_add": "Fargate adds SYS_PTRACE at most",
    "links": "`uses` says who calls whom",
    "secrets": "`secrets` of the stack file, and `uses: [{secret: KEY, as: NAME}]`",
    "configs": "put it into the image, or into `environment`",
    "labels": "`tags` are the stack's",
    "logging": "output goes to CloudWatch Logs; `logRetentionDays` says for how long",
    "profiles": "leave it out of the stack that does not want it",
    "working_dir": "say `WORKDIR` in the Dockerfile",
    "dns": "the network has its resolver",
    "sysctls": "Fargate sets none",
    "develop": "it is for a machine of one's own",
    "extends": "bring the base's words here: it is not followed",
}
"""What to do about words that have no place of their own."""

NEEDLESS = ("restart", "container_name", "hostname", "init", "tty", "stdin_open", "pull_policy")
"""What Fargate does anyway, or what nobody sees outside of one machine."""

_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?:[^@/]*@)?(?P<host>[A-Za-z0-9_.-]+)(?P<rest>.*)"
)
_BARE = re.compile(r"(:\d+)?/?")
"""After the host: nothing that the address of a service doesn't say itself."""


@dataclass(frozen=True)
class Container:
    """One container, and what stands around it."""

    draft: Draft
    key: str
    node: Node
    folder: Path
    """Of the compose file."""
    target: Path
    servers: Mapping[str, Server]
    others: frozenset[str]
    """Names of the containers that become services."""
    waiting: tuple[str, ...] = ()
    """Keys of the services that start once it has ended well: it is a job then."""

    @property
    def tier(self) -> str:
        """Where it stands in the stack file."""
        return "jobs" if self.waiting else "services"

    def path(self, *keys: str) -> tuple[str, ...]:
        """A setting of its service or job."""
        return (self.tier, self.key, *keys)

    def at(self, *keys: str) -> Node | None:
        """A node of it."""
        return get(self.node, *keys)

    def put(self, *keys: str, value: Any, node: Node | None = None) -> None:
        """Say one of its settings."""
        self.draft.put(self.path(*keys), value, node)

    def use(self, line: Mapping[str, str], node: Node) -> None:
        """A `uses` line, once."""
        self.draft.add(self.path("uses"), dict(line), node)


def service(container: Container, domain: str | None) -> None:
    """Put a container into the draft."""
    ledger = container.draft.ledger
    _image(container)
    _size(container)
    for name, setting in (("command", "command"), ("entrypoint", "entryPoint")):
        node = container.at(name)
        if node is not None and text(node) != "":
            container.put(setting, value=words(ledger.take(node)), node=node)
    container.draft.move(container.path("user"), container.at("user"))
    if not ledger.take(container.at("read_only")):
        container.put("readOnlyRoot", value=False, node=container.at("read_only"))
        ledger.advise_on(container.node, WRITABLE)
    if "arm64" in str(ledger.take(container.at("platform")) or ""):
        container.put("architecture", value="arm64", node=container.at("platform"))
    _health(container)
    _variables(container)
    _depends(container)
    if container.waiting:
        container.put("before", value=list(container.waiting))
        for name in ("ports", "expose"):
            ledger.advise(container.at(name), "a task that ends listens on no port")
    else:
        _ports(container, domain)
    beyond(container.draft, container.path(), container.node)
    folders(container.draft, container.path(), container.node)
    grace = seconds(ledger.take(container.at("stop_grace_period")))
    if grace is not None:
        at = container.at("stop_grace_period")
        stop = min(STOP_TIMEOUT[1], max(STOP_TIMEOUT[0], int(grace)))
        container.put("stopTimeout", value=stop, node=at)
        if container.draft.get(*container.path("routes")) and stop <= DEREGISTRATION:
            # A task must live longer than it may finish requests.
            container.put("deregistration", value=stop - 1, node=at)
    for name in NEEDLESS:
        ledger.take(container.at(name))
    for name, advice in LEFT.items():
        ledger.advise(container.at(name), advice)


def _image(container: Container) -> None:
    ledger, build, image = container.draft.ledger, container.at("build"), container.at("image")
    if build is None:
        if image is not None:
            reference = str(ledger.take(image))
            container.put("image", value=image_of(reference, image, ledger), node=image)
        return
    ledger.take(image)
    folder = str(ledger.take(build if text(build) else get(build, "context")) or ".")
    settings: dict[str, Any] = {
        "context": Path(os.path.relpath(container.folder / folder, container.target)).as_posix()
    }
    if text(build) is None:
        for name in ("dockerfile", "target"):
            given = get(build, name)
            if given is not None:
                settings[name] = str(ledger.take(given))
        given = {name: value for name, value, _ in environment(get(build, "args"))}
        if given:
            ledger.take(get(build, "args"))
            settings["arguments"] = given
    value = {"repository": container.key, "build": settings}
    container.put("image", value=value, node=build)


def _size(container: Container) -> None:
    ledger = container.draft.ledger
    limits = container.at("deploy", "resources", "limits")
    cpus = get(limits, "cpus") or container.at("cpus")
    memory = get(limits, "memory") or container.at("mem_limit")
    ledger.take(container.at("deploy", "resources", "reservations"))
    if cpus is not None or memory is not None:
        units = float(ledger.take(cpus) or 0.25) * 1024
        mib = mebibytes(ledger.take(memory) or "512m") or 512
        container.put("cpu", value=size(units, mib)[0], node=cpus or memory)
        container.put("memory", value=size(units, mib)[1], node=memory or cpus)
    else:
        ledger.advise_on(container.node, NO_SIZE)
    replicas = container.at("deploy", "replicas") or container.at("scale")
    if container.waiting:
        ledger.advise(replicas, "a job runs once for each new version")
    elif replicas is not None:
        count = int(ledger.take(replicas))
        container.put("scaling", value={"min": max(1, count), "max": max(1, count)}, node=replicas)
    elif not items(container.at("ports")) and not items(container.at("expose")):
        # A scheduler that runs twice does everything twice.
        container.put("scaling", value={"min": 1, "max": 1})
        ledger.advise_on(container.node, ALONE)
    _limits(container, ledger)
    ledger.take(container.at("deploy", "restart_policy"))
    ledger.advise(
        container.at("deploy", "update_config"), "`deployment` says how a version takes over"
    )
    ledger.advise(container.at("deploy", "placement"), "tasks are spread over zones")


def _limits(container: Container, ledger: Ledger) -> None:
    for name, node in entries(container.at("ulimits")).items():
        soft, hard = get(node, "soft") or node, get(node, "hard") or node
        numbers = [text(soft) or "", text(hard) or ""]
        if name == "nofile" and all(number.isdigit() for number in numbers):
            limits = {"soft": int(numbers[0]), "hard": int(numbers[1])}
            ledger.take(node)
            container.put("ulimits", name, value=limits, node=node)
        else:
            ledger.advise(node, "Fargate lets no other limit than `nofile` be set")


def _health(container: Container) -> None:
    node, ledger = container.at("healthcheck"), container.draft.ledger
    test = get(node, "test")
    disabled = ledger.take(get(node, "disable"))
    if test is None or disabled or plain(test) == ["NONE"]:
        ledger.take(test)
        return
    settings: dict[str, Any] = {"command": shell(ledger.take(test))}
    for name, setting in (("interval", "interval"), ("timeout", "timeout"),
                          ("start_period", "startPeriod")):  # fmt: skip
        length = seconds(ledger.take(get(node, name)))
        if length is not None:
            settings[setting] = int(length)
    retries = ledger.take(get(node, "retries"))
    if retries is not None:
        settings["retries"] = retries
    container.put("healthCommand", value=settings, node=node)


def _variables(container: Container) -> None:
    for name, value, node in environment(container.at("environment")):
        if _led_to_server(container, name, value, node):
            continue
        if _led_to_service(container, name, value, node):
            continue
        if "${" in value or (value == "" and "=" not in (text(node) or "=")):
            container.draft.ledger.advise(
                node, f"its value comes from the shell: write it into `environment.{name}`, or "
                f"make it one of `secrets` and `uses: [{{secret: KEY, as: {name}}}]`",
            )  # fmt: skip
            continue
        container.draft.ledger.take(node)
        container.put("environment", name, value=value, node=node)


def _led_to_server(container: Container, name: str, value: str, node: Node) -> bool:
    """Whether a variable leads to a database or cache: `uses` brings it then."""
    match = _URL.match(value)
    host = match["host"] if match else value.partition(":")[0]
    server = container.servers.get(host)
    if server is None:
        return False
    key = key_of(host)
    container.use({server.kind: key}, node)
    if match is None:
        own = "DB_HOST" if server.kind == "database" else "REDIS_HOST"
        container.draft.ledger.advise(node, f"`uses` brings the host as {own}: read that instead")
        return True
    container.use({"secret": key, "as": name}, node)
    container.draft.ledger.take(node)
    advice_on_url(container.draft, server, key, name, node, match["scheme"], match["rest"])
    return True


def _led_to_service(container: Container, name: str, value: str, node: Node) -> bool:
    """Whether a variable is the address of another container: it may call that one then."""
    match = _URL.match(value)
    if match is None or match["host"] not in container.others:
        return False
    key = key_of(match["host"])
    used = [use.get("service") for use in container.draft.get(*container.path("uses")) or ()]
    if "@" in value:
        container.draft.ledger.advise(
            node,
            "a password stands in it: make the whole value a secret, `secrets: {KEY: {}}` and "
            f"`uses: [{{secret: KEY, as: {name}}}]`",
        )
        if key not in used:
            container.use({"service": key, "as": f"{name}_BASE"}, node)
        return True
    container.draft.ledger.take(node)
    is_http = match["scheme"] in ("http", "https")
    if key not in used and is_http and _BARE.fullmatch(match["rest"]):
        container.use({"service": key, "as": name}, node)
        return True
    if key not in used:
        container.use({"service": key, "as": f"{name}_BASE"}, node)
    container.put("environment", name, value=value.replace(match["host"], key, 1), node=node)
    return True


def _depends(container: Container) -> None:
    node, ledger = container.at("depends_on"), container.draft.ledger
    names = list(entries(node)) or [text(element) or "" for element in items(node)]
    for name in names:
        server = container.servers.get(name)
        at = get(node, name) or node
        if server is not None and at is not None:
            container.use({server.kind: key_of(name)}, at)
        elif name in container.others and at is not None and not container.waiting:
            # Who waits for another calls it: a proxy's file of its own says so, and is not read.
            used = [
                use.get("service") for use in container.draft.get(*container.path("uses")) or ()
            ]
            if key_of(name) not in used:
                container.use({"service": key_of(name)}, at)
    if node is not None and any(name in container.others for name in names):
        ledger.advise(node, "services start in any order: a call that fails is tried again")
    else:
        ledger.take(node)


def _ports(container: Container, domain: str | None) -> None:
    draft, ledger = container.draft, container.draft.ledger
    ports, exposed = items(container.at("ports")), items(container.at("expose"))
    inside = [_inside(port) for port in (*ports, *exposed)]
    numbers = [port_number for port_number in dict.fromkeys(inside) if port_number is not None]
    if not numbers:
        for port in (*ports, *exposed):
            ledger.advise(port, "a service listens on one TCP port: say it as `port`")
        return
    container.put("port", value=numbers[0], node=(*ports, *exposed)[0])
    for port, number in zip((*ports, *exposed), inside, strict=True):
        ledger.take(port)
        if number != numbers[0]:
            ledger.advise(port, f"a service listens on one port, {numbers[0]}")
    if numbers[0] in OTHER_PROTOCOLS:
        container.put("protocol", value="tcp", node=(*ports, *exposed)[0])
    elif ports and domain is not None and not _is_of_this_machine(ports[0]):
        host = f"{container.key}.{domain}"
        container.put("routes", value=[{"host": host}], node=ports[0])
        draft.settings.setdefault("loadBalancers", {}).setdefault(MAIN, {})
        return
    container.put("discoverable", value=True)
    if ports and _is_of_this_machine(ports[0]):
        ledger.advise(
            ports[0], "published on one machine alone: nobody outside reaches it here either"
        )
    elif ports:
        ledger.advise(
            ports[0],
            "nobody outside reaches it: load balancers speak HTTP, and a route needs a host "
            "(--domain)",
        )


def _is_of_this_machine(node: Node) -> bool:
    """Whether a port is published at an address that only the machine itself has."""
    given = text(get(node, "host_ip")) or (text(node) or "").rpartition(":")[0].rpartition(":")[0]
    return given.strip("[]") in ("localhost", "::1") or given.startswith("127.")


def _inside(node: Node) -> int | None:
    """The container's port; None of a range and of UDP."""
    found = text(get(node, "target")) if text(node) is None else text(node)
    protocol = text(get(node, "protocol")) or "tcp"
    if found is None or protocol != "tcp":
        return None
    number, _, kind = found.rsplit(":", 1)[-1].partition("/")
    return int(number) if number.isdigit() and kind in ("", "tcp") else None
