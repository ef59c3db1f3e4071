"""What the settings' models can't say of random values: keys of other parts, versions, windows.

`HINTS` gives values, `AGREE` makes the settings of one mapping fit each other. A setting that is
not named here is drawn from its model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final, Protocol

from components.cache.engines import FAMILIES, NODE_TYPES
from components.database.engines import ENGINES
from components.parts.uses import KINDS
from components.services.task.fargate import MEMORY_MIB
from testing.data_settings import random_class, random_storage, random_version, windows
from testing.random_values import LEAVE, WORDS
from trellis.registry import OFFERS, part_of

DOMAIN: Final = "shop.example.com"
CONTENT: Final = "site"
"""Folder with the content of sites, beside Pulumi.yaml."""
CODE: Final = "function"
"""Folder with the code of functions."""

HASH: Final = "0123456789abcdef" * 4
_SECRET: Final = "arn:aws:secretsmanager:us-east-1:123456789012:secret:m-AbCdEf"
_CERTIFICATE: Final = (
    "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
)


class Draw(Protocol):
    """One stack file in the making, as far as hints look at it."""

    random: Random
    tree: dict[str, Any]

    def one_of(self, part: str, *others: Any, **having: Any) -> Any:
        """A key of a part whose settings hold `having`; `LEAVE` where there is none."""
        ...

    def label(self) -> str:
        """A whole name that no other thing has."""
        ...

    def name(self) -> str:
        """A host under the domain of the zones."""
        ...


def _subnets(draw: Draw) -> dict[str, Any]:
    tiers = ["public", "private", *draw.random.sample(["isolated"], draw.random.randint(0, 1))]
    return {tier: draw.random.choice([{}, {}, {"prefix": 22}]) for tier in tiers}


def _image(draw: Draw) -> dict[str, Any]:
    own = {"repository": draw.random.choice(WORDS)}
    return draw.random.choice(
        [
            {**own, "tag": "3f9c2ab"},
            {**own, "digest": f"sha256:{HASH}"},
            {"uri": f"public.ecr.aws/docker/library/nginx@sha256:{HASH}"},
        ]
    )


def _use(draw: Draw) -> Any:
    kind = draw.random.choice(KINDS)
    offer = OFFERS[kind]
    having = {"discoverable": True} if kind == "service" else {}
    key = draw.one_of(part_of(kind), **having)
    if key is LEAVE:
        return LEAVE
    use: dict[str, Any] = {kind: key}
    if offer.default is None or draw.random.random() < 0.3:
        use["access"] = draw.random.choice(offer.accesses)
    if kind == "database" and draw.random.random() < 0.3:
        use["pool"] = draw.random.randint(1, 10)
    if kind == "queue" and draw.random.random() < 0.3:
        use["handlingSeconds"] = draw.random.randint(1, 60)
    return use


def _receiver(draw: Draw) -> Any:
    to = draw.random.choice(["topic", "queue"])
    name = draw.one_of(f"{to}s")
    return LEAVE if name is LEAVE else {"to": to, "name": name}


def _subscription(draw: Draw) -> dict[str, Any]:
    queue = draw.one_of("queues")
    return draw.random.choice(
        [
            {"protocol": "email", "to": "team@example.com"},
            {"protocol": "sms", "to": "+14155550100"},
            {"protocol": "https", "to": "https://hooks.example.com/alerts", "raw": True},
            *([{"protocol": "queue", "to": queue}] if queue is not LEAVE else []),
        ]
    )


def _attribute(draw: Draw) -> dict[str, Any]:
    return {"name": draw.random.choice(WORDS)}


def _site_content(draw: Draw) -> dict[str, Any]:
    bucket = draw.one_of("buckets")
    return draw.random.choice(
        [
            {"path": CONTENT},
            {"external": {"repository": "example/site"}},
            *([{"bucket": bucket}] if bucket is not LEAVE else []),
        ]
    )


def _alarms(draw: Draw) -> Any:
    """Another threshold, or a silence, for alarms that the tiers are known to have."""
    there = [f"{key}-cpu" for key in draw.tree.get("services", ())]
    there += [f"database-{key}-cpu" for key in draw.tree.get("databases", ())]
    if not there:
        return LEAVE
    silence = {"reason": "moves to another region", "until": "2027-03-31"}
    changes: tuple[dict[str, Any], ...] = (
        {"threshold": 60, "severity": "page"},
        {"silence": silence},
        {"period": 300, "periods": 2, "datapoints": 1},
    )
    return {draw.random.choice(there): draw.random.choice(changes)}


def _text(*choices: Any) -> Callable[[Draw], Any]:
    return lambda draw: draw.random.choice(choices)


def _key_of(part: str, *others: Any, **having: Any) -> Callable[[Draw], Any]:
    return lambda draw: draw.one_of(part, *others, **having)


HINTS: Final[Mapping[str, Callable[[Draw], Any]]] = {
    "databases.*.name": lambda draw: draw.label(),
    "caches.*.name": lambda draw: draw.label(),
    "tables.*.name": lambda draw: draw.label(),
    "cluster.name": lambda draw: draw.label(),
    "repositories.*.name": lambda draw: draw.label(),
    "loadBalancers.*.name": lambda draw: draw.label(),
    "networkLoadBalancers.*.name": lambda draw: draw.label(),
    "services.*.name": lambda draw: draw.label(),
    "targetGroup": lambda draw: draw.label(),
    "family": lambda draw: draw.label(),
    "logGroup": lambda draw: f"/shop/{draw.label()}",
    "emails.*": _text("team@example.com", "finance@example.com"),
    "network.cidr": _text("10.0.0.0/16", "10.64.0.0/16", "172.20.0.0/16"),
    "network.zones": _text(2, 3, ["us-east-1a", "us-east-1b"]),
    "network.subnets": _subnets,
    "network.replaceSubnets": _text(["private"]),
    "network.endpoints": _text("auto", ["s3", "dynamodb"], ["s3", "secretsmanager", "logs"]),
    "network.flowLogs.bucket": _text("arn:aws:s3:::example-flow-logs"),
    "*[vV]ersion": _text("1.0"),
    "masterSecretArn": _text(_SECRET),
    "caches.*.parameters": _text({"maxmemory-policy": "allkeys-lru"}),
    "databases.*.parameters": _text({"max_connections": 200}),
    "databases.*.restoreFrom": _text("snapshot-of-before"),
    "access": _text("~app:* +@read"),
    "cacheAccess": _text("on ~app:* +@read"),
    "cacheUser": _text(LEAVE),
    "window": _text("01:00-02:30", "03:00-04:00"),
    "maintenanceWindow": _text("sun:05:30-sun:07:00", "wed:22:00-wed:23:30"),
    "*artitionKey": _attribute,
    "sortKey": _attribute,
    "replicas": _text(["eu-west-1"], ["us-west-2", "eu-west-1"]),
    "region": _text("us-west-2", "eu-west-1"),
    "backups.schedule": _text("cron(0 5 * * ? *)"),
    "buckets.*.accessLogs": _key_of("buckets", "none", purpose="logs"),
    "buckets.*.notifications.*": _receiver,
    "prefix": _text("in/", "raw/"),
    "origins": _text(["https://app.example.com"]),
    "subscriptions.*": _subscription,
    "mail.*.senders": _text(LEAVE),
    "mail.*.domain": _text(DOMAIN, "news.example.com"),
    "secrets.*.database": _key_of("databases"),
    "secrets.*.cache": _key_of("caches"),
    "secrets.*.name": lambda draw: f"{{name}}/{{environment}}/{draw.random.randrange(999)}",
    "schedule": _text("rate(1 day)", "cron(0 3 ? * SUN *)"),
    "schedules.*.at": _text("cron(0 8 ? * MON-FRI *)"),
    "timezone": _text("UTC", "Europe/Vienna"),
    "zones.*.domain": _text(DOMAIN, DOMAIN, "example.org"),
    "image": _image,
    "uses.*": _use,
    "fileSystems.*.path": _text("/data"),
    "loadBalancers.*.certificates": _text(LEAVE, [{"arn": _CERTIFICATE}]),
    "from": _text(["10.0.0.0/8"], ["192.0.2.0/24"]),
    "loadBalancers.*.accessLogs": _key_of("buckets", "none", receives=["loadBalancers"]),
    "networkLoadBalancers.*.certificates": _text(LEAVE, [{"arn": _CERTIFICATE}]),
    "networkLoadBalancers.*.names": lambda draw: [draw.name()],
    "networkLoadBalancers.*.accessLogs": _key_of("buckets", "none", receives=["deliveries"]),
    "listeners.*.networkLoadBalancer": _key_of("networkLoadBalancers"),
    "routes.*.loadBalancer": _key_of("loadBalancers"),
    "host": lambda draw: draw.name(),
    "backlog.queue": _key_of("queues"),
    "jobs.*.before.*": _key_of("services"),
    "functions.*.code": lambda _: {"path": CODE, "handler": "main.handler"},
    "sites.*.domain": lambda draw: draw.name(),
    "redirectFrom.*": lambda draw: draw.name(),
    "sites.*.content": _site_content,
    "sites.*.accessLogs": _key_of("buckets", "none", receives=["deliveries"]),
    "behaviors.*.loadBalancer": _key_of("loadBalancers", scheme="internal"),
    "sites.*.certificate": _text(LEAVE),
    "certificates.*.names": lambda draw: [f"*.{DOMAIN}", *([DOMAIN] * draw.random.randint(0, 1))],
    "firewalls.*.sites": _text("all", "none"),
    "firewalls.*.loadBalancers": _text("all", "none"),
    "firewalls.*.versions": _text({"common": "Version_1.19"}),
    "allow.*": _text("192.0.2.0/24", "2001:db8::/32"),
    "deny.*": _text("198.51.100.0/24"),
    "bots.version": _text("Version_3.2"),
    "countries.allow.*": _text("AT", "US"),
    "countries.deny.*": _text("KP"),
    "behaviors.*.bucket": _key_of("buckets"),
    "pagerduty": _key_of("secrets"),
    "https": _text("https://hooks.example.com/alerts"),
    "trail.buckets.*": _key_of("buckets"),
    "trail.tables.*": _key_of("tables"),
    "monitoring.alarms": _alarms,
    "sites.*.index": _text("index.html"),
    "*.metric": _key_of("monitoring"),
    "provider.profile": _text("shop"),
    "tags": _text({"Team": "shop", "CostCenter": "42"}),
}  # fmt: skip
"""By the end of a path: what the models can't say. The first that fits is asked."""


