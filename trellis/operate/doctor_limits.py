"""Whether limits of the account that are not one thing a quota counts have room for the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trellis.operate.access import listed
from trellis.operate.doctor_account import limit_of
from trellis.operate.findings import Check, Finding, Status
from trellis.operate.planned import Planned

LOG_POLICIES, CONCURRENCY, TASKS = (
    "log resource policies",
    "reserved concurrency",
    "Fargate vCPUs",
)

MOST_LOG_POLICIES = 10
"""Resource policies of CloudWatch Logs, an account and region; AWS raises it for nobody
("CloudWatch Logs quotas", 2026-11)."""

UNRESERVED = 100
"""Concurrency that Lambda keeps for functions without one of their own ("Configuring reserved
concurrency for a function", 2026-11)."""

FARGATE = {"FARGATE": "L-3032A538", "FARGATE_SPOT": "L-36FBB829"}
"""Quotas of vCPUs by capacity provider ("AWS Fargate service quotas", 2026-11)."""

LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
FUNCTION = "aws:lambda/function:Function"
SERVICE, TASK = "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition"


def _log_policies(planned: Planned) -> Iterator[Finding]:
    by_region: dict[str, set[str]] = {}
    for name, resource in planned.named(LOG_POLICY, "policyName"):
        region = str(resource.inputs.get("region") or planned.access.region)
        by_region.setdefault(region, set()).add(name)
    for region, names in by_region.items():
        client = planned.access.client("logs", region)
        pages = client.get_paginator("describe_resource_policies").paginate()
        there = {policy["policyName"] for page in pages for policy in page["resourcePolicies"]}
        message = (
            f"{len(there)} of {MOST_LOG_POLICIES} in {region}, the plan adds {len(names - there)}"
        )
        if len(there | names) <= MOST_LOG_POLICIES:
            yield Finding(LOG_POLICIES, Status.OK, message)
        else:
            yield Finding(
                LOG_POLICIES,
                Status.WRONG,
                message,
                "`aws logs delete-resource-policy --policy-name NAME` those that nothing uses "
                "(`aws logs describe-resource-policies`); AWS raises this for nobody",
            )


def _concurrency(planned: Planned) -> Iterator[Finding]:
    wanted = {
        str(function.inputs["name"]): int(reserved)
        for function in planned.system.recording.of_type(FUNCTION)
        if (reserved := function.inputs.get("reservedConcurrentExecutions")) not in (None, -1)
    }
    if not wanted:
        return
    client = planned.access.client("lambda")
    limits = client.get_account_settings()["AccountLimit"]
    free = int(limits["UnreservedConcurrentExecutions"])
    new = sum(wanted.values()) - sum(_reserved(client, name) for name in wanted)
    message = (
        f"the plan reserves {new} more of {free} that are free (limit "
        f"{limits['ConcurrentExecutions']})"
    )
    if free - new >= UNRESERVED or new <= 0:
        yield Finding(CONCURRENCY, Status.OK, message)
        return
    short = new - free + UNRESERVED + int(limits["ConcurrentExecutions"])
    yield Finding(
        CONCURRENCY,
        Status.WRONG,
        f"{message}; Lambda keeps {UNRESERVED} unreserved",
        "`aws service-quotas request-service-quota-increase --service-code lambda "
        f"--quota-code L-B99A9384 --desired-value {short}`, or reserve less",
        planned.system.place_of(("functions",)),
    )


def _reserved(client: Any, name: str) -> int:
    """What a function has reserved already."""

    def asked(**arguments: Any) -> dict[str, list[int]]:
        found = client.get_function_concurrency(**arguments)
        return {"reserved": [int(found.get("ReservedConcurrentExecutions") or 0)]}

    return sum(listed(asked, "reserved", FunctionName=name))


def _tasks(planned: Planned) -> Iterator[Finding]:
    """The plan's own tasks alone: what others of the account run is not counted."""
    recording = planned.system.recording
    cpus = {task.outputs.get("arn"): task.inputs.get("cpu") for task in recording.of_type(TASK)}
    wanted: dict[str, float] = {}
    for service in recording.of_type(SERVICE):
        cpu = float(str(cpus.get(service.inputs.get("taskDefinition")) or 0)) / 1024
        count = int(service.inputs.get("desiredCount") or 0)
        wanted_of = _providers(service.inputs.get("capacityProviderStrategies"))
        for provider in wanted_of:
            wanted[provider] = wanted.get(provider, 0) + cpu * count
    for provider, vcpus in sorted(wanted.items()):
        check = f"{TASKS}: {provider}"
        limit = limit_of(planned, "fargate", FARGATE[provider])
        message = f"the plan's tasks take {vcpus:g}"
        if limit is None:
            yield Finding(check, Status.UNKNOWN, f"{message}; the quota is not told",
                          "look it up in the Service Quotas console")  # fmt: skip
        elif vcpus > limit:
            yield Finding(
                check,
                Status.WRONG,
                f"{message} of {limit:g}",
                "`aws service-quotas request-service-quota-increase --service-code fargate "
                f"--quota-code {FARGATE[provider]} --desired-value {vcpus:g}`",
            )
        else:
            yield Finding(check, Status.OK, f"{message} of {limit:g}")


def _providers(strategies: Any) -> list[str]:
    """Capacity providers that a service's tasks may all be on."""
    named = [str(part.get("capacityProvider")) for part in strategies or () if part.get("weight")]
    return [name for name in named or ["FARGATE"] if name in FARGATE]


CHECKS = (
    Check(LOG_POLICIES, _log_policies),
    Check(CONCURRENCY, _concurrency),
    Check(TASKS, _tasks),
)
