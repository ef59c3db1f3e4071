"""Copilot's services, jobs and sites: routes, scaling, deployment, messages, schedules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from components.dns.settings import NEVER_PUBLIC
from components.parts.domain import under
from components.services.task.settings import STOP_TIMEOUT
from trellis.stackfile.nodes import Mapping, Node
from trellis.start.copilot_scaling import is_number, scaling
from trellis.start.copilot_task import task
from trellis.start.copilot_workload import Workload
from trellis.start.ledger import entries, get, is_null, items, text
from trellis.start.units import key_of, schedule, seconds

PUBLIC, INTERNAL = "main", "internal"
"""Keys of the load balancers."""

ANOTHER_CONTAINER = (
    "the routes of a service lead to one port of its tasks (`port`, of `portContainer`): make the "
    "other container a service of its own, or let the first hand these paths on"
)

NO_CERTIFICATE = (
    "the load balancer speaks TLS, and nobody certifies such a name in public: name it under a "
    "public zone, or in one of `zones` with `private: true` and `certificateAuthority`"
)

NO_TLS = (
    "load balancers speak HTTP to tasks, inside of the network: let the program listen at another "
    "port without TLS"
)

TLS_PORT = 443
"""At which Copilot's load balancer speaks TLS to the tasks."""

LEAST_SECONDS = 10
"""The shortest limit of a job's run."""

MOST_ATTEMPTS = 20
"""How often a run is done again at most."""

DEFAULT_STOP = 60
"""Seconds of `stopTimeout` when nobody says it."""

HEALTH_COUNTS = {"success_codes": "codes", "healthy_threshold": "up", "unhealthy_threshold": "down"}
HEALTH_TIMES = {"interval": "interval", "timeout": "timeout"}


def web(workload: Workload) -> None:
    """A Load Balanced Web Service."""
    _service(workload)
    _routes(workload, workload.at("http"), PUBLIC)
    workload.draft.ledger.advise(
        workload.at("nlb"), "`networkLoadBalancers` makes a Network Load Balancer, and `listeners` "
        "of the service say its ports",
    )  # fmt: skip


def request_driven(workload: Workload) -> None:
    """A Request-Driven Web Service, which App Runner ran."""
    count = workload.at("count")
    if count is not None and not is_number(count):
        workload.draft.ledger.advise(
            count, "an App Runner scaling configuration: say `scaling: {min, max, requests}`"
        )
    _service(workload)
    workload.draft.ledger.advise(
        workload.at("http", "private"), "routes of a private service name an internal load balancer"
    )
    _routes(workload, workload.at("http"), PUBLIC)


def backend(workload: Workload) -> None:
    """A Backend Service: called by name inside, and by an internal load balancer where it says."""
    _service(workload)
    http = workload.at("http")
    if http is not None and not is_null(http):
        _routes(workload, http, INTERNAL)


def worker(workload: Workload) -> None:
    """A Worker Service: a queue of its own, fed by topics."""
    _service(workload)
    subscribe, key = workload.at("subscribe"), f"{workload.key[:25]}-events"
    if subscribe is None:
        return
    draft, ledger = workload.draft, workload.draft.ledger
    queue = get(subscribe, "queue")
    settings: dict[str, Any] = {}
    for name, setting, unit in (
        ("retention", "retentionDays", 86_400), ("delay", "delaySeconds", 1),
        ("timeout", "visibilitySeconds", 1),
    ):  # fmt: skip
        given = seconds(ledger.take(get(queue, name)))
        if given is not None:
            settings[setting] = max(1, round(given / unit)) if unit > 1 else int(given)
    tries = ledger.take(get(queue, "dead_letter", "tries"))
    if tries is not None:
        settings["deadLetters"] = {"maxReceives": tries}
    fifo = get(queue, "fifo")
    if fifo is not None and ledger.take(fifo):
        settings["fifo"] = True
    draft.put(("queues", key), settings, subscribe)
    use = {"queue": key, "access": "consume", "as": "COPILOT_QUEUE_URI"}
    draft.add(workload.path("uses"), use, subscribe)
    for topic in items(get(subscribe, "topics")):
        _subscription(workload, topic, key)


