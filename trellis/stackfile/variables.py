"""Which environment variables a `uses:` line brings, known before anything is made."""

from __future__ import annotations

from components.cache.settings import CacheSettings
from components.database.settings import ClusterSettings, InstanceSettings
from components.parts.uses import UseSettings
from trellis.stackfile.settings import SystemSettings

POOL = "DB_POOL_SIZE"
"""Environment variable with the connections each task may open."""

SHARED = {"bucket": "S3_REGION", "mail": "SES_REGION"}
"""The variable that says the same whichever of a kind brings it: the region they are all in."""


def variables_of(use: UseSettings, settings: SystemSettings) -> tuple[str, ...]:
    """Names of the variables that a task gets from one line, whose producer there is."""
    if use.as_ is not None:
        return (use.as_,)
    return tuple(f"{use.prefix or ''}{name}" for name in _brought(use, settings))


def _brought(use: UseSettings, settings: SystemSettings) -> tuple[str, ...]:
    key = use.key.upper().replace("-", "_")
    if use.database is not None:
        pool = (POOL,) if use.pool is not None else ()
        return (*_of_database(settings.databases[use.database]), *pool)
    if use.cache is not None:
        return _of_cache(settings.caches[use.cache])
    return {
        "table": (f"{key}_TABLE",),
        "bucket": (f"S3_{key}_BUCKET", SHARED["bucket"]),
        "secret": (f"{key}_SECRET_ARN",),
        "topic": (f"SNS_{key}_TOPIC_ARN",),
        "queue": (f"SQS_{key}_QUEUE_URL",),
        "mail": ("SES_CONFIGURATION_SET", "SES_DOMAIN", SHARED["mail"]),
        "service": (f"{key}_URL",),
        "metrics": (f"METRICS_{key}_NAMESPACE",),
    }[use.kind]


def _of_database(database: InstanceSettings | ClusterSettings) -> tuple[str, ...]:
    names = ("DB_HOST", "DB_PORT", "DB_NAME")
    if database.proxy is not None:
        return names
    if isinstance(database, ClusterSettings):
        return (*names, "DB_READER_HOST")
    replicas = (each.upper().replace("-", "_") for each in database.read_replicas)
    return (*names, *(f"DB_{each}_HOST" for each in replicas))


def _of_cache(cache: CacheSettings) -> tuple[str, ...]:
    names = ("REDIS_HOST", "REDIS_PORT")
    by_token = [each for each in cache.users.values() if each.authentication == "iam"]
    return (*names, "REDIS_USER") if len(by_token) == 1 else names