def _database(draw: Draw, found: dict[str, Any]) -> None:
    engine = found["engine"]
    insights = found.get("performanceInsights", {}).get("enabled", True)
    found["version"] = random_version(draw.random, engine)
    found["instanceClass"] = random_class(draw.random, engine, insights)
    if "storage" in found:
        found["storage"] = random_storage(draw.random)
    if "logs" in found:
        found["logs"] = draw.random.sample(ENGINES[engine].logs, draw.random.randint(0, 2))
    daily, weekly = windows(draw.random, 30)
    found.setdefault("backups", {})["window"] = daily
    found["maintenanceWindow"] = weekly
    for member in (*found.get("instances", {}).values(), *found.get("readReplicas", {}).values()):
        member.pop("instanceClass", None)


def _cache(draw: Draw, found: dict[str, Any]) -> None:
    engine = found.get("engine", "valkey")
    family = draw.random.choice(list(NODE_TYPES))
    found["version"] = draw.random.choice(list(FAMILIES[engine]))
    found["engine"] = engine
    found["nodeType"] = f"cache.{family}.{draw.random.choice(NODE_TYPES[family])}"
    daily, weekly = windows(draw.random, 60)
    found.setdefault("snapshots", {})["window"] = daily
    found["maintenanceWindow"] = weekly