def job(workload: Workload) -> None:
    """A Scheduled Job."""
    task(workload)
    ledger, node = workload.draft.ledger, workload.at("on", "schedule")
    given = text(node) or ""
    found = schedule(given)
    if given == "none":
        workload.put("schedule", value="rate(1 day)", node=node)
        workload.put("enabled", value=False, node=node)
        ledger.take(node)
    elif found is None:
        workload.put("schedule", value="rate(1 day)", node=node)
        workload.put("enabled", value=False, node=node)
        ledger.advise(
            node, "AWS has no such schedule: say another one; until then it is not enabled"
        )
    else:
        workload.put("schedule", value=found, node=node)
        ledger.take(node)
    _runs(workload)
    _publish(workload)


def _runs(workload: Workload) -> None:
    """Limits and repetitions of a job's runs."""
    ledger, retries, timeout = (
        workload.draft.ledger,
        workload.at("retries"),
        workload.at("timeout"),
    )
    attempts = text(retries)
    if attempts is not None and attempts.isdigit() and 1 <= int(attempts) <= MOST_ATTEMPTS:
        workload.put("rerun", "attempts", value=int(str(ledger.take(retries))), node=retries)
    else:
        ledger.advise(retries, f"`rerun.attempts` is from 1 to {MOST_ATTEMPTS}")
    limit = seconds(text(timeout))
    if limit is not None and limit >= LEAST_SECONDS:
        workload.put("timeout", value=round(limit), node=timeout)
        ledger.take(timeout)
    else:
        ledger.advise(timeout, f"`timeout` is seconds, {LEAST_SECONDS} at least")


def site(workload: Workload) -> None:
    """A Static Site."""
    ledger, alias = workload.draft.ledger, workload.at("http", "alias")
    files = items(workload.at("files"))
    source = get(files[0], "source") if files else None
    if alias is None or source is None:
        node = workload.at("type")
        ledger.advise(
            node, "a site needs `http.alias` and `files`: see `sites` in docs/reference.md"
        )
        return
    workload.put("domain", value=str(ledger.take(alias)), node=alias)
    folder = f"{ledger.take(get(files[0], 'context')) or '.'}/{ledger.take(source)}"
    workload.put("content", "path", value=workload.relative(folder), node=source)
    certificate = workload.at("http", "certificate")
    workload.draft.move(workload.path("certificate"), certificate)
    recursive = get(files[0], "recursive")
    if recursive is not None and not ledger.take(recursive):
        ledger.advise(recursive, "the whole folder is uploaded: keep what is not meant out of it")
    for another in files[1:]:
        ledger.advise(another, "one folder a site: build both into one")
    for name in ("destination", "exclude", "reinclude"):
        ledger.advise(get(files[0], name), "the folder is uploaded as it is: build it that way")


TYPES: dict[str, tuple[str, Callable[[Workload], None]]] = {
    "Load Balanced Web Service": ("services", web),
    "Request-Driven Web Service": ("services", request_driven),
    "Backend Service": ("services", backend),
    "Worker Service": ("services", worker),
    "Scheduled Job": ("jobs", job),
    "Static Site": ("sites", site),
}
"""Tier and reader by a manifest's `type`."""


def _service(workload: Workload) -> None:
    draft, ledger = workload.draft, workload.draft.ledger
    port = workload.at("image", "port")
    draft.move(workload.path("port"), port)
    if text(port) == str(TLS_PORT):
        ledger.advise(port, NO_TLS)
    task(workload)
    scaling(workload)
    rolling = workload.at("deployment", "rolling")
    if rolling is not None and ledger.take(rolling) == "recreate":
        settings = {"minHealthy": 0, "max": 100, "zoneRebalancing": False}
        for name, value in settings.items():
            workload.put("deployment", name, value=value, node=rolling)
    alarms = workload.at("deployment", "rollback_alarms")
    if isinstance(alarms, Mapping):
        ledger.advise(alarms, "name alarms in `deployment.rollback.alarms`")
    elif alarms is not None:
        draft.move(workload.path("deployment", "rollback", "alarms"), alarms)
    connect = workload.at("network", "connect")
    alias = get(connect, "alias")
    ledger.advise(alias, f"callers reach it as {workload.key}")
    called = connect is not None and (alias is not None or ledger.take(connect) is True)
    ports = draft.get(*workload.path("port")) is not None
    if ports and (called or workload.at("http") is None):
        workload.put("discoverable", value=True, node=connect)
    _publish(workload)


