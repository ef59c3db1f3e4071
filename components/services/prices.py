"""What this package's resources cost.

Sources: "AWS Fargate Pricing", "Amazon ECS CloudWatch Container Insights metrics", "Elastic Load
Balancing pricing", "AWS Step Functions Pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from components.parts.asked import Asked, PricedResource, Rule, known
from components.parts.charges import HOURS, Charge, Free, NotPriced, Pricing, Reason, Row
from components.parts.spread import Spread, decimal
from components.services.runs import states

TASK = "aws:ecs/taskDefinition:TaskDefinition"

SERVICE = "aws:ecs/service:Service"

SCALING = "aws:appautoscaling/target:Target"

FREE_STORAGE_GB = 20
"""Of a task's ephemeral storage ("AWS Fargate Pricing")."""

QUARTER = Decimal("0.25")
"""Of the way from the least to the most tasks that are assumed to run on average: Trellis's own."""

CLUSTER_METRICS, SERVICE_METRICS, FAMILY_METRICS = 13, 15, 10
"""Metrics of standard Container Insights by dimension set, counted in that page's table."""


def service(asked: Asked) -> Iterator[Pricing]:
    """Tasks that run all month, on demand and on Spot."""
    definition = asked.plan.behind(asked.resource, "taskDefinition", TASK)
    if definition is None:
        yield NotPriced("tasks", "its task definition is not in the plan")
        return
    tasks, reason = _tasks(asked)
    strategies: Sequence[Mapping[str, Any]] = asked.get("capacityProviderStrategies") or ()
    on_demand = tasks.mapped(lambda count: _on_demand(count, strategies))
    for kind, count in (("onDemand", on_demand), ("spot", tasks - on_demand)):
        if not count.is_nothing:
            yield from task_hours(asked, definition, count * HOURS, kind, (reason,))
    network: Mapping[str, Any] = asked.get("networkConfiguration") or {}
    if known(network.get("assignPublicIp")):
        yield Charge(
            "AmazonVPC/publicIpv4/hour", "public addresses of tasks", tasks * HOURS, (reason,)
        )


def _tasks(asked: Asked) -> tuple[Spread, Reason]:
    """Tasks on average: what is stated, or what scaling allows."""
    stated = asked.stated("services", "tasks")
    if stated is not None:
        return stated
    target = _scaling(asked)
    if target is None:
        count = asked.get("desiredCount", 1)
        return Spread.flat(count), asked.because(f"{count} wanted", "scaling")
    least, most = (decimal(known(target.inputs.get(f"{end}Capacity"), 1)) for end in ("min", "max"))
    expected = least
    if asked.plan.usage.size != "small":
        expected += (most - least) * QUARTER
    return Spread(least, expected, most), asked.because(f"{least} to {most} tasks", "scaling")


def _scaling(asked: Asked) -> PricedResource | None:
    name = asked.get("name")
    for target in asked.plan.of_type(SCALING):
        resource = known(target.inputs.get("resourceId"), "")
        if known(target.inputs.get("serviceNamespace")) != "ecs":
            continue
        if name is not None and str(resource).endswith(f"/{name}"):
            return target
        if asked.resource.urn in target.property_dependencies.get("resourceId", ()):
            return target
    return None


def _on_demand(count: Decimal, strategies: Sequence[Mapping[str, Any]]) -> Decimal:
    """Of so many tasks, those not on Spot: the base first, then by weight."""
    if not any(known(share.get("capacityProvider")) == "FARGATE_SPOT" for share in strategies):
        return count
    base = {kind: Decimal(0) for kind in ("FARGATE", "FARGATE_SPOT")}
    weight = dict(base)
    for strategy in strategies:
        kind = str(known(strategy.get("capacityProvider")))
        base[kind] = decimal(known(strategy.get("base"), 0))
        weight[kind] = decimal(known(strategy.get("weight"), 0))
    first = min(count, base["FARGATE"])
    rest = count - first
    spot_first = min(rest, base["FARGATE_SPOT"])
    rest -= spot_first
    weights = sum(weight.values()) or Decimal(1)
    return first + rest * weight["FARGATE"] / weights


