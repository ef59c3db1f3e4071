"""Random settings of the data tier: do all that are valid validate, and do they register?

Databases, clusters, caches, tables and backup plans are validated as a stack file is. Every choice
is drawn from the dated tables, so a table that contradicts itself shows.
"""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
from pydantic import TypeAdapter

from components.backups.plan import Backups
from components.backups.settings import COLD_DAYS, BackupsSettings
from components.cache.cache import Cache
from components.cache.engines import FAMILIES as CACHE_FAMILIES
from components.cache.engines import IAM_VERSIONS, NODE_TYPES
from components.cache.settings import CacheSettings
from components.contracts import AccountRegion, Placement, SubnetTier
from components.database.classes import (
    FAMILIES,
    SERVERLESS,
    has_insights,
    sizes_of,
)
from components.database.cluster import AuroraCluster
from components.database.engines import ENGINES
from components.database.instance import RelationalDatabase
from components.database.settings import DatabaseSettings, InstanceSettings
from components.database.storage import LARGEST_GIB, TYPES
from components.naming import Naming
from components.parts.model import Settings
from components.parts.windows import DAYS
from components.table.settings import TableSettings
from components.table.table import Table
from trellis.planner.record import Mode, ProgramInput, Recording, record_program

GIVEN = ProgramInput("shop", "dev", {"aws:region": "us-east-1"})
WHERE = AccountRegion("123456789012", "us-east-1")
NAMING = Naming("shop", "dev")
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
PLACEMENT = Placement(
    vpc_id="vpc-0123456789abcdef0",
    vpc_cidr="10.0.0.0/16",
    tier=SubnetTier.ISOLATED,
    subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    zones=("us-east-1a", "us-east-1b"),
    has_egress=False,
)

Document = dict[str, Any]