def _routes(workload: Workload, http: Node | None, balancer: str) -> None:
    draft, ledger = workload.draft, workload.draft.ledger
    if http is None or not isinstance(http, Mapping):
        ledger.take(http)
        if draft.get(*workload.path("port")) is not None:
            workload.put("discoverable", value=True)
        return
    _route(workload, http, balancer)
    for rule in items(get(http, "additional_rules")):
        _further_route(workload, rule, balancer)
    target = get(http, "target_port")
    if target is not None:
        draft.move(workload.path("port"), target)
    _health(workload, get(http, "healthcheck"))
    version = get(http, "version")
    if version is not None:
        word = str(ledger.take(version)).lower()
        if word in ("grpc", "http2"):
            workload.put("protocol", value=word, node=version)
    if not draft.get(*workload.path("routes")):
        if draft.get(*workload.path("port")) is not None:
            workload.put("discoverable", value=True)
        return
    deregistration = seconds(ledger.take(get(http, "deregistration_delay")))
    if deregistration is not None:
        _deregistration(workload, int(deregistration), http)
    sticky = get(http, "stickiness")
    if sticky is not None and ledger.take(sticky):
        workload.put("stickiness", value={}, node=sticky)
    redirect = get(http, "redirect_to_https")
    if redirect is not None and ledger.take(redirect) is False:
        ledger.advise(redirect, "port 80 only ever redirects")
    sources = get(http, "allowed_source_ips")
    ledger.advise(sources, f"`loadBalancers.{balancer}.from` holds for all services behind it")
    ledger.advise(get(http, "hosted_zone"), "zones are found by their domain")
    container = get(http, "target_container")
    if container is not None and key_of(text(container) or "") == workload.key:
        ledger.take(container)
    draft.settings.setdefault("loadBalancers", {}).setdefault(
        balancer, {"scheme": "internal"} if balancer == INTERNAL else {}
    )


def _further_route(workload: Workload, rule: Node, balancer: str) -> None:
    target = get(rule, "target_container")
    if target is not None and key_of(text(target) or "") != workload.key:
        workload.draft.ledger.advise(rule, ANOTHER_CONTAINER)
    else:
        workload.draft.ledger.take(target)
        _route(workload, rule, balancer)


def _deregistration(workload: Workload, wanted: int, node: Node) -> None:
    """A task must live longer than it may finish requests, and two minutes at most."""
    given = get(node, "deregistration_delay")
    if wanted >= STOP_TIMEOUT[1]:
        workload.draft.ledger.advise(
            given, "Fargate ends a task after 120 seconds: 119 is the most"
        )
    workload.put("deregistration", value=min(wanted, STOP_TIMEOUT[1] - 1), node=given)
    if wanted >= DEFAULT_STOP:
        workload.put("stopTimeout", value=min(STOP_TIMEOUT[1], wanted + 10), node=given)