def task_hours(
    asked: Asked,
    definition: PricedResource,
    hours: Spread,
    kind: str,
    reasons: tuple[Reason, ...],
) -> Iterator[Pricing]:
    """What so many hours of a task cost.

    Args:
        hours: of one task, summed over all that run.
        kind: `onDemand` or `spot`.
    """
    cpu, memory = (known(definition.inputs.get(key)) for key in ("cpu", "memory"))
    if cpu is None or memory is None:
        yield NotPriced("tasks", "its cpu or memory is not known before deployment", reasons)
        return
    platform: Mapping[str, Any] = known(definition.inputs.get("runtimePlatform"), {})
    arm = known(platform.get("cpuArchitecture")) == "ARM64"
    kept = "arm" if arm else "x86"
    vcpu, gib = decimal(cpu) / 1024, decimal(memory) / 1024
    name = "Fargate Spot" if kind == "spot" else "Fargate"
    size = asked.because(f"{vcpu.normalize():f} vCPU and {gib.normalize():f} GB", "cpu")
    prefix = f"AmazonECS/fargate/{kept}/{kind}"
    yield Charge(f"{prefix}/vcpuHour", f"{name} vCPU hours", hours * vcpu, (*reasons, size))
    yield Charge(f"{prefix}/gbHour", f"{name} GB hours", hours * gib, (*reasons, size))
    storage: Mapping[str, Any] = known(definition.inputs.get("ephemeralStorage"), {})
    above = decimal(known(storage.get("sizeInGib"), FREE_STORAGE_GB)) - FREE_STORAGE_GB
    if above > 0:
        yield Charge(
            "AmazonECS/fargate/ephemeralStorage/gbHour", "task storage above 20 GB", hours * above,
            (asked.because(f"{above} GB more", "ephemeralStorageGiB"),),
        )  # fmt: skip


def task_definition(asked: Asked) -> Iterator[Pricing]:
    """Nothing by itself; a job's, which no service runs, costs while it runs."""
    if not asked.owner or asked.owner[0] != "jobs":
        return
    runs, why = asked.used("jobs", "runs")
    minutes, how_long = asked.used("jobs", "minutes")
    hours = runs * minutes / 60
    yield from task_hours(asked, asked.resource, hours, "onDemand", (why, how_long))


def cluster(asked: Asked) -> Iterator[Pricing]:
    """Container Insights; the cluster itself is free."""
    settings: Sequence[Mapping[str, Any]] = asked.get("settings") or ()
    insights = {known(setting.get("name")): known(setting.get("value")) for setting in settings}
    level = insights.get("containerInsights", "disabled")
    if level == "disabled":
        return
    services = len(asked.plan.of_type(SERVICE))
    families = len(asked.plan.of_type(TASK))
    count = CLUSTER_METRICS + SERVICE_METRICS * services + FAMILY_METRICS * families
    why = asked.because(f"services: {services}, task definitions: {families}", "insights")
    key = "metric/custom/metricMonth"
    if level == "enhanced":
        key = "containerInsights/enhancedEcs/metricMonth"
    yield Charge(
        f"AmazonCloudWatch/{key}", "Container Insights metrics", Spread.flat(count), (why,)
    )


def repository(asked: Asked) -> Iterator[Pricing]:
    """Images that are kept."""
    gb, why = asked.plan.usage.of("repositories", asked.resource.name, "gb")
    yield Charge("AmazonECR/storage/gbMonth", "images", gb, (why,))


KINDS = {"application": ("alb", "lcuHour"), "network": ("nlb", "nlcuHour"),
         "gateway": ("gwlb", "glcuHour")}  # fmt: skip


