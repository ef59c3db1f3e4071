"""How a task's traces reach AWS X-Ray: a collector beside the main container, and what it may do.

The collector is the AWS Distro for OpenTelemetry ("Identify Amazon ECS optimization opportunities
using application trace data", Amazon ECS Developer Guide, 2026-11). It listens inside the task
only, keeps no file, and sends traces and nothing else. X-Ray's own daemon is in maintenance since
2026-02, so what speaks its protocol is collected by the same container.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from components.contracts import Grant

Tracing = Literal["none", "direct", "xray", "otel"]

COLLECTOR = "collector"
"""Name of the container."""

SEND = "xray:PutTraceSegments"
SAMPLING = ("xray:GetSamplingRules", "xray:GetSamplingTargets")
TELEMETRY = "xray:PutTelemetryRecords"
"""Of how many segments a daemon of one's own has sent."""

ACTIONS: Mapping[Tracing, tuple[str, ...]] = {
    "none": (),
    "direct": (*SAMPLING, TELEMETRY, SEND),
    "xray": (*SAMPLING, SEND),
    "otel": (SEND,),
}
"""What each way calls: the X-Ray SDKs ask, through the collector, how much they should sample."""

OTLP_GRPC, OTLP_HTTP, XRAY = "127.0.0.1:4317", "127.0.0.1:4318", "127.0.0.1:2000"
"""Where the collector listens: the usual ports, in the task's own network only."""

RECEIVERS: Mapping[Tracing, Mapping[str, Any]] = {
    "otel": {
        "otlp": {"protocols": {"grpc": {"endpoint": OTLP_GRPC}, "http": {"endpoint": OTLP_HTTP}}}
    },
    "xray": {
        "awsxray": {
            "endpoint": XRAY,
            "transport": "udp",
            # What the SDKs ask over TCP, signed by the collector.
            "proxy_server": {"endpoint": XRAY},
        }
    },
}

PROCESSORS = {
    "memory_limiter": {
        "check_interval": "1s",
        "limit_percentage": 80,
        "spike_limit_percentage": 25,
    },
    "batch": {},
}
"""It drops traces before it runs out of memory, and sends them together."""


def sends(tracing: Tracing) -> bool:
    """Whether a task needs a way to X-Ray."""
    return bool(ACTIONS[tracing])


def collects(tracing: Tracing) -> bool:
    """Whether a collector runs beside the main container."""
    return tracing in RECEIVERS


def tracing_grants(tracing: Tracing) -> list[Grant]:
    """Send traces; these actions know no resource ("AWS X-Ray", Service Authorization Reference,
    2026-11)."""
    return [Grant("SendTraces", ACTIONS[tracing], ("*",))] if sends(tracing) else []


def tracing_environment(tracing: Tracing, key: str) -> dict[str, str]:
    """How the main container's SDK finds the collector, and what it calls the task.

    Metrics and logs of the OpenTelemetry SDKs are switched off: nobody would take them.
    """
    if tracing == "otel":
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{OTLP_HTTP}",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_LOGS_EXPORTER": "none",
            "OTEL_METRICS_EXPORTER": "none",
            "OTEL_SERVICE_NAME": key,
            "OTEL_TRACES_EXPORTER": "otlp",
        }
    if tracing == "xray":
        return {"AWS_XRAY_DAEMON_ADDRESS": XRAY, "AWS_XRAY_TRACING_NAME": key}
    return {}


def collector_configuration(tracing: Tracing) -> str:
    """One pipeline, from the main container to X-Ray, as JSON, which the collector reads as YAML.

    Raises:
        KeyError: nothing is collected that way.
    """
    receivers = RECEIVERS[tracing]
    return json.dumps(
        {
            "receivers": receivers,
            "processors": PROCESSORS,
            # The region is the task's: ECS says it in AWS_REGION.
            "exporters": {"awsxray": {}},
            "service": {
                # Otherwise it serves its own metrics on a port that may be the application's.
                "telemetry": {"metrics": {"level": "none"}},
                "pipelines": {
                    "traces": {
                        "receivers": [*receivers],
                        "processors": [*PROCESSORS],
                        "exporters": ["awsxray"],
                    }
                },
            },
        },
        separators=(",", ":"),
    )