def _task(draw: Draw, found: dict[str, Any]) -> None:
    if "cpu" in found or "memory" in found:
        cpu = draw.random.choice(list(MEMORY_MIB)[:4])
        found.update(cpu=cpu, memory=draw.random.choice(MEMORY_MIB[cpu][:4]))


def _service(draw: Draw, found: dict[str, Any]) -> None:
    _task(draw, found)
    if found.get("routes") or found.get("discoverable"):
        found.setdefault("port", 8080)
    scaling = found.get("scaling", {})
    if "max" in scaling:
        scaling["max"] = min(scaling["max"], 50)
    for route in found.get("routes", ()):
        route.setdefault("host", draw.name())


def _insights(draw: Draw, found: dict[str, Any]) -> None:
    if "mode" in found or "retentionDays" in found:
        mode = draw.random.choice(["standard", "advanced"])
        found.update(mode=mode, retentionDays=465 if mode == "advanced" else 7)


def _logs(draw: Draw, found: dict[str, Any]) -> None:
    """A bucket for logs is one often enough that the rest can find it."""
    if draw.random.random() < 0.3:
        found.clear()
        found.update(purpose="logs", receives=["exports", "loadBalancers", "deliveries"])


def _one_of(*keys: str) -> Callable[[Draw, dict[str, Any]], None]:
    """Keeps one of settings that exclude each other, and gives the first where none is there."""

    def agree(draw: Draw, found: dict[str, Any]) -> None:
        given = [key for key in keys if key in found]
        for key in given:
            value = found.pop(key)
            if key == given[-1] or draw.random.random() < 1 / len(given):
                found[key] = value
                for other in keys:
                    if other != key:
                        found.pop(other, None)
                return

    return agree


