"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

REPOSITORY_NAME = Kind(
    "repository",
    256,
    r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*",
    "CreateRepository: repositoryName",
    lower=True,
)
CLUSTER_NAME = Kind("cluster", 255, r"[a-zA-Z0-9_-]+", "CreateCluster: clusterName")
SERVICE_NAME = Kind("service", 255, r"[a-zA-Z0-9_-]+", "CreateService: serviceName")
LOAD_BALANCER_NAME = Kind(
    "load balancer", 32, r"(?!-|internal-)[a-zA-Z0-9-]+(?<!-)", "CreateLoadBalancer: Name"
)
STATE_MACHINE_NAME = Kind("state machine", 80, r"[A-Za-z0-9_-]+", "CreateStateMachine: name")
TARGET_GROUP_NAME = Kind("target group", 32, r"(?!-)[a-zA-Z0-9-]+(?<!-)", "CreateTargetGroup: Name")
