"""Services on ECS in Terraform's state: made anew beside those that run, on what is taken over."""

from __future__ import annotations

import json
import re
from typing import Any

from trellis.start.draft import Draft
from trellis.start.image_reference import image_of
from trellis.start.terraform_state import Advise, Held, State, blocks, free
from trellis.start.units import key_of, shell, size

HTTP, HTTPS = 80, 443

SECRET = re.compile(r"(arn:[^:]+:secretsmanager:[^:]+:\d+:secret:[^:]+)(?::([^:]*):[^:]*:[^:]*)?")
REGISTRY = re.compile(
    r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/(?P<name>[^:@]+)"
    r"(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)

WORDS = {
    "name",
    "image",
    "essential",
    "environment",
    "secrets",
    "portMappings",
    "cpu",
    "memory",
    "logConfiguration",
    "command",
    "entryPoint",
    "healthCheck",
    "user",
    "readonlyRootFilesystem",
    "stopTimeout",
    "mountPoints",
    "volumesFrom",
    "systemControls",
}
"""Words of a container definition that are looked at."""


class Services:
    """Puts clusters, load balancers and services into a draft."""

    def __init__(self, state: State, draft: Draft, advise: Advise) -> None:
        """Take the state, the draft, and the entries for data that are in it."""
        self._state = state
        self._draft = draft
        self._advise = advise
        self._balancers: dict[str, str] = {}
        """Keys by ARN."""

    def put(self) -> None:
        """Carry over everything that can be."""
        self._cluster()
        for held in self._state.of("aws_lb", "aws_alb"):
            self._balancer(held)
        for held in self._state.of("aws_ecs_service"):
            self._service(held)

    def _cluster(self) -> None:
        clusters = self._state.of("aws_ecs_cluster")
        for held in clusters[1:]:
            self._advise(held, "", "a second cluster: a system has one")
        for held in clusters[:1]:
            name = held.take("name")
            held.carried = True
            self._draft.put(("cluster",), {"name": name, "adopt": name}, held.at("id"))

    def _balancer(self, held: Held) -> None:
        if held.take("load_balancer_type", "application") != "application":
            self._advise(held, "", "only Application Load Balancers are taken over")
            return
        arn, name = held.take("arn"), held.take("name")
        key = free(key_of(held.name), self._draft.entries("loadBalancers"))
        self._balancers[arn] = key
        held.carried = True
        settings: dict[str, Any] = {"name": name, "adopt": {"id": arn}}
        if held.take("internal"):
            settings["scheme"] = "internal"
        if held.take("idle_timeout"):
            settings["idleTimeout"] = held.attributes["idle_timeout"]
        also: list[dict[str, str]] = []
        for listener in self._state.of("aws_lb_listener", "aws_alb_listener"):
            if listener.attributes.get("load_balancer_arn") != arn:
                continue
            listener.take("load_balancer_arn")
            port, certificate = listener.take("port"), listener.take("certificate_arn")
            if port not in (HTTP, HTTPS):
                self._advise(listener, "", "only the ports 80 and 443 are listened at")
                continue
            if certificate:
                settings["certificates"] = [{"arn": certificate}]
            label = "https" if port == HTTPS else "http"
            also.append(
                {
                    "type": "aws:lb/listener:Listener",
                    "name": f"{key}-{label}",
                    "id": listener.take("arn"),
                }
            )
            self._advise(
                listener,
                "",
                "taken over with its load balancer: what it answers by itself "
                "becomes 404 (443) or a redirect (80)",
            )
        if also:
            settings["adopt"]["also"] = also
        if not any(further["name"].endswith("-http") for further in also):
            settings["http"] = "none"
        self._draft.put(("loadBalancers", key), settings, held.at("id"))

    def _service(self, held: Held) -> None:
        task = self._state.by("arn", held.take("task_definition"), "aws_ecs_task_definition")
        if task is None:
            self._advise(
                held,
                "task_definition",
                "its task definition is not in the state: say its image and size by `services.KEY`",
            )
            return
        containers: list[dict[str, Any]] = json.loads(task.take("container_definitions") or "[]")
        served: list[dict[str, Any]] = held.take("load_balancer") or []
        main = _main(
            containers, [str(service_block.get("container_name")) for service_block in served]
        )
        if main is None:
            self._advise(task, "container_definitions", "no container runs in it")
            return
        key = free(key_of(str(held.take("name") or held.name)), self._draft.entries("services"))
        cpu, memory = size(
            float(task.take("cpu") or main.get("cpu") or 256),
            float(task.take("memory") or main.get("memory") or 512),
        )
        settings: dict[str, Any] = {
            "image": self._image(str(main["image"]), task),
            "cpu": cpu,
            "memory": memory,
        }
        self._container(settings, main, task)
        for other in containers:
            if other is not main:
                self._advise(
                    task,
                    "container_definitions",
                    f"the container {other.get('name')} beside "
                    "the main one: `services.KEY.sidecars`",
                )
        if (task.first("runtime_platform").get("cpu_architecture")) == "ARM64":
            settings["architecture"] = "arm64"
        count = held.take("desired_count")
        if count:
            settings["scaling"] = {"min": count, "max": max(count, 4)}
        routes = [route for service_block in served for route in self._routes(service_block)]
        ports = [block.get("containerPort") for block in blocks(main.get("portMappings"))]
        if served:
            ports = [service_block["container_port"] for service_block in served]
        if ports:
            settings["port"] = ports[0]
        if routes:
            settings["routes"] = routes
        health = self._health(served)
        if health:
            settings["health"] = {"path": health}
        self._draft.put(("services", key), settings, held.at("name"))
        self._advise(
            held,
            "",
            "made anew beside the one that runs; delete that, its rules and its "
            "target group when the new one serves",
        )
        self._advise(
            task,
            "",
            "what it may do and reach is not in the containers: say it by `uses` "
            "(its task role's policy and its security groups show what)",
        )

    def _image(self, reference: str, task: Held) -> dict[str, Any]:
        own = REGISTRY.fullmatch(reference)
        if own is None:
            return image_of(reference, task.at("container_definitions"), self._draft.ledger)
        repository = next(
            (
                key
                for key, entry in self._draft.entries("repositories").items()
                if entry["name"] == own["name"]
            ),
            None,
        )
        if repository is None:
            repository = key_of(own["name"].rsplit("/", 1)[-1])
            self._advise(
                task,
                "container_definitions",
                f"push the image to the repository "
                f"`{repository}`, or adopt {own['name']} as it (`repositories`)",
            )
        if own["digest"]:
            return {"repository": repository, "digest": own["digest"]}
        return {"repository": repository, "tag": own["tag"] or "latest"}

    def _container(self, settings: dict[str, Any], main: dict[str, Any], task: Held) -> None:
        variables = {
            block["name"]: str(block["value"]) for block in blocks(main.get("environment"))
        }
        if variables:
            settings["environment"] = variables
        for word, setting in (
            ("command", "command"),
            ("entryPoint", "entryPoint"),
            ("user", "user"),
        ):
            if main.get(word):
                settings[setting] = main[word]
        if not main.get("readonlyRootFilesystem"):
            settings["readOnlyRoot"] = False
            self._advise(
                task,
                "container_definitions",
                "its container may write to its root, as it "
                "did; the policy pack wants `readOnlyRoot: true` with `scratch`",
            )
        health: dict[str, Any] = main.get("healthCheck") or {}
        check: list[str] | None = health.get("command")
        if check:
            settings["healthCommand"] = {"command": shell(check)}
        uses = [self._secret(block, task) for block in blocks(main.get("secrets"))]
        if uses:
            settings["uses"] = [use for use in uses if use is not None]
        for word, value in main.items():
            late = word in ("mountPoints", "volumesFrom", "systemControls", "stopTimeout")
            if (word not in WORDS or late) and value not in (None, "", [], {}, False, 0):
                self._advise(
                    task,
                    "container_definitions",
                    f"`{word}` of the container: see `services` in docs/reference.md",
                )

    def _secret(self, block: dict[str, str], task: Held) -> dict[str, Any] | None:
        source, variable = block["valueFrom"], block["name"]
        found = SECRET.fullmatch(source)
        if found is not None:
            arn, field = found[1], found[2]
            own = next(
                (
                    key
                    for key, entry in self._draft.entries("secrets").items()
                    if entry.get("adopt") == arn
                ),
                None,
            )
            key = own or self._existing(
                "secrets", key_of(arn.rsplit(":", 1)[-1][:-7]), {"arn": arn}
            )
            return {"secret": key, "as": variable, **({"field": field} if field else {})}
        name = source.split(":parameter", 1)[-1] if source.startswith("arn:") else source
        key = self._existing("parameters", key_of(name.rsplit("/", 1)[-1]), {"name": name})
        self._advise(
            task,
            "container_definitions",
            f"the parameter {name}: if it is a SecureString "
            "under a customer key, name the key under `existing.parameters`",
        )
        return {"parameter": key, "as": variable}

    def _existing(self, part: str, key: str, settings: dict[str, Any]) -> str:
        there: dict[str, Any] = self._draft.settings.setdefault("existing", {}).setdefault(part, {})
        same = next((name for name, found in there.items() if found == settings), None)
        if same is not None:
            return same
        chosen = free(key, {**there, **self._draft.entries(part)})
        there[chosen] = settings
        return chosen

    def _routes(self, served: dict[str, Any]) -> list[dict[str, Any]]:
        group = str(served.get("target_group_arn"))
        found: list[dict[str, Any]] = []
        for rule in self._state.of("aws_lb_listener_rule", "aws_alb_listener_rule"):
            if group not in json.dumps(rule.attributes.get("action") or []):
                continue
            route: dict[str, Any] = {}
            for block in blocks(rule.take("condition")):
                for name, setting in (("host_header", "host"), ("path_pattern", "path")):
                    values: list[str] = [
                        value
                        for below in blocks(block.get(name))
                        for value in below.get("values") or ()
                    ]
                    if values:
                        route[setting] = values[0] if len(values) == 1 else values
                other = [
                    name
                    for name, value in block.items()
                    if value and name not in ("host_header", "path_pattern")
                ]
                if other:
                    self._advise(
                        rule, "condition", f"{', '.join(other)}: see `routes` in docs/reference.md"
                    )
            rule.take("action")
            balancer = self._balancer_of(str(rule.attributes.get("listener_arn")))
            if route and balancer is not None:
                found.append({"loadBalancer": balancer, **route})
                self._advise(
                    rule,
                    "",
                    "a rule of its own is made for the new service; this one comes "
                    "before it until it is deleted",
                )
        if found:
            return found
        for listener in self._state.of("aws_lb_listener", "aws_alb_listener"):
            if group in json.dumps(listener.attributes.get("default_action") or []):
                balancer = self._balancers.get(str(listener.attributes.get("load_balancer_arn")))
                if balancer is not None:
                    return [{"loadBalancer": balancer, "path": "/*"}]
        return []

    def _balancer_of(self, listener_arn: str) -> str | None:
        listener = self._state.by("arn", listener_arn, "aws_lb_listener", "aws_alb_listener")
        found = None if listener is None else listener.attributes.get("load_balancer_arn")
        return self._balancers.get(str(found))

    def _health(self, served: list[dict[str, Any]]) -> str | None:
        for service_block in served:
            group = self._state.by(
                "arn",
                service_block.get("target_group_arn"),
                "aws_lb_target_group",
                "aws_alb_target_group",
            )
            if group is not None:
                path = group.first("health_check").get("path")
                return str(path) if path else None
        return None


def _main(containers: list[dict[str, Any]], served: list[str]) -> dict[str, Any] | None:
    """The container that is served, else the first without which the task ends."""
    named = [container for container in containers if container.get("name") in served]
    needed = [container for container in containers if container.get("essential", True)]
    return next(iter((*named, *needed)), None)
