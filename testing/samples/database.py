"""Samples of databases."""

from __future__ import annotations

from typing import Any

from testing.small_systems import ACCOUNT, DATABASE, REGION

CLUSTER: dict[str, Any] = {
    "engine": "aurora-postgresql",
    "version": "16",
    "instances": {"one": {}, "two": {}},
    "instanceClass": "db.serverless",
    "capacity": {"min": 0.5, "max": 2},
}
WATCHED: dict[str, Any] = {
    "databases": {
        "main": {**DATABASE, "proxy": {}, "databases": {"reports": {}}},
        "wide": CLUSTER,
    },
}

PRODUCERS: dict[str, Any] = {
    "databases": {
        "main": {
            **DATABASE,
            "masterPassword": "operator",
            "masterSecretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:master-AbCdEf",
            "readReplicas": {"far-away": {}},
        },
        "orders": {
            "engine": "aurora-postgresql",
            "version": "16",
            "instanceClass": "db.r6g.large",
            "instances": {"one": {}, "two": {}},
        },
        "pooled": {**DATABASE, "proxy": {}},
    },
}

USES: tuple[dict[str, Any], ...] = (
    {"database": "main"},
    {"database": "main", "pool": 5, "prefix": "A_"},
    {"database": "orders", "prefix": "ORDERS_"},
    {"database": "pooled", "prefix": "POOLED_"},
)