def load_balancer(asked: Asked) -> Iterator[Pricing]:
    """Hours, capacity units, and an address for each zone where it faces the internet."""
    kind = asked.get("loadBalancerType", "application")
    prefix, unit = KINDS[kind]
    why = asked.because(f"{kind} load balancer")
    yield Charge(f"AWSELB/{prefix}/hour", "load balancer hours", Spread.flat(HOURS), (why,))
    part = "network_load_balancers" if kind == "network" else "load_balancers"
    units, reason = asked.used(part, "lcu")
    yield Charge(f"AWSELB/{prefix}/{unit}", "capacity unit hours", units * HOURS, (reason,))
    if asked.get("internal", False):
        return
    zones: Sequence[Any] = asked.get("subnets") or asked.get("subnetMappings") or ()
    count = asked.because(f"one in each of {len(zones)} zones", "internal")
    yield Charge(
        "AmazonVPC/publicIpv4/hour", "public addresses", Spread.flat(HOURS * len(zones)), (count,)
    )


def state_machine(asked: Asked) -> Iterator[Pricing]:
    """Transitions, or requests and duration of express ones."""
    transitions, why = asked.used("state_machines", "transitions")
    reasons = (why,)
    settings = asked.plan.settings
    if settings is not None and asked.key is not None and asked.owner[0] == "jobs":
        steps = _steps(states(settings.jobs[asked.key], "aws", {}))
        runs, why = asked.used("jobs", "runs")
        transitions, reasons = runs * steps, (why, asked.because(f"{steps} steps a run, at most"))
    if known(asked.resource.inputs.get("type"), "STANDARD") == "EXPRESS":
        yield Charge("AmazonStates/express/request", "requests", transitions, (why,))
        yield NotPriced("duration of express workflows", "it is not stated anywhere")
        return
    yield Charge("AmazonStates/standard/transition", "transitions", transitions, reasons)


def _steps(definition: Mapping[str, Any]) -> int:
    """The states of a definition, those of its branches included: what one run passes, at most."""
    own: Mapping[str, Mapping[str, Any]] = definition["States"]
    return len(own) + sum(
        _steps(inner) for one in own.values() for inner in one.get("Branches", ())
    )


RULES: Mapping[str, Rule] = {
    SERVICE: service,
    TASK: task_definition,
    "aws:ecs/cluster:Cluster": cluster,
    "aws:ecr/repository:Repository": repository,
    "aws:lb/loadBalancer:LoadBalancer": load_balancer,
    "aws:sfn/stateMachine:StateMachine": state_machine,
}

_ECR = Free("a rule over images that are priced", "Amazon ECR pricing, 2026-11")
_ELB = Free("a part of a load balancer that is priced", "Elastic Load Balancing pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Free(
        "the tasks that use it are priced", "AWS Fargate Pricing, 2026-11"
    ),
    "aws:appautoscaling/scheduledAction:ScheduledAction": Free(
        "scaling itself is free", "AWS Auto Scaling pricing, 2026-11"
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _ECR,
    "aws:ecr/repositoryPolicy:RepositoryPolicy": _ECR,
    "aws:servicediscovery/httpNamespace:HttpNamespace": Free(
        "Service Connect's names are free", "Amazon ECS pricing, Service Connect, 2026-11"
    ),
    "aws:lb/listener:Listener": _ELB,
    "aws:lb/listenerCertificate:ListenerCertificate": _ELB,
    "aws:lb/listenerRule:ListenerRule": _ELB,
    "aws:lb/targetGroup:TargetGroup": _ELB,
    "aws:wafv2/webAclAssociation:WebAclAssociation": Free(
        "a part of a web ACL that is priced", "AWS WAF Pricing, 2026-11"
    ),
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("jobs", "minutes"): ((1, 5, 15), (1, 10, 60), (5, 30, 120)),
    ("jobs", "runs"): ((0, 10, 100), (0, 30, 300), (0, 100, 1_000)),
    ("repositories", "gb"): ((1, 2, 5), (1, 5, 10), (5, 10, 50)),
    ("load_balancers", "lcu"): ((0.1, 0.6, 2), (0.2, 1.5, 6), (1, 5, 20)),
    ("network_load_balancers", "lcu"): ((0.01, 0.1, 1), (0.1, 0.5, 5), (0.5, 3, 20)),
    ("state_machines", "transitions"): ((1e2, 1e4, 1e5), (1e4, 1e5, 1e6), (1e5, 1e6, 1e7)),
}  # fmt: skip