def _secret(draw: Draw, found: dict[str, Any]) -> None:
    if found.get("kind") == "credentials":
        databases, caches = draw.tree.get("databases"), draw.tree.get("caches")
        part = draw.random.choice([*["database"] * bool(databases), *["cache"] * bool(caches), ""])
        found.pop("database", None)
        found.pop("cache", None)
        if part:
            found[part] = draw.one_of(f"{part}s")
        else:
            found.clear()
    if "recoveryDays" in found:
        found["recoveryDays"] = draw.random.choice([0, 7, 30])


def _job(draw: Draw, found: dict[str, Any]) -> None:
    _task(draw, found)
    if found.get("before") and draw.random.random() < 0.5:
        found.pop("schedule", None)
        found.pop("spot", None)
    else:
        found.pop("before", None)
        found["schedule"] = "rate(1 day)"


def _step(draw: Draw, found: dict[str, Any]) -> None:
    if draw.random.random() < 0.5:
        found.pop("to", None)
        found.update(expire=True, afterDays=found["afterDays"] or 1)
    else:
        found.pop("expire", None)
        found["to"] = "glacier"


def _subscriber(draw: Draw, found: dict[str, Any]) -> None:
    hears = found.get("hears")
    secret = draw.one_of("secrets", "none")
    found.clear()
    found.update(
        draw.random.choice(
            [
                {"email": "team@example.com"},
                {"https": "https://hooks.example.com/alerts"},
                {"slack": {"workspace": "T07EA123LEP", "channel": "C07EZ1ABC23"}},
                {"pagerduty": secret} if secret != "none" else {"sms": "+14155550100"},
            ]
        )
    )
    if hears:
        found["hears"] = hears


def _record(_: Draw, found: dict[str, Any]) -> None:
    found.update(type="TXT", values=["proof"])


AGREE: Final[Mapping[str, Callable[[Draw, dict[str, Any]], None]]] = {
    "databases.*": _database,
    "databases.*.performanceInsights": _insights,
    "caches.*": _cache,
    "services.*": _service,
    "jobs.*": _job,
    "secrets.*": _secret,
    "sites.*.countries": _one_of("allow", "deny"),
    "sites.*.behaviors.*": _one_of("loadBalancer", "bucket"),
    "budgets.*.notices.*": _one_of("percent", "usd"),
    "buckets.*.lifecycle.*": _step,
    "monitoring.subscribers.*": _subscriber,
    "buckets.*": _logs,
    "zones.*.records.*": _record,
}
"""By path: makes the settings of a mapping fit one another."""
