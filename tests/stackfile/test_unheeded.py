"""A setting that has no effect is refused where it stands; one that has is taken."""

from __future__ import annotations

import pytest

from tests.stackfile.conftest import Stack
from trellis.stackfile.problems import dotted
from trellis.stackfile.unheeded import unheeded

DIGEST = f"sha256:{'1' * 64}"
IMAGE = f"image: {{repository: a, digest: {DIGEST}}}"
BASE = "  trellis:network: {zones: 2}\n"


def service(*lines: str) -> str:
    return BASE + f"  trellis:services:\n    a:\n      {IMAGE}\n" + "".join(
        f"      {line}\n" for line in lines
    )  # fmt: skip


def job(*lines: str) -> str:
    listed = "".join(f"      {line}\n" for line in lines)
    return f"{service()}  trellis:jobs:\n    j:\n      {IMAGE}\n{listed}"


def balanced(line: str) -> str:
    return service("port: 80", "routes: [{host: a.shop.example}]", line) + (
        "  trellis:loadBalancers:\n"
        "    alb: {accessLogs: none, certificates: [{arn: 'arn:aws:acm:us-east-1:123456789012:"
        "certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'}]}\n"
    )


ALARM = (
    "  trellis:monitoring:\n    metrics: {own: {namespace: S, metrics: {o: {name: O}}}}\n"
    "    alarms:\n      one: {metric: o, threshold: 1, missing: ignore, meaning: m, action: a}\n"
    "      both: {allOf: [one], meaning: m, action: a, %s}\n"
)
IN_VAIN = [
    *(
        (service(line), f"services.a.{path}")
        for line, path in (
            ("protocol: grpc", "protocol"),
            ("stickiness: {seconds: 60}", "stickiness"),
            ("health: {path: /x}", "health"),
            ("deregistration: 55", "deregistration"),
            ("slowStart: 60", "slowStart"),
            ("balancing: least_outstanding_requests", "balancing"),
            ("targetGroup: abc", "targetGroup"),
            ("calls: {idleSeconds: 9}", "calls"),
            ("deployment: {grace: 600}", "deployment.grace"),
            ("deployment: {bakeMinutes: 60}", "deployment.bakeMinutes"),
            ("deployment: {pauses: [{at: afterStart}]}", "deployment.pauses"),
            ("deployment: {canary: {percent: 1}}", "deployment.canary"),
            ("deployment: {linear: {percent: 5}}", "deployment.linear"),
            ("deployment: {rollback: {errors: 99}}", "deployment.rollback.errors"),
            ("deployment: {rollback: {errorPercent: 9}}", "deployment.rollback.errorPercent"),
            ("deployment: {rollback: {latencySeconds: 3}}", "deployment.rollback.latencySeconds"),
            ("capacity: {onDemand: 2}", "capacity.onDemand"),
            ("scaling: {cooldown: {out: 30}}", "scaling.cooldown"),
        )
    ),
    (balanced("deployment: {strategy: blueGreen, minHealthy: 50}"),
     "services.a.deployment.minHealthy"),
    (balanced("deployment: {strategy: canary, max: 300}"), "services.a.deployment.max"),
    *(
        (job("before: [a]", line), f"jobs.j.{line.partition(':')[0]}")
        for line in (
            "enabled: false",
            "spreadMinutes: 10",
            "timezone: Europe/Vienna",
            "retries: {attempts: 9}",
        )
    ),
    *(
        (ALARM % line, f"monitoring.alarms.both.{line.partition(':')[0]}")
        for line in (
            "period: 60",
            "periods: 3",
            "datapoints: 2",
            "comparison: below",
            "statistic: Sum",
            "band: 2",
            "leastSamples: 4",
        )
    ),
    ("  trellis:buckets: {b: {}}\n  trellis:backups: {retentionDays: 9}\n", "backups"),
    ("  trellis:mail: {m: {domain: a.org, existing: true, keyBits: 1024}}\n", "mail.m.keyBits"),
    ("  trellis:zones: {z: {domain: a.org, existing: true, queryLogs: false}}\n",
     "zones.z.queryLogs"),
    ("  trellis:zones: {z: {domain: a.org, queryLogs: false, queryLogDays: 30}}\n",
     "zones.z.queryLogDays"),
    (BASE + "  trellis:caches: {c: {clusterMode: {}, nodes: 3}}\n", "caches.c.nodes"),
    (BASE + "  trellis:caches: {c: {authentication: token, users: {u: {}}}}\n", "caches.c.users"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "path"), IN_VAIN, ids=[path for _, path in IN_VAIN])
def test_a_setting_without_effect_is_refused(stack: Stack, settings: str, path: str):
    stack.write(settings)
    found = {dotted(problem.path): problem for problem in stack.problems()}
    assert path in found
    source = found[path].source
    assert source is not None
    assert source.line


def test_what_a_profile_sets_by_itself_is_not_held_against_anybody(stack: Stack):
    stack.write(
        BASE + "  trellis:profile: development\n"
        "  trellis:zones: {z: {domain: a.org, queryLogs: false}}\n"
        "  trellis:caches: {c: {clusterMode: {}}}\n"
    )
    assert not stack.problems()


def test_no_default_is_held_against_anybody(stack: Stack):
    """Every setting that could be in vain is there, and none of them was written."""
    stack.write(job("schedule: rate(1 day)"))
    loaded = stack.load()
    assert list(unheeded(loaded.settings))


@pytest.mark.parametrize(
    ("port", "more", "refused"),
    [(5672, "", True), (8080, "", False), (5672, "protocol: tcp", False),
     (5672, "protocol: http", False)],
)  # fmt: skip
def test_a_port_of_another_protocol_wants_the_protocol_said(
    stack: Stack, port: int, more: str, refused: bool
):
    stack.write(service(f"port: {port}", "discoverable: true", *([more] if more else [])))
    paths = [dotted(problem.path) for problem in stack.problems()]
    assert paths == (["services.a.protocol"] if refused else [])