def _route(workload: Workload, rule: Node, balancer: str) -> None:
    draft, ledger = workload.draft, workload.draft.ledger
    alias = get(rule, "alias")
    hosts = [str(host) for host in _hosts(workload, alias)]
    if any(under(host, block) for host in hosts for block in NEVER_PUBLIC):
        ledger.advise(rule, NO_CERTIFICATE)
        return
    domain = draft.settings.get("zones", {}).get("main", {}).get("domain")
    if not hosts and domain is not None and balancer == PUBLIC:
        hosts = [f"{workload.key}.{domain}"]
    path_node = get(rule, "path")
    if not hosts:
        advice = "a route needs a host, for its certificate: say --domain, or add `routes`"
        ledger.advise(path_node or rule, advice)
        return
    path = str(ledger.take(path_node) or "/").strip("/")
    route: dict[str, Any] = {"host": hosts[0] if len(hosts) == 1 else hosts}
    if path:
        route["path"] = [f"/{path}", f"/{path}/*"]
    if balancer == INTERNAL:
        route["loadBalancer"] = INTERNAL
    elif workload.draft.settings.get("loadBalancers", {}).get(INTERNAL) is not None:
        route["loadBalancer"] = PUBLIC
    draft.add(workload.path("routes"), route, alias or path_node)


def _hosts(workload: Workload, alias: Node | None) -> list[str]:
    ledger = workload.draft.ledger
    found: list[str] = []
    for node in items(alias):
        name = node if text(node) else get(node, "name")
        ledger.advise(get(node, "hosted_zone"), "zones are found by their domain")
        if name is not None:
            found += [part.strip() for part in str(ledger.take(name)).split(",")]
    return found


def _health(workload: Workload, node: Node | None) -> None:
    if node is None:
        return
    ledger = workload.draft.ledger
    if not workload.draft.get(*workload.path("routes")):
        ledger.advise(node, "a load balancer asks it: say `health` together with `routes`")
        return
    if text(node) is not None:
        workload.draft.move(workload.path("health", "path"), node)
        return
    workload.draft.move(workload.path("health", "path"), get(node, "path"))
    for name, setting in HEALTH_COUNTS.items():
        given = get(node, name)
        if given is not None:
            value = ledger.take(given)
            value = str(value) if setting == "codes" else value
            workload.put("health", setting, value=value, node=given)
    for name, setting in HEALTH_TIMES.items():
        given = get(node, name)
        length = seconds(ledger.take(given))
        if length is not None:
            workload.put("health", setting, value=int(length), node=given)
    grace = get(node, "grace_period")
    if grace is not None:
        length = seconds(ledger.take(grace))
        workload.put("deployment", "grace", value=int(length or 60), node=grace)
    workload.draft.move(workload.path("health", "port"), get(node, "port"))


def _publish(workload: Workload) -> None:
    draft, ledger = workload.draft, workload.draft.ledger
    for topic in items(workload.at("publish", "topics")):
        name = key_of(str(ledger.take(get(topic, "name"))))
        fifo = get(topic, "fifo")
        settings = {"fifo": True} if fifo is not None and ledger.take(fifo) else {}
        draft.settings.setdefault("topics", {}).setdefault(name, {}).update(settings)
        draft.origins.setdefault(("topics", name), ledger.place(topic)[:2])
        draft.add(workload.path("uses"), {"topic": name}, topic)
        variable = f"SNS_{name.upper().replace('-', '_')}_TOPIC_ARN"
        ledger.advise(topic, f"the topic's ARN is in {variable}, not in COPILOT_SNS_TOPIC_ARNS")


def _subscription(workload: Workload, topic: Node, queue: str) -> None:
    draft, ledger = workload.draft, workload.draft.ledger
    name = key_of(str(ledger.take(get(topic, "name"))))
    ledger.take(get(topic, "service"))
    settings: dict[str, Any] = {"protocol": "queue", "to": queue}
    rules: dict[str, list[str]] = {}
    for attribute, allowed in entries(get(topic, "filter_policy")).items():
        every = [text(word) for word in items(allowed)]
        if all(word is not None for word in every):
            rules[attribute] = [str(word) for word in ledger.take(allowed)]
        else:
            ledger.advise(allowed, "filters are lists of values")
    if rules:
        settings["filter"] = rules
    topics = draft.settings.setdefault("topics", {}).setdefault(name, {})
    topics.setdefault("subscriptions", {})[workload.key] = settings
    draft.origins.setdefault(("topics", name), ledger.place(topic)[:2])
    ledger.advise(get(topic, "queue"), "one queue a worker: make another one and subscribe it")
