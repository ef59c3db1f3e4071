"""One of every part of a stack file that can take over what exists."""

from __future__ import annotations

from typing import Any

from tests.components.small_systems import CACHE, DATABASE, NETWORK

LB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/old/50dc6c495c0c9188"


NLB = LB.replace("app/old/", "net/old-mqtt/")


CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/stripe-a1B2c3"


KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"


ADOPTED: dict[str, Any] = {
    "network": NETWORK,
    "databases": {
        "main": {**DATABASE, "adopt": "old-main", "physicalName": "old-main"},
        "lake": {
            "engine": "aurora-postgresql",
            "version": "17.6",
            "adopt": {
                "id": "old-lake",
                "also": [
                    {
                        "type": "aws:rds/clusterInstance:ClusterInstance",
                        "name": "lake-first",
                        "id": "old-lake-1",
                    }
                ],
            },
            "physicalName": "old-lake",
            "instances": {"first": {"physicalName": "old-lake-1"}, "second": {}},
        },
    },
    "caches": {"sessions": {**CACHE, "adopt": "old-cache", "physicalName": "old-cache"}},
    "tables": {
        "orders": {
            "partitionKey": {"name": "id"},
            "adopt": "Orders",
            "physicalName": "Orders",
        }
    },
    "buckets": {
        "uploads": {"adopt": "uploads-2019", "bucketName": "uploads-2019", "accessLogs": "none"}
    },
    "queues": {
        "jobs": {
            "adopt": "https://sqs.us-east-1.amazonaws.com/123456789012/Jobs.fifo",
            "physicalName": "Jobs.fifo",
            "fifo": True,
        }
    },
    "topics": {
        "events": {
            "adopt": "arn:aws:sns:us-east-1:123456789012:Events",
            "physicalName": "Events",
        }
    },
    "streams": {"clicks": {"adopt": "Clicks", "physicalName": "Clicks"}},
    "secrets": {"stripe": {"adopt": SECRET, "name": "prod/stripe"}},
    "repositories": {"web": {"adopt": "old/web", "name": "old/web"}},
    "loadBalancers": {
        "main": {
            "adopt": LB,
            "name": "old",
            "accessLogs": "none",
            "certificates": [{"arn": CERTIFICATE}],
        }
    },
    "networkLoadBalancers": {
        "mqtt": {"adopt": NLB, "name": "old-mqtt", "accessLogs": "none"},
    },
    "cluster": {"adopt": "Old", "name": "Old"},
    "services": {
        "api": {
            "image": {"repository": "web", "digest": f"sha256:{'1' * 64}"},
            "port": 1883,
            "protocol": "tcp",
            "listeners": [{"port": 1883}],
        }
    },
    "zones": {"main": {"domain": "example.com", "adopt": "Z1D633PJN98FT9", "queryLogs": False}},
    "mail": {"main": {"domain": "mail.example.com", "adopt": "mail.example.com"}},
    "userPools": {"people": {"adopt": "us-east-1_a1B2c3D4e", "physicalName": "People"}},
    "keys": {"adopt": {"data": KEY}},
    "monitoring": {"logs": {"audit": {"name": "/old/audit", "adopt": "/old/audit"}}},
}
"""One of every part that can take over."""
