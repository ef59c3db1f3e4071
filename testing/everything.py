"""A system of every tier that has something to watch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from testing.small_systems import ACCOUNT, CACHE, DATABASE, NETWORK, recorded_build
from trellis.planner.record import ProgramInput, Recording

CLUSTER: dict[str, Any] = {
    "engine": "aurora-postgresql",
    "version": "16",
    "instances": {"one": {}, "two": {}},
    "instanceClass": "db.serverless",
    "capacity": {"min": 0.5, "max": 2},
}
IMAGE = {"uri": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:{'0' * 64}"}

EVERYTHING: dict[str, Any] = {
    "network": NETWORK,
    "databases": {"main": {**DATABASE, "proxy": {}, "databases": {"reports": {}}}, "wide": CLUSTER},
    "caches": {"main": CACHE},
    "tables": {"orders": {"partitionKey": {"name": "id"}, "stream": "both"}},
    "buckets": {"data": {"requestMetrics": True}, "answers": {}},
    "catalogs": {
        "lake": {
            "from": {"put": True},
            "bucket": "data",
            "type": ".kind",
            "date": {"since": "2026-11-01"},
            "tables": {"clicks": {"columns": {"page": "string"}}},
            "crawlers": {"exports": {"prefix": "exports/", "schedule": "cron(0 5 * * ? *)"}},
        }
    },
    "queries": {"main": {"catalog": "lake", "results": "answers"}},
    "monitoring": {
        "archive": {"bucket": "data"},
        "canaries": {"www": {"host": "www.example.com", "artifacts": "data"}},
    },
    "queues": {"work": {}},
    "fileSystems": {"uploads": {}},
    "streams": {"clicks": {"consumers": ["lake"], "putBy": ["210987654321"]}},
    "mail": {"main": {"domain": "example.com"}},
    "secrets": {
        "signing": {"kind": "generated"},
        "login": {"kind": "credentials", "database": "main", "user": "web"},
        "reports": {
            "kind": "credentials",
            "database": "main",
            "dbName": "reports",
            "user": "reports",
        },
    },
    "zones": {"main": {"domain": "example.com", "dnssec": True}},
    "sites": {"www": {"domain": "www.example.com", "content": {"path": "site"}, "pages": "files"}},
    "firewalls": {"main": {}},
    "loadBalancers": {"alb": {}},
    "networkLoadBalancers": {"nlb": {"names": ["mqtt.example.com"]}},
    "services": {
        "web": {
            "image": IMAGE,
            "port": 8080,
            "routes": [
                {"host": "api.example.com"},
                {
                    "host": "admin.example.com",
                    "signIn": {"userPool": "users", "client": "balancer"},
                },
            ],
            "apiRoutes": [
                {"api": "fast", "path": "/orders", "methods": ["GET"]},
                {"api": "main", "path": "/orders", "methods": ["GET"]},
            ],
            "listeners": [
                {"port": 8883, "protocol": "tls", "toPort": 1883},
                {"port": 5683, "protocol": "udp", "toPort": 5683, "health": {"port": 1883}},
            ],
            "uses": [{"database": "main"}, {"secret": "login", "as": "DATABASE_URL"}],
        },
        "later": {"image": {"repository": "later", "tag": "1"}},
    },
    "apis": {
        "main": {"authorizer": {"sharedSecret": {"secret": "signing"}}},
        "fast": {"kind": "http", "authorizer": {"userPool": "users"}},
    },
    "userPools": {
        "users": {
            "groups": {"admins": {}},
            "clients": {
                "web": {"callbacks": ["https://www.example.com/in"]},
                "balancer": {
                    "secret": True,
                    "callbacks": ["https://admin.example.com/oauth2/idpresponse"],
                },
            },
            "domain": {"prefix": "shop"},
            "providers": {"office": {"kind": "saml", "metadata": "https://idp.example.com/saml"}},
        }
    },
    "functions": {
        "answers": {
            "image": IMAGE,
            "subnets": "none",
            "routes": [
                {"api": "main", "path": "/items", "methods": ["GET"]},
                {"api": "fast", "path": "/items", "methods": ["GET"]},
            ],
        },
        "resize": {
            "image": IMAGE,
            "subnets": "private",
            "uses": [{"database": "main"}],
            "concurrency": {"provisioned": 1},
            "triggers": {
                "work": {"queue": "work"},
                "orders": {"table": "orders"},
                "clicks": {"stream": "clicks"},
                "daily": {"schedule": "rate(1 day)"},
            },
        },
    },
    "jobs": {
        "nightly": {"image": IMAGE, "schedule": "rate(1 day)"},
        "hourly": {"image": IMAGE, "schedule": "rate(1 hour)", "timeout": 600, "rerun": {}},
    },
}
"""Every tier that has something to watch, far from us-east-1, and a service that waits."""


def site_folder(folder: Path) -> Path:
    """The folder, with the content of the system's site in it; the system is recorded in there."""
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("hello")
    return folder


def record_everything() -> Recording:
    """The system, far from us-east-1, as deployed."""
    given = {"name": "shop", "environment": "dev", "account": ACCOUNT, **EVERYTHING}
    config = {
        "aws:region": "eu-west-1",
        **{
            f"trellis:{key}": value if isinstance(value, str) else json.dumps(value)
            for key, value in given.items()
        },
    }
    program = ProgramInput("shop", "dev", config)
    return recorded_build(program, "deployed")
