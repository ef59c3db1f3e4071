"""Random valid settings of buckets, topics, queues, mail identities and secrets, from a seed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from random import Random
from typing import Any

from components.bucket.storage_classes import CLOSED, ORDER, RULES, StorageClass
from testing.small_systems import ACCOUNT, CACHE, DATABASE, NETWORK, REGION
from trellis.stackfile.settings import SystemSettings

WORDS = ("assets", "jobs", "lake", "main", "news", "orders", "photos", "receipts", "reports")
REGIONS = ("us-west-2", "eu-west-1", "eu-central-1")


def random_system(random: Random) -> dict[str, Any]:
    """Parts of a stack file that are valid together."""
    queues = {key: random_queue(random) for key in keys(random, 3)}
    topics = {key: random_topic(random, queues) for key in keys(random, 3)}
    buckets: dict[str, Any] = {"logs": {"purpose": "logs"}} if random.random() < 0.8 else {}
    for key in keys(random, 4):
        buckets[key] = random_bucket(random, topics, queues)
    system: dict[str, Any] = {
        "profile": random.choice(["development", "production"]),
        "keys": {"sharing": random.choice(["shared", "separate"])},
        "queues": queues,
        "topics": topics,
        "buckets": buckets,
        "mail": {"main": random_mail(random)} if random.random() < 0.3 else {},
        "secrets": {key: random_secret(random) for key in keys(random, 5)},
    }
    return {**system, **servers(system["secrets"])}


def keys(random: Random, most: int) -> list[str]:
    return random.sample(WORDS, random.randint(0, most))


def maybe(random: Random, **fields: Any) -> dict[str, Any]:
    """Each field with an even chance, drawn when it is taken."""
    return {key: draw() for key, draw in fields.items() if random.random() < 0.5}


def random_lifecycle(random: Random, versioned: bool) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for versions in ("current", "noncurrent") if versioned else ("current",):
        day, billed = 0, 0
        chosen = sorted(random.sample(ORDER, random.randint(0, 3)), key=ORDER.index)
        while any(move in CLOSED for move in pairwise(chosen)):
            chosen.remove(StorageClass.ONE_ZONE)
        for storage in chosen:
            day = max(day + max(billed, 1 if day or billed else 0), RULES[storage].after)
            day += random.choice([0, 0, 1, 30, 365])
            billed = max(RULES[storage].billed, 1)
            steps.append({"afterDays": day, "to": storage.value, "versions": versions})
        if random.random() < 0.5:
            day += max(billed, 1) + random.choice([0, 1, 400])
            steps.append({"afterDays": day, "expire": True, "versions": versions})
    random.shuffle(steps)
    return steps


def random_bucket(
    random: Random, topics: Mapping[str, Any], queues: Mapping[str, Any]
) -> dict[str, Any]:
    receivers = [("topic", key) for key, topic in topics.items() if not topic.get("fifo")]
    receivers += [("queue", key) for key, queue in queues.items() if not queue.get("fifo")]
    versioned = random.random() < 0.8
    bucket: dict[str, Any] = {
        "versioning": versioned,
        "lifecycle": random_lifecycle(random, versioned),
        **maybe(
            random,
            encryption=lambda: random.choice(["customerKey", "s3"]),
            abortUploadsAfterDays=lambda: random.randint(1, 365),
            events=lambda: True,
            cors=lambda: [{"origins": ["https://a.example"], "methods": ["GET", "PUT"]}],
            intelligentTiering=lambda: {"archiveAfterDays": random.randint(90, 730)},
            tags=lambda: {"Team": "shop"},
        ),
    }
    if versioned:
        bucket |= maybe(
            random,
            replication=lambda: {"region": random.choice(REGIONS)},
            objectLock=lambda: {"mode": random.choice(["governance", "compliance"]), "days": 7},
            expireNoncurrentDays=lambda: random.choice(["never", 30]),
        )
    if receivers and random.random() < 0.5:
        to, name = random.choice(receivers)
        bucket["notifications"] = {"new": {"to": to, "name": name, "prefix": "in/"}}
    return bucket


def random_queue(random: Random) -> dict[str, Any]:
    days = random.randint(1, 14)
    fifo = random.random() < 0.5
    dead = {"retentionDays": random.randint(days, 14), "maxReceives": random.randint(1, 1000)}
    return {
        "retentionDays": days,
        "deadLetters": random.choice(["none", dead]),
        "fifo": fifo,
        **maybe(
            random,
            visibilitySeconds=lambda: random.randint(0, 43_200),
            delaySeconds=lambda: random.randint(0, 900),
            waitSeconds=lambda: random.randint(0, 20),
            maxMessageKib=lambda: random.randint(1, 1024),
            oldestMessageMinutes=lambda: random.choice(["none", 5]),
            publishers=lambda: ["rules"] if fifo else ["buckets"],
        ),
    }


def random_topic(random: Random, queues: Mapping[str, Any]) -> dict[str, Any]:
    fifo = random.random() < 0.2
    subscriptions: dict[str, Any] = {}
    takers = [key for key, queue in queues.items() if fifo or not queue.get("fifo")]
    if takers:
        subscriptions["work"] = {"protocol": "queue", "to": random.choice(takers)}
    if not fifo:
        subscriptions["team"] = {"protocol": "email", "to": "team@example.com"}
    topic: dict[str, Any] = {"fifo": fifo, "subscriptions": subscriptions}
    if not fifo:
        every = ["alarms", "rules", "buckets", "mail", "budgets", "databases", "backups"]
        topic["publishers"] = random.sample(every, random.randint(0, 3))
    return topic


def random_mail(random: Random) -> dict[str, Any]:
    return {
        "domain": "shop.example",
        **maybe(
            random,
            mailFrom=lambda: "mail",
            dmarc=lambda: random.choice(["none", {"policy": "reject"}]),
            keyBits=lambda: random.choice([1024, 2048]),
            senders=lambda: ["hello@shop.example"],
        ),
    }


def random_secret(random: Random) -> dict[str, Any]:
    kind = random.choice(["given", "generated", "database", "cache"])
    rotation = {"everyDays": random.randint(1, 1000), "windowHours": random.randint(1, 24)}
    shared = maybe(random, recoveryDays=lambda: random.choice([0, 7, 30]))
    if kind == "given":
        return shared
    if kind == "generated":
        turned = random.choice(["none", rotation])
        return {**shared, "kind": kind, "length": random.randint(32, 128), "rotation": turned}
    return {**shared, "kind": "credentials", kind: "main", "rotation": rotation}


def servers(secrets: Mapping[str, Any]) -> dict[str, Any]:
    """The database, cache and network that secrets need; each secret has its own user."""
    found: dict[str, Any] = {}
    users: dict[str, dict[str, Any]] = {
        key: {} for key, secret in secrets.items() if "cache" in secret
    }
    for key, secret in secrets.items():
        if "database" in secret:
            secret["user"] = f"{key}_user"
        elif key in users:
            secret["cacheUser"] = key
    if any("database" in secret for secret in secrets.values()):
        found["databases"] = {"main": DATABASE}
    if users:
        found["caches"] = {"main": {**CACHE, "users": users}}
    return {**found, "network": NETWORK} if found else {}


def settings_of(seed: int) -> SystemSettings:
    """The settings of a random system, as the loader reads them."""
    given = {
        "name": "shop",
        "environment": "dev",
        "region": REGION,
        "account": ACCOUNT,
        **random_system(Random(seed)),
    }
    return SystemSettings.model_validate_json(json.dumps(given))