def windows(random_: random.Random, least: int) -> tuple[str, str]:
    """A daily window, and a weekly one of at least `least` minutes that stands apart from it."""
    hour = random_.randrange(24)
    length = random_.choice((least, 2 * least))
    daily = f"{hour:02}:00-{_clock(hour * 60 + length)}"
    start = (hour * 60 + length + random_.randrange(0, 600, 15)) % 1440
    day = random_.choice(DAYS)
    end = start + least
    next_day = DAYS[(DAYS.index(day) + end // 1440) % 7]
    return daily, f"{day}:{_clock(start)}-{next_day}:{_clock(end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _key(random_: random.Random) -> str:
    return random_.choice("abcdefg") + "".join(random_.choices(string.ascii_lowercase, k=4))


def _maybe(random_: random.Random, document: Document, key: str, value: Any) -> None:
    if random_.random() < 0.5:
        document[key] = value


def random_version(random_: random.Random, engine: str) -> str:
    """A major version, sometimes with a minor one that every class runs on."""
    major = random_.choice(list(ENGINES[engine].majors))
    if random_.random() < 0.5:
        return major
    return f"{major}.mysql_aurora.3.10.1" if engine == "aurora-mysql" else f"{major}.30"


def random_class(random_: random.Random, engine: str, insights: bool) -> str:
    """A class that the engine runs on."""
    classes = [f"db.{family}.{size}" for family in FAMILIES for size in sizes_of(engine, family)]
    return random_.choice([c for c in classes if not insights or has_insights(engine, c)])


def random_storage(random_: random.Random) -> Document:
    """Storage that RDS takes."""
    type_ = random_.choice(list(TYPES))
    limits = TYPES[type_]
    initial = random_.choice((limits.least_gib, random_.randint(limits.least_gib, 20_000)))
    found: Document = {"type": type_, "initialGiB": initial}
    _maybe(random_, found, "maxGiB", min(LARGEST_GIB, initial * 2))
    if type_ in ("io1", "io2"):
        most = min(256_000, initial * (50 if type_ == "io1" else 1_000))
        found["iops"] = random_.randint(max(1_000, -(-initial // 2)), max(1_000, most))
    elif type_ == "gp3" and initial >= 400 and random_.random() < 0.5:
        found["iops"] = random_.randint(12_000, min(64_000, initial * 500))
        found["throughput"] = random_.randint(500, min(4_000, found["iops"] // 4))
    return found


def _random_common(random_: random.Random, engine: str) -> Document:
    daily, weekly = windows(random_, 30)
    found: Document = {
        "engine": engine,
        "version": random_version(random_, engine),
        "backups": {"retentionDays": random_.randint(1, 35), "window": daily},
        "maintenanceWindow": weekly,
    }
    _maybe(random_, found, "port", random_.randint(1150, 65_535))
    _maybe(random_, found, "database", _key(random_))
    _maybe(random_, found, "deletionProtection", random_.random() < 0.5)
    _maybe(random_, found, "finalSnapshot", random_.random() < 0.5)
    _maybe(random_, found, "logs", random_.sample(ENGINES[engine].logs, random_.randint(0, 2)))
    _maybe(random_, found, "parameters", {"max_connections": random_.randint(50, 500)})
    _maybe(random_, found, "monitoring", {"intervalSeconds": random_.choice((1, 5, 60))})
    _maybe(random_, found, "performanceInsights", _random_insights(random_))
    if random_.random() < 0.3:
        found |= {"iamAuthentication": True, "iamUsers": [_key(random_)]}
    return found


def _random_insights(random_: random.Random) -> Document:
    mode = random_.choice(("off", "standard", "advanced"))
    if mode == "off":
        return {"enabled": False}
    return {"mode": mode, "retentionDays": 465 if mode == "advanced" else 7}


def random_instance(random_: random.Random) -> Document:
    """An RDS instance."""
    engine = random_.choice(("postgres", "mysql", "mariadb"))
    found = _random_common(random_, engine)
    insights = found.get("performanceInsights", {}).get("enabled", True)
    found |= {
        "instanceClass": random_class(random_, engine, insights),
        "storage": random_storage(random_),
        "multiAz": random_.random() < 0.5,
    }
    if random_.random() < 0.3:
        found |= {
            "masterPassword": "operator",
            "masterSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:m-AbCdEf",
            "readReplicas": {_key(random_): {"multiAz": random_.random() < 0.5}},
            "blueGreen": random_.random() < 0.5,
        }
    return found


def random_cluster(random_: random.Random) -> Document:
    """An Aurora cluster."""
    engine = random_.choice(("aurora-postgresql", "aurora-mysql"))
    found = _random_common(random_, engine)
    found["instanceClass"] = random_class(random_, engine, True)
    found["instances"] = {_key(random_): {} for _ in range(random_.randint(1, 4))}
    if random_.random() < 0.5:
        found["instances"][_key(random_)] = {"instanceClass": SERVERLESS}
        least = random_.choice((0, 0.5, 1, 2.5))
        found["capacity"] = {"min": least, "max": random_.choice((4, 16.5, 256))}
    _maybe(random_, found, "storageType", random_.choice(("standard", "ioOptimized")))
    if engine == "aurora-mysql":
        _maybe(random_, found, "backtrackHours", random_.randint(0, 72))
    return found


def random_cache(random_: random.Random) -> Document:
    """A replication group."""
    engine = random_.choice(list(CACHE_FAMILIES))
    version = random_.choice(list(CACHE_FAMILIES[engine]))
    family = random_.choice(list(NODE_TYPES))
    daily, weekly = windows(random_, 60)
    found: Document = {
        "engine": engine,
        "version": version,
        "nodeType": f"cache.{family}.{random_.choice(NODE_TYPES[family])}",
        "snapshots": {"retentionDays": random_.randint(0, 35), "window": daily},
        "maintenanceWindow": weekly,
    }
    if random_.random() < 0.3:
        found["clusterMode"] = {
            "shards": random_.randint(1, 20),
            "replicas": random_.randint(0, 5),
        }
    else:
        found["nodes"] = random_.randint(1, 6)
    if random_.random() < 0.3:
        found["authentication"] = "token"
    elif version in IAM_VERSIONS[engine] and random_.random() < 0.5:
        found["users"] = {"app": {}, "robot": {"authentication": "iam", "access": "~* +@read"}}
    _maybe(random_, found, "parameters", {"maxmemory-policy": "allkeys-lru"})
    _maybe(random_, found, "logs", ["slow-log"])
    return found


def random_table(random_: random.Random) -> Document:
    """A table."""
    kinds = ("string", "number", "binary")
    attributes = {_key(random_): random_.choice(kinds) for _ in range(8)}
    names = list(attributes)

    def attribute(position: int) -> Document:
        name = names[position % len(names)]
        return {"name": name, "type": attributes[name]}

    found: Document = {"partitionKey": attribute(0)}
    if random_.random() < 0.6:
        found["sortKey"] = attribute(1)
        if len(names) > 2:
            _maybe(random_, found, "localIndexes", {"by-local": {"sortKey": attribute(2)}})
    indexes = {
        f"index-{n}": {
            "partitionKey": attribute(n + 1),
            "projection": random_.choice(("all", "keys", ["other", "more"])),
        }
        for n in range(random_.randint(0, 3))
    }
    if indexes:
        found["globalIndexes"] = indexes
    if random_.random() < 0.4:
        least = random_.randint(1, 50)
        bounds = {"min": least, "max": least + random_.randint(0, 500)}
        found["capacity"] = {"read": bounds, "write": bounds}
    _maybe(random_, found, "ttl", "expires")
    _maybe(random_, found, "stream", random_.choice(("keys", "new", "old", "both")))
    if found.get("stream", "both") == "both":
        _maybe(random_, found, "replicas", ["eu-west-1"])
    return found


def random_backups(random_: random.Random) -> Document:
    """A backup plan."""
    cold = random_.randint(1, 300)
    kept = cold + COLD_DAYS + random_.randint(0, 900)
    found: Document = {"retentionDays": kept}
    _maybe(random_, found, "coldAfterDays", cold)
    _maybe(random_, found, "copyTo", {"region": "eu-west-1", "retentionDays": kept})
    _maybe(random_, found, "lock", {"minDays": 1, "maxDays": kept + 1, "coolingDays": 3})
    return found


KINDS: Mapping[str, tuple[Callable[[random.Random], Document], TypeAdapter[Any]]] = {
    "instance": (random_instance, TypeAdapter(DatabaseSettings)),
    "cluster": (random_cluster, TypeAdapter(DatabaseSettings)),
    "cache": (random_cache, TypeAdapter(CacheSettings)),
    "table": (random_table, TypeAdapter(TableSettings)),
    "backups": (random_backups, TypeAdapter(BackupsSettings)),
}


def random_document(random_: random.Random) -> tuple[str, Document]:
    """A kind and a document as a stack file has it."""
    kind = random_.choice(list(KINDS))
    return kind, KINDS[kind][0](random_)


def validate(kind: str, document: Document) -> Settings:
    """The settings of a document, validated as a stack file's are."""
    return KINDS[kind][1].validate_json(json.dumps(document))


def make(settings: Settings, *, protect: bool = True) -> pulumi.ComponentResource:
    """The component that the settings are of, named `main`."""
    match settings:
        case CacheSettings():
            return Cache(
                "main", settings, naming=NAMING, where=WHERE, placement=PLACEMENT,
                key_arn=KEY_ARN, log_key_arn=KEY_ARN, protect=protect,
            )  # fmt: skip
        case TableSettings():
            return Table(
                "main", settings, naming=NAMING, where=WHERE, key_arn=KEY_ARN,
                replica_key_arns=dict.fromkeys(settings.replicas, KEY_ARN),
                protect=protect,
            )  # fmt: skip
        case BackupsSettings():
            covered = {"table-main": "arn:aws:dynamodb:us-east-1:123456789012:table/shop-dev-main"}
            return Backups(
                "backups", settings, naming=NAMING, where=WHERE, covered=covered,
                key_arn=KEY_ARN, protect=protect,
            )  # fmt: skip
        case InstanceSettings():
            return RelationalDatabase(
                "main", settings, naming=NAMING, where=WHERE, placement=PLACEMENT,
                key_arn=KEY_ARN, log_key_arn=KEY_ARN, protect=protect,
            )  # fmt: skip
        case _:
            return AuroraCluster(
                "main", TypeAdapter[Any](DatabaseSettings).validate_python(settings),
                naming=NAMING, where=WHERE, placement=PLACEMENT,
                key_arn=KEY_ARN, log_key_arn=KEY_ARN, protect=protect,
            )  # fmt: skip


def record_settings(
    settings: Settings,
    mode: Mode = "deployed",
    use: Callable[[Any], None] = lambda _: None,
) -> Recording:
    """What the component registers, after `use` was shown the component."""

    def program() -> None:
        use(make(settings))

    return record_program(program, GIVEN, mode)


def campaign(seed: int, validated: int, recorded: int) -> tuple[int, int]:
    """Validate and record random settings; returns how many resources were recorded, and kinds.

    Raises:
        pydantic.ValidationError: a document that should be valid is not.
    """
    random_ = random.Random(seed)
    resources, kinds = 0, set[str]()
    for number in range(validated):
        kind, document = random_document(random_)
        settings = validate(kind, document)
        if number < recorded:
            resources += len(record_settings(settings).resources)
            kinds.add(kind)
    return resources, len(kinds)
