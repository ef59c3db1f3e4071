"""Samples of services, jobs and load balancers."""

from __future__ import annotations

from typing import Any

from testing.small_systems import IMAGE

WATCHED: dict[str, Any] = {
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
    "jobs": {
        "nightly": {"image": IMAGE, "schedule": "rate(1 day)"},
        "hourly": {"image": IMAGE, "schedule": "rate(1 hour)", "timeout": 600, "rerun": {}},
    },
}

USES: tuple[dict[str, Any], ...] = ({"service": "called"},)
